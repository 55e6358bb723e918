#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Decides the state of the switches in a log, without any of Resguardo's code.

usage: switch_state.py EXCHANGE SECONDS [--paper FILE]...
       switch_state.py EXPORT SECONDS --invitation FILE [--paper FILE]...
       switch_state.py --histories < FILE
       switch_state.py --checkpoints < FILE

EXCHANGE is the directory in which people trade statements, EXPORT what `switch export` wrote of a switch on nodes;
the invitation names its logs and has the capability to read it. Of outages an export knows what the
times in it tell: what lies between is taken for one, so that a state may be later than it is, never sooner.
A trustee's paper (`trustee paper`), of each epoch one, gives the trustees' view, which needs PyPI
`cryptography`; without one it is the public view.

Prints a line for each switch: its id, its state at that time (seconds since 1970), the time of the last
sign of life, how many entries were refused, since when it is in that state, the epoch in force, and the
flags that the log shows, or "-". --histories decides what `switch simulate --histories` wrote, in both views,
and compares; --checkpoints reads notes, cosigned checkpoints perhaps, and compares. Written from
docs/spec/switch.md, node.md, log.md and escrow.md. Exit code: 0; 1 if what is compared differs; 3 with the
reason on standard error.
"""

import argparse
import collections
import hashlib
import json
import os
import re
import struct
import sys

import escrow
import verify
import switch_log
from switch_fold import DAY, HOUR, Switch
from switch_log import Policy, read_exchange, read_texts, signed, split_page
from verify import is_hex, is_integer, is_text, require, sha256

PROFILES = {"field": (DAY, DAY, DAY), "standard": (7 * DAY, 3 * DAY, 3 * DAY),
            "long": (30 * DAY, 14 * DAY, 7 * DAY)}


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


def is_base64(low, high):
    return lambda value: isinstance(value, str) and low <= len(verify.unbase64(value)) <= high


def hexadecimal(count):
    return lambda value: is_hex(value, count)


def is_time(value):
    return is_integer(value, 0, verify.INTEGER_MAX)


def is_checkpoint(value):
    return is_text(value, 8192)


def one_of(*words):
    return lambda value: value in words


FIELDS = {
    "check-in": {"checkpoint": is_checkpoint, "field": hexadecimal(32)},
    "hold": {"until": is_time, "checkpoint": is_checkpoint, "field": hexadecimal(32)},
    "revocation": {"checkpoint": is_checkpoint, "field": hexadecimal(32)},
    "briefing": {"trustee": None, "sealed": is_base64(0, 8192)},
    "attestation": {"trustee": None, "number": lambda value: is_integer(value, 1, verify.INTEGER_MAX),
                    "verdict": one_of("alive", "taken", "dead", "unknown"),
                    "evidenceDigest": hexadecimal(32)},
    "delay": {"trustee": None, "seconds": lambda value: is_integer(value, 1, 72 * HOUR),
              "pendingSince": is_time},
    "consent": {"trustee": None, "request": hexadecimal(32)},
    "intent": {"trustee": None, "releasingSince": is_time},
    "share": {"trustee": None, "share": is_base64(0, 512)},
    "drill": {"trustee": None, "checkpoint": is_checkpoint, "proof": hexadecimal(64)},
    "words": {"trustee": None, "cycle": lambda value: is_integer(value, 1, 64),
              "words": hexadecimal(10)},
    "reminder": {"cycle": is_time, "moment": lambda value: is_integer(value, 0, 100),
                 "channel": one_of("mail", "webhook"), "outcome": one_of("delivered", "failed")},
    "day": {"trustee": None, "day": is_time, "sealed": is_base64(2088, 2088)},
    "clearing": {"trustee": None, "checkpoint": hexadecimal(32)},
    "receipt": {"received": one_of("escrow", "case"), "escrowDigest": hexadecimal(32)},
}


def is_keys(low, high, count=32):
    def check(value):
        return (isinstance(value, list) and low <= len(value) <= high
                and all(is_hex(key, count) for key in value))
    return check


def is_ascending(low, high):
    return lambda value: is_keys(low, high)(value) and all(a < b for a, b in zip(value, value[1:]))


def is_recipient(value):
    return is_text(value, 8192) and re.fullmatch("age1(pq1)?[02-9ac-hj-np-z]+", value) is not None


def are_trustees(value):
    names = {"signingKey": hexadecimal(32), "escrowKey": hexadecimal(32), "proof": hexadecimal(64)}
    for each in value:
        verify.check_object(each, names, "trustee")
    return 1 <= len(value) <= 32


FIELDS["arming"] = {
    "owner": hexadecimal(32), "profile": one_of(*PROFILES), "policy": is_checkpoint,
    "threshold": lambda value: is_integer(value, 1, 32), "checkpoint": is_checkpoint,
    "trustees": are_trustees, "dealing": is_base64(0, 16384), "escrowDigest": hexadecimal(32),
    "outerRecipient": is_recipient, "caseRecipient": is_recipient, "senders": is_ascending(0, 8),
    "successors": is_ascending(1, 16), "words": is_keys(0, 64, 64), "field": hexadecimal(32),
}


def check_fields(statement):
    """Section 3: exactly these, each of its form."""
    kind = statement["type"][len("switch-"):]
    checks = {name: check or (lambda value: is_integer(value, 1, 32))
              for name, check in FIELDS[kind].items()}
    checks.update(type=lambda value: True, v=lambda value: value == 1, switch=hexadecimal(32),
                  epoch=lambda value: is_integer(value, 1, verify.INTEGER_MAX))
    verify.check_object(statement, checks, "statement", optional=("evidenceDigest",))
    return kind


class Arming:
    """One that verifies; section 6."""

    def __init__(self, statement, payload, is_by):
        check_fields(statement)
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


# --- Reading; section 6 --------------------------------------------------------------------------


class Reader:
    """Takes the entries of one switch; with trustees' keys, as a trustee reads them."""

    def __init__(self, log, arming, time, trustees=()):
        self.policy, self.switch, self.refused = log.policy, Switch(arming, time, log.outages), 0
        self.armings, self.trustees = {arming.epoch: arming}, trustees
        self.payloads, self.days, self.briefed = {arming.digest}, set(), set()
        self.briefings, self.forced, self.said_sealed = {}, set(), set()

    def take(self, time, statement, payload, is_by):
        self.switch.advance(max(time, self.switch.now))
        digest = sha256(payload).hex()
        try:
            require(digest not in self.payloads, "repeated")
            self.read(statement, payload, is_by)
            self.payloads.add(digest)
        except (verify.Refused, escrow.Refused, *verify.MALFORMED):
            self.refused += 1
        self.settle()

    def settle(self):
        """Takes the transitions that hold after what was said."""
        self.switch.advance(self.switch.now)

    def time_of(self, statement):
        return self.policy.open(statement["checkpoint"].encode())[2]

    def mark(self, statement, epoch):
        """What the field shows; section 5.1."""
        if epoch in self.forced:
            return "duress"
        if epoch not in self.briefings:
            return "unread"
        return "clean" if self.briefings[epoch].is_clean_field(statement) else "duress"

    def note_force(self, statement, epoch, signed_at):
        """A forced statement of the owner's is a forced check-in, and then itself."""
        if self.mark(statement, epoch) != "duress":
            return False
        self.switch.check_in(min(signed_at, self.switch.now), named(statement), "duress")
        self.settle()
        return True

    def read(self, statement, payload, is_by):
        s, kind = self.switch, statement["type"][len("switch-"):]
        require(kind != "clearing", "unsealed")
        if kind == "arming":
            return self.rearm(statement, payload, is_by)
        if kind not in FIELDS:
            return None
        check_fields(statement)
        arming, trustee = self.armings.get(statement["epoch"]), statement.get("trustee")
        require(arming, "epoch")
        if kind in ("check-in", "hold", "revocation", "briefing"):
            require(is_by(arming.owner), "signature")
        elif kind in ("reminder", "receipt"):
            keys = arming.successors if kind == "receipt" else arming.senders + arming.keys
            require(any(is_by(key) for key in keys), "signature")
        else:
            require(1 <= trustee <= arming.n and is_by(arming.keys[trustee - 1]), "signature")
        in_force = statement["epoch"] == s.epoch
        if kind in ("attestation", "delay", "intent"):
            return self.say(statement)
        if kind in ("check-in", "hold", "revocation"):
            return self.read_owner(kind, statement, sha256(payload).hex(), in_force)
        if kind == "briefing":
            self.read_briefing(statement, arming)
        elif kind == "words":
            self.read_words(statement, arming)
        elif kind == "consent" and in_force:
            s.consent(trustee, statement["request"])
        elif kind == "share":
            require(statement["epoch"] <= s.epoch, "epoch")
            require(arming.is_share(verify.unbase64(statement["share"]), trustee), "share")
            s.share(trustee, statement["epoch"])
        elif kind == "drill":
            signed_at, checkpoint = self.time_of(statement), named(statement)
            require(arming.is_drill(bytes.fromhex(statement["proof"]), checkpoint, trustee), "drill")
            if in_force:
                s.drill(trustee, signed_at)
        elif kind == "reminder" and in_force:
            if statement["cycle"] == s.start and statement["outcome"] == "delivered":
                s.reminded = s.now if s.reminded is None else s.reminded
        elif kind == "receipt":
            require(statement["escrowDigest"] == arming.escrow, "receipt")
        elif kind == "day":
            self.read_day(statement)
        return None

    def say(self, statement):
        """What may be said openly and under seal."""
        s, kind, trustee = self.switch, statement["type"], statement["trustee"]
        if statement["epoch"] != s.epoch:
            return
        if kind == "switch-attestation":
            has_evidence = "evidenceDigest" in statement
            s.answer(trustee, statement["number"], statement["verdict"], has_evidence)
        elif kind == "switch-delay":
            s.delay(trustee, statement["seconds"], statement["pendingSince"])
        elif kind == "switch-intent":
            s.intent(trustee, statement["releasingSince"])
        else:
            s.clearing(trustee, bytes.fromhex(statement["checkpoint"]))
        self.settle()

    def read_owner(self, kind, statement, digest, in_force):
        s, signed_at = self.switch, self.time_of(statement)
        if kind == "check-in":
            mark = self.mark(statement, statement["epoch"])
            return s.check_in(min(signed_at, s.now), named(statement), mark)
        self.note_force(statement, statement["epoch"], signed_at)
        if kind == "hold":
            s.hold(statement["until"], signed_at)
        elif in_force:
            s.revocation(digest)
        return None

    def read_briefing(self, statement, arming):
        epoch, trustee = statement["epoch"], statement["trustee"]
        require(trustee <= arming.n and (epoch, trustee) not in self.briefed, "repeated")
        self.briefed.add((epoch, trustee))
        for reader in self.trustees:
            if reader.key == arming.keys[trustee - 1]:
                self.briefings[epoch] = reader.open(statement)
                break

    def read_day(self, statement):
        name = (statement["epoch"], statement["trustee"], statement["day"])
        require(name not in self.days, "repeated")
        self.days.add(name)
        if statement["epoch"] not in self.briefings:
            return
        inner = self.briefings[statement["epoch"]].open_day(statement)
        for payload in inner:
            check_fields(verify.parse_json(payload))
        for payload in inner:
            if payload not in self.said_sealed:
                self.said_sealed.add(payload)
                self.say(verify.parse_json(payload))

    def rearm(self, statement, payload, is_by):
        s, arming = self.switch, read_arming(statement, payload, is_by)
        require(arming.epoch == s.epoch + 1 and arming.policy.keys() == self.policy.keys(), "arming")
        signed_at = self.time_of(statement)
        is_forced = self.note_force(statement, s.epoch, signed_at)
        self.armings[arming.epoch] = arming
        self.briefed = {name for name in self.briefed if name[0] != arming.epoch}
        self.briefings.pop(arming.epoch, None)
        self.forced.discard(arming.epoch)
        if is_forced:
            self.forced.add(arming.epoch)
        s.new_epoch(arming, signed_at)

    def read_words(self, statement, arming):
        s, cycle, epoch = self.switch, statement["cycle"], statement["epoch"]
        require(epoch == s.epoch and cycle <= len(arming.words), "words")
        label = b"resguardo/switch-words/v1\n" + bytes.fromhex(statement["switch"])
        data = label + struct.pack(">Q", cycle) + bytes.fromhex(statement["words"])
        row = arming.words[cycle - 1]
        require(sha256(data).hex() in (row[:64], row[64:]), "words")
        mark = "unread"
        if epoch in self.forced:
            mark = "duress"
        elif epoch in self.briefings:
            place = int(sha256(data).hex() == row[64:])
            mark = "clean" if self.briefings[epoch].is_clean_set(cycle - 1, place) else "duress"
        s.check_in(s.armed_at + (cycle - 1) * arming.interval, b"", mark)


