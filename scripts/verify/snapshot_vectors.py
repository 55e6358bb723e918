#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes snapshots, rows and filters that a reader takes or refuses, from docs/spec/snapshot.md alone.

usage: snapshot_vectors.py FILE

None of our Swift is involved; Tests/SnapshotFormatTests reads the file. Keys and salts are SHA-256 of names. A case is what
`snapshot.py --cases` reads, with what it `is`: `right`, or the class of the refusal; `trust` is the same for all.
"""
import base64
import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from filter import M, P, siphash
from filter import DOMAIN as FILTER
from filter import ask
from snapshot import DAY, DOMAIN, ROW, WEEK, Refused, canonical, decide, root_of
from verify import leaf_hash, node_hash

ORIGIN = "registry.example/log"
DATE = 1795219200
EXPIRES = DATE + 6 * DAY
NOW = DATE + 3600
SIZE = 42


def digest(name):
    return hashlib.sha256(b"resguardo snapshot vector " + name.encode()).digest()


def private(name):
    return Ed25519PrivateKey.from_private_bytes(digest(name))


def public(name):
    return private(name).public_key().public_bytes_raw()


def text64(data):
    return base64.b64encode(data).decode()


# --- The log and its witnesses -----------------------------------------------------------------

def key_id(name, kind, key):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def vkey(name, kind):
    key = public(name)
    return "%s+%s+%s" % (name, key_id(name, kind, key).hex(), text64(bytes([kind]) + key))


def line(name, kind, rest):
    return "\u2014 %s %s\n" % (name, text64(key_id(name, kind, public(name)) + rest))


def note(size=SIZE, times=(DATE - 60, DATE - 30), log=ORIGIN, origin=ORIGIN):
    """A checkpoint; the times are those of the witnesses in their order, None for one that did not sign."""
    text = "%s\n%d\n%s\n" % (origin, size, text64(digest("root of %d" % size)))
    signed = text + "\n" + line(ORIGIN, 1, private(log).sign(text.encode()))
    for index, time in enumerate(times):
        name = "witness-%d.example" % (index + 1)
        if time is not None:
            message = "cosignature/v1\ntime %d\n%s" % (time, text)
            signed += line(name, 4, time.to_bytes(8, "big") + private(name).sign(message.encode()))
    return signed


POLICY = "log %s\nwitness w1 %s\nwitness w2 %s\ngroup both 2 w1 w2\nquorum both\n" % (
    vkey(ORIGIN, 1), vkey("witness-1.example", 4), vkey("witness-2.example", 4))
TRUST = {
    "keys": [text64(key) for key in sorted(public("signer-%d" % number) for number in (1, 2, 3))],
    "origin": ORIGIN, "policy": POLICY, "threshold": 2, "type": "resguardo-snapshot-trust", "v": 1,
}


# --- Files -------------------------------------------------------------------------------------

def source(name, state, tier, **more):
    period = {"since": DATE - 30 * DAY, "state": state, "tier": tier}
    return {"account": {"id": name, "platform": "example"}, "history": [period], "kind": "source",
            "subject": digest("subject of " + name).hex(), "visibility": "public", **more}


RECORDS = [
    source("did:plc:ana", "attested", "attested"),
    source("did:plc:eva", "memorial", "none", lastTrustedAt=DATE - 40 * DAY),
    {"account": {"id": "u-7", "platform": "example"}, "action": "no-trend", "evidence": [digest("dossier").hex()],
     "kind": "limit", "reason": "spam", "since": DATE - DAY, "until": DATE + 9 * DAY},
]
RECORDS[1]["history"][0]["reason"] = "deceased"


def salt(index, name="salt"):
    return hashlib.sha256(ROW + digest(name) + index.to_bytes(8, "big")).digest()


def signatures(message, signers):
    made = sorted((public(each), private(each).sign(message)) for each in signers)
    return canonical({"signatures": [{"key": text64(key), "signature": text64(made_)} for key, made_ in made]})


class File:
    """A snapshot, with whatever is wrong in it."""

    def __init__(self, records=RECORDS, signers=("signer-1", "signer-3"), checkpoint=None, sort=True, **header):
        self.rows = [canonical(each) for each in records]
        if sort:
            self.rows.sort()
        self.leaves = [leaf_hash(salt(index) + row) for index, row in enumerate(self.rows)]
        self.header = {
            "audience": "public", "checkpoint": checkpoint or note(), "date": DATE, "expires": EXPIRES,
            "records": {"count": len(self.rows), "root": root_of(list(self.leaves)).hex()},
            "type": "resguardo-snapshot", "v": 2, "version": 7, **header}
        self.head = canonical(self.header)
        self.signed = signatures(DOMAIN + self.head, signers)

    def bytes(self, rows=None):
        lines = [self.head, self.signed, canonical({"salt": digest("salt").hex()})]
        return b"".join(each + b"\n" for each in lines + (self.rows if rows is None else rows))

    def row(self, index, /, **changes):
        proof = {"index": index, "path": [each.hex() for each in path(index, self.leaves)],
                 "salt": salt(index).hex(), "type": "resguardo-snapshot-row", "v": 1, **changes}
        return b"".join(each + b"\n" for each in (self.head, self.signed, canonical(proof), self.rows[index]))


def path(index, leaves):
    """RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    middle = 1
    while 2 * middle < len(leaves):
        middle *= 2
    left, right = leaves[:middle], leaves[middle:]
    if index < middle:
        return path(index, left) + [root_of(list(right))]
    return path(index - middle, right) + [root_of(list(left))]


