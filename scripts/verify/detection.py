#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Resguardo's co-share rule as docs/spec/detection.md says, in plain Python without any code of our program.

  detection.py FILE.csv [--window 60] [--minimum 3] [--gap 1800] [--rate 0.05]

Reads object_id,account_id,content_id,timestamp_share (whole seconds) and prints the edges as CSV. Slow, for small data.
"""
import argparse
import csv
import math
import sys
from collections import defaultdict

PRIOR = 8.0
TELLING = 0.5
ATTACHING = 3
HOUR = 3600


def load(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [(r["object_id"], r["account_id"], r["content_id"], int(r["timestamp_share"])) for r in csv.DictReader(file)]


class Shares:
    """The shares that can match, by object and account, numbered in order of first appearance."""

    def __init__(self, rows):
        numbers = ({}, {})
        self.slots = defaultdict(list)
        self.objects = defaultdict(dict)
        self.hours = defaultdict(lambda: defaultdict(int))
        self.count = 0
        for index, (o, a, c, t) in enumerate(rows):
            o, a = numbers[0].setdefault(o, len(numbers[0])), numbers[1].setdefault(a, len(numbers[1]))
            if not rows[index][0] or rows[index][0] == c:
                continue
            self.slots[o].append((t, a, index, c))
            self.objects[a][o] = self.objects[a].get(o, 0) + 1
            self.hours[a][t // HOUR] += 1
            self.count += 1
        self.account_names = list(numbers[1])
        self.object_names = list(numbers[0])
        for slots in self.slots.values():
            slots.sort(key=lambda s: s[:3])


class Rhythm:
    """How much more than everybody an account shares in an hour, by the day and by the hour of day."""

    def __init__(self, shares):
        self.shares = shares
        self.days = defaultdict(int)
        hours = [0] * 24
        for counts in shares.hours.values():
            for hour, n in counts.items():
                self.days[hour // 24] += n
                hours[hour % 24] += n
        self.hours = smoothed(hours)
        self.known = {}

    def of(self, account):
        """The factors of an account by day and by hour of day."""
        if account not in self.known:
            days, hours = defaultdict(int), [0] * 24
            for hour, n in self.shares.hours[account].items():
                days[hour // 24] += n
                hours[hour % 24] += n
            share = sum(hours) / self.shares.count
            by_day = {d: (days.get(d, 0) + PRIOR) / (n * share + PRIOR) for d, n in self.days.items()}
            by_hour = [(own + PRIOR) / (all_ * share + PRIOR) for own, all_ in zip(smoothed(hours), self.hours)]
            self.known[account] = (by_day, by_hour)
        return self.known[account]


def smoothed(hours):
    return [(hours[(h + 23) % 24] + 2 * hours[h] + hours[(h + 1) % 24]) / 4 for h in range(24)]


def sweep(shares, window):
    """Each object's shares and pairs of shares by hour, and each pair of accounts' first co-share of an object."""
    profiles, meetings = {}, defaultdict(dict)
    for o, slots in shares.slots.items():
        profile = defaultdict(lambda: [0, 0])
        for i, (t, a, _, c) in enumerate(slots):
            bin_ = profile[t // HOUR]
            bin_[0] += 1
            for later, b, _, d in slots[i + 1 :]:
                if later - t > window:
                    break
                bin_[1] += 1
                if a != b and c != d:
                    meetings[min(a, b), max(a, b)].setdefault(o, t)
        profiles[o] = sorted((hour, n, pairs) for hour, (n, pairs) in profile.items())
    return profiles, meetings


def episodes(times, gap):
    """How many times are at least a gap after the last one that counts."""
    count, last = 0, None
    for t in sorted(times):
        if last is None or t - last >= gap:
            count, last = count + 1, t
    return count


def even(profile):
    """The share of pairs of an object's shares that lie within the window."""
    n = sum(bin_[1] for bin_ in profile)
    return 2 * sum(bin_[2] for bin_ in profile) / (n * (n - 1)) if n > 1 else 0.0


