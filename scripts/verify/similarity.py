#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""A plain reading of docs/spec/similarity.md: how alike accounts are in all that they share, and how central.

usage: similarity.py FILE.csv [--least 20] [--sharers N] [--similarity X]   (columns of CooRTweet)
prints account_id,account_id_y,similarity,common of all pairs at least so alike and, after an empty line, account_id,centrality

The similarities are TfidfTransformer and cosine_similarity of scikit-learn with their defaults, written out; the centrality is
by the power method and, where networkx is installed, compared with its own.
"""
import argparse
import collections
import csv
import itertools
import math


def similarities(rows, least, sharers_max=None):
    """Of (object, account) pairs, one a share: for each pair of accounts the cosine and the number of things in common."""
    activity = collections.Counter(account for _, account in rows)
    counts = collections.Counter((account, thing) for thing, account in rows if activity[account] >= least)
    sharers = collections.defaultdict(set)
    for account, thing in counts:
        sharers[thing].add(account)
    kept = {thing for thing, who in sharers.items() if len(who) >= 2 and (sharers_max is None or len(who) <= sharers_max)}
    vectors = collections.defaultdict(dict)
    for (account, thing), count in counts.items():
        if thing in kept:
            vectors[account][thing] = count
    for vector in vectors.values():
        for thing in vector:
            vector[thing] *= math.log((1 + len(vectors)) / (1 + len(sharers[thing]))) + 1
        length = math.sqrt(math.fsum(value * value for value in vector.values()))
        for thing in vector:
            vector[thing] /= length
    found = {}
    for one, two in itertools.combinations(sorted(vectors, key=str.encode), 2):
        common = vectors[one].keys() & vectors[two].keys()
        if common:
            found[one, two] = math.fsum(vectors[one][thing] * vectors[two][thing] for thing in common), len(common)
    return found


def components(edges):
    """Sets of accounts, most first, of equal ones the first in byte order."""
    home = {}
    for pair in edges:
        merged = set().union(*(home.get(account, {account}) for account in pair))
        for account in merged:
            home[account] = merged
    found = {id(group): group for group in home.values()}.values()
    return sorted(found, key=lambda group: (-len(group), min(map(str.encode, group))))


def leading(accounts, edges):
    """The greatest eigenvalue of a connected network, and its vector of length 1."""
    vector = {account: 1 / math.sqrt(len(accounts)) for account in accounts}
    for _ in range(100_000):
        product = dict.fromkeys(accounts, 0.0)
        for (one, two), weight in edges.items():
            product[one] += weight * vector[two]
            product[two] += weight * vector[one]
        value = math.fsum(product[account] * vector[account] for account in accounts)
        if math.fsum((product[account] - value * vector[account]) ** 2 for account in accounts) <= (1e-10 * value) ** 2:
            break
        moved = {account: product[account] + value / 2 * vector[account] for account in accounts}
        length = math.sqrt(math.fsum(each * each for each in moved.values()))
        vector = {account: each / length for account, each in moved.items()}
    try:
        import networkx
        graph = networkx.Graph()
        graph.add_weighted_edges_from((*pair, weight) for pair, weight in edges.items())
        theirs = networkx.eigenvector_centrality(graph, max_iter=100_000, tol=1e-14, weight="weight")
        assert all(abs(theirs[account] - vector[account]) < 1e-6 for account in accounts), "networkx says otherwise"
    except ImportError:
        pass
    return value, vector


def centralities(edges):
    """Of each account in an edge: 0 outside of the component with the greatest eigenvalue."""
    best, found = 0, {account: 0.0 for pair in edges for account in pair}
    for group in components(edges):
        value, vector = leading(group, {pair: weight for pair, weight in edges.items() if pair[0] in group})
        if value > best * (1 + 1e-9):
            best, found = value, dict.fromkeys(found, 0.0) | vector
    return found


def shares(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [(row["object_id"], row["account_id"]) for row in csv.DictReader(file)
                if row["object_id"] and row["object_id"] != row["content_id"]]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--least", type=int, default=20)
    parser.add_argument("--sharers", type=int)
    parser.add_argument("--similarity", type=float, default=0)
    options = parser.parse_args()
    found = similarities(shares(options.file), options.least, options.sharers)
    print("account_id,account_id_y,similarity,common")
    for (one, two), (cosine, common) in found.items():
        if cosine >= options.similarity:
            print(f"{one},{two},{min(1, cosine)!r},{common}")
    print("\naccount_id,centrality")
    central = centralities({pair: cosine for pair, (cosine, _) in found.items()})
    for account in sorted(central, key=str.encode):
        print(f"{account},{central[account]!r}")


if __name__ == "__main__":
    main()