def golomb(items, key):
    """A set of BIP-158."""
    numbers = sorted(siphash(key, each) * len(items) * M >> 64 for each in items)
    bits, last = "", 0
    for number in numbers:
        quotient, rest = divmod(number - last, 1 << P)
        bits += "1" * quotient + "0" + format(rest, "0%db" % P)
        last = number
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[place:place + 8], 2) for place in range(0, len(bits), 8))


def item(name, platform="example"):
    return hashlib.sha256(platform.encode() + b"\0" + name.encode()).digest()


def filter_bytes(signers=("signer-1", "signer-2"), checkpoint=None, swap=False, **changes):
    file = File(checkpoint=checkpoint)
    snapshot = hashlib.sha256(DOMAIN + file.head).digest()
    sets = [golomb([item("did:plc:ana")], snapshot[:16]), golomb([item("did:plc:eva")], snapshot[:16])]
    parts = [{"bytes": len(each), "count": 1, "sha256": hashlib.sha256(each).hexdigest()} for each in sets]
    head = canonical({
        "attested": parts[0], "checkpoint": file.header["checkpoint"], "date": DATE, "expires": EXPIRES,
        "snapshot": snapshot.hex(), "type": "resguardo-filter", "v": 2, "version": 7, "warned": parts[1], **changes})
    if swap:
        sets.reverse()
    return b"\n".join([head, signatures(FILTER + head, signers), b"".join(sets)])


# --- Cases -------------------------------------------------------------------------------------

def case(name, is_, data, now=NOW, audience="public", **seen):
    value = {"file": text64(data), "is": is_, "name": name, "now": now, **seen}
    if audience:
        value["audience"] = audience
    return value


def wholes():
    good = File()
    data = good.bytes()
    other = File(RECORDS[:2], signers=("signer-1",))
    old = note(times=(DATE - WEEK - 1, DATE - 30))
    yield case("a snapshot of three records", "right", data)
    yield case("in its last second", "right", data, now=EXPIRES - 1)
    yield case("the same again", "right", data, version=7, size=SIZE)
    yield case("of a platform", "right", File(audience="platform:example").bytes(), audience="platform:example")
    yield case("without records", "right", File([]).bytes())
    yield case("signatures of a stranger beside enough others", "right",
               File(signers=("signer-1", "signer-2", "stranger")).bytes())
    yield case("witnesses at the edges of their time", "right",
               File(checkpoint=note(times=(DATE - WEEK, DATE + DAY))).bytes())
    yield case("rollback: a lower version", "rollback", data, version=8, size=SIZE)
    yield case("rollback: a shorter log", "rollback", data, version=6, size=SIZE + 1)
    yield case("freeze: the first second after its life", "expired", data, now=EXPIRES)
    yield case("freeze: a new date on an old checkpoint", "witnesses", File(checkpoint=old).bytes())
    yield case("freeze: only one witness is up to date", "witnesses",
               File(checkpoint=note(times=(DATE - 30, DATE + DAY + 1))).bytes())
    yield case("from tomorrow", "future", data, now=DATE - 1)
    yield case("truncation: the last record is missing", "mixed", good.bytes(good.rows[:-1]))
    yield case("truncation: cut in a record", "form", data[:-5])
    yield case("truncation: nothing but the header", "form", good.head + b"\n")
    yield case("mixing: records of another snapshot", "mixed", good.bytes(File([RECORDS[2]] * 1 + [
        source("did:plc:eva", "attested", "attested"), RECORDS[0]]).rows))
    yield case("mixing: signatures of another snapshot", "signatures",
               data.replace(good.signed, other.signed))
    yield case("mixing: a record twice", "mixed", good.bytes(good.rows + good.rows[-1:]))
    yield case("one signature where two are needed", "signatures", File(signers=("signer-2",)).bytes())
    yield case("two signatures, one of them a stranger's", "signatures", File(signers=("signer-2", "stranger")).bytes())
    yield case("a signature over a filter", "signatures", data.replace(good.signed, signatures(
        FILTER + good.head, ("signer-1", "signer-2"))))
    yield case("another log", "origin", File(checkpoint=note(origin="other.example/log")).bytes())
    yield case("for another platform", "audience", File(audience="platform:other").bytes(), audience="platform:example")
    yield case("a platform's copy for everybody", "audience", File(audience="platform:example").bytes())
    yield case("no witness signed", "witnesses", File(checkpoint=note(times=(None, None))).bytes())
    yield case("one of two witnesses signed", "witnesses", File(checkpoint=note(times=(DATE, None))).bytes())
    yield case("another key than the log's", "witnesses", File(checkpoint=note(log="stranger")).bytes())
    yield case("records out of order", "form", File(list(reversed(sorted(RECORDS, key=canonical))), sort=False).bytes())
    yield case("an account twice", "form", File(
        RECORDS + [source("did:plc:ana", "revoked", "none")]).bytes())
    yield case("a life of eight days", "form", File(expires=DATE + 8 * DAY).bytes())
    yield case("an unknown member", "form", File(note="?").bytes())
    yield case("another format", "form", File(v=3).bytes())
    yield case("a space in the header", "form", data.replace(b'"v":2', b'"v": 2'))


