# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Complaints and what panels decide of them: docs/spec/complaints.md.

Part of registry_fold.py, whose registry inherits these statements.
"""

import sortition
from registry_log import DAY, is_met

ANSWER, CONTEST, SUSPENSION, LAPSE = 14 * DAY, 14 * DAY, 30 * DAY, 90 * DAY
MEMBERS, OF_ONE_HOME, UNDECIDED = 5, 2, 3
GRADES = ["none", "low", "moderate", "high"]
QUORUM = {"count": 4, "constituencies": 3}


class No(Exception):
    """An entry that changes nothing, and why."""


def need(condition, word):
    if not condition:
        raise No(word)


class Complaint:
    """What was said, who was drawn, what was decided."""

    def __init__(self, says, since):
        self.says, self.since, self.draws, self.decisions = says, since, [], []
        self.awaited = self.pool = self.contested = None
        self.is_open_to_all = False

    def is_unanswered(self):
        return len(self.decisions) == (0 if self.contested is None else 1)

    def lapses(self):
        return (self.since if self.contested is None else self.contested) + LAPSE

    def is_undecided(self, time):
        return self.is_unanswered() and time < self.lapses()

    def decision(self, time):
        is_lapsed = self.is_unanswered() and time >= self.lapses()
        if self.contested is not None and self.contested <= time and not is_lapsed:
            held = self.decisions[1:]
        else:
            held = self.decisions[:1]
        return next((each for each in held if each["since"] <= time), None)

    def deadline(self):
        return self.draws[-1][1] + ANSWER


class Complaints:
    """The part of a registry that hears complaints; the other one knows who is there."""

    def __init__(self):
        self.complaints, self.awaiting, self.of_key, self.judged = {}, set(), {}, {}

    # Statements

    def complaint(self, entry, says):
        if says["about"] == "subject":
            self.subject(says["target"])
        elif says["about"] in ("network", "listing"):
            name = says["target"] if says["about"] == "network" else says["network"]
            need(name in self.networks, "unknown-network")
        elif says["about"] == "account":
            need(not self.judged.get(says["target"], set()) >= set(says["evidence"]), "repeated")
        need(entry.is_by(says["key"]), "not-signed")
        undecided = [name for name in self.of_key.get(says["key"], [])
                     if self.complaints[name].is_undecided(self.clock)]
        need(len(undecided) < UNDECIDED, "too-many-complaints")
        self.of_key[says["key"]] = undecided + [entry.digest]
        self.complaints[entry.digest] = Complaint(says, self.clock)
        self.assign(entry.digest)

    def review(self, entry, says):
        complaint = self.complaints.get(says["complaint"])
        need(complaint, "unknown-complaint")
        need(complaint.is_undecided(self.clock), "panel-over")
        need(GRADES.index(says["grade"]) <= GRADES.index(complaint.says["grade"]), "grade-too-high")
        need("limit" not in says or complaint.says["about"] == "account", "not-about-account")
        judges = self.signers(entry)
        if complaint.is_open_to_all:
            partial = self.partial_units(complaint)
            judges = [name for name in judges if self.unit(name) not in partial]
        else:
            need(complaint.awaited is None and complaint.draws, "no-panel")
            need(self.clock < complaint.deadline(), "panel-over")
            judges = [name for name in judges if name in complaint.draws[-1][0]]
        need(is_met(QUORUM, self.homes(judges)), "no-quorum")
        first = complaint.decisions[0] if complaint.decisions else None
        complaint.decisions.append({"entry": entry.digest, "outcome": says["outcome"],
                                    "grade": says["grade"], "since": self.clock, "judges": judges})
        if complaint.says["about"] == "subject":
            self.follow(entry, says, complaint, first)
        elif complaint.says["about"] == "account":
            self.judged.setdefault(complaint.says["target"], set()).update(complaint.says["evidence"])

    def follow(self, entry, says, complaint, first):
        """A grave dispute that is upheld suspends; another panel can end that."""
        subject, now = self.subjects[complaint.says["target"]], self.clock
        if first and says["grade"] != "high":
            for each in subject.suspensions:
                if each["entry"] == first["entry"] and self.is_suspended_by(each):
                    each["lifted"] = now
                    break
        if says["grade"] == "high" and (first is None or first["grade"] != "high"):
            self.suspend_for(subject, now, now + SUSPENSION, says["reason"], entry)

    def contest(self, entry, says):
        complaint = self.complaints.get(says["complaint"])
        need(complaint, "unknown-complaint")
        need(complaint.decisions, "unknown-decision")
        need(complaint.contested is None, "repeated")
        need(self.clock < complaint.decisions[0]["since"] + CONTEST, "wrong-date")
        subject = self.concerned(complaint)
        parties = [complaint.says["key"]] + ([subject.key] if subject else [])
        if subject is None and complaint.says["about"] == "account" and "key" in says:
            parties.append(says["key"])
        need(any(entry.is_by(key) for key in parties), "not-signed")
        complaint.contested = self.clock
        self.assign(says["complaint"])

    def is_disputed(self, name, start, time):
        """Whether a dispute about a source was upheld since then."""
        decided = [each.decision(time) for each in self.complaints.values()
                   if each.says["about"] == "subject" and each.says["target"] == name]
        return any(each and each["outcome"] == "upheld" and each["since"] >= start
                   for each in decided)

    # The lot

    def concerned(self, complaint):
        """The source that it is about."""
        target = complaint.says["target"]
        if target in self.subjects:
            return self.subjects[target]
        if complaint.says["about"] in ("account", "listing"):
            return self.subjects.get(self.owners.get(target))
        return None

    def partial_units(self, complaint):
        """Who complained, judged it before, or vouched in the open for its subject."""
        names = {name for members, _ in complaint.draws for name in members}
        names.update(name for each in complaint.decisions for name in each["judges"])
        subject = self.concerned(complaint)
        names.update(each["verifier"] for each in (subject.vouches if subject else []))
        names.add(self.id_of(complaint.says["key"]))
        return {self.unit(each) for each in names if each in self.verifiers}

    def close_pools(self):
        """A day is over: who is there now can be drawn for the complaints of it."""
        for name in self.awaiting:
            complaint = self.complaints[name]
            if complaint.awaited != self.clock or complaint.pool is not None:
                continue
            units = self.partial_units(complaint)
            complaint.pool = [
                (each, self.verifiers[each]["constituency"], self.unit(each))
                for each in sorted(self.verifiers)
                if self.is_active(each) and self.unit(each) not in units]

    def assign(self, name):
        complaint = self.complaints[name]
        holders = [each["function"] for each in self.charter_now.get("beacons", [])]
        complaint.is_open_to_all, complaint.pool, complaint.awaited = not holders, None, None
        if holders:
            complaint.awaited = self.clock
            self.awaiting.add(name)
            self.panels.open_round(self.clock, holders)

    def assign_all(self):
        """Draws what can be drawn, and again what was not answered in time."""
        for name in sorted(self.awaiting):
            complaint = self.complaints[name]
            if not complaint.is_undecided(self.clock):
                self.awaiting.discard(name)
            elif complaint.awaited is not None:
                round_ = self.panels.rounds[complaint.awaited]
                if round_.settled is None:
                    continue
                members = self.lot(name, complaint, round_)
                if members:
                    complaint.draws.append((members, self.clock))
                    complaint.awaited = complaint.pool = None
                elif complaint.awaited < self.clock:
                    self.assign(name)
            elif complaint.draws and complaint.deadline() <= self.clock:
                self.assign(name)

    def lot(self, name, complaint, round_):
        pool, members = complaint.pool or [], []
        seed = sortition.panel_seed(
            self.context, bytes.fromhex(name), "review-%d" % len(complaint.draws),
            complaint.awaited, round_.spoken())
        for place in sortition.draw(len(pool), len(pool), seed):
            each, home, unit = pool[place]
            of_home = sum(home == other for _, other, _ in members)
            if of_home < OF_ONE_HOME and all(unit != other for _, _, other in members):
                members.append((each, home, unit))
            if len(members) == MEMBERS:
                return [each for each, _, _ in members]
        return None
