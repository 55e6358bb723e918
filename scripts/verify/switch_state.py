#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Decides the state of the switches in an exchange directory, without any of Resguardo's code.

usage: switch_state.py EXCHANGE SECONDS
       switch_state.py --batch < LOGS

Prints a line for each switch: its id, its state in the public view at that time (seconds since
1970), the time of the last sign of life, and how many entries were refused. A batch is a log a line,
{"policy": …, "leaves": [base64…], "checkpoint": …, "asOf": SECONDS}, and gives a line each. Written from
docs/spec/switch.md, log.md and escrow.md. Exit code: 0, or 3 with the reason on standard error.
"""

import hashlib
import json
import os
import re
import struct
import sys

import escrow
import verify
from verify import require, sha256

HOUR, DAY = 3600, 86400
LEAP = 45 * DAY
PROFILES = {"field": (DAY, DAY, DAY), "standard": (7 * DAY, 3 * DAY, 3 * DAY),
            "long": (30 * DAY, 14 * DAY, 7 * DAY)}
OPEN = ("armed", "due", "overdue", "suspect", "pending", "hold")
NEVER, ALWAYS = None, -(1 << 62)


# --- The log ------------------------------------------------------------------------------------


class Policy:
    """A C2SP tlog-policy: whose signatures count."""

    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = {}, {}, {}, None
        for line in text.split("\n"):
            words = line.split("#")[0].split()
            if words[:1] == ["log"]:
                self.logs[words[1].split("+")[0]] = self.key(words[1], 1)
            elif words[:1] == ["witness"]:
                self.witnesses[words[1]] = self.key(words[2], 4)
            elif words[:1] == ["group"]:
                count = {"any": 1, "all": len(words) - 3}.get(words[2])
                self.groups[words[1]] = (count or int(words[2]), words[3:])
            elif words[:1] == ["quorum"]:
                self.quorum = words[1]
        require(self.logs and self.witnesses, "policy")

    @staticmethod
    def key(text, kind):
        name, number, encoded = text.split("+", 2)
        data = verify.unbase64(encoded, 33)
        fits = data[0] == kind and sha256(name.encode() + b"\n" + data)[:4].hex() == number
        require(fits, "key in the policy")
        return name, bytes.fromhex(number), data[1:]

    def keys(self):
        return set(self.logs.values()), set(self.witnesses.values())

    def holds(self, name, signed):
        if name == "none":
            return True
        if name in self.groups:
            count, members = self.groups[name]
            return sum(self.holds(member, signed) for member in members) >= count
        return name in signed

    def open(self, note):
        """Size, root and witnessed time of a checkpoint; section 4.2."""
        text, blank, lines = note.rpartition(b"\n\n")
        require(blank and lines.endswith(b"\n"), "checkpoint")
        text += b"\n"
        head = verify.utf8(text, "checkpoint").split("\n")
        require(len(head) >= 4 and head[0] in self.logs, "checkpoint")
        signatures = {}
        for line in verify.utf8(lines, "checkpoint").split("\n")[:-1]:
            match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            require(match, "checkpoint")
            data = verify.unbase64(match.group(2))
            signatures[match.group(1), data[:4]] = data[4:]
        name, number, key = self.logs[head[0]]
        require(signed(key, signatures.get((name, number), b""), text), "signature of the log")
        times = {}
        for witness, (name, number, key) in self.witnesses.items():
            data = signatures.get((name, number), b"")
            if len(data) == 72:
                time = int.from_bytes(data[:8], "big")
                message = b"cosignature/v1\ntime %d\n" % time + text
                require(signed(key, data[8:], message), "signature of a witness")
                times[witness] = time
        majority = len(self.witnesses) // 2 + 1
        require(len(times) >= majority and self.holds(self.quorum, times), "too few witnesses")
        root = verify.unbase64(head[2], 32)
        return verify.decimal(head[1]), root, sorted(times.values())[majority - 1]


KNOWN = {}


def signed(key, signature, message):
    """Ed25519 in plain Python takes milliseconds: each signature is checked once."""
    name = (key, signature, message)
    if name not in KNOWN:
        KNOWN[name] = verify.is_signed(key, signature, message)
    return KNOWN[name]


def tile_path(index):
    text = "%03d" % (index % 1000)
    while index >= 1000:
        index //= 1000
        text = "x%03d/" % (index % 1000) + text
    return text


def leaves(directory, size):
    found = []
    while len(found) < size:
        index = len(found) // 256
        path = os.path.join(directory, "tile/entries", tile_path(index))
        width = min(size - 256 * index, 256)
        if width < 256 and not os.path.isfile(path):
            path = f"{path}.p/{width}"
        with open(path, "rb") as file:
            data = file.read()
        for _ in range(width):
            count = int.from_bytes(data[:2], "big")
            found.append(data[2:2 + count])
            data = data[2 + count:]
    return found


class Tree:
    """RFC 6962 root of a growing list."""

    def __init__(self):
        self.nodes, self.size = [], 0

    def append(self, leaf):
        node, size = verify.leaf_hash(leaf), self.size
        while size & 1:
            node, size = verify.node_hash(self.nodes.pop(), node), size >> 1
        self.nodes.append(node)
        self.size += 1

    def root(self):
        if not self.nodes:
            return sha256(b"")
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = verify.node_hash(node, root)
        return root


def read_directory(directory):
    """The policy, the newest checkpoint and all leaves."""
    with open(os.path.join(directory, "policy"), encoding="utf-8") as file:
        policy = Policy(file.read())
    with open(os.path.join(directory, "log/checkpoint"), "rb") as file:
        newest = policy.open(file.read())
    return policy, newest, leaves(os.path.join(directory, "log"), newest[0])


def entries(policy, newest, found_leaves):
    """Index, time and bytes of what is no heartbeat; section 4.1."""
    tree, roots, waiting, spans, found = Tree(), [sha256(b"")], [], [], []

    def cover(size, root, time):
        nonlocal spans, found
        require(size <= tree.size and roots[size] == root, "the log contradicts itself")
        if spans and time < spans[-1][1]:
            kept = []
            for span in spans:
                if span[1] - time >= LEAP:
                    break
                kept.append(span)
            if size <= spans[-1][0] or not kept or kept[-1][1] > time:
                return False
            spans = kept
            found = [(leaf, min(old, time), data) for leaf, old, data in found]
        spans.append((max(size, spans[-1][0] if spans else 0), time))
        while waiting and waiting[0][0] < size:
            leaf, data = waiting.pop(0)
            found.append((leaf, time, data))
        return True

    for index, leaf in enumerate(found_leaves[:newest[0]]):
        try:
            heartbeat = policy.open(leaf)
        except (verify.Refused, *verify.MALFORMED):
            heartbeat = None
        if heartbeat:
            cover(*heartbeat)
        else:
            waiting.append((index, leaf))
        tree.append(leaf)
        roots.append(tree.root())
    require(cover(*newest), "the newest checkpoint is older than one before it")
    return found


# --- Statements ---------------------------------------------------------------------------------


def envelope(data):
    """Payload, its bytes, and a function that tells who signed."""
    try:
        outer = verify.parse_json(data)
        payload = verify.unbase64(outer["payload"])
        statement = verify.parse_json(payload)
        name = outer["payloadType"]
        kind = f"application/vnd.resguardo.{statement['type']}.v{statement['v']}+json"
        require(name == kind and set(outer) == {"payload", "payloadType", "signatures"}, "envelope")
        signatures = {item["keyid"]: verify.unbase64(item["sig"], 64) for item in outer["signatures"]}
    except (verify.Refused, *verify.MALFORMED):
        return None
    message = b"DSSEv1 %d %s %d %s" % (len(name), name.encode(), len(payload), payload)

    def is_by(key):
        signature = signatures.get(hashlib.sha256(key).hexdigest())
        return signature is not None and signed(key, signature, message)

    return statement, payload, is_by


class Arming:
    """One that verifies; section 6."""

    def __init__(self, statement, payload, is_by):
        self.owner = bytes.fromhex(statement["owner"])
        require(is_by(self.owner), "signature")
        label = b"resguardo/switch-id/v1\n"
        require(sha256(label + self.owner).hex() == statement["switch"], "id")
        self.policy = Policy(statement["policy"])
        self.signed = self.policy.open(statement["checkpoint"].encode())[2]
        self.digest, self.epoch = sha256(payload).hex(), statement["epoch"]
        self.k, self.trustees = statement["threshold"], statement["trustees"]
        self.n = len(self.trustees)
        require(5 <= self.n <= 32 and 3 <= self.k < self.n, "terms")
        self.keys = [bytes.fromhex(each["signingKey"]) for each in self.trustees]
        require(len(set(self.keys)) == self.n, "trustees")
        self.interval, self.grace, self.veto = PROFILES[statement["profile"]]
        self.senders = [bytes.fromhex(key) for key in statement["senders"]]
        self.successors = [bytes.fromhex(key) for key in statement["successors"]]
        self.words, self.escrow = statement["words"], statement["escrowDigest"]
        self.context = escrow.Context(escrow.parse(json.dumps({
            "type": "resguardo-escrow-context-v1", "origins": sorted(self.policy.logs),
            "switch": statement["switch"], "owner": statement["owner"], "epoch": self.epoch,
            "threshold": self.k, "trustees": [
                {"key": each["escrowKey"], "possession": each["proof"]} for each in self.trustees],
        })))
        data = verify.unbase64(statement["dealing"])
        parts = [data[at:at + 32].hex() for at in range(35, len(data), 32)]
        require(data[0] == 1 and data[33:35] == bytes([self.k, self.n]), "dealing")
        k, n = self.k, self.n
        self.dealing = escrow.Dealing(escrow.parse(json.dumps({
            "type": "resguardo-escrow-dealing-v1", "context": data[1:33].hex(),
            "commitments": parts[:k], "shares": parts[k:k + n], "challenge": parts[k + n],
            "responses": parts[k + n + 1:],
        })), self.context)

    def is_share(self, data, number):
        try:
            index, _ = escrow.read_share(escrow.parse(json.dumps({
                "type": "resguardo-escrow-share-v1", "dealing": data[1:33].hex(),
                "index": data[33], "element": data[34:66].hex(), "proof": data[66:].hex(),
            })), self.dealing)
        except escrow.Refused:
            return False
        return data[0] == 1 and index == number

    def is_drill(self, proof, checkpoint, number):
        try:
            pair = escrow.read_pair(proof)
        except escrow.Refused:
            return False
        first = escrow.first_message(pair, escrow.BASE, self.context.points[number - 1])
        key = self.context.keys[number - 1]
        bound = (self.context.digest, checkpoint, bytes([number]), key, first)
        return escrow.to_scalar("drill", *bound) == pair[0]


# --- The state; sections 5.2 and 5.3 ------------------------------------------------------------


class Switch:
    """The public view."""

    def __init__(self, arming, time):
        self.armings, self.now, self.state = {arming.epoch: arming}, time, "armed"
        self.epoch = self.epoch_before = arming.epoch
        self.arming, self.armed_at = arming, time
        self.start = self.start_before = time
        self.reminded = self.until = self.pending = self.releasing = None
        self.hold_signed, self.holds_in_a_row = ALWAYS, 0
        self.answers, self.delays, self.intents, self.drills = {}, {}, {}, {}
        self.shares, self.spent, self.dead = {}, 0, False
        self.release_share = False
        self.ending = self.request = None

    # Moments

    def grace_end(self, planned):
        if not self.arming.senders:
            return planned
        latest = planned + 48 * HOUR
        return latest if self.reminded is None else min(max(planned, self.reminded), latest)

    def suspect_at(self):
        return self.grace_end(self.start + self.arming.interval + self.arming.grace)

    def count(self, *verdicts):
        return sum(a["verdict"] in verdicts and not a["lapsed"] for a in self.answers.values())

    def suffice_at(self):
        if self.dead:
            return ALWAYS
        if self.count("dead", "taken") >= self.arming.k:
            return self.suspect_at()
        if self.count("dead", "taken", "unknown") >= self.arming.k:
            return self.suspect_at() + self.arming.grace
        return NEVER

    def shares_at(self):
        times = sorted(self.intents.values())
        if self.releasing is None or len(times) < self.arming.k:
            return NEVER
        return times[self.arming.k - 1] + HOUR

    def veto_end(self):
        window = self.arming.veto + min(sum(self.delays.values()), 7 * DAY) - self.spent
        end = self.pending + max(window, 0)
        return end if self.dead else max(end, self.start + 72 * HOUR)

    def moves(self):
        """Rule, next state and moment of all transitions whose conditions hold, in their order."""
        s, now = self.state, self.now
        fails = self.suffice_at() is NEVER or self.suffice_at() > now
        complete = any(len(who) >= self.armings[epoch].k for epoch, who in self.shares.items()
                       if epoch <= self.epoch)
        in_doubt = now >= self.suspect_at()
        fresh = self.start > self.start_before
        if s not in ("released",) and complete:
            yield "released", now
        if s in OPEN + ("releasing",):
            if not self.release_share and self.ending and len(self.ending[2]) >= self.arming.k:
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
        if s == "armed":
            yield "due", self.start + self.arming.interval
        if s == "due":
            yield "overdue", self.start + self.arming.interval + self.arming.grace // 2
        if s == "overdue":
            yield "suspect", self.suspect_at()
        if s == "suspect" and self.suffice_at() is not NEVER:
            yield "pending", self.suffice_at()
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
            self.spent, self.pending = self.spent + time - self.pending, None
        if self.state == "releasing":
            self.releasing, self.intents, self.release_share = None, {}, False
        if to == "absence-over":
            self.restart(time)
            self.until = None
        if to == "re-armed":
            self.epoch_before, self.armed_at = self.epoch, time
            self.request = self.ending = self.reminded = None
            self.answers, self.drills, self.delays = {}, {}, {}
        self.state = "armed" if to in ("absence-over", "re-armed") else to
        if self.state == "armed":
            self.start_before = self.start
            if time < self.suspect_at():
                self.spent, self.delays = 0, {}
        if self.state == "pending":
            self.pending = time
        if self.state == "releasing":
            self.releasing = time

    def restart(self, time):
        self.start, self.reminded = time, None
        for answer in self.answers.values():
            if answer["time"] <= time and answer["verdict"] in ("taken", "unknown"):
                answer["lapsed"] = True

    def show_life(self, time):
        if time > self.start and (self.until is None or time > self.hold_signed) and not self.dead:
            self.restart(time)
            self.holds_in_a_row, self.until = 0, None

    # Statements, their conditions and what they do

    def answer(self, trustee, number, verdict, has_evidence):
        if number <= self.answers.get(trustee, {"number": 0})["number"]:
            return
        self.answers[trustee] = {"number": number, "verdict": verdict, "time": self.now,
                                 "evidence": has_evidence, "lapsed": False}
        if verdict == "alive":
            self.intents.pop(trustee, None)
        certain = [a for a in self.answers.values() if a["verdict"] == "dead" and a["evidence"]]
        if len(certain) >= self.arming.k + 1:
            self.dead, self.ending, self.request, self.until = True, None, None, None
        if self.count("alive") >= self.arming.k:
            self.dead = False

    def hold(self, until, signed_at):
        signed_at = min(signed_at, self.now)
        if (self.state == "armed" and signed_at >= self.start and until > self.now
                and until - signed_at <= 30 * DAY and self.holds_in_a_row < 2):
            self.until, self.hold_signed = until, signed_at
            self.holds_in_a_row += 1

    def consent(self, trustee, digest):
        if self.state in ("released", "revoked"):
            return
        if self.ending and self.ending[0] == digest:
            self.ending[2].add(trustee)
        elif self.request and self.request[0].digest == digest:
            self.request[1].add(trustee)
            if len(self.request[1]) >= self.arming.k:
                self.arming = self.request[0]
                self.epoch = self.arming.epoch
                self.start = max(self.start, min(self.arming.signed, self.request[2]))

    def share(self, trustee, epoch):
        if trustee in self.shares.setdefault(epoch, set()):
            return
        self.shares[epoch].add(trustee)
        allowed = self.shares_at()
        if epoch == self.epoch and allowed is not NEVER and allowed <= self.now:
            self.release_share = True


def is_meant(named, since):
    return since is not None and abs(named - since) <= 1800


class Reader:
    """Takes the entries of one switch; section 6."""

    def __init__(self, policy, arming, time):
        self.policy, self.switch, self.refused = policy, Switch(arming, time), 0
        self.payloads, self.days, self.briefed = {arming.digest}, set(), set()

    def take(self, time, statement, payload, is_by):
        digest = sha256(payload).hex()
        self.switch.advance(max(time, self.switch.now))
        try:
            require(digest not in self.payloads, "repeated")
            self.read(time, statement, payload, is_by)
            self.payloads.add(digest)
        except (verify.Refused, escrow.Refused, *verify.MALFORMED):
            self.refused += 1
        self.switch.advance(self.switch.now)

    def time_of(self, statement):
        return self.policy.open(statement["checkpoint"].encode())[2]

    def read(self, time, statement, payload, is_by):
        s, kind = self.switch, statement["type"][len("switch-"):]
        require(kind != "clearing", "unsealed")
        if kind == "arming":
            return self.rearm(time, statement, payload, is_by)
        arming = s.armings.get(statement["epoch"])
        require(arming, "epoch")
        trustee, in_force = statement.get("trustee"), statement["epoch"] == s.epoch
        if kind in ("check-in", "hold", "revocation", "briefing"):
            require(is_by(arming.owner), "signature")
        elif kind in ("reminder", "receipt"):
            keys = arming.successors if kind == "receipt" else arming.senders + arming.keys
            require(any(is_by(key) for key in keys), "signature")
        else:
            require(1 <= trustee <= arming.n and is_by(arming.keys[trustee - 1]), "signature")
        if kind == "check-in":
            s.show_life(min(self.time_of(statement), time))
        elif kind == "hold":
            s.hold(statement["until"], self.time_of(statement))
        elif kind == "revocation":
            self.time_of(statement)
            if in_force and not s.dead and not (s.ending and s.ending[0] == sha256(payload).hex()):
                s.ending = (sha256(payload).hex(), time, set())
        elif kind == "briefing":
            name = (statement["epoch"], trustee)
            require(trustee <= arming.n and name not in self.briefed, "repeated")
            self.briefed.add(name)
        elif kind == "words":
            self.words(time, statement, arming)
        elif kind == "attestation" and in_force:
            s.answer(trustee, statement["number"], statement["verdict"],
                     "evidenceDigest" in statement)
        elif kind == "delay" and in_force:
            if is_meant(statement["pendingSince"], s.pending) and trustee not in s.delays:
                s.delays[trustee] = min(statement["seconds"], 72 * HOUR)
        elif kind == "intent" and in_force:
            said_alive = s.answers.get(trustee, {"verdict": None})["verdict"] == "alive"
            if (is_meant(statement["releasingSince"], s.releasing) and trustee not in s.intents
                    and not said_alive):
                s.intents[trustee] = time
        elif kind == "consent" and in_force:
            s.consent(trustee, statement["request"])
        elif kind == "share":
            require(statement["epoch"] <= s.epoch, "epoch")
            require(arming.is_share(verify.unbase64(statement["share"]), trustee), "share")
            s.share(trustee, statement["epoch"])
        elif kind == "drill":
            self.time_of(statement)
            checkpoint = sha256(statement["checkpoint"].encode())
            require(arming.is_drill(bytes.fromhex(statement["proof"]), checkpoint, trustee), "drill")
        elif kind == "reminder" and in_force:
            if statement["cycle"] == s.start and statement["outcome"] == "delivered":
                s.reminded = time if s.reminded is None else s.reminded
        elif kind == "receipt":
            require(statement["escrowDigest"] == arming.escrow, "receipt")
        elif kind == "day":
            name = (statement["epoch"], trustee, statement["day"])
            require(name not in self.days, "repeated")
            self.days.add(name)

    def rearm(self, time, statement, payload, is_by):
        s, arming = self.switch, Arming(statement, payload, is_by)
        require(arming.epoch == s.epoch + 1 and arming.policy.keys() == self.policy.keys(), "arming")
        s.armings[arming.epoch] = arming
        self.briefed = {name for name in self.briefed if name[0] != arming.epoch}
        if not s.dead:
            s.request = (arming, set(), time)

    def words(self, time, statement, arming):
        s, cycle = self.switch, statement["cycle"]
        require(statement["epoch"] == s.epoch and 1 <= cycle <= len(arming.words), "words")
        label = b"resguardo/switch-words/v1\n" + bytes.fromhex(statement["switch"])
        data = label + struct.pack(">Q", cycle) + bytes.fromhex(statement["words"])
        row = arming.words[cycle - 1]
        require(sha256(data).hex() in (row[:64], row[64:]), "words")
        begins = s.armed_at + (cycle - 1) * arming.interval
        if begins <= time:
            s.show_life(begins)


ARMINGS = {}


def read_arming(statement, payload, is_by):
    """Verified once, however many logs hold it."""
    if payload not in ARMINGS:
        ARMINGS[payload] = Arming(statement, payload, is_by)
    return ARMINGS[payload]


def states(policy, newest, found_leaves, now):
    """Id, state, last sign of life and refused entries of each switch."""
    readers = {}
    for _, time, data in entries(policy, newest, found_leaves):
        opened = envelope(data)
        if time > now or not opened or not isinstance(opened[0].get("switch"), str):
            continue
        name = opened[0]["switch"]
        if name in readers:
            readers[name].take(time, *opened)
        elif opened[0]["type"] == "switch-arming":
            try:
                arming = read_arming(*opened)
                require(arming.policy.keys() == policy.keys(), "of another log")
                readers[name] = Reader(policy, arming, time)
            except (verify.Refused, escrow.Refused, *verify.MALFORMED):
                continue
    for name, reader in readers.items():
        reader.switch.advance(now)
        yield name, reader.switch.state, reader.switch.start, reader.refused


def main(arguments):
    if arguments == ["--batch"]:
        for line in sys.stdin:
            log = json.loads(line)
            policy = Policy(log["policy"])
            found = [verify.unbase64(leaf) for leaf in log["leaves"]]
            newest = policy.open(log["checkpoint"].encode())
            print(*[word for state in states(policy, newest, found, log["asOf"]) for word in state])
        return
    if len(arguments) != 2 or not arguments[1].isdigit():
        sys.exit(__doc__)
    try:
        for state in states(*read_directory(arguments[0]), int(arguments[1])):
            print(*state)
    except (OSError, verify.Refused, *verify.MALFORMED) as failure:
        print(f"switch_state.py: refused: {failure}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main(sys.argv[1:])
