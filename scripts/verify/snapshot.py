#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Verifies a snapshot of the registry (docs/spec/snapshot.md) without any code of ours.

  snapshot.py TRUST SNAPSHOT AUDIENCE NOW [LAST_VERSION [LAST_SIZE]]     prints what the records say
  snapshot.py --row TRUST PROOF NOW                          the same of one row that was proven
  snapshot.py --cases < FILE                                 prints `right` or why not, a line a case

TRUST is the registry's trust file, AUDIENCE `public` or `platform:NAME`, NOW Unix seconds; LAST_VERSION and LAST_SIZE are
version and log size of the newest snapshot that was accepted. A case is a JSON object of `trust`, `file` (base64), `audience`,
`now`, `version` and `size`; without `audience` the file is the proof of a row. Ed25519 is written from RFC 8032 in integers, so that the standard library is enough; it is slow,
and it only verifies. A failure exits with 1 and prints its class: form, mixed, origin, audience, signatures, witnesses,
rollback, future, expired.
"""
import base64
import hashlib
import json
import re
import sys

from verify import MALFORMED, LogKey, Policy, leaf_hash, node_hash, root_of_inclusion
from verify import Refused as Unproven

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
DOMAIN = b"resguardo-snapshot/v2\n"
ROW = b"resguardo-snapshot/row/v1\n"
DAY = 86400
WEEK = 7 * DAY
MEMBERS = {
    "source": {"account", "history", "kind", "subject", "visibility"},
    "designation": {"accounts", "actions", "coordination", "evidence", "kind", "name", "network",
                    "readings", "reasons", "rightsImpact", "rule", "severity", "since", "until"},
    "limit": {"account", "action", "evidence", "kind", "reason", "since", "until"},
    "correction": {"content", "kind", "link", "since", "until", "verdict", "verifier"},
    "lexicon": {"form", "kind", "network", "regions", "since", "source", "term", "until"},
}

OPTIONAL = {"source": {"lastTrustedAt", "score"}, "designation": {"splitFrom"}}


class Refused(Exception):
    """Carries the class of the failure."""


def need(condition, kind):
    if not condition:
        raise Refused(kind)


# --- Ed25519, RFC 8032 section 5.1 -------------------------------------------------------------

def add(p, q):
    (x1, y1), (x2, y2) = p, q
    t = D * x1 * x2 * y1 * y2 % P
    return ((x1 * y2 + x2 * y1) * pow(1 + t, -1, P) % P, (y1 * y2 + x1 * x2) * pow(1 - t, -1, P) % P)


def multiply(n, p):
    result = (0, 1)
    while n:
        if n & 1:
            result = add(result, p)
        p = add(p, p)
        n >>= 1
    return result


def decode_point(data):
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == -u % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x, y)


BASE = decode_point(bytes.fromhex("58" + "66" * 31))


def is_valid(key, signature, message):
    a, r = decode_point(key), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or len(signature) != 64:
        return False
    if multiply(8, a) == (0, 1) or multiply(8, r) == (0, 1):
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return multiply(s, BASE) == add(r, multiply(h, a))


# --- The file ----------------------------------------------------------------------------------

def canonical(value):
    """RFC 8785 for strings, integers, booleans, arrays and objects with ASCII member names."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def parse(line):
    def unique(pairs):
        need(len({name for name, _ in pairs}) == len(pairs), "form")
        return dict(pairs)

    try:
        value = json.loads(line.decode(), object_pairs_hook=unique)
    except (ValueError, UnicodeDecodeError):
        raise Refused("form") from None
    need(isinstance(value, dict) and canonical(value) == line, "form")
    return value


def witnessed_size(note, policy, date):
    """The size of the log, which it and enough of its witnesses signed; these around a date."""
    try:
        policy = Policy(policy)
        size, _ = LogKey(policy.logs[0]).open(note)
        if policy.quorum == "none":
            return size
        times = policy.times(note)
        near = [name for name in times if date - WEEK <= times[name] <= date + DAY]
        need(policy.is_quorum(near), "witnesses")
        return size
    except (Unproven, *MALFORMED):
        raise Refused("witnesses") from None


def read_header(header_line, signature_line):
    header = parse(header_line)
    need(set(header) == {"audience", "checkpoint", "date", "expires", "records", "type", "v",
                         "version"}, "form")
    need(header["type"] == "resguardo-snapshot" and header["v"] == 2, "form")
    need(set(header["records"]) == {"count", "root"}, "form")
    need(0 < header["expires"] - header["date"] <= WEEK, "form")
    return header, parse(signature_line)["signatures"]


def check_header(trust, header, message, signatures, audience, now, last_version=0, last_size=0):
    """Whether what was signed may be believed; all of section 6 but the rows."""
    need(header["checkpoint"].split("\n")[0] == trust["origin"], "origin")
    need(audience is None or header["audience"] == audience, "audience")
    keys = {entry["key"] for entry in signatures if entry["key"] in trust["keys"] and is_valid(
        base64.b64decode(entry["key"]), base64.b64decode(entry["signature"]), message)}
    need(len(keys) >= trust["threshold"], "signatures")
    size = witnessed_size(header["checkpoint"].encode(), trust["policy"].encode(), header["date"])
    need(header["version"] >= last_version and size >= last_size, "rollback")
    need(header["date"] <= now, "future")
    need(now < header["expires"], "expired")


