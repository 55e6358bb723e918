#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""A plain reading of docs/spec/around.md: all tables of `feed around --accounts`, without any code of ours.

usage: around.py DATASET ACCOUNTS.csv DIRECTORY [--rate 0.05] [--draws 199] [--seed 0] [--by LAYER,…]
"""
import argparse
import collections
import csv
import math
import pathlib
import sqlite3
import struct

import texts

LAYERS = "object,repost,link,domain,hashtag-sequence,media,text"


# Section 1: known accounts.

def known_accounts(path):
    kinds = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            kinds[row.get("platform") or "", row["account_id"]] = row.get("class") or "designated"
    return kinds


def kind_of(kinds, account):
    own = [kinds[name] for name in (account, ("", account[1])) if name in kinds]
    return "trusted" if "trusted" in own else own[0] if own else None


# Section 2: who shares what.

def shares(database, layer):
    """Of a layer: object, account, post, time, in the order of import."""
    post = "account.platform, account.name, post.name, post.time FROM post JOIN account ON account.id = post.account "
    own = "post.repost_of IS NULL ORDER BY post.id"
    if layer == "object":
        return list(database.execute(
            "SELECT object.name, account.platform, account.name, post.name, share.time FROM share JOIN object ON object.id = share.object "
            "JOIN account ON account.id = share.account JOIN post ON post.id = share.post ORDER BY share.id"))
    if layer == "repost":
        return list(database.execute(f"SELECT post.repost_of, {post} WHERE post.repost_of IS NOT NULL ORDER BY post.id"))
    if layer == "domain":
        return list(database.execute(
            f"SELECT DISTINCT link.domain, {post} JOIN link ON link.post = post.id WHERE {own}, link.domain"))
    if layer in ("link", "media", "mention"):
        column = {"link": "link.url", "media": "media.name", "mention": "mention.account"}[layer]
        return list(database.execute(f"SELECT {column}, {post} JOIN {layer} ON {layer}.post = post.id WHERE {own}, {layer}.rowid"))
    if layer == "reply":
        return list(database.execute(f"SELECT post.reply_to, {post} WHERE post.reply_to IS NOT NULL AND {own}"))
    if layer == "text":
        rows = list(database.execute(f"SELECT post.text, {post} WHERE post.text IS NOT NULL AND {own}"))
        firsts = texts.clusters([row[0] for row in rows])
        return [(f"text:{rows[first][1]}/{rows[first][3]}", *row[1:]) for row, first in zip(rows, firsts) if first is not None]
    rows = list(database.execute(f"SELECT hashtag.tag, {post} JOIN hashtag ON hashtag.post = post.id WHERE {own}, hashtag.place"))
    if layer == "hashtag":
        return rows
    posts = collections.defaultdict(list)
    for tag, *rest in rows:
        posts[tuple(rest)].append(tag)
    return [(" ".join(tags), *rest) for rest, tags in posts.items() if len(tags) > 1]


AUTHORS = (
    "SELECT original.name, account.platform, account.name, original.time FROM post AS original JOIN account ON account.id = original.account "
    "WHERE (original.platform, original.name) IN (SELECT platform, repost_of FROM post WHERE repost_of IS NOT NULL)",
    "SELECT post.repost_of, account.platform, account.name, min(post.time) FROM post JOIN account "
    "ON account.platform = post.platform AND account.name = post.repost_account WHERE post.repost_of IS NOT NULL "
    "AND (post.platform, post.repost_of) NOT IN (SELECT platform, name FROM post) GROUP BY post.repost_of, account.id",
)


class Graph:
    """Accounts and objects that count, numbered in order."""

    def __init__(self, database, layers, accounts, kinds):
        numbers = {account: number for number, account in enumerate(accounts)}
        names, ties = {}, collections.defaultdict(list)
        for layer in layers:
            rows = [(row[0], (row[1], row[2]), row[4]) for row in shares(database, layer) if row[0] not in ("", row[3])]
            for row in rows:
                names.setdefault((layer, row[0]), len(names))
            if layer == "repost":
                rows += [(row[0], (row[1], row[2]), row[3]) for sql in AUTHORS for row in database.execute(sql)
                         if ("repost", row[0]) in names]
            for thing, account, time in rows:
                if kinds[numbers[account]] != "trusted":
                    ties[numbers[account], names[layer, thing]].append(time)
        names = list(names)
        many = collections.Counter(thing for _, thing in ties)
        pairs = sorted(pair for pair in ties if many[pair[1]] > 1)
        self.accounts = sorted({account for account, _ in pairs})
        self.objects = [names[thing] for thing in sorted({thing for _, thing in pairs})]
        place = {account: number for number, account in enumerate(self.accounts)}
        spot = {thing: number for number, thing in enumerate(sorted({thing for _, thing in pairs}))}
        self.things = [[] for _ in self.accounts]
        self.people = [[] for _ in self.objects]
        self.times = {}
        for account, thing in pairs:
            self.things[place[account]].append(spot[thing])
            self.people[spot[thing]].append(place[account])
            self.times[place[account], spot[thing]] = min(ties[account, thing]), max(ties[account, thing])
        self.size = len(pairs)


# Section 3: walks.

def walk(graph, starts):
    """What objects gave and accounts sent in the last step."""
    begin = [0.0] * len(graph.accounts)
    for start in starts:
        begin[start] = 1 / float(len(starts))
    where, begin = begin, [0.3 * part for part in begin]
    for _ in range(16):
        sent = [part / float(len(things)) for part, things in zip(where, graph.things)]
        given = []
        for people in graph.people:
            total = 0.0
            for account in people:
                total += sent[account]
            given.append(total / float(len(people)))
        where = []
        for account, things in enumerate(graph.things):
            total = 0.0
            for thing in things:
                total += given[thing]
            where.append(begin[account] + 0.7 * total)
    return given, sent


def parts(graph, account, given, sent):
    return [given[thing] - sent[account] / float(len(graph.people[thing])) for thing in graph.things[account]]


def scores(graph, given, sent):
    size, count, found = float(graph.size), float(len(graph.accounts)), []
    for account, things in enumerate(graph.things):
        moments = {}
        for thing, part in zip(things, parts(graph, account, given, sent)):
            time = graph.times[account, thing][0]
            moments[time] = moments.get(time, 0.0) + part
        total = 0.0
        for part in moments.values():
            total += part
        found.append((total - max(moments.values())) / (float(len(things)) / size + 1 / count))
    return found


def rounded(score):
    return 0.0 if score < 2.0 ** -100 else struct.unpack("f", struct.pack("f", score))[0]


# Section 4: sets that are drawn.

def winner(labels):
    counts = collections.Counter(label for label in labels if label is not None)
    return min(counts, key=lambda label: (-counts[label], label)) if counts else None


def cells(graph):
    least = max(50, math.isqrt(len(graph.accounts)))
    labels = {thing: thing for thing, people in enumerate(graph.people) if len(people) >= least}
    for turn in range(9):
        own = [winner(labels.get(thing) for thing in things) for things in graph.things]
        if turn < 8:
            labels = {thing: winner(own[account] for account in graph.people[thing]) for thing in labels}
    sizes = collections.Counter(own)
    large = sorted(label for label in sizes if label is not None and sizes[label] >= 100)
    communities = [[account for account, mine in enumerate(own) if mine == label] for label in large]
    others = [account for account, mine in enumerate(own) if mine not in large]
    if communities and len(others) < 100:
        max(communities, key=len).extend(others)
    else:
        communities.append(others)
    found = []
    for members in communities:
        bands, band = [], []
        for power in range(32):
            band += [account for account in members if len(graph.things[account]).bit_length() == power + 1]
            if len(band) >= 50:
                bands.append(band)
                band = []
        if bands:
            bands[-1] += band
        elif band:
            bands.append(band)
        found += [sorted(band) for band in bands]
    return found


def lot(seed):
    mask = 2 ** 64 - 1
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & mask
        value = seed
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & mask
        value = (value ^ value >> 27) * 0x94D049BB133111EB & mask
        yield value ^ value >> 31


def draw(cells_, starts, count, seed):
    numbers, sets = lot(seed), [starts]
    for _ in range(count):
        drawn = []
        for cell in cells_:
            pool = list(cell)
            need = sum(account in starts for account in cell)
            for place in range(need):
                other = place + next(numbers) % (len(pool) - place)
                pool[place], pool[other] = pool[other], pool[place]
            drawn += pool[:need]
        sets.append(sorted(drawn))
    return sets


# Section 5: how many are wrong.

def false_shares(entries, sets):
    """Entries are (key, set, account), the least key the most striking. For each how many are as striking, and the least share."""
    entries = sorted(entries)
    own, found, first = collections.Counter(), [], 0
    while first < len(entries):
        end = first
        while end < len(entries) and entries[end][0] == entries[first][0]:
            own[entries[end][1]] += 1
            end += 1
        found += [(entry, end, float(end) / float(sets * own[entry[1]])) for entry in entries[first:end]]
        first = end
    best, judged = {}, []
    for entry, pooled, share in reversed(found):
        best[entry[1]] = min(best.get(entry[1], share), share)
        judged.append((entry, pooled, best[entry[1]]))
    return judged, best


def judge(graph, cells_, sets, rate):
    all_ = [[rounded(score) for score in scores(graph, *walk(graph, own))] for own in sets]
    for own, scores_ in zip(sets, all_):
        for account in own:
            scores_[account] = None
    entries, chances = [], {}
    for cell in cells_:
        listed = [(-scores_[account], number, account) for number, scores_ in enumerate(all_) for account in cell
                  if scores_[account] is not None]
        for (_, number, account), pooled, share in false_shares([entry for entry in listed if entry[0] < 0], len(sets))[0]:
            if share <= rate:
                entries.append((share, number, account))
                if number == 0:
                    chances[account] = float(pooled) / float(len(listed))
    judged, best = false_shares(entries, len(sets))
    if 0 not in best:
        return 1.0, {}
    overall = float(sum(share <= best[0] for share in best.values())) / float(len(sets))
    if overall > rate:
        return overall, {}
    return overall, {entry[2]: (chances[entry[2]], share) for entry, _, share in judged if entry[1] == 0 and share <= rate}


# Section 6: why.

def evidence(graph, account, known, given, sent):
    listed, total, found = list(zip(parts(graph, account, given, sent), graph.things[account])), 0.0, []
    for part, _ in listed:
        total += part
    for part, thing in sorted(listed, key=lambda entry: (-entry[0], entry[1]))[:5]:
        if part > 0:
            found.append({"thing": thing, "share": part / total, "known": known.get(thing, []), "times": graph.times[account, thing]})
    return found


def clusters(near):
    group = {account: account for account in near}
    owner = {}
    for account, entry in sorted(near.items()):
        for found in entry["evidence"]:
            one, two = group[owner.setdefault(found["thing"], account)], group[account]
            for other in group:
                if group[other] in (one, two):
                    group[other] = min(one, two)
    groups = collections.defaultdict(list)
    for account in sorted(group):
        groups[group[account]].append(account)
    return sorted(groups.values(), key=lambda members: (-len(members), members[0]))


def thousandths(number):
    value = int(number * 1000)
    return f"{value // 1000}.{value % 1000:03}"


def says(entry, layers, graph, starts):
    first = entry["evidence"][0]
    layer, name = graph.objects[first["thing"]]
    name = f"«{name}»" if len(name) <= 60 else f"«{name[:60]}…»"
    listed = ", ".join(f"{layer} {entry['direct'][layer]}" for layer in layers if entry["direct"][layer])
    count = sum(entry["direct"].values())
    known, all_, confidence = len(first["known"]), len(graph.people[first["thing"]]), thousandths(entry["confidence"])
    ending = "" if count == 1 else "s"
    if count:
        en = f"Shares {count} thing{ending} with {entry['known']} of the {starts} known accounts ({listed})"
        es = f"Comparte {count} cosa{ending} con {entry['known']} de las {starts} cuentas conocidas ({listed})"
    else:
        en = f"Shares nothing with the {starts} known accounts themselves, but with accounts that share with them"
        es = f"No comparte nada con las {starts} cuentas conocidas mismas, pero sí con cuentas que comparten con ellas"
    return (f"{en}; what brings it nearest is {layer} {name}, which {known} of them share and {all_} accounts in all. Confidence "
            f"{confidence} that this is more than chance; it does not say who the account is, or that it acts for anybody.",
            f"{es}; lo que más la acerca es {layer} {name}, que comparten {known} de ellas y {all_} cuentas en total. "
            f"Confianza {confidence} en que es más que azar; no dice quién es la cuenta ni que actúe por nadie.")


# Section 7: files.

def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset")
    parser.add_argument("accounts")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--draws", type=int, default=199)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--by", default=LAYERS)
    options = parser.parse_args()
    layers = options.by.split(",")
    database = sqlite3.connect(f"file:{options.dataset}?mode=ro", uri=True)
    accounts = sorted(database.execute("SELECT platform, name FROM account"), key=lambda a: (a[0].encode(), a[1].encode()))
    named = known_accounts(options.accounts)
    kinds = [kind_of(named, account) for account in accounts]
    graph = Graph(database, layers, accounts, kinds)
    starts = [number for number, account in enumerate(graph.accounts) if kinds[account] == "designated"]
    near, score = {}, {}
    if starts:
        cells_ = cells(graph)
        overall, found = judge(graph, cells_, draw(cells_, starts, options.draws, options.seed), options.rate)
        given, sent = walk(graph, starts)
        score = dict(zip(graph.accounts, scores(graph, given, sent)))
        known = collections.defaultdict(list)
        for start in starts:
            for thing in graph.things[start]:
                known[thing].append(start)
        for account, (chance, share) in found.items():
            direct = collections.Counter(graph.objects[thing][0] for thing in graph.things[account] if thing in known)
            near[account] = {
                "p": chance, "q": share, "confidence": 1 - max(share, overall), "direct": direct,
                "known": len({start for thing in graph.things[account] if thing in known for start in known[thing]}),
                "evidence": evidence(graph, account, known, given, sent)}
    groups = clusters(near)
    cluster = {account: number + 1 for number, members in enumerate(groups) for account in members}

    def names(members):
        return " ".join("%s:%s" % accounts[graph.accounts[member]] for member in members)

    place = {account: number for number, account in enumerate(graph.accounts)}
    rows = [["platform", "account_id", "kind", "objects", "score", "p", "q", "confidence", "cluster", "known", "says_en", "says_es"]]
    for number, (platform, name) in enumerate(accounts):
        spot = place.get(number)
        entry = near.get(spot)
        row = [platform, name, kinds[number] or ("near" if entry else "other"), len(graph.things[spot]) if spot is not None else 0]
        row.append(repr(score[number]) if number in score and kinds[number] is None else "")
        if entry:
            row += [repr(entry["p"]), repr(entry["q"]), repr(entry["confidence"]), cluster[spot], entry["known"]]
            row += says(entry, layers, graph, len(starts))
        else:
            row += [""] * 7
        rows.append(row)
    options.directory.mkdir(exist_ok=True)
    write(options.directory / "accounts.csv", rows)
    rows = [["cluster", "accounts", "confidence", "objects", "layers", "first", "last", "account_ids", "known_ids", "known_objects"]]
    proofs = [["cluster", "platform", "account_id", "place", "layer", "object", "share", "known", "accounts", "first", "last", "known_ids"]]
    for number, members in enumerate(groups):
        found = [entry for member in members for entry in near[member]["evidence"]]
        things = {entry["thing"]: entry["known"] for entry in found}
        counts = collections.Counter(start for own in things.values() for start in own)
        most = sorted(counts, key=lambda start: (-counts[start], start))[:5]
        used = {graph.objects[thing][0] for thing in things}
        rows.append([number + 1, len(members), repr(min(near[member]["confidence"] for member in members)), len(things),
                     " ".join(layer for layer in layers if layer in used), min(entry["times"][0] for entry in found),
                     max(entry["times"][1] for entry in found), names(members), names(most), " ".join(str(counts[s]) for s in most)])
        for member in members:
            for spot, entry in enumerate(near[member]["evidence"]):
                layer, thing = graph.objects[entry["thing"]]
                proofs.append([number + 1, *accounts[graph.accounts[member]], spot + 1, layer, thing, repr(entry["share"]),
                               len(entry["known"]), len(graph.people[entry["thing"]]), *entry["times"], names(entry["known"][:5])])
    write(options.directory / "clusters.csv", rows)
    write(options.directory / "evidence.csv", proofs)
    rows = [["platform", "account_id", "state", "objects"]]
    for number, account in enumerate(accounts):
        if kinds[number] == "designated":
            count = len(graph.things[place[number]]) if number in place else 0
            rows.append([*account, "connected" if count else "alone", count])
    present = set(accounts) | {("", name) for _, name in accounts}
    missing = [name for name, kind in named.items() if kind == "designated" and name not in present]
    rows += [[*name, "missing", 0] for name in sorted(missing, key=lambda name: (name[0].encode(), name[1].encode()))]
    write(options.directory / "known.csv", rows)


if __name__ == "__main__":
    main()
