#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Resguardo's co-share rule as docs/spec/detection.md says, in plain Python without any code of our program.

  detection.py FILE.csv [--accounts | --families] [--window 60] [--minimum 3] [--gap 1800] [--launch 600] [--rate 0.05]

Reads object_id,account_id,content_id,timestamp_share (whole seconds) and prints the edges as CSV. Slow, for small data.
"""
import argparse
import csv
import math
import sys
from bisect import bisect_left, bisect_right
from collections import defaultdict

PRIOR = 8.0
TELLING = 0.25
HOUR = 3600
LEAST = 2
HALVES = 2
TILTS = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


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
    """The probability of at least `count` successes in independent trials, and those of 0, 1, ... count - 1."""
    below = [1.0] + [0.0] * (count - 1)
    tail = 0.0
    for q in chances:
        tail += below[-1] * q
        for k in range(count - 1, 0, -1):
            below[k] = below[k] * (1 - q) + below[k - 1] * q
        below[0] *= 1 - q
    return min(1.0, tail), below


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


def mixed_tail(chances, mean, count):
    """The probability that the successes and a Poisson number together are at least `count`."""
    tail, below = timing_tail(chances, count)
    for k in range(count):
        tail += below[k] * choice_tail(mean, count - k)
    return min(1.0, tail)


def step_up(values, hypotheses, rate):
    """The largest p value that is rejected (Benjamini and Hochberg 1995), or -1."""
    limit = -1.0
    for rank, p in enumerate(sorted(values), 1):
        if p * hypotheses <= rate * rank:
            limit = p
    return limit


def step_up_of_any(values, hypotheses, rate):
    """The same whatever the dependence among the tests (Benjamini and Yekutieli 2001)."""
    harmonic = math.log(hypotheses) + 0.5772156649015329 + 0.5 / hypotheses if hypotheses else 1.0
    return step_up(values, hypotheses * harmonic, rate)


def hypotheses_of_choice(shares, minimum):
    accounts = sum(1 for objects in shares.objects.values() if len(objects) >= minimum)
    return accounts * (accounts - 1) // 2


class Edge:
    """Two accounts that meet, and how probable it is by chance."""

    def __init__(self, pair, met, shares, profiles, telling, factors, meets, gap, minimum):
        self.pair, self.weight, self.kind = pair, len(met), ""
        mine, theirs = shares.objects[pair[0]], shares.objects[pair[1]]
        common = sorted(o for o in mine if o in theirs and o in telling)
        chances = [chance(profiles[o], factors, mine[o] * theirs[o]) for o in common]
        self.common, self.expected = len(common), sum(chances)
        self.episodes = episodes([t for o, t in met.items() if o in telling], gap)
        self.timing = timing_tail(chances, self.episodes)[0] if self.episodes >= minimum else 1.0
        mean = 0.0
        for hour, pairs in meets:
            left = factors[0][0][hour // 24] * factors[0][1][hour % 24]
            right = factors[1][0][hour // 24] * factors[1][1][hour % 24]
            mean += pairs * left * right
        mean *= 2 * (sum(mine.values()) / shares.count) * (sum(theirs.values()) / shares.count)
        count = episodes(met.values(), gap)
        self.is_candidate = count >= minimum
        self.choice = choice_tail(mean, count)


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


def added(values):
    """A plain sum from the left; sum() rounds otherwise since Python 3.12."""
    total = 0.0
    for value in values:
        total += value
    return total


class Study:
    """What all stages know of the shares."""

    def __init__(self, rows, window, gap, launch):
        self.window, self.gap, self.launch = window, gap, launch
        self.shares = Shares(rows)
        self.names = self.shares.account_names
        self.profiles, self.meetings = sweep(self.shares, window)
        self.rhythm = Rhythm(self.shares)
        self.telling = {o for o, profile in self.profiles.items() if 0 < even(profile) <= TELLING}
        self.meets = self.by_hour(self.profiles)
        self.blind_meets = self.by_hour(o for o in self.profiles if o not in self.telling)
        self.counts = {a: sum(objects.values()) for a, objects in self.shares.objects.items()}
        self.near = defaultdict(list)
        for pair, met in self.meetings.items():
            for a, b in (pair, pair[::-1]):
                self.near[a].append((b, met))

    def by_hour(self, objects):
        """The pairs of some objects by hour."""
        sums = defaultdict(int)
        for o in objects:
            for hour, _, pairs in self.profiles[o]:
                sums[hour] += pairs
        return [(hour, pairs) for hour, pairs in sorted(sums.items()) if pairs]

    def part(self, account):
        return self.counts[account] / self.shares.count

    def factor(self, account, hour):
        by_day, by_hour = self.rhythm.of(account)
        return by_day[hour // 24] * by_hour[hour % 24]


def links(study, half):
    """Pairs with a probability that meet more often than activity explains, without the half's telling objects."""
    found = {}
    pairs = added(n for _, n in study.meets)
    for (a, b), met in study.meetings.items():
        times = [t for o, t in met.items() if o not in study.telling or o % HALVES != half]
        count = episodes(times, study.gap)
        if count >= LEAST:
            p = choice_tail(2 * study.part(a) * study.part(b) * pairs, count)
            if p * len(study.shares.objects) <= 1:
                found[a, b] = p
    return found