def unhex(text):
    need(isinstance(text, str) and re.fullmatch("[0-9a-f]{64}", text), "form")
    return bytes.fromhex(text)


def root_of(leaves):
    """RFC 6962, section 2.1, a level at a time."""
    while len(leaves) > 1:
        pairs = [node_hash(*leaves[place:place + 2]) for place in range(0, len(leaves) - 1, 2)]
        leaves = pairs + leaves[len(leaves) - len(leaves) % 2:]
    return leaves[0] if leaves else hashlib.sha256(b"").digest()


def check_record(line):
    record = parse(line)
    kind = record.get("kind")
    need(set(record) - OPTIONAL.get(kind, set()) == MEMBERS.get(kind), "form")
    return record


def verify(trust, data, audience, now, last_version=0, last_size=0):
    need(data.endswith(b"\n") and data.count(b"\n") >= 3, "form")
    header_line, signature_line, salt_line, records = data.split(b"\n", 3)
    header, signatures = read_header(header_line, signature_line)
    salt = parse(salt_line)
    need(set(salt) == {"salt"}, "form")
    salt, lines = unhex(salt["salt"]), records.split(b"\n")[:-1]
    leaves = [leaf_hash(hashlib.sha256(ROW + salt + index.to_bytes(8, "big")).digest() + line)
              for index, line in enumerate(lines)]
    need(len(lines) == header["records"]["count"], "mixed")
    need(root_of(leaves) == unhex(header["records"]["root"]), "mixed")
    message = DOMAIN + header_line
    check_header(trust, header, message, signatures, audience, now, last_version, last_size)
    need(all(left < right for left, right in zip(lines, lines[1:])), "form")
    accounts = set()
    for line in lines:
        record = check_record(line)
        if record["kind"] == "source":
            account = (record["account"]["platform"], record["account"]["id"])
            need(account not in accounts, "form")
            accounts.add(account)
        yield record


def verify_row(trust, data, now):
    """The row of a proof, and whom its snapshot was for."""
    need(data.endswith(b"\n") and data.count(b"\n") == 4, "form")
    header_line, signature_line, proof_line, row, _ = data.split(b"\n")
    header, signatures = read_header(header_line, signature_line)
    proof = parse(proof_line)
    need(set(proof) == {"index", "path", "salt", "type", "v"}, "form")
    need(proof["type"] == "resguardo-snapshot-row" and proof["v"] == 1, "form")
    need(type(proof["index"]) is int and isinstance(proof["path"], list), "form")
    need(0 <= proof["index"] and len(proof["path"]) <= 63, "form")
    record, path = check_record(row), [unhex(text) for text in proof["path"]]
    need(proof["index"] < header["records"]["count"], "mixed")
    check_header(trust, header, DOMAIN + header_line, signatures, None, now)
    leaf = leaf_hash(unhex(proof["salt"]) + row)
    try:
        root = root_of_inclusion(leaf, proof["index"], header["records"]["count"], path)
    except Unproven:
        raise Refused("mixed") from None
    need(root == unhex(header["records"]["root"]), "mixed")
    return record, header


def standing(record, now):
    for period in record["history"]:
        if period["since"] <= now < period.get("until", 2**63):
            return period["state"]
    return "-"


def decide(case):
    """What is wrong with a case, or `right`."""
    try:
        data = base64.b64decode(case["file"])
        if "audience" not in case:
            verify_row(case["trust"], data, case["now"])
            return "right"
        last = case.get("version", 0), case.get("size", 0)
        for _ in verify(case["trust"], data, case["audience"], case["now"], *last):
            pass
        return "right"
    except Refused as refused:
        return str(refused)


def main(arguments):
    if arguments == ["--cases"]:
        for line in sys.stdin:
            print(decide(json.loads(line)))
        return
    is_row = arguments[:1] == ["--row"]
    arguments = arguments[is_row:]
    if len(arguments) not in ((3,) if is_row else (4, 5, 6)):
        sys.exit(__doc__)
    try:
        with open(arguments[0], "rb") as file:
            trust_text = file.read()
        with open(arguments[1], "rb") as file:
            data = file.read()
        now, *last = map(int, arguments[2 if is_row else 3:])
    except (OSError, ValueError) as failure:
        sys.exit(f"snapshot.py: error: {failure}")
    try:
        trust = parse(trust_text.rstrip(b"\n"))
        if is_row:
            record, header = verify_row(trust, data, now)
            print("of the snapshot for", header["audience"], "version", header["version"])
            records = [record]
        else:
            records = list(verify(trust, data, arguments[2], now, *last))
    except Refused as refused:
        sys.exit(f"snapshot.py: refused: {refused}")
    for record in records:
        show(record, now)


def show(record, now):
    if record["kind"] == "source":
        account = record["account"]
        print("source", account["platform"], account["id"], standing(record, now))
    elif record["kind"] == "limit" and record["since"] <= now < record["until"]:
        print("limit", record["account"]["platform"], record["account"]["id"], record["action"])
    elif record["kind"] == "designation" and record["since"] <= now < record["until"]:
        for entry in record["accounts"]:
            account = entry["account"]
            print("designated", account["platform"], account["id"], entry["confidence"])


if __name__ == "__main__":
    main(sys.argv[1:])
