#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""A plain reading of docs/spec/trends.md: the table of topics and that of bursts, without any code of ours.

usage: trends.py DATASET DIRECTORY [--actors FILE] [--networks FILE] [--min-posts 20] [--batch-seconds 3600]
"""
import argparse
import collections
import csv
import json
import math
import pathlib
import sqlite3
import unicodedata

SOON, Z, RATIO = 3600, 1.959963984540054, 3.0
QUERY = """
SELECT hashtag.tag, account.id, account.name, post.time, post.repost_of IS NOT NULL, post.deleted, post.text, author.name
FROM post JOIN hashtag ON hashtag.post = post.id JOIN account ON account.id = post.account
LEFT JOIN post AS original ON original.platform = post.platform AND original.name = post.repost_of
LEFT JOIN account AS author ON author.id = original.account
ORDER BY post.time, post.id, hashtag.place
"""
TOPICS = ("topic posts reposts accounts from to core_from core_to promoter official_posts inorganic_posts inorganic_share "
          "inorganic_low inorganic_high inorganic_accounts coordinated_posts ephemeral_posts gone_within_hour bursts").split()


def is_senseless(text):
    """Section 3."""
    words = [word for word in text.split() if not word.startswith("#")]
    words = ["".join(c for c in word if unicodedata.category(c) not in ("So", "Sk", "Cf", "Cs", "Co")
                     and not 0xFE00 <= ord(c) <= 0xFE0F) for word in words]
    words = [word for word in words if word]
    return (3 <= len(words) <= 10 and unicodedata.category(words[0][0]) not in ("Lu", "Lt")
            and all(unicodedata.category(c)[0] in "LM" for word in words for c in word))


def interval(clusters):
    """Section 4, of pairs of hits and posts."""
    hits, total = sum(h for h, _ in clusters), sum(n for _, n in clusters)
    if len(clusters) < 2:
        return None
    p = hits / total
    if hits in (0, total):
        effective = float(total) * total / sum(float(n * n) for _, n in clusters)
    else:
        squares = 0.0
        for h, n in clusters:
            residual = h - p * n
            squares += residual * residual
        variance = len(clusters) / (len(clusters) - 1) * squares / (float(total) * total)
        effective = p * (1 - p) / variance if variance > 0 else float(total)
    effective = min(effective, float(total))
    square = Z * Z / effective
    middle = (p + square / 2) / (1 + square)
    half = Z * math.sqrt(p * (1 - p) / effective + square / (4 * effective)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)


def bursts(counts):
    """Section 5: first and last batch, posts, weight; counts by batch."""
    first, last = min(counts), max(counts)
    total = float(last - first + 1)
    usual = sum(counts.values()) / total
    rates, entry = (usual, RATIO * usual), math.log(total)
    runs, next_ = [], first
    for batch in sorted(counts):
        # Batches without posts count together: sums are rounded.
        if next_ < batch:
            runs.append((next_, batch - 1, 0))
        runs.append((batch, batch, counts[batch]))
        next_ = batch + 1

    def cost(run, rate):
        return float(run[1] - run[0] + 1) * rate - float(run[2]) * math.log(rate)

    best, back = [0.0, math.inf], []
    for run in runs:
        ways = [(best[0], best[1]), (best[0] + entry, best[1])]
        back.append([int(burst < quiet) for quiet, burst in ways])
        best = [min(way) + cost(run, rate) for way, rate in zip(ways, rates)]
    state, states = int(best[1] < best[0]), []
    for came in reversed(back):
        states.append(state)
        state = came[state]
    states.reverse()
    place = 0
    while place < len(states):
        start = place
        while place < len(states) and states[place]:
            place += 1
        if place > start:
            weight = 0.0
            for run in runs[start:place]:
                weight = weight + cost(run, rates[0]) - cost(run, rates[1])
            yield runs[start][0], runs[place - 1][1], sum(run[2] for run in runs[start:place]), weight
        place += 1


def topic(name, posts, classes, coordinated):
    senseless = [post for post in posts if post["senseless"] and not post["repost"]]
    gone = sum(post["gone"] for post in senseless)
    is_ephemeral = gone >= 4 and gone >= 0.45 * len(senseless)
    clusters, official, by_network, promoter = collections.OrderedDict(), 0, 0, ""
    for post in posts:
        kind = classes.get(post["name"], "other")
        promoter = promoter or (kind if kind != "other" else "")
        official += "official" in (kind, classes.get(post["author"], "other"))
        by_network += post["name"] in coordinated
        thrown = is_ephemeral and post["senseless"] and post["gone"] and not post["repost"]
        cluster = clusters.setdefault(post["account"], [0, 0])
        cluster[0] += post["name"] in coordinated or thrown
        cluster[1] += 1
    values = list(clusters.values())
    bounds = interval(values) or ("", "")
    hits, tenth = sum(h for h, _ in values), len(posts) // 10
    return [name, len(posts), sum(post["repost"] for post in posts), len(values), posts[0]["time"], posts[-1]["time"],
            posts[tenth]["time"], posts[-1 - tenth]["time"], promoter, official, hits, hits / len(posts), *bounds,
            sum(h > 0 for h, _ in values), by_network, gone if is_ephemeral else 0, sum(post["gone"] for post in posts)]


def read(path):
    topics = collections.defaultdict(list)
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    for tag, account, name, time, repost, deleted, text, author in database.execute(QUERY):
        topics[tag].append({
            "account": account, "author": author, "gone": deleted is not None and 0 <= deleted - time <= SOON,
            "name": name, "repost": bool(repost), "senseless": is_senseless(text or ""), "time": time})
    return topics


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--actors")
    parser.add_argument("--networks")
    parser.add_argument("--min-posts", type=int, default=20)
    parser.add_argument("--batch-seconds", type=int, default=3600)
    arguments = parser.parse_args()
    classes, coordinated = {}, set()
    if arguments.actors:
        with open(arguments.actors, encoding="utf-8", newline="") as file:
            classes = {row["account_id"]: row["class"] for row in csv.DictReader(file)}
    if arguments.networks:
        with open(arguments.networks, encoding="utf-8") as file:
            for network in json.load(file)["networks"]:
                for kind in ("accounts", "core", "attached"):
                    coordinated.update(network.get(kind, []))
    topics, width = read(arguments.dataset), arguments.batch_seconds
    kept = sorted((-len(posts), name) for name, posts in topics.items() if len(posts) >= arguments.min_posts)
    arguments.directory.mkdir(exist_ok=True)
    rows, found = [], []
    for _, name in kept:
        posts = topics[name]
        counts = collections.Counter(post["time"] // width for post in posts)
        of_topic = list(bursts(counts))
        rows.append(topic(name, posts, classes, coordinated) + [len(of_topic)])
        found += [[name, first * width, (last + 1) * width, count, weight]
                  for first, last, count, weight in of_topic]
    for file_name, header, lines in (("topics.csv", TOPICS, rows),
                                     ("bursts.csv", ["topic", "from", "to", "posts", "weight"], found)):
        with open(arguments.directory / file_name, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header] + lines)


if __name__ == "__main__":
    main()