def named(statement):
    """What a clearing names: the checkpoint inside a statement."""
    return sha256(statement["checkpoint"].encode())


READ = {}


def read_arming(statement, payload, is_by):
    """Verified once, however many logs hold it and views there are."""
    if payload not in READ:
        READ[payload] = Arming(statement, payload, is_by)
    return READ[payload]


OPENED = {}


def open_entry(data):
    if data not in OPENED:
        OPENED[data] = envelope(data)
    return OPENED[data]


def states(log, moments, trustees=()):
    """For each moment, ascending: the lines of all switches."""
    readers = {}
    waiting = collections.deque(entry for entry in log.entries if entry[0] <= moments[-1])
    for moment in moments:
        while waiting and (waiting[0][0] <= moment or len(moments) == 1):
            time, data = waiting.popleft()
            opened = open_entry(data)
            if opened and isinstance(opened[0].get("switch"), str):
                begin_or_take(readers, log, time, opened, trustees)
        for name, reader in readers.items():
            now = reader.switch.at(moment)
            flags = ",".join(now.flags()) or "-"
            yield name, now.state, now.start, reader.refused, now.since, now.epoch, flags


def begin_or_take(readers, log, time, opened, trustees):
    name = opened[0]["switch"]
    if name in readers:
        readers[name].take(time, *opened)
    elif opened[0]["type"] == "switch-arming":
        try:
            arming = read_arming(*opened)
            require(arming.policy.keys() == log.policy.keys(), "of another log")
            readers[name] = Reader(log, arming, time, trustees)
        except (verify.Refused, escrow.Refused, *verify.MALFORMED):
            pass


