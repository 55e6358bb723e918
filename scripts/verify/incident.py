#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Judges an opened incident against the log, without any of Resguardo's code.

usage: incident.py DIRECTORY DIGEST PLAIN [GROUP...]

DIRECTORY is an exchange: its log, and the sealed files beside it. DIGEST names the statement. PLAIN
is what the sealed file holds, as `age -d` writes it. GROUP is a file of a group: said is which of
them the incident is for. Written from docs/spec/incidents.md.

Prints who reports what. Exit code: 0; 3 with the reason on standard error.
"""

import os
import re
import sys

import verify
from registry_fold import Registry
from registry_log import (integer, is_day, is_key, is_slug, is_time, listed, made_of, one_of, prose,
                          read_directory, read_entry, signed)
from verify import canonical, check_object, is_text, require, sha256

COUNT_MAX = 131072
DOMAIN = b"resguardo-registry/incident-audience/v1\n"
REPORT = {
    "type": one_of("registry-incident-report"), "v": integer(1, 1), "context": is_key, "date": is_day,
    "verifier": is_key, "audience": is_key, "key": is_key, "title": prose(256),
    "description": lambda value: is_text(value, 16384),
    "harm": one_of("information", "physical", "psychological"),
    "grade": one_of("none", "low", "moderate", "high"), "from": is_time, "to": is_time,
    "techniques": listed(0, 256, lambda code: re.fullmatch(r"T[0-9]{4}(\.[0-9]{3})?", code) is not None),
    "accounts": listed(0, 256, made_of({"platform": is_slug, "id": prose(256)}), False),
    "links": listed(0, 256, prose(512), False), "contents": listed(0, 256, is_key),
}
CARD = {
    "type": one_of("registry-incident-card"), "v": integer(1, 1), "context": is_key, "date": is_day,
    "verifier": is_key, "recipient": prose(4096),
}


def opened(envelope, kind, fields):
    """The statement in an envelope, and a test of who signed it."""
    check_object(envelope, {
        "payload": lambda value: isinstance(value, str),
        "payloadType": one_of("application/vnd.resguardo.registry-%s.v1+json" % kind),
        "signatures": listed(1, 32, made_of({
            "keyid": is_key, "sig": lambda value: isinstance(value, str)}), False),
    }, "envelope")
    payload, name = verify.unbase64(envelope["payload"]), envelope["payloadType"].encode()
    says = verify.parse_json(payload)
    check_object(says, fields, kind)
    require(canonical(says) == payload, kind)
    message = b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)
    marks = {each["keyid"]: verify.unbase64(each["sig"], 64) for each in envelope["signatures"]}

    def is_by(key):
        mark = marks.get(sha256(bytes.fromhex(key)).hex())
        return mark is not None and signed(bytes.fromhex(key), mark, message)

    return says, is_by


def read_file(plain):
    """What is inside: canonical JSON, and zeros up to a power of two."""
    require(len(plain) <= COUNT_MAX, "the file is too long")
    line, _, zeros = plain.partition(b"\n")
    size = 4096
    while size < len(line) + 1:
        size *= 2
    require(len(plain) == size and not any(zeros), "the padding is wrong")
    value = verify.parse_json(line)
    check_object(value, {
        "groups": listed(1, 16, is_key), "report": lambda each: isinstance(each, dict), "salt": is_key,
        "type": one_of("registry-incident-file"), "v": integer(1, 1)}, "file")
    require(canonical(value) == line, "the file is not canonical")
    return value


def read_group(path):
    with open(path, "rb") as file:
        data = file.read()
    value = verify.parse_json(data[:-1])
    check_object(value, {
        "basis": one_of("event", "kind", "substance"), "cards": lambda each: isinstance(each, list),
        "name": is_slug, "type": one_of("registry-incident-group"), "v": integer(1, 1)}, "group")
    require(data == canonical(value) + b"\n", "the group is not canonical")
    members = [opened(card, "incident-card", CARD)[0]["verifier"] for card in value["cards"]]
    require(0 < len(members) <= 256 and members == sorted(set(members)), "members")
    return value["name"], sha256(data).hex()


def find(directory, digest):
    """The statement, the day on which it came, and the registry, all of it folded in one go."""
    origin, entries, seals = read_directory(directory)
    registry = Registry(origin).fold(entries, seals)
    require(digest in registry.incidents, "there is no such incident")
    for data in entries:
        entry = read_entry(data, seals)
        if entry and entry.digest == digest and entry.kind == "incident":
            return entry.says, registry.incidents[digest], registry
    raise verify.Refused("there is no such incident")


def main():
    directory, digest, plain, *groups = sys.argv[1:]
    try:
        says, since, registry = find(directory, digest)
        with open(os.path.join(directory, "registry/incidents", says["sealed"]), "rb") as file:
            require(sha256(file.read()).hex() == says["sealed"], "another sealed file")
        with open(plain, "rb") as file:
            inside = read_file(file.read(COUNT_MAX + 1))
        salted = DOMAIN + bytes.fromhex(inside["salt"]) + bytes.fromhex("".join(inside["groups"]))
        require(sha256(salted).hex() == says["audience"], "other-audience")
        report, is_by = opened(inside["report"], "incident-report", REPORT)
        require(report["context"] == registry.context.hex(), "other-registry")
        require(report["from"] <= report["to"], "to")
        same = report["audience"] == says["audience"] and report["key"] == says["key"]
        require(same, "other-audience")
        require(registry.is_active(report["verifier"], since), "unknown-verifier")
        require(is_by(registry.verifiers[report["verifier"]]["key"]), "not-signed")
        print("by", report["verifier"])
        print("title", report["title"])
        for name, group in map(read_group, groups):
            print("for" if group in inside["groups"] else "not for", name)
        print(len(inside["groups"]), "groups")
    except (OSError, verify.Refused, *verify.MALFORMED) as failure:
        print(f"incident.py: refused: {failure}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
