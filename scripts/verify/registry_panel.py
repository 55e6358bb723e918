# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Panels by lot: docs/spec/sortition.md.

Part of registry_fold.py.
"""

import sortition
import vrf

DAY = 86400
SPEAKING, ANSWER = 2 * DAY, 14 * DAY


def rule_of(pool):
    """Members, and how many have to concur; None where there is no panel."""
    return None if pool < 12 else (12, 3) if pool < 48 else (20, 5)


class Panel:
    """Of a subject in an epoch."""

    def __init__(self, day, accounts, is_waived):
        self.day, self.accounts, self.is_waived = day, list(accounts), is_waived
        self.rule = self.ring = self.drawn = None
        self.concurring = []  # (tag, day)

    def concurred(self):
        if self.rule is None or len(self.concurring) < self.rule[1]:
            return None
        return sorted(day for _, day in self.concurring)[self.rule[1] - 1]

    def failed(self):
        return None if self.drawn is None or self.concurred() is not None else self.drawn + ANSWER

    def agrees(self, account, time):
        if self.is_waived:
            return self.day <= time
        day = self.concurred()
        return day is not None and day <= time and account in self.accounts


class Round:
    """What holders say of a day."""

    def __init__(self, holders):
        self.holders, self.outputs, self.opened, self.settled = holders, {}, None, None

    def awaits(self, holder):
        is_open = self.opened is not None and self.settled is None
        return is_open and holder in self.holders and holder not in self.outputs

    def spoken(self):
        return [(bytes.fromhex(key), output) for key, output in self.outputs.items()]

    def settle(self, clock):
        if self.opened is None or self.settled is not None:
            return
        is_late = clock >= self.opened + SPEAKING and len(self.outputs) >= 2
        if is_late or len(self.outputs) == len(self.holders):
            self.settled = clock


class Panels:
    """All panels of a registry."""

    def __init__(self, context):
        self.context, self.panels, self.rounds, self.waiting, self.pools = context, {}, {}, {}, {}
        self.undrawn = set()

    def of(self, subject_name, subject):
        """Those of the epochs in which somebody vouched."""
        epochs = {vouch["epoch"] for vouch in subject.vouches}
        named = (self.panels.get((subject_name, epoch)) for epoch in epochs)
        return [panel for panel in named if panel]

    def convene(self, name, epoch, clock, accounts, holders):
        self.undrawn.discard((name, epoch))
        self.panels[name, epoch] = Panel(clock, accounts, not holders)
        if holders:
            self.waiting.setdefault(clock, []).append((name, epoch))
            self.open_round(clock, holders)

    def open_round(self, day, holders):
        self.rounds.setdefault(day, Round(holders))

    def advance(self, clock, pool_of):
        for day in sorted(day for day, each in self.rounds.items() if each.settled is None and day < clock):
            if day in self.waiting and day not in self.pools:
                self.pools[day] = {epoch: pool_of(epoch) for _, epoch in self.waiting[day]}
            round_ = self.rounds[day]
            if round_.opened is None:
                round_.opened = clock
            round_.settle(clock)
            self.draw(day)

    def speak(self, holder, day, proof, clock):
        """Whether it was the proof of the function; the holder's turn was looked at before."""
        output = vrf.verify(bytes.fromhex(holder), sortition.beacon_input(self.context, day), proof)
        if output is None:
            return False
        self.rounds[day].outputs[holder] = output
        self.rounds[day].settle(clock)
        self.draw(day)
        return True

    def draw(self, day):
        round_ = self.rounds[day]
        if round_.settled is None or day not in self.waiting:
            return
        pools, outputs = self.pools.pop(day, {}), round_.spoken()
        for name, epoch in self.waiting.pop(day):
            pool = pools.get(epoch, [])
            rule = rule_of(len(pool))
            if rule is None:
                del self.panels[name, epoch]
                self.undrawn.add((name, epoch))
            else:
                seed = sortition.panel_seed(self.context, bytes.fromhex(name), epoch, day, outputs)
                panel = self.panels[name, epoch]
                drawn = sortition.draw(rule[0], len(pool), seed)
                panel.ring = sorted(pool[place] for place in drawn)
                panel.rule, panel.drawn = rule, round_.settled