# --- The command line ---------------------------------------------------------------------------


def sealed_readers(seeds):
    import switch_sealed  # the public view needs no `cryptography`

    return [switch_sealed.Reader(seed) for seed in seeds]


def read_seeds(papers):
    import switch_sealed

    seeds = []
    for path in papers:
        with open(path, encoding="ascii") as file:
            seeds.append(switch_sealed.seed_on_paper(file.read()))
    return seeds


def read_export(path, invitation):
    with open(invitation, "rb") as file:
        opened = envelope(file.read().rstrip(b"\n"))
    require(opened and opened[0]["type"] == "switch-invitation", "invitation")
    require("capability" in opened[0], "invitation to an exchange")
    with open(path, "rb") as file:
        texts = split_page(file.read())
    return read_texts(Policy(opened[0]["policy"]), bytes.fromhex(opened[0]["capability"]), texts)


def views(history):
    """For each moment a line of the public view and one of the trustee's."""
    log = read_texts(
        Policy(history["policy"]), bytes.fromhex(history["capability"]),
        [verify.unbase64(text) for text in history["texts"]],
        [verify.unbase64(note) for note in history["checkpoints"]], history["presence"])
    trustees = sealed_readers([bytes.fromhex(seed) for seed in history["seeds"]])
    for pair in zip(*[states(log, history["moments"], who) for who in ((), trustees)]):
        yield from (" ".join(map(str, state)) for state in pair)