def chance(profile, factors, repeats):
    """At least the probability that two of an object's sharers meet in it, if its times fell to them by chance."""
    n = sum(bin_[1] for bin_ in profile)
    sums = [0.0, 0.0, 0.0]
    for hour, slots, meets in profile:
        left = factors[0][0][hour // 24] * factors[0][1][hour % 24]
        right = factors[1][0][hour // 24] * factors[1][1][hour % 24]
        sums[0] += slots * left
        sums[1] += slots * right
        sums[2] += 2 * meets * left * right
    by_rhythm = sums[2] / (sums[0] * sums[1]) * n / (n - 1)
    return min(1.0, max(even(profile), by_rhythm) * repeats)


def timing_tail(chances, count):
    """The probability of at least `count` successes in independent trials, adding only positive numbers."""
    below = [1.0] + [0.0] * (count - 1)
    tail = 0.0
    for q in chances:
        tail += below[-1] * q
        for k in range(count - 1, 0, -1):
            below[k] = below[k] * (1 - q) + below[k - 1] * q
        below[0] *= 1 - q
    return min(1.0, tail)


def choice_tail(mean, count):
    """P[Poisson(mean) >= count]; 1 if count does not exceed the mean."""
    if count <= mean:
        return 1.0
    damping = math.exp(-mean / count)
    term = 1.0
    for i in range(1, count + 1):
        term *= mean / i * damping
    tail, i = 0.0, count
    while term > tail * 1e-17:
        tail += term
        i += 1
        term *= mean / i
    return min(1.0, tail)


def step_up(values, hypotheses, rate):
    """The largest p value that is rejected (Benjamini and Yekutieli 2001: whatever the dependence), or -1."""
    if hypotheses == 0:
        return -1.0
    harmonic = math.log(hypotheses) + 0.5772156649015329 + 0.5 / hypotheses
    limit = -1.0
    for rank, p in enumerate(sorted(values), 1):
        if p <= rate * rank / (hypotheses * harmonic):
            limit = p
    return limit


def hypotheses_of_timing(shares, telling, minimum):
    """At least the number of pairs of accounts with so many telling objects in common."""
    held = defaultdict(int)
    accounts = 0
    for objects in shares.objects.values():
        own = [o for o in objects if o in telling]
        if len(own) >= minimum:
            accounts += 1
            for o in own:
                held[o] += 1
    return min(accounts * (accounts - 1) // 2, sum(d * (d - 1) // 2 for d in held.values()) // minimum)


def hypotheses_of_choice(shares, minimum):
    accounts = sum(1 for objects in shares.objects.values() if len(objects) >= minimum)
    return accounts * (accounts - 1) // 2


class Edge:
    """A pair of accounts whose co-shares have at least the minimum of episodes."""

    def __init__(self, pair, met, shares, profiles, telling, factors, meets, gap, minimum):
        self.pair, self.weight, self.kind = pair, len(met), ""
        mine, theirs = shares.objects[pair[0]], shares.objects[pair[1]]
        common = sorted(o for o in mine if o in theirs and o in telling)
        chances = [chance(profiles[o], factors, mine[o] * theirs[o]) for o in common]
        self.common, self.expected = len(common), sum(chances)
        self.episodes = episodes([t for o, t in met.items() if o in telling], gap)
        self.timing = timing_tail(chances, self.episodes) if self.episodes >= minimum else 1.0
        mean = 0.0
        for hour, pairs in meets:
            left = factors[0][0][hour // 24] * factors[0][1][hour % 24]
            right = factors[1][0][hour // 24] * factors[1][1][hour % 24]
            mean += pairs * left * right
        mean *= 2 * (sum(mine.values()) / shares.count) * (sum(theirs.values()) / shares.count)
        self.choice = choice_tail(mean, episodes(met.values(), gap))


def detect(rows, window=60, minimum=3, gap=1800, rate=0.05):
    """The shares, the edges, and the largest p values of timing and of choice that are rejected."""
    shares = Shares(rows)
    profiles, meetings = sweep(shares, window)
    rhythm = Rhythm(shares)
    total = defaultdict(int)
    for profile in profiles.values():
        for hour, _, pairs in profile:
            total[hour] += pairs
    meets = [(hour, pairs) for hour, pairs in sorted(total.items()) if pairs]
    telling = {o for o, profile in profiles.items() if 0 < even(profile) <= TELLING}
    edges = []
    for (a, b), met in meetings.items():
        if len(met) >= minimum and episodes(met.values(), gap) >= minimum:
            factors = (rhythm.of(a), rhythm.of(b))
            edges.append(Edge((a, b), met, shares, profiles, telling, factors, meets, gap, minimum))
    timing = step_up([e.timing for e in edges], hypotheses_of_timing(shares, telling, minimum), rate)
    choice = step_up([e.choice for e in edges], hypotheses_of_choice(shares, minimum), rate)
    for e in edges:
        e.kind = "coordinated" if e.timing <= timing else "shared-source" if e.choice <= choice else "none"
    return shares, edges, (timing, choice)


def components(accounts, links):
    """Sets of accounts that links join."""
    root = {a: a for a in accounts}

    def find(a):
        while root[a] != a:
            a = root[a]
        return a

    for a, b in links:
        root[find(a)] = find(b)
    groups = defaultdict(set)
    for a in root:
        groups[find(a)].add(a)
    return list(groups.values())


def communities(edges, names):
    """Lists of (accounts that timing joins, accounts that only their choices attach to them)."""
    strong = [e for e in edges if e.kind == "coordinated"]
    near = defaultdict(dict)
    for e in strong:
        a, b = e.pair
        near[a][b] = near[b][a] = e.timing
    closed = [e.pair for e in strong if near[e.pair[0]].keys() & near[e.pair[1]].keys()]
    dense = components({a for pair in closed for a in pair}, closed)
    home = {a: index for index, group in enumerate(dense) for a in group}
    members = [set(group) for group in dense]
    loose = set()
    for a in near:
        ends = [(p, names[b].encode(), home[b]) for b, p in near[a].items() if b in home]
        if a not in home:
            members[min(ends)[2]].add(a) if ends else loose.add(a)
    for group in components(loose, [e.pair for e in strong if set(e.pair) <= loose]):
        if len(group) > 1:
            members.append(group)
            continue
        (a,) = group
        nearest = min((p, names[b].encode(), b) for b, p in near[a].items())[2]
        next(m for m in members if nearest in m).add(a)
    taken = {a for group in members for a in group}
    links = defaultdict(lambda: defaultdict(int))
    place = {a: index for index, group in enumerate(members) for a in group}
    for e in edges:
        for a, b in (e.pair, e.pair[::-1]):
            if e.kind == "shared-source" and a not in taken and b in taken:
                links[a][place[b]] += 1
    attached = [set() for _ in members]
    for a, counts in links.items():
        first = {index: min(names[b].encode() for b in members[index]) for index in counts}
        best = min(counts, key=lambda index: (-counts[index], first[index]))
        if counts[best] >= ATTACHING:
            attached[best].add(a)
    key = lambda name: names[name].encode()
    groups = [(sorted(m, key=key), sorted(x, key=key)) for m, x in zip(members, attached)]
    return sorted(groups, key=lambda g: (-len(g[0]), key(g[0][0])))


def account_rows(edges, names):
    """Who belongs to which community, and how; at the end who only shares a source."""
    seen = set()
    for number, (core, attached) in enumerate(communities(edges, names), 1):
        for role, accounts in (("core", core), ("attached", attached)):
            for a in accounts:
                seen.add(a)
                yield names[a], number, role
    shared = {a for e in edges if e.kind == "shared-source" for a in e.pair} - seen
    for a in sorted(shared, key=lambda a: names[a].encode()):
        yield names[a], "", "shared-source"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--window", type=int, default=60)
    parser.add_argument("--minimum", type=int, default=3)
    parser.add_argument("--gap", type=int, default=1800)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--accounts", action="store_true", help="print who is in which community instead of edges")
    options = parser.parse_args()
    shares, edges, _ = detect(load(options.file), options.window, options.minimum, options.gap, options.rate)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if options.accounts:
        writer.writerow(("account_id", "community", "role"))
        writer.writerows(account_rows(edges, shares.account_names))
        return
    rows = []
    for e in edges:
        left, right = sorted(shares.account_names[a] for a in e.pair)
        numbers = (f"{e.expected:.6g}", f"{e.timing:.6g}", f"{e.choice:.6g}")
        rows.append((left, right, e.weight, e.episodes, e.common, *numbers, e.kind))
    header = "from,to,weight,episodes,telling_objects,expected,p_timing,p_choice,kind"
    writer.writerow(header.split(","))
    writer.writerows(sorted(rows, key=lambda row: (row[0].encode(), row[1].encode())))


if __name__ == "__main__":
    main()