def families(links, names):
    """The sets of accounts that links join."""
    near = defaultdict(dict)
    for (a, b), p in links.items():
        near[a][b] = near[b][a] = p
    closed = [(a, b) for a, b in links if near[a].keys() & near[b].keys()]
    members = components({a for pair in closed for a in pair}, closed)
    home = {a: index for index, group in enumerate(members) for a in group}
    members = [set(group) for group in members]
    loose = set()
    for a in near:
        ends = [(p, names[b].encode(), home[b]) for b, p in near[a].items() if b in home]
        if a not in home:
            members[min(ends)[2]].add(a) if ends else loose.add(a)
    for group in components(loose, [pair for pair in links if set(pair) <= loose]):
        if len(group) > 1:
            members.append(group)
            continue
        (a,) = group
        nearest = min((p, names[b].encode(), b) for b, p in near[a].items())[2]
        next(m for m in members if nearest in m).add(a)
    return members


class Dealing:
    """An object's slots while the times of some accounts become known, one account after another.

    A slot is beside them if it is after the launch and within the window of a known time after the launch.
    """

    def __init__(self, study, o, launch):
        self.study, self.slots = study, study.shares.slots[o]
        self.times = [slot[0] for slot in self.slots]
        self.start = self.times[0] + launch
        self.is_open = [True] * len(self.slots)
        self.is_beside = [False] * len(self.slots)

    def own(self, account):
        return [i for i, slot in enumerate(self.slots) if slot[1] == account]

    def fix(self, account):
        """This account's times are known from now on."""
        for i in self.own(account):
            self.is_open[i] = False
            if self.times[i] >= self.start:
                first, last = max(self.start, self.times[i] - self.study.window), self.times[i] + self.study.window
                for j in range(bisect_left(self.times, first), bisect_right(self.times, last)):
                    self.is_beside[j] = True

    def chance(self, account):
        """At least the probability that the account gets a slot beside; when it has the first such, or None."""
        hours = defaultdict(lambda: [0, 0])
        for t, is_open, is_beside in zip(self.times, self.is_open, self.is_beside):
            if is_open:
                hours[t // HOUR][0] += 1
                hours[t // HOUR][1] += is_beside
        count, beside = 0, 0
        sums = [0.0, 0.0]
        for hour, (n, k) in sorted(hours.items()):
            factor = self.study.factor(account, hour)
            count += n
            beside += k
            sums[0] += n * factor
            sums[1] += k * factor
        own = self.own(account)
        q = min(1.0, len(own) * max(beside / count, sums[1] / sums[0]))
        return q, next((self.times[i] for i in own if self.is_beside[i]), None)


def sittings(times, gap):
    """The objects that count: in order of time, those at least a gap after the last one that counts."""
    counted, last = set(), None
    for t, o in sorted((t, o) for o, t in times.items()):
        if last is None or t - last >= gap:
            counted.add(o)
            last = t
    return counted


def evidence(study, family, half):
    """An e-value against chance in a half's telling objects, or None if there is nothing to test."""
    held = defaultdict(list)
    for a in sorted(family, key=lambda a: study.names[a].encode()):
        for o in study.shares.objects[a]:
            if o in study.telling and o % HALVES == half:
                held[o].append(a)
    trials, times = {}, {}
    for o, accounts in held.items():
        dealing = Dealing(study, o, study.launch)
        trials[o] = []
        for i, a in enumerate(accounts):
            if i > 0:
                q, met = dealing.chance(a)
                trials[o].append((q, met is not None))
                if met is not None:
                    times[o] = min(met, times.get(o, met))
            dealing.fix(a)
    if not any(trials.values()):
        return None
    counted = sittings(times, study.gap)
    products = [(1.0, 0)] * len(TILTS)
    for o in sorted(trials):
        for q, is_met in trials[o]:
            for k, tilt in enumerate(TILTS):
                mantissa, exponent = products[k]
                won = tilt if is_met and o in counted else 1.0
                mantissa, shift = math.frexp(mantissa * won / (1 + (tilt - 1) * q))
                products[k] = mantissa, exponent + shift
    top = max(exponent for _, exponent in products)
    mean = added(math.ldexp(mantissa, exponent - top) for mantissa, exponent in products) / len(TILTS)
    return math.ldexp(mean, min(top, 1000))


def declare(study, rate):
    """Families (weighed evidence, half, accounts, evidence) that were tested, best first, and how many of them are declared."""
    tested = []
    for half in range(HALVES):
        values = [(evidence(study, family, half), family) for family in families(links(study, half), study.names)]
        values = [(value, family) for value, family in values if value is not None]
        tested += [(value / (HALVES * len(values)), half, family, value) for value, family in values]
    tested.sort(key=lambda f: (-f[0], f[1], min(study.names[a].encode() for a in f[2])))
    declared = 0
    for rank, family in enumerate(tested, 1):
        if family[0] * rate * rank >= 1:
            declared = rank
    return tested, declared


def merged(declared):
    """Groups: a family with more than half of the smaller of both joins a group, else it is one of its own."""
    groups, taken = [], set()
    for _, _, family, _ in declared:
        nearest = max(groups, key=lambda group: len(group & family), default=set())
        if 2 * len(nearest & family) > min(len(nearest), len(family)):
            nearest |= family - taken
        elif len(family - taken) > 1:
            groups.append(family - taken)
        taken |= family
    return groups


class Surroundings:
    """When a group's accounts were in what they share, to ask who meets them."""

    def __init__(self, study, group):
        self.study, self.group = study, group
        self.sharers = defaultdict(set)
        for a in group:
            for o in study.shares.objects[a]:
                self.sharers[o].add(a)
        self.pulls = [
            (h, n * added(study.part(b) * study.factor(b, h) for b in sorted(group))) for h, n in study.blind_meets
        ]

    def candidates(self):
        """Accounts with at least two objects that somebody else of the group shared too, whenever that was."""
        count = defaultdict(int)
        for o, accounts in self.sharers.items():
            for a in {slot[1] for slot in self.study.shares.slots[o]}:
                count[a] += len(accounts) > (a in accounts)
        return {a for a, n in count.items() if n >= LEAST}

    def belonging(self, account):
        """How often an account meets the group, and the probability of so many meetings or more by chance."""
        study, times, chances = self.study, {}, []
        for b, met in study.near[account]:
            for o, t in met.items() if b in self.group else ():
                if o not in study.telling:
                    times[o] = min(t, times.get(o, t))
        for o in sorted(study.shares.objects[account]):
            others = self.sharers.get(o, set()) - {account}
            if o in study.telling and others:
                dealing = Dealing(study, o, 0)
                for b in others:
                    dealing.fix(b)
                q, met = dealing.chance(account)
                chances.append(q)
                if met is not None:
                    times[o] = met
        mean = 2 * study.part(account) * added(pull * study.factor(account, h) for h, pull in self.pulls)
        count = len(sittings(times, study.gap))
        return count, mixed_tail(chances, mean, count) if count >= LEAST else 1.0


def members(study, groups, rate):
    """For each group its accounts with their meetings and probabilities, and how many were asked."""
    asked, named, others = 0, [], []
    for number, group in enumerate(groups):
        around = Surroundings(study, group)
        candidates = around.candidates()
        asked += len(candidates)
        near = {b for a in group for b, _ in study.near[a]}
        for a in sorted(candidates & (group | near)):
            count, p = around.belonging(a)
            (named if a in group else others).append((p, number, a, count))
    found, core = [{} for _ in groups], sum(len(group) for group in groups)
    limit = step_up([p for p, _, _, _ in named], core, rate)
    for p, number, a, count in named:
        if p <= limit:
            found[number][a] = (count, p, "core")
    taken = {a for group in found for a in group}
    limit = step_up([p for p, _, _, _ in others], asked, rate)
    for p, number, a, count in sorted(others):
        if p <= limit and a not in taken:
            taken.add(a)
            found[number][a] = (count, p, "attached")
    return found, asked


def detect(rows, window=60, minimum=3, gap=1800, launch=600, rate=0.05):
    """The study, tested families, how many of them are declared, groups as {account: (meetings, p, role)}, and edges."""
    study = Study(rows, window, gap, launch)
    tested, declared = declare(study, rate)
    groups = [g for g in members(study, merged(tested[:declared]), rate)[0] if len(g) > 1]
    key = lambda a: study.names[a].encode()
    groups.sort(key=lambda g: (-len(g), min(map(key, g))))
    home = {a: index for index, group in enumerate(groups) for a in group}
    edges = []
    for (a, b), met in study.meetings.items():
        is_within = a in home and home[a] == home.get(b)
        if is_within or len(met) >= minimum and episodes(met.values(), gap) >= minimum:
            factors = (study.rhythm.of(a), study.rhythm.of(b))
            edges.append(
                Edge((a, b), met, study.shares, study.profiles, study.telling, factors, study.meets, gap, minimum)
            )
            edges[-1].kind = "coordinated" if is_within else "none"
    limit = step_up_of_any([e.choice for e in edges if e.is_candidate], hypotheses_of_choice(study.shares, minimum), rate)
    for e in edges:
        if e.kind == "none" and e.choice <= limit:
            e.kind = "shared-source"
    return study, tested, declared, groups, edges


def account_rows(study, groups, edges):
    """Who belongs to which group, and how; at the end who only shares a source."""
    names = study.names
    key = lambda a: names[a].encode()
    for number, group in enumerate(groups, 1):
        for a in sorted(group, key=lambda a: (group[a][2] != "core", key(a))):
            count, p, role = group[a]
            yield names[a], number, role, count, f"{p:.6g}"
    seen = {a for group in groups for a in group}
    shared = {a for e in edges if e.kind == "shared-source" for a in e.pair} - seen
    for a in sorted(shared, key=key):
        yield names[a], "", "shared-source", "", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--window", type=int, default=60)
    parser.add_argument("--minimum", type=int, default=3)
    parser.add_argument("--gap", type=int, default=1800)
    parser.add_argument("--launch", type=int, default=600)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--accounts", action="store_true", help="print who is in which group instead of edges")
    parser.add_argument("--families", action="store_true", help="print what was tested instead of edges")
    options = parser.parse_args()
    study, tested, declared, groups, edges = detect(
        load(options.file), options.window, options.minimum, options.gap, options.launch, options.rate
    )
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = study.names
    if options.families:
        writer.writerow(("half", "accounts", "evidence", "declared", "first"))
        for rank, (_, half, family, value) in enumerate(tested, 1):
            first = min((names[a] for a in family), key=str.encode)
            writer.writerow((half, len(family), f"{value:.6g}", int(rank <= declared), first))
        return
    if options.accounts:
        writer.writerow(("account_id", "community", "role", "meetings", "p_member"))
        writer.writerows(account_rows(study, groups, edges))
        return
    rows = []
    for e in edges:
        left, right = sorted((names[a] for a in e.pair), key=str.encode)
        numbers = (f"{e.expected:.6g}", f"{e.timing:.6g}", f"{e.choice:.6g}")
        rows.append((left, right, e.weight, e.episodes, e.common, *numbers, e.kind))
    header = "from,to,weight,episodes,telling_objects,expected,p_timing,p_choice,kind"
    writer.writerow(header.split(","))
    writer.writerows(sorted(rows, key=lambda row: (row[0].encode(), row[1].encode())))


if __name__ == "__main__":
    main()