def rows():
    good = File()
    for index in range(len(RECORDS)):
        yield case("row %d" % index, "right", good.row(index), audience=None)
    first = path(0, good.leaves)
    yield case("a row at another's place", "mixed", good.row(0, index=1), audience=None)
    yield case("a row beyond the last", "mixed", good.row(0, index=3), audience=None)
    yield case("a path that is too short", "mixed", good.row(0, path=[first[0].hex()]), audience=None)
    yield case("a path with a wrong hash", "mixed", good.row(
        0, path=[node_hash(*first).hex(), first[1].hex()]), audience=None)
    yield case("another salt", "mixed", good.row(0, salt=salt(0, "other").hex()), audience=None)
    yield case("a row of a snapshot that is over", "expired", good.row(0), audience=None, now=EXPIRES)
    yield case("a row with too few signatures", "signatures", File(signers=("signer-1",)).row(0), audience=None)


def filters():
    """What a filter says of three accounts, or why it is refused."""
    good = filter_bytes()
    questions = {"did:plc:ana": "attested", "did:plc:eva": "warned", "did:plc:eve": "unknown"}
    for name, answer in questions.items():
        yield {**case("asked of " + name, answer, good, audience=None), "account": name}
    bad = [
        ("expired", good, {"now": EXPIRES}), ("future", good, {"now": DATE - 1}),
        ("signatures", filter_bytes(signers=("signer-1", "stranger")), {}),
        ("witnesses", filter_bytes(checkpoint=note(times=(DATE, None))), {}),
        ("witnesses", filter_bytes(checkpoint=note(times=(DATE - WEEK - 1, DATE))), {}),
        ("origin", filter_bytes(checkpoint=note(origin="other.example/log")), {}),
        ("mixed", filter_bytes(swap=True), {}), ("mixed", good + b"\0", {}), ("mixed", good[:-1], {}),
        ("form", filter_bytes(v=1), {}), ("form", filter_bytes(expires=DATE + 8 * DAY), {}),
    ]
    for number, (is_, data, more) in enumerate(bad):
        yield {**case("filter %d" % number, is_, data, audience=None, **more), "account": "did:plc:ana"}


def answer(each):
    try:
        return ask(TRUST, base64.b64decode(each["file"]), each["now"], item(each["account"]))
    except Refused as refused:
        return str(refused)


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    vectors = {"files": list(wholes()), "filters": list(filters()), "rows": list(rows()), "trust": TRUST}
    for each in vectors["files"] + vectors["rows"]:
        assert decide({"trust": TRUST, **each}) == each["is"], each["name"]
    for each in vectors["filters"]:
        assert answer(each) == each["is"], each["name"]
    with open(arguments[0], "w", encoding="utf-8") as file:
        json.dump(vectors, file, indent=1, sort_keys=True, ensure_ascii=False)
        file.write("\n")
    print({kind: len(cases) for kind, cases in vectors.items()})


if __name__ == "__main__":
    main(sys.argv[1:])
