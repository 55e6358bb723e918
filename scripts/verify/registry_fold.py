#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Decides how the sources of a registry stand, without any of Resguardo's code.

usage: registry_fold.py DIRECTORY SECONDS [--key VKEY]
       registry_fold.py --histories < FILE

DIRECTORY is an exchange, or the `registry` of somebody's home: its log, its key and the ring
signatures beside it. Without --key the key that lies there is believed.

Prints a line for each account of each source: subject, account, state, tier, since when, reason or
"-"; and at the end how many entries there are, and how many of them change nothing. --histories
decides what the tests of Resguardo write, and compares. Written from docs/spec/registry.md and
ring-vouch.md. Signatures are checked with PyPI `cryptography` where it is there, else in plain
Python. Exit code: 0; 1 if histories differ; 3 with the reason on standard error.
"""

import argparse
import copy
import json
import sys

import registry_ring
import verify
from registry_complaints import Complaints, No, need
from registry_panel import Panels, rule_of
from registry_log import (DAY, Epoch, constituency_number, epoch_of, is_met, next_epoch,
                          read_directory, read_entry)
from registry_standing import FOREVER, FREE, RECOVERY, Canary, Subject, history, suspension_end
from verify import sha256

AGE, SUSPENSION, MOURNING, REOPEN = 30 * DAY, 30 * DAY, 7 * DAY, 180 * DAY
RENEWAL, KEPT, ACCOUNTS = 28 * DAY, 90 * DAY, 16
# Of a joint decision an old copy would do something again.
ONCE = {"accredit-verifier", "suspend-verifier", "suspend", "revoke", "memorial", "cancel-memorial", "guardians", "guard",
        "recover-key", "canary", "appeal", "appeal-decision", "reopen", "designate-network",
        "complaint", "review", "contest", "withdraw-designation", "correct", "incident"}


# What is heard after a charter's end.
OUTLIVING = {"charter", "batch", "suspend", "sealed-act", "revoke", "memorial", "withdraw-vouch", "rotate-key",
             "guard", "recover-key", "cancel-memorial", "guardians", "appeal", "appeal-decision", "suspend-verifier",
             "remove-verifier", "withdraw-designation", "canary", "alive"}


class Registry(Complaints):
    """The state: docs/spec/registry.md, section 4."""

    def __init__(self, origin):
        super().__init__()
        self.origin, self.decisions, self.decided, self.counted = origin, {}, {}, set()
        self.context = sha256(origin.encode())
        self.clock, self.charters, self.verifiers, self.subjects = 0, [], {}, {}
        self.networks, self.taken, self.waiting, self.candidates = {}, set(), {}, {}
        self.keys, self.rings, self.used, self.open_vouchers = {}, {}, set(), set()
        self.count, self.refused, self.owners, self.incidents = 0, [], {}, {}
        self.panels = Panels(self.context)

    def fold(self, entries, seals, until=FOREVER):
        """The log, read with what the council decided where signatures are deleted; 4.2."""
        entries = list(entries)
        self.decided = decided_epochs(self.origin, entries, seals, until)
        for data in entries:
            entry = read_entry(data, seals)
            if entry and entry.says["date"] > until and (
                    entry.kind == "batch" or (entry.kind == "charter" and not self.charters)):
                break
            try:
                self.admit(entry)
            except No as word:
                self.refused.append((self.count, str(word)))
                if str(word) == "seal-missing" and entry.says["epoch"] not in self.decided:
                    self.waiting.setdefault(entry.digest, [entry, FOREVER])
            self.count += 1
        return self

    def admit(self, entry):
        need(entry, "unreadable")
        need(entry.says["context"] == self.context.hex(), "other-registry")
        if entry.kind != "charter":
            need(self.charters, "no-charter")
        if self.charters and entry.kind not in ("batch", "charter"):
            self.timely(entry.says)
        if entry.kind not in OUTLIVING:
            need(self.clock < self.charter_now["until"], "expired-charter")
        need(entry.digest not in self.taken, "repeated")
        getattr(self, entry.kind.replace("-", "_"))(entry, entry.says)
        if entry.kind in ONCE:
            self.taken.add(entry.digest)

    def timely(self, says):
        need(0 <= self.clock - says["date"] <= AGE, "wrong-date")

    # Who signs

    def charter_at(self, time):
        held = [charter for since, charter in self.charters if since <= time]
        return held[-1] if held else self.charters[0][1]

    @property
    def charter_now(self):
        return self.charter_at(self.clock)

    @property
    def limits(self):
        return self.charter_now["limits"]

    @property
    def rules(self):
        return self.charter_now["rules"]

    def rules_at(self, time):
        return self.charter_at(time)["rules"]

    @staticmethod
    def id_of(key):
        return sha256(bytes.fromhex(key)).hex()

    def is_suspended_by(self, each):
        return each["since"] <= self.clock < suspension_end(each)

    def unit(self, name):
        return self.verifiers[name]["control"] or name

    def council(self, entry, quorum, word="no-quorum"):
        seats = [seat["constituency"] for seat in self.charter_now["seats"] if entry.is_by(seat["key"])]
        need(is_met(self.charter_now[quorum], seats), word)

    def is_active(self, name, time=None):
        verifier = self.verifiers.get(name)
        time = self.clock if time is None else time
        return (verifier is not None and time < verifier["removed"]
                and any(since <= time < until for since, until in verifier["terms"])
                and not any(since <= time < until for since, until in verifier["suspended"]))

    def signers(self, entry):
        """Ids of active verifiers that signed."""
        found = {}
        for name in entry.signatures:
            if self.is_active(name) and entry.is_by(self.verifiers[name]["key"]):
                found.setdefault(self.unit(name), name)
        return list(found.values())

    def deciders(self, entry):
        """Verifiers and seats that signed: who is only listed is none of them."""
        seats = {self.id_of(seat["key"]): seat["key"] for seat in self.charter_now["seats"]}
        keys = [(name, self.verifiers[name]["key"] if name in self.verifiers else seats.get(name))
                for name in entry.signatures]
        return [name for name, key in keys if key and entry.is_by(key)]

    # Probation, growth and control: 3.3

    def joined_epoch(self, name):
        return epoch_of(self.verifiers[name]["terms"][0][0])

    def may_vouch(self, name, epoch):
        joined = self.joined_epoch(name)
        first = joined
        for _ in range(self.limits["probationQuarters"]):
            first = next_epoch(first)
        return joined == epoch_of(self.charters[0][0]) or epoch >= first

    def siblings(self, name):
        control = self.verifiers[name]["control"]
        return [other for other, each in self.verifiers.items()
                if control and other != name and each["control"] == control]

    def may_join(self, home):
        epoch = epoch_of(self.clock)
        if epoch == epoch_of(self.charters[0][0]):
            return True
        start = Epoch(epoch).start
        members = [each for each in self.verifiers.values() if each["constituency"] == home]
        joined = sum(each["joined"] >= start for each in members)
        before = sum(each["joined"] < start < each["removed"] and any(
            since <= start < until for since, until in each["terms"]) for each in members)
        return joined < max(self.limits["growthFloor"], before * self.limits["growthPercent"] // 100)

    def homes(self, names):
        return [self.verifiers[name]["constituency"] for name in names]

    def verifier(self, name):
        need(self.is_active(name), "unknown-verifier")
        return self.verifiers[name]

    def subject(self, name, even_revoked=False):
        need(name in self.subjects, "unknown-subject")
        subject = self.subjects[name]
        closure = subject.closure(self.clock)
        state = closure["state"] if closure else "revoked" if subject.is_lost(self.clock) else None
        need(state is None or (even_revoked and state == "revoked"), "subject-closed")
        return subject

    def guardians_of(self, subject, entry):
        return sum(entry.is_by(key) for key in subject.guardians_at(self.clock))

    def past(self, says):
        need(says.get("lastTrustedAt", 0) < self.clock + DAY, "wrong-last-trusted")

    # 3.1 to 3.3

    def charter(self, entry, says):
        need(sha256(says["origin"].encode()) == self.context, "other-registry")
        before = [self.charters[-1][1]] if self.charters else []
        number = before[0]["number"] if before else 0
        need(says["number"] == number + 1, "wrong-charter-number")
        if before:
            self.timely(says)
        need(says["until"] > self.clock, "expired-charter")
        for asked in before + [says]:
            homes = [root["constituency"] for root in asked["root"] if entry.is_by(root["key"])]
            need(is_met(asked["rootQuorum"], homes), "no-quorum")
        if not self.charters:
            self.clock = says["date"]
        days = before[0]["limits"]["charterDelayDays"] if before else 0
        since = max([self.clock + days * DAY] + [since for since, _ in self.charters[-1:]])
        self.charters.append((since, says))
        if since <= self.clock:
            self.convene_all()

    def batch(self, entry, says):
        need(says["date"] >= self.clock, "wrong-date")
        need(entry.is_by(self.charter_at(says["date"])["operator"]), "not-signed")
        if says["date"] > self.clock:
            self.close_pools()
        before = self.charter_now["number"], epoch_of(self.clock)
        self.clock = says["date"]
        self.panels.advance(self.clock, self.pool)
        if before != (self.charter_now["number"], epoch_of(self.clock)):
            self.convene_all()
        for name, epoch in list(self.panels.undrawn):
            if Epoch(epoch).end <= self.clock:
                self.panels.undrawn.discard((name, epoch))
            elif rule_of(len(self.pool(epoch))):
                self.convene(name, epoch)
        self.assign_all()
        for subject in self.subjects.values():
            if subject.recovery and subject.recovery[2] <= self.clock:
                subject.key, subject.next, day = subject.recovery
                subject.rotations.append(day)
                subject.recovery = None
                if subject.canary:
                    subject.canary.free_until = day + FREE

    def accredit_verifier(self, entry, says):
        known = [each["id"] for each in self.charter_now["constituencies"]]
        need(says["constituency"] in known, "unknown-constituency")
        need(says["until"] > self.clock, "wrong-date")
        name = sha256(bytes.fromhex(says["key"])).hex()
        verifier = self.verifiers.get(name, {
            "key": says["key"], "terms": [], "suspended": [], "removed": FOREVER})
        need(verifier["removed"] == FOREVER, "removed-verifier")
        need(entry.is_by(says["key"]), "not-signed")
        self.council(entry, "accreditQuorum")
        self.nominated(name)
        is_new = verifier.get("constituency") != says["constituency"]
        need(not is_new or self.may_join(says["constituency"]), "growth-cap")
        if is_new:
            verifier["joined"] = self.clock
        verifier.update(kind=says["kind"], constituency=says["constituency"],
                        control=says.get("control"))
        verifier["terms"].append((self.clock, says["until"]))
        self.verifiers[name] = verifier

    def nominate(self, entry, says):
        known = [each["id"] for each in self.charter_now["constituencies"]]
        need(says["constituency"] in known, "unknown-constituency")
        name = sha256(bytes.fromhex(says["key"])).hex()
        removed = self.verifiers.get(name, {"removed": FOREVER})["removed"]
        need(removed == FOREVER, "removed-verifier")
        if says["voice"] == "for":
            voices = self.signers(entry)
            need(voices, "unknown-verifier")
        else:
            voices = [seat["key"] for seat in self.charter_now["seats"] if entry.is_by(seat["key"])]
            need(voices, "not-signed")
        said = self.candidates.setdefault(name, {"for": {}, "against": {}})[says["voice"]]
        said.update(dict.fromkeys(voices, self.clock))

    def nominated(self, name):
        said = self.candidates.get(name, {"for": {}, "against": {}})
        since = self.clock - 90 * DAY
        if name not in self.verifiers and "nominateQuorum" in self.charter_now:
            voices = [each for each, day in said["for"].items() if day > since and self.is_active(each)]
            need(is_met(self.charter_now["nominateQuorum"], self.homes(voices)), "not-nominated")
        if name in self.verifiers:
            return
        against = {each for each, day in said["against"].items() if day > since}
        seats = self.charter_now["seats"]
        for home in {seat["constituency"] for seat in seats}:
            own = {seat["key"] for seat in seats if seat["constituency"] == home}
            need(not own <= against, "opposed")

    def suspend_verifier(self, entry, says):
        verifier = self.verifiers.get(says["verifier"])
        need(verifier, "unknown-verifier")
        need(verifier["removed"] == FOREVER, "removed-verifier")
        need(says["until"] > self.clock, "wrong-date")
        seats = self.charter_now["seats"]
        signed = [seat["constituency"] for seat in seats if entry.is_by(seat["key"])]
        most = {"count": len(seats) // 2 + 1, "constituencies": 2}
        need(is_met(most, signed), "no-quorum")
        start = Epoch(epoch_of(self.clock)).start
        need(all(since < start for since, _ in verifier["suspended"]), "repeated")
        need(says["until"] - self.clock <= SUSPENSION, "too-long")
        verifier["suspended"].append((self.clock, says["until"]))

    def remove_verifier(self, entry, says):
        name = says["verifier"]
        need(name in self.verifiers, "unknown-verifier")
        need(self.verifiers[name]["removed"] == FOREVER, "removed-verifier")
        self.council(entry, "accreditQuorum")
        self.verifiers[name]["removed"] = self.clock
        for (epoch, key), (owner, home) in list(self.keys.items()):
            if owner == name and Epoch(epoch).end > self.clock:
                del self.keys[epoch, key]
                if (epoch, home) in self.rings:
                    self.rings[epoch, home].remove(key)
                    if not self.rings[epoch, home]:
                        del self.rings[epoch, home]

    # 3.4 and 3.5

    def register(self, entry, says):
        name = sha256(b"sid/v1" + entry.payload).hex()
        need(name not in self.subjects, "subject-exists")
        need(entry.is_by(says["key"]), "not-signed")
        self.subjects[name] = Subject(says["key"], says["next"], self.clock)

    def rotate_key(self, entry, says):
        subject = self.subject(says["subject"])
        need(sha256(bytes.fromhex(says["key"])).hex() == subject.next, "broken-promise")
        need(entry.is_by(says["key"]), "not-signed")
        subject.rotations.append(self.clock)
        subject.key, subject.next, subject.recovery = says["key"], says["next"], None
        if subject.canary:
            subject.canary.rotate(says["date"], self.clock)

    def prove_control(self, entry, says):
        subject, account = self.subject(says["subject"]), says["account"]
        need(entry.is_by(subject.key), "not-signed")
        need(is_met(self.rules["observers"], self.homes(self.signers(entry))), "no-quorum")
        end = says["date"] + self.rules["controlDays"] * DAY
        need(end > self.clock, "wrong-date")
        need(self.owners.get(account, says["subject"]) == says["subject"], "account-taken")
        if account not in subject.accounts:
            need(len(subject.accounts) < ACCOUNTS, "too-many-accounts")
            self.owners[account] = says["subject"]
            subject.accounts.append(account)
        subject.controls.append((account, self.clock, end))

    # 3.6, and seals: 3.10 to 3.12

    def vouch(self, entry, says):
        subject, epoch = self.subject(says["subject"]), Epoch(says["epoch"])
        need(epoch.start - RENEWAL <= self.clock < epoch.end, "wrong-epoch")
        controlled = all(subject.controls_at(account, self.clock) for account in says["accounts"])
        need(controlled, "uncontrolled-account")
        earlier = [each for each in subject.vouches if each["epoch"] == epoch.name]
        known = [each["tag"] for each in earlier]
        if says["mode"] == "sealed/v1":
            home = entry.seal["constituency"]
            ring = self.rings.get((epoch.name, home))
            need(ring, "unknown-ring")
            count = sum(each["verifier"] is None and each["constituency"] == home for each in earlier)
            tag = self.prove(entry, "vouch", ring, known, count)
        else:
            name = says["verifier"]
            signer = self.verifier(name)
            home = signer["constituency"]
            need(all(each["verifier"] != name for each in earlier), "already-vouched")
            need(self.may_vouch(name, epoch.name), "on-probation")
            for other in self.siblings(name):
                has_key = any(when == epoch.name and owner == other
                              for (when, _), (owner, _) in self.keys.items())
                fresh = all(each["verifier"] != other for each in earlier)
                need(not has_key and fresh, "shared-control")
            need(entry.is_by(signer["key"]), "not-signed")
            own = [key for (when, key), (owner, _) in self.keys.items()
                   if when == epoch.name and owner == name]
            if own:
                need(entry.seal and entry.seal["constituency"] == home, "seal-missing")
                tag = self.prove(entry, "vouch", own, known, None)
            else:
                need(not entry.seal, "unknown-ring")
                self.open_vouchers.add((epoch.name, name))
                tag = None
        self.record(entry, self.clock, home, tag)

    def prove(self, entry, act, ring, known, count):
        """The order of section 3.11."""
        says, seal, epoch = entry.says, entry.seal, Epoch(entry.says["epoch"])
        keys = [bytes.fromhex(key) for key in ring]
        need(seal["ring"] == registry_ring.ring_digest(keys).hex(), "other-ring")
        limit = {"vouch": "vouchQuota", "suspend": "alarmQuota"}.get(act)
        quota = self.limits[limit] if limit else None
        need(("slot" in seal) == (quota is not None), "wrong-slot")
        need(quota is None or seal["slot"] < quota, "wrong-slot")
        signature = entry.ring_signature
        if signature is None:
            need(entry.digest in self.decided.get(says["epoch"], ()), "seal-missing")
            need(entry.digest not in self.counted, "already-vouched")
            need(entry.is_by(seal["key"]), "wrong-seal")
            return None
        need(registry_ring.is_plausible(act, len(ring), signature), "wrong-seal")
        tag, slot_tag = registry_ring.tags(act, len(ring), signature)
        need(tag not in known, "already-vouched")
        need(slot_tag is None or slot_tag not in self.used, "slot-used")
        need(count is None or (len(ring) >= 12 and 4 * (count + 1) <= len(ring)), "unsafe-ring")
        need(entry.is_by(seal["key"]) and registry_ring.is_signed(
            act, keys, signature, self.context, constituency_number(seal["constituency"]),
            bytes.fromhex(says["subject"]), epoch.number, seal.get("slot"), entry.sealed_digest()),
            "wrong-seal")
        if slot_tag:
            self.used.add(slot_tag)
        return tag

    def record(self, entry, since, home, tag):
        """What a vouch or a sealed act does once it is believed."""
        self.counted.add(entry.digest)
        says, subject = entry.says, self.subjects[entry.says["subject"]]
        if entry.kind == "vouch":
            until = Epoch(says["epoch"]).end + self.rules["graceDays"] * DAY
            subject.vouches.append({
                "verifier": says.get("verifier"), "tag": tag, "constituency": home,
                "key": entry.seal and entry.seal["key"], "epoch": says["epoch"], "since": since,
                "accounts": says["accounts"], "entry": entry.digest, "until": until,
                "withdrawn": FOREVER})
            self.convene(says["subject"], says["epoch"])
            return
        if entry.kind == "concur":
            panel = self.panels.panels.get((says["subject"], says["epoch"]))
            if panel:
                panel.concurring.append((tag, since))
            return
        mark = {"act": says["act"], "epoch": says["epoch"], "constituency": home, "tag": tag,
                "since": since, "spent": False}
        subject.acts.append(mark)
        days = self.rules["emergencyDays"] * DAY
        alarms = [each for each in subject.acts
                  if each["act"] == mark["act"] == "suspend" and each["epoch"] == mark["epoch"]
                  and not each["spent"] and 0 <= since - each["since"] < days]
        if is_met(self.rules["emergency"], [each["constituency"] for each in alarms]):
            for each in alarms:
                each["spent"] = True
            self.suspend_for(subject, since, since + days, says["reason"])

    # Panels: sortition.md

    def pool(self, epoch):
        return sorted(key for when, key in self.keys if when == epoch)

    def convene(self, name, epoch):
        """A panel on the first day of an epoch on which its vouches are enough."""
        subject = self.subjects[name]
        if (name, epoch) in self.panels.panels or Epoch(epoch).start > self.clock:
            return
        vouches = [each for each in subject.vouches
                   if each["epoch"] == epoch and each["withdrawn"] == FOREVER]
        if any(is_met(self.rules["attested"], [each["constituency"] for each in vouches
                                               if account in each["accounts"]])
               for account in subject.accounts):
            holders = [each["function"] for each in self.charter_now.get("beacons", [])]
            self.panels.convene(name, epoch, self.clock, subject.accounts, holders)

    def convene_all(self):
        for name, subject in self.subjects.items():
            for epoch in {vouch["epoch"] for vouch in subject.vouches}:
                if Epoch(epoch).end > self.clock:
                    self.convene(name, epoch)

    def beacon(self, entry, says):
        named = [each for each in self.charter_at(says["day"]).get("beacons", []) if each["function"] == says["holder"]]
        waits = says["day"] in self.panels.rounds
        awaited = waits and self.panels.rounds[says["day"]].awaits(says["holder"])
        need(named and awaited, "not-awaited")
        need(entry.is_by(named[0]["key"]), "not-signed")
        proof = bytes.fromhex(says["proof"])
        need(self.panels.speak(says["holder"], says["day"], proof, self.clock), "wrong-proof")
        self.assign_all()

    def concur(self, entry, says):
        self.subject(says["subject"])
        is_decided = says["epoch"] in self.decided
        need(entry.ring_signature is not None or is_decided, "seal-missing")
        panel = self.panels.panels.get((says["subject"], says["epoch"]))
        need(panel and panel.drawn is not None, "no-panel")
        is_open = self.clock < panel.failed() if panel.concurred() is None else False
        need(is_open, "panel-over")
        known = [tag for tag, _ in panel.concurring]
        tag = self.prove(entry, "concur", panel.ring, known, len(known))
        self.record(entry, self.clock, "panel", tag)

    def withdraw_vouch(self, entry, says):
        need(says["subject"] in self.subjects, "unknown-subject")
        subject, waits = self.subjects[says["subject"]], self.waiting.get(says["vouch"])
        if waits and waits[0].seal:
            fits = waits[0].says["subject"] == says["subject"] and waits[1] == FOREVER
            need(fits, "unknown-vouch")
            need(entry.is_by(waits[0].seal["key"]), "not-signed")
            waits[1] = self.clock
            return
        named = [each for each in subject.vouches if each["entry"] == says["vouch"]]
        need(named and named[0]["withdrawn"] == FOREVER, "unknown-vouch")
        maker = self.verifiers.get(named[0]["verifier"], {"key": None})["key"]
        need(any(key and entry.is_by(key) for key in (maker, named[0]["key"])), "not-signed")
        named[0]["withdrawn"] = self.clock

    def ring_key(self, entry, says):
        name, epoch = says["verifier"], says["epoch"]
        signer, current = self.verifier(name), epoch_of(self.clock)
        need(epoch in (current, next_epoch(current)), "wrong-epoch")
        announced = [(key, owner) for (when, key), (owner, _) in self.keys.items() if when == epoch]
        fresh = all(key != says["key"] and owner != name for key, owner in announced)
        need(fresh, "ring-key-exists")
        need((epoch, name) not in self.open_vouchers, "already-vouched")
        need(self.may_vouch(name, epoch), "on-probation")
        for other in self.siblings(name):
            taken = (epoch, other) in self.open_vouchers
            need(not taken and all(owner != other for _, owner in announced), "shared-control")
        need(entry.is_by(signer["key"]), "not-signed")
        home = signer["constituency"]
        need(registry_ring.proves_possession(
            bytes.fromhex(says["key"]), bytes.fromhex(says["proof"]), self.context,
            bytes.fromhex(name), Epoch(epoch).number, constituency_number(home)), "wrong-proof")
        self.keys[epoch, says["key"]] = (name, home)

    def ring_snapshot(self, entry, says):
        epoch, home, current = says["epoch"], says["constituency"], epoch_of(self.clock)
        need(epoch in (current, next_epoch(current)), "wrong-epoch")
        known = [each["id"] for each in self.charter_now["constituencies"]]
        need(home in known, "unknown-constituency")
        need((epoch, home) not in self.rings, "ring-frozen")
        announced = sorted(key for (when, key), owner in self.keys.items()
                           if when == epoch and owner[1] == home)
        need(says["keys"] == announced, "wrong-ring")
        self.council(entry, "accreditQuorum")
        self.rings[epoch, home] = announced

    def sealed_act(self, entry, says):
        subject, home = self.subject(says["subject"]), entry.seal["constituency"]
        need(says["epoch"] == epoch_of(self.clock), "wrong-epoch")
        ring = self.rings.get((says["epoch"], home))
        need(ring, "unknown-ring")
        earlier = [each for each in subject.acts
                   if each["act"] == says["act"] and each["epoch"] == says["epoch"]]
        count = sum(each["constituency"] == home for each in earlier)
        tag = self.prove(entry, says["act"], ring, [each["tag"] for each in earlier], count)
        self.record(entry, self.clock, home, tag)

    def decide_seals(self, entry, says):
        """By itself it changes nothing; see `decided_epochs`."""
        kept = Epoch(says["epoch"]).end + self.rules["graceDays"] * DAY + KEPT
        need(kept <= self.clock, "wrong-date")
        self.council(entry, "accreditQuorum")
        self.decisions.setdefault(says["epoch"], set()).update(says["statements"])

    # 3.7

    def suspend_for(self, subject, since, until, reason, entry=None):
        subject.suspensions.append({
            "since": since, "until": until, "reason": reason, "lifted": FOREVER, "appealed": None,
            "stands": False, "entry": entry.digest if entry else None,
            "signers": self.deciders(entry) if entry else []})

    def suspend(self, entry, says):
        subject = self.subject(says["subject"])
        need(says["until"] > self.clock, "wrong-date")
        longest, epoch = self.rules["emergencyDays"] * DAY, epoch_of(self.clock)
        signers, quorum = self.signers(entry), self.rules["emergency"]
        fresh = [name for name in signers if (epoch, self.unit(name)) not in subject.alarms]
        is_alarm = is_met(quorum, self.homes(fresh))
        if not is_alarm:
            is_spent = is_met(quorum, self.homes(signers))
            self.council(entry, "revokeQuorum", "repeated" if is_spent else "no-quorum")
            longest = SUSPENSION
        need(says["until"] - self.clock <= longest, "too-long")
        if is_alarm:
            subject.alarms.update((epoch, self.unit(name)) for name in fresh)
        self.suspend_for(subject, self.clock, says["until"], says["reason"], entry)

    def close(self, subject, state, delay, reason, entry):
        subject.closures.append({
            "state": state, "announced": self.clock, "since": self.clock + delay, "reason": reason,
            "until": FOREVER, "entry": entry.digest, "signers": self.deciders(entry)})

    def revoke(self, entry, says):
        leaves = says["reason"] == "subject-request"
        subject = self.subject(says["subject"], even_revoked=leaves)
        if leaves:
            need(entry.is_by(subject.key), "not-signed")
            need(not subject.is_dying(self.clock), "subject-closed")
        else:
            self.council(entry, "revokeQuorum")
        self.past(says)
        self.close(subject, "withdrawn" if leaves else "revoked", 0, says["reason"], entry)

    def memorial(self, entry, says):
        subject = self.subject(says["subject"], even_revoked=True)
        if self.guardians_of(subject, entry) < 2:
            self.council(entry, "revokeQuorum")
        need(not subject.is_dying(self.clock), "repeated")
        self.past(says)
        self.close(subject, "memorial", MOURNING, "deceased", entry)

    # 3.13 to 3.15

    def guardians(self, entry, says):
        subject = self.subject(says["subject"])
        need(entry.is_by(subject.key), "not-signed")
        delay = RECOVERY if subject.guardians else 0
        subject.guardians.append((self.clock + delay, says["guardians"]))

    def guard(self, entry, says):
        subject = self.subject(says["subject"])
        count, epoch = self.guardians_of(subject, entry), epoch_of(self.clock)
        if says["act"] == "freeze":
            need(count, "not-signed")
            need(epoch not in subject.freezes, "repeated")
            subject.freezes.add(epoch)
            self.suspend_for(subject, self.clock, self.clock + DAY, "routine-review")
        else:
            need(count >= 2, "no-quorum")
            self.past(says)
            need(not subject.takeover(self.clock), "repeated")
            subject.takeovers.append({"since": self.clock, "recovered": None, "reopened": None})

    def recover_key(self, entry, says):
        subject = self.subject(says["subject"])
        need(self.guardians_of(subject, entry) >= 2, "no-quorum")
        need(entry.is_by(says["key"]), "not-signed")
        subject.recovery = (says["key"], says["next"], self.clock + RECOVERY)
        if subject.takeovers and subject.takeovers[-1]["recovered"] is None and subject.takeover(self.clock):
            subject.takeovers[-1]["recovered"] = self.clock

    # 3.18

    def canary(self, entry, says):
        subject = self.subject(says["subject"])
        need(entry.is_by(subject.key), "not-signed")
        canary = subject.canary or Canary(says["subject"])
        reason = canary.hold(says, self.limits, self.clock)
        need(reason is None, reason)
        subject.canary = canary

    def alive(self, entry, says):
        subject = self.subject(says["subject"])
        canary = copy.deepcopy(subject.canary)
        need(canary and canary.say(says, self.clock), "no-canary")
        need(entry.is_by(subject.key) or self.signers(entry), "not-signed")
        subject.canary = canary

    def cancel_memorial(self, entry, says):
        subject = self.subject(says["subject"])
        pending = [each for each in subject.closures
                   if each["announced"] <= self.clock < min(each["since"], each["until"])]
        need(pending, "unknown-decision")
        need(any(day >= pending[-1]["announced"] for day in subject.rotations), "broken-promise")
        need(entry.is_by(subject.key), "not-signed")
        enough = is_met(self.rules["emergency"], self.homes(self.signers(entry)))
        need(self.guardians_of(subject, entry) and enough, "no-quorum")
        pending[-1]["until"] = self.clock

    def appeal(self, entry, says):
        subject, now = self.subject(says["subject"], even_revoked=True), self.clock
        from_suspension = [each for each in subject.suspensions if each["entry"] == says["decision"]
                           and each["since"] <= now < suspension_end(each)]
        revoked = [each for each in subject.closures if each["entry"] == says["decision"]
                   and each["state"] == "revoked" and each["since"] <= now < each["until"]]
        need(from_suspension or revoked, "unknown-decision")
        appealed = [each["decision"] for each in subject.appeals.values()]
        need(says["decision"] not in appealed, "repeated")
        need(entry.is_by(subject.key), "not-signed")
        if from_suspension:
            from_suspension[-1]["appealed"] = now
        subject.appeals[entry.digest] = {
            "decision": says["decision"], "since": now, "decided": False}

    def appeal_decision(self, entry, says):
        subject, now = self.subject(says["subject"], even_revoked=True), self.clock
        appeal = subject.appeals.get(says["appeal"])
        need(appeal and not appeal["decided"], "unknown-appeal")
        suspended = [each for each in subject.suspensions if each["entry"] == appeal["decision"]]
        closed = [each for each in subject.closures if each["entry"] == appeal["decision"]]
        first = (suspended or closed)[0]["signers"]
        units = {self.unit(name) for name in first if name in self.verifiers}
        panel = [name for name in self.signers(entry) if self.unit(name) not in units]
        need(is_met(self.rules["strong"], self.homes(panel)), "no-quorum")
        upheld = says["outcome"] == "upheld"
        if suspended:
            need(upheld or now < appeal["since"] + 14 * DAY, "wrong-date")
            suspended[0].update({"lifted": now} if upheld else {"stands": True})
        elif upheld:
            closed[0]["until"] = now
        appeal["decided"] = True

    def reopen(self, entry, says):
        subject, now = self.subject(says["subject"], even_revoked=True), self.clock
        held = [each for each in subject.closures if each["since"] <= now < each["until"]]
        lost = subject.takeovers[-1] if subject.is_lost(now) else None
        since = [each["since"] for each in held] + ([subject.deadline(lost)] if lost else [])
        need(since, "unknown-decision")
        need(now - max(since) >= REOPEN, "wrong-date")
        need(entry.is_by(subject.key), "not-signed")
        need(is_met(self.rules["attested"], self.homes(self.signers(entry))), "no-quorum")
        for each in held:
            each["until"] = now
        if lost:
            lost["reopened"] = now
        subject.reopenings.append(now)

    # 3.8 and 3.9: they change no source's standing

    def designate_network(self, entry, says):
        name = says.get("network", entry.digest)
        need("network" not in says or name in self.networks, "unknown-network")
        need(says.get("splitFrom", name) in {name, *self.networks}, "unknown-network")
        need(says["date"] > self.networks.get(name, -1), "withdrawn")
        need(says["until"] > self.clock, "wrong-date")
        need(meets_test(says), "test-not-met")
        self.council(entry, "designateQuorum")
        self.networks.setdefault(name, -1)

    def withdraw_designation(self, entry, says):
        need(says["network"] in self.networks, "unknown-network")
        self.council(entry, "designateQuorum")
        self.networks[says["network"]] = max(self.networks[says["network"]], says["date"])

    def correct(self, entry, says):
        signer = self.verifier(says["verifier"])
        need(signer["kind"] == "fact-checker", "not-fact-checker")
        need(entry.is_by(signer["key"]), "not-signed")
        need(says["until"] > self.clock, "wrong-date")

    # incidents.md, 2

    def incident(self, entry, says):
        need(says["until"] > self.clock, "wrong-date")
        need(entry.is_by(says["key"]), "not-signed")
        self.incidents[entry.digest] = self.clock


def decided_epochs(origin, entries, seals, until):
    """Epochs in which something was decided whose signature is not here, and all of it."""
    ledger, lost, is_past = Registry(origin), set(), True
    for data in entries:
        entry = read_entry(data, seals)
        if entry is None:
            continue
        opens = entry.kind == "batch" or (entry.kind == "charter" and not ledger.charters)
        is_past = is_past and not (opens and entry.says["date"] > until)
        if is_past and entry.seal and entry.ring_signature is None:
            lost.add(entry.digest)
        if entry.kind in ("charter", "batch", "decide-seals"):
            try:
                ledger.admit(entry)
            except No:
                pass
    return {epoch: names for epoch, names in ledger.decisions.items() if names & lost}


def meets_test(says):
    """Section 3.8: coordination, and harm that the evidence supports."""
    needed = {"high": 3, "moderate": 2}
    grave = []
    for each in says["activities"]:
        count = len(each["evidence"])
        if each["grade"] == "high" and count >= needed["high"]:
            return bool(says["coordination"])
        if each["grade"] in needed and count >= needed["moderate"]:
            grave.append(each)
    return bool(says["coordination"]) and len(grave) >= 2


# --- Commands -------------------------------------------------------------------------------------


def accounts_of(registry):
    for name, subject in sorted(registry.subjects.items()):
        for account in subject.accounts:
            yield name, account


def compare(lines):
    """Whether this fold sees what another one has seen."""
    count = seen = differing = 0
    for count, line in enumerate(lines, 1):
        case = json.loads(line)
        seals = {sha256(data).hex(): data for data in map(verify.unbase64, case["seals"])}
        registry = Registry(case["origin"])
        registry.fold(map(verify.unbase64, case["entries"]), seals, case.get("until", FOREVER))
        ours = {"refused": ["%d %s" % each for each in registry.refused]}
        for name, account in accounts_of(registry):
            periods = history(registry, name, account, registry.clock + 420 * DAY)
            seen += len(periods)
            ours[name + " " + account] = [
                " ".join("-" if part is None else str(part) for part in each) for each in periods]
        theirs = {**case["histories"], "refused": case["refused"]}
        if ours != theirs:
            differing += 1
            print(f"history {count} differs:")
            for name in sorted(ours.keys() | theirs.keys()):
                pair = ours.get(name, []), theirs.get(name, [])
                for here, there in zip(*(part + ["nothing"] for part in pair)):
                    if here != there:
                        print(f"  {name[:12]}: {here} here, {there} there")
                        break
    print(f"{count} histories, {seen} periods, {differing} histories differ")
    return 1 if differing else 0


def main():
    if sys.argv[1:] == ["--histories"]:
        return compare(sys.stdin)
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("directory")
    parser.add_argument("seconds", type=int)
    parser.add_argument("--key")
    options = parser.parse_args()
    try:
        origin, entries, seals = read_directory(options.directory, options.key)
        registry = Registry(origin).fold(entries, seals, options.seconds)
        for name, account in accounts_of(registry):
            periods = history(registry, name, account, options.seconds + 1)
            if periods:
                since, _, state, tier, reason = periods[-1]
                print(name, account, state, tier, since, reason)
        print(f"{registry.count} entries, {len(registry.refused)} refused")
        for place, word in registry.refused:
            print(f"refused {place} {word}", file=sys.stderr)
    except (OSError, verify.Refused, *verify.MALFORMED) as failure:
        print(f"registry_fold.py: refused: {failure}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    sys.exit(main())