def compare(lines):
    """Whether these readers see the states that another one has seen."""
    count = seen = differing = 0
    for count, line in enumerate(lines, 1):
        history = json.loads(line)
        ours, theirs = list(views(history)), history["states"]
        seen += len(ours)
        if ours != theirs:
            differing += 1
            print(f"history {count} differs:")
            for place, pair in enumerate(zip(ours, theirs)):
                if pair[0] != pair[1]:
                    print(f"  {history['moments'][place // 2]}: {pair[0]} here, {pair[1]} there")
        for known in (READ, OPENED, switch_log.KNOWN):
            known.clear()
    print(f"{count} histories, {seen} states, {differing} histories differ")
    return 1 if differing else 0


def compare_checkpoints(lines):
    """Reads notes as another program did, or refuses them with it."""
    count, differing = 0, 0
    for line in lines:
        case = json.loads(line)
        policy = Policy(case["policy"])
        for note, theirs in zip(case["notes"], case["seen"], strict=True):
            try:
                size, root, time, origin, clocks = policy.open(bytes.fromhex(note))
                shown = ["-" if clock is None else clock for clock in clocks]
                ours = " ".join(map(str, (origin, size, root.hex(), time, *shown)))
            except (verify.Refused, *verify.MALFORMED):
                ours = "refused"
            count += 1
            if ours != theirs:
                differing += 1
                print(f"note {note}: {ours} here, {theirs} there")
    print(f"{count} notes, {differing} differ")
    return 1 if differing else 0


def main():
    if sys.argv[1:] == ["--histories"]:
        return compare(sys.stdin)
    if sys.argv[1:] == ["--checkpoints"]:
        return compare_checkpoints(sys.stdin)
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("log")
    parser.add_argument("seconds", type=int)
    parser.add_argument("--invitation")
    parser.add_argument("--paper", action="append", default=[])
    options = parser.parse_args()
    try:
        if os.path.isdir(options.log):
            log = read_exchange(options.log)
        else:
            log = read_export(options.log, options.invitation)
        trustees = sealed_readers(read_seeds(options.paper)) if options.paper else ()
        for state in states(log, [options.seconds], trustees):
            print(*state)
    except (OSError, verify.Refused, *verify.MALFORMED) as failure:
        print(f"switch_state.py: refused: {failure}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    sys.exit(main())
