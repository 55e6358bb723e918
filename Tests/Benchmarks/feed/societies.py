# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""A second generator of shares with planted coordination, made on other assumptions than ../shared/tools/feed/gen_shares.py.

Accounts live in six time zones, act in sessions of some minutes around an hour of their own, and take what they share
from what is alive in that minute: one of 40 interest groups' sources or the news. Objects are born in news cycles (morning,
noon, evening), decay within hours, and a few go viral. Ten accounts share around the clock. Six syndicates post the same
articles within five minutes, and the public takes some of them up. Up to eight groups are coordinated: each order is carried out
by a part of the members within 20 to 90 seconds, half of the orders on objects that are alive anyway; members also act
like everybody in their interest group.
"""
import bisect
import math
import random

DAY = 86400
# Orders a group gets, the part of its members that follows, and the part of objects that nobody knew before.
STRENGTHS = {
    "none": ((1, 1), (0.0, 0.0), 0.0),
    "weak": ((12, 30), (0.3, 0.5), 0.4),
    "medium": ((25, 60), (0.4, 0.7), 0.5),
    "strong": ((50, 100), (0.6, 0.9), 0.5),
}
NEWS = -1


class Society:
    def __init__(self, seed, strength, accounts=3000, days=30, interests=40):
        self.random = random.Random(f"{seed} {strength}")
        self.strength, self.days, self.end = strength, days, days * DAY
        self.rows, self.labels, self.truth = [], {}, set()
        self.make_objects(interests)
        self.make_accounts(accounts, interests)

    def make_objects(self, interests):
        draw = self.random
        self.objects, self.alive = [], {}
        for interest in range(-1, interests):
            for _ in range(900 if interest == NEWS else draw.randint(60, 220)):
                hour = min(23.99, max(0, draw.choice((draw.gauss(8, 1.2), draw.gauss(13, 2), draw.gauss(20, 1.5)))))
                birth = draw.randrange(self.days) * DAY + int(hour * 3600) + draw.randrange(60)
                pull = draw.paretovariate(1.1) * (3 if interest == NEWS else 1) * (60 if draw.random() < 0.004 else 1)
                life = draw.lognormvariate(math.log(3 * 3600), 0.9)
                self.alive.setdefault(interest, []).append((birth, len(self.objects)))
                self.objects.append((birth, pull, life))
        for known in self.alive.values():
            known.sort()

    def pick(self, interest, time):
        known = self.alive[interest]
        known = known[bisect.bisect_left(known, (time - 2 * DAY, 0)) : bisect.bisect_right(known, (time, 0))]
        weights = [pull * math.exp((birth - time) / life) for birth, pull, life in (self.objects[o] for _, o in known)]
        return self.random.choices(known, weights)[0][1] if sum(weights) > 1e-9 else None

    def act(self, account, sessions, interests, is_sleepless=False):
        draw = self.random
        zone, peak, spread = draw.choice((-6, -5, -3, 0, 1, 3)), draw.gauss(20, 2.5), draw.uniform(0.8, 3)
        first = draw.uniform(0, self.days * 0.6) if draw.random() < 0.3 else 0
        for _ in range(sessions):
            hour = draw.uniform(0, 24) if is_sleepless or draw.random() < 0.1 else draw.gauss(peak, spread) - zone
            time, seen = int((int(draw.uniform(first, self.days)) * DAY + hour * 3600) % self.end), {None}
            for _ in range(1 + int(draw.expovariate(1 / 2.5))):
                picked = self.pick(draw.choice(interests) if draw.random() < 0.7 else NEWS, time)
                if picked not in seen:
                    seen.add(picked)
                    self.rows.append((picked, account, time))
                time = min(self.end - 1, time + 1 + int(draw.expovariate(1 / 45)))

    def make_accounts(self, accounts, interests):
        draw = self.random
        left = list(range(accounts))
        draw.shuffle(left)
        take = lambda count: [left.pop() for _ in range(count)]
        one = lambda: draw.randrange(interests)
        self.power = take(10)
        syndicates = [take(draw.randint(4, 9)) for _ in range(6)]
        groups = [take(draw.randint(5, 25)) for _ in range(0 if self.strength == "none" else 8)]
        self.labels = {a: "organic" for a in range(accounts)}
        for a in self.power:
            self.labels[a] = "power"
            self.act(a, draw.randint(300, 700), [one() for _ in range(4)], is_sleepless=True)
        for group in syndicates:
            for _ in range(draw.randint(40, 150)):
                self.order(group, self.new(), draw.randrange(self.end - 400), 0.85, 299, (2, 7200), left)
            for a in group:
                self.labels[a] = "syndicate"
                self.act(a, draw.randint(0, 6), [one()])
        for group in groups:
            self.coordinate(group, one(), left)
        for a in left:
            sessions = min(200, 1 + int(draw.lognormvariate(math.log(5), 1.1)))
            self.act(a, sessions, [one() for _ in range(draw.randint(1, 2))])

    def new(self):
        self.objects.append(None)
        return len(self.objects) - 1

    def order(self, group, target, time, part, delay, public, everybody):
        draw = self.random
        self.rows += [(target, a, time + draw.randint(0, delay)) for a in group if draw.random() < part]
        for _ in range(int(draw.expovariate(1 / public[0])) if public else 0):
            self.rows.append((target, draw.choice(everybody), min(self.end - 1, time + int(draw.expovariate(1 / public[1])))))

    def coordinate(self, group, interest, everybody):
        draw = self.random
        orders, parts, own = STRENGTHS[self.strength]
        part, delay = draw.uniform(*parts), draw.randint(20, 90)
        for _ in range(draw.randint(*orders)):
            if draw.random() < own:
                self.order(group, self.new(), draw.randrange(self.end - 400), part, delay, (3, 5400), everybody)
                continue
            target = None
            while target is None:
                time = draw.randrange(36000, self.end - 400)
                target = self.pick(draw.choice((interest, NEWS)), time)
            self.order(group, target, time, part, delay, None, everybody)
        for a in group:
            self.labels[a] = "coordinated"
            self.act(a, draw.randint(3, 25), [interest])
        self.truth |= {tuple(sorted((f"a{x}", f"a{y}"))) for x in group for y in group if x < y}


def society(seed, strength):
    """Rows (object, account, content, time), labels and truth."""
    made = Society(seed, strength)
    made.random.shuffle(made.rows)
    rows = [(f"o{o}", f"a{a}", f"c{i}", 1_700_000_000 + t) for i, (o, a, t) in enumerate(made.rows)]
    return rows, {f"a{a}": label for a, label in made.labels.items()}, made.truth
