# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""The state of a switch from what was said: docs/spec/switch.md, sections 4.4 and 5, and switch-rules.md.

Part of switch_state.py; it checks nothing and reads nothing.
"""

import copy
import math

HOUR, DAY = 3600, 86400
OUTAGE, CREDIT = 2 * HOUR, 14 * DAY
OPEN = ("armed", "due", "overdue", "suspect", "pending", "hold")
FINAL = ("released", "revoked")
NEVER, ALWAYS = None, -(1 << 62)


class Downtime:
    """When no log worked: (since, until, seconds), ascending."""

    def __init__(self, outages):
        self.outages = outages

    def seconds(self, start, end):
        return sum(self.part(outage, start, end) for outage in self.outages)

    @staticmethod
    def part(outage, start, end):
        """How much of it lies between two moments."""
        since, until, seconds = outage
        if since >= end or since < start and until <= start:
            return 0
        if end < until:
            return end - max(since, start)
        return seconds if since >= start else min(seconds, until - start)

    def deadline(self, start, seconds, credit):
        """When these seconds have passed outside of outages; no more credit than this is given."""
        end = start + seconds
        for outage in self.outages:
            if outage[0] < end:
                given = min(self.part(outage, start, math.inf), credit)
                end, credit = end + given, credit - given
        return end


class Alarm:
    """Duress: who names which checkpoint, and the clean check-ins since, by theirs."""

    def __init__(self):
        self.clearings, self.check_ins = {}, {}


class Switch:
    """The fold. The views differ in the marks of check-ins and in what is said under seal."""

    def __init__(self, arming, time, outages):
        self.now, self.state, self.since = time, "armed", time
        self.downtime = Downtime(outages)
        self.epoch = self.epoch_before = arming.epoch
        self.arming, self.armed_at = arming, time
        self.thresholds = {arming.epoch: arming.k}
        self.start = self.start_before = time
        self.reminded = self.until = self.pending = self.releasing = None
        self.hold_signed, self.holds_in_a_row = ALWAYS, 0
        self.answers, self.delays, self.intents, self.drills, self.heard = {}, {}, {}, {}, {}
        self.shares, self.spent, self.dead = {}, 0, False
        self.release_share = self.needs_reshare = False
        self.ending = self.request = self.alarm = None

    def at(self, moment):
        """The same at a later moment; an outage that goes on counts as far as it has come."""
        other = copy.deepcopy(self, {id(self.arming): self.arming})
        cut = [
            outage if outage[1] <= moment else (outage[0], moment, moment - outage[0])
            for outage in self.downtime.outages if outage[0] < moment]
        other.downtime = Downtime([gap for gap in cut if gap[2] > OUTAGE])
        other.advance(moment)
        return other

    # Moments

    def cycle_end(self, seconds):
        return self.downtime.deadline(self.start, seconds, CREDIT)

    def credit_left(self, time):
        return max(CREDIT - self.downtime.seconds(self.start, time), 0)

    def grace_end(self, planned):
        if not self.arming.senders:
            return planned
        latest = planned + 48 * HOUR
        return latest if self.reminded is None else min(max(planned, self.reminded), latest)

    def suspect_at(self):
        return self.grace_end(self.cycle_end(self.arming.interval + self.arming.grace))

    def count(self, *verdicts):
        return sum(a["verdict"] in verdicts and not a["lapsed"] for a in self.answers.values())

    def suffice_at(self):
        arming = self.arming
        if self.dead:
            return ALWAYS
        if self.count("dead", "taken") >= arming.k:
            return self.suspect_at()
        if self.count("dead", "taken", "unknown") >= arming.k:
            planned = self.cycle_end(arming.interval + arming.grace)
            waited = self.grace_end(planned) - planned
            return self.cycle_end(arming.interval + 2 * arming.grace) + waited
        return NEVER

    def shares_at(self):
        times = sorted(self.intents.values())
        if self.releasing is None or len(times) < self.arming.k:
            return NEVER
        return times[self.arming.k - 1] + HOUR

    def veto_end(self):
        window = max(self.arming.veto + min(sum(self.delays.values()), 7 * DAY) - self.spent, 0)
        end = self.downtime.deadline(self.pending, window, self.credit_left(self.pending))
        return end if self.dead else max(end, self.start + 72 * HOUR)

    def moves(self):
        """Rule or next state, and moment, of all transitions whose conditions hold, in their order."""
        s, now, arming = self.state, self.now, self.arming
        suffices = self.suffice_at()
        fails = suffices is NEVER or suffices > now
        in_doubt = now >= self.suspect_at()
        fresh = self.start > self.start_before
        if s != "released" and any(
                len(who) >= self.thresholds.get(epoch, len(who) + 1)
                for epoch, who in self.shares.items()):
            yield "released", now
        if s in OPEN + ("releasing",):
            agreed = self.ending and len(self.ending[2]) >= arming.k
            if agreed and not self.release_share and not self.alarm:
                yield "revoked", self.ending[1] + 72 * HOUR
            if self.epoch > self.epoch_before:
                yield "re-armed", now
        if s in OPEN and fresh:
            yield "armed", now
        if s == "releasing" and fresh and not in_doubt and not self.release_share:
            yield "armed", now
        if s == "armed" and self.until is not None:
            yield "hold", now
        if s == "hold" and self.until is not None:
            yield "absence-over", self.until
        if s in ("armed", "due", "overdue", "hold") and self.dead:
            yield "pending", now
        if s == "hold" and self.alarm:
            yield "armed", now
        if s == "armed":
            yield "due", self.cycle_end(arming.interval)
        if s == "due":
            yield "overdue", self.cycle_end(arming.interval + arming.grace // 2)
        if s == "overdue":
            yield "suspect", self.suspect_at()
        if s == "suspect" and suffices is not NEVER:
            yield "pending", suffices
        if s == "pending":
            if fails and not in_doubt:
                yield "armed", now
            if fails:
                yield "suspect", now
            yield "releasing", self.veto_end()

    def advance(self, time):
        while True:
            moves = [(max(at, self.now), place, to) for place, (to, at) in enumerate(self.moves())]
            if not moves or min(moves)[0] > time:
                break
            at, _, to = min(moves)
            self.enter(to, at)
        self.now = max(self.now, time)

    def enter(self, to, time):
        self.now = time
        if self.state == "pending":
            stay = time - self.pending
            credit = min(self.downtime.seconds(self.pending, time), self.credit_left(self.pending))
            self.spent, self.pending = self.spent + max(stay - credit, 0), None
        if self.state == "releasing":
            self.releasing, self.intents, self.release_share = None, {}, False
        if to == "absence-over":
            self.restart(time)
            self.until = None
        if to == "re-armed":
            self.epoch_before, self.armed_at = self.epoch, time
            self.request = self.ending = self.reminded = None
            self.answers, self.drills, self.delays, self.heard = {}, {}, {}, {}
            self.needs_reshare = False
        self.state = "armed" if to in ("absence-over", "re-armed") else to
        self.since = time
        if self.state == "armed":
            self.start_before = self.start
            if time < self.suspect_at():
                self.spent, self.delays = 0, {}
        if self.state == "pending":
            self.pending = time
        if self.state == "releasing":
            self.releasing = time

    def flags(self):
        """Section 5.5, but for the witnesses, which are no part of what was said."""
        if self.state in FINAL:
            return []
        arming, found = self.arming, []
        everybody = range(1, arming.n + 1)
        living = sum(self.now - self.heard.get(i, self.armed_at) <= 60 * DAY for i in everybody)
        if living < arming.k + 1:
            found.append("trustees-too-few")
        if any(self.now - self.drills.get(i, self.armed_at) > 30 * DAY for i in everybody):
            found.append("drills-overdue")
        if self.needs_reshare:
            found.append("reshare")
        if self.alarm:
            found.append("duress")
        return found

    # Statements, their conditions and what they do

    def restart(self, time):
        self.start, self.reminded = time, None
        for answer in self.answers.values():
            if answer["time"] <= time and answer["verdict"] in ("taken", "unknown"):
                answer["lapsed"] = True

    def show_life(self, time):
        self.restart(time)
        self.holds_in_a_row, self.until = 0, None
        if self.shares.get(self.epoch):
            self.needs_reshare = True

    def check_in(self, time, checkpoint, mark):
        """Of a checkpoint, or of words, which have none."""
        if time <= self.start:
            return
        if mark == "duress":
            if not self.alarm:
                self.alarm, self.until = Alarm(), None
        elif self.dead or time > self.now:
            return
        elif self.alarm:
            self.alarm.check_ins[checkpoint] = time
            self.clear()
        elif self.until is None or time > self.hold_signed:
            self.show_life(time)

    def clear(self):
        for checkpoint in self.alarm.check_ins:
            if list(self.alarm.clearings.values()).count(checkpoint) >= self.arming.k:
                times = self.alarm.check_ins.values()
                self.alarm = None
                self.show_life(max(times))
                return

    def clearing(self, trustee, checkpoint):
        if self.alarm:
            self.heard[trustee] = self.now
            self.intents.pop(trustee, None)
            self.alarm.clearings[trustee] = checkpoint
            self.clear()

    def answer(self, trustee, number, verdict, has_evidence):
        if number <= self.answers.get(trustee, {"number": 0})["number"]:
            return
        self.heard[trustee] = self.now
        self.answers[trustee] = {"number": number, "verdict": verdict, "time": self.now,
                                 "evidence": has_evidence, "lapsed": False}
        if verdict == "alive":
            self.intents.pop(trustee, None)
        certain = [a for a in self.answers.values() if a["verdict"] == "dead" and a["evidence"]]
        if len(certain) >= self.arming.k + 1:
            self.dead, self.ending, self.request, self.until = True, None, None, None
            if self.alarm:
                self.alarm.check_ins = {}
        if self.count("alive") >= self.arming.k:
            self.dead = False

    def delay(self, trustee, seconds, since):
        if is_meant(since, self.pending) and trustee not in self.delays:
            self.heard[trustee] = self.now
            self.delays[trustee] = seconds

    def intent(self, trustee, since):
        if is_meant(since, self.releasing) and trustee not in self.intents:
            self.heard[trustee] = self.now
            if self.answers.get(trustee, {"verdict": None})["verdict"] != "alive":
                self.intents[trustee] = self.now

    def hold(self, until, signed_at):
        signed_at = min(signed_at, self.now)
        if (self.state == "armed" and signed_at >= self.start and until > self.now
                and until - signed_at <= 30 * DAY and self.holds_in_a_row < 2 and not self.alarm):
            self.until, self.hold_signed = until, signed_at
            self.holds_in_a_row += 1

    def revocation(self, digest):
        stands = self.ending and self.ending[0] == digest
        if not self.dead and not self.alarm and not stands:
            self.ending = (digest, self.now, set())

    def new_epoch(self, arming, signed_at):
        stands = self.request and self.request[0].digest == arming.digest
        if arming.epoch == self.epoch + 1 and not self.dead and not self.alarm and not stands:
            self.request = (arming, set(), min(signed_at, self.now))

    def consent(self, trustee, digest):
        if self.state in FINAL or self.alarm:
            return
        if self.ending and self.ending[0] == digest:
            self.ending[2].add(trustee)
        elif self.request and self.request[0].digest == digest:
            self.request[1].add(trustee)
        else:
            return
        self.heard[trustee] = self.now
        if self.request and len(self.request[1]) >= self.arming.k:
            self.arming, _, signed_at = self.request
            self.epoch = self.arming.epoch
            self.thresholds[self.epoch] = self.arming.k
            self.start = max(self.start, signed_at)

    def share(self, trustee, epoch):
        if trustee in self.shares.setdefault(epoch, set()):
            return
        self.shares[epoch].add(trustee)
        allowed = self.shares_at()
        if epoch == self.epoch and allowed is not NEVER and allowed <= self.now:
            self.release_share = True

    def drill(self, trustee, signed_at):
        signed_at = min(signed_at, self.now)
        if signed_at > self.drills.get(trustee, self.armed_at - 1):
            self.heard[trustee] = self.now
            self.drills[trustee] = signed_at


def is_meant(named, since):
    return since is not None and abs(named - since) <= 1800
