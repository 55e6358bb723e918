#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Verifies a package of disclosed fields and files; written from docs/spec/ alone.

usage: disclosure.py PACKAGE [LOG_KEY]      exit code 0 if all of it verifies, 3 if not
       disclosure.py --batch < PACKAGES     a path a line; prints `ok` or `refused: …` for each

Python's standard library and nothing else: Ed25519 is computed here, slowly and of public data only.
"""
import base64
import binascii
import functools
import hashlib
import json
import os
import re
import stat
import sys
import unicodedata

PACKAGE_BYTES = 16 << 20
RECEIPT_BYTES = 4 << 20
ENTRIES = 1_000_000
INTEGER = 2**53 - 1
DEPTH = 32


class Refused(Exception):
    pass


def require(condition, reason):
    if not condition:
        raise Refused(reason)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# Encodings, each with one spelling only.


def hexadecimal(text, count):
    require(isinstance(text, str) and re.fullmatch("[0-9a-f]*", text), "hexadecimal")
    require(len(text) == 2 * count, "length of a hexadecimal value")
    return bytes.fromhex(text)


def base64_strict(text):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("base64") from error
    require(base64.b64encode(data).decode() == text, "base64")
    return data


def canonical(value, depth=0):
    """RFC 8785, with integers only."""
    require(depth < DEPTH, "JSON that is too deep")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        require(abs(value) <= INTEGER, "an integer out of range")
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    require(isinstance(value, dict), "a value of JSON that is not used here")
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    members = (json.dumps(name, ensure_ascii=False) + ":" + canonical(value[name], depth + 1) for name in names)
    return "{" + ",".join(members) + "}"


def parse(data, limit):
    require(len(data) <= limit, "a document too long")

    def unique(pairs):
        # Two spellings of one name are one name; these three are spellings of ASCII characters.
        names = {unicodedata.normalize("NFC", name) for name, _ in pairs}
        require(len(names) == len(pairs), "a member twice")
        alike = any(re.search("[\u212a\u037e\u1fef]", name) for name, _ in pairs)
        require(not alike, "the name of a member")
        return dict(pairs)

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=unique)
        text = canonical(value).encode("utf-8")
    except (ValueError, UnicodeError, RecursionError) as error:
        raise Refused("JSON") from error
    require(text == data, "JSON that is not canonical")
    return value


def members(value, *names):
    require(isinstance(value, dict) and set(value) == set(names), f"the members {names}")
    return [value[name] for name in names]


def integer(value, least, most):
    require(isinstance(value, int) and not isinstance(value, bool), "an integer")
    require(least <= value <= most, "an integer out of range")
    return value


# Ed25519 (RFC 8032), verification only.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    require(y < P, "a point of a signature or key")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    require((x * x - square) % P == 0 and (x or not sign), "a point of a signature or key")
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    s, t, u, v = f - e, h - g, h + g, f + e
    return (s * t % P, u * v % P, t * u % P, s * v % P)


def multiply(n, a):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, a)
        a, n = add(a, a), n >> 1
    return result


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
NEUTRAL = (0, 1, 1, 0)


@functools.lru_cache
def verify_signature(key, signature, message, whose):
    require(len(key) == 32 and len(signature) == 64, whose)
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    # Keys and points of small order sign for anybody.
    require(s < L and not same(multiply(8, a), NEUTRAL), whose)
    require(not same(multiply(8, r), NEUTRAL), whose)
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    require(same(multiply(s, BASE), add(r, multiply(h, a))), whose)


# Trees (RFC 6962).


def verify_inclusion(leaf, index, size, path, root):
    require(index < size, "an index beyond the tree")
    fn, sn = index, size - 1
    for sibling in path:
        require(sn, "a path too long")
        if fn & 1 or fn == sn:
            leaf = sha256(b"\1", sibling, leaf)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            leaf = sha256(b"\1", leaf, sibling)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0 and leaf == root, "an inclusion that is not proven")


# The receipt (vault.md, sections 3 and 6).


def decimal(text):
    require(re.fullmatch("0|[1-9][0-9]{0,19}", text) and int(text) < 2**64, "a number")
    return int(text)


def key_name(name):
    require(0 < len(name.encode()) <= 255 and not re.search(r"[\s+\x00-\x1f]", name), "a name")
    return name


def log_key(text):
    parts = text.split("+", 2)
    require(len(parts) == 3, "the key of the log")
    blob = base64_strict(parts[2])
    require(len(blob) == 33 and blob[0] == 1, "the key of the log")
    name = key_name(parts[0])
    key_id = sha256(name.encode(), b"\n", blob)[:4]
    require(key_id.hex() == parts[1], "the id of the log's key")
    return name, key_id, blob[1:]


def open_statement(data):
    payload, kind, signatures = members(
        parse(data, 65_535), "payload", "payloadType", "signatures"
    )
    require(isinstance(signatures, list) and 0 < len(signatures) <= 32, "signatures")
    pairs = [members(signature, "keyid", "sig") for signature in signatures]
    listed = {hexadecimal(key_id, 32): base64_strict(text) for key_id, text in pairs}
    require(list(listed) == sorted(listed) and len(listed) == len(pairs), "signatures")
    require(all(len(signature) == 64 for signature in listed.values()), "signatures")
    require(kind == "application/vnd.resguardo.deposit.v1+json", "the type of the statement")
    body = base64_strict(payload)
    statement = parse(body, 65_535)
    names = ["case", "member", "ciphertextRoot", "size", "date", "evidence", "type", "v"]
    bound = ("afterCheckpoint", "afterToken")
    names += [name for name in bound if isinstance(statement, dict) and name in statement]
    fields = dict(zip(names, members(statement, *names)))
    for name in names[8:]:
        hexadecimal(fields[name], 32)
    hexadecimal(fields["evidence"], 32)
    require(fields["type"] == "deposit" and fields["v"] == 1 and fields["v"] is not True, "the type of the statement")
    hexadecimal(fields["case"], 16)
    hexadecimal(fields["ciphertextRoot"], 32)
    integer(fields["size"], 1, INTEGER)
    require(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", str(fields["date"])), "the date")
    member = hexadecimal(fields["member"], 32)
    signature = listed.get(sha256(member))
    require(signature, "the signer of the statement")
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body)
    verify_signature(member, signature, message, "the depositor's signature")
    return fields


def verify_receipt(data, expected):
    require(len(data) <= RECEIPT_BYTES, "a receipt too long")
    try:
        text = data.decode("utf-8")
    except UnicodeError as error:
        raise Refused("the receipt") from error
    require(not re.search(r"[\x00-\x09\x0b-\x1f]", text), "the receipt")
    lines = text.split("\n")
    require(len(lines) > 8 and lines[-1] == "", "the receipt")
    require(lines[0] == "resguardo-receipt/1", "the receipt")
    for number, prefix in enumerate(["log ", "salt ", "statement "], 1):
        require(lines[number].startswith(prefix), f"line {number + 1} of the receipt")
    require(lines[4] == "" and lines[5] == "c2sp.org/tlog-proof@v1", "the receipt")
    key = lines[1][len("log "):]
    require(expected is None or key == expected, "another log")
    name, key_id, public = log_key(key)
    salt = base64_strict(lines[2][len("salt "):])
    require(len(salt) == 32, "the salt")
    envelope = lines[3][len("statement "):].encode()
    statement = open_statement(envelope)
    rest = lines[6:-1]
    require(rest and rest[0].startswith("index "), "the index of the entry")
    index = decimal(rest[0][len("index "):])
    require("" in rest, "the proof")
    end = rest.index("")
    path = [base64_strict(line) for line in rest[1:end]]
    require(len(path) <= 63 and all(len(hash) == 32 for hash in path), "the proof")
    size, root = verify_checkpoint(rest[end + 1:], name, key_id, public)
    entry = sha256(b"resguardo/vault/leaf/1\n", salt, envelope)
    verify_inclusion(sha256(b"\0", entry), index, size, path, root)
    return statement


def verify_checkpoint(lines, name, key_id, public):
    require("" in lines, "the checkpoint")
    end = lines.index("")
    body, signatures = lines[:end], lines[end + 1:]
    require(3 <= len(body) <= 19 and body[0] == name, "the log that the checkpoint names")
    require(all(len(line.encode()) <= 1024 for line in body), "the checkpoint")
    size, root = decimal(body[1]), base64_strict(body[2])
    require(len(root) == 32, "the root of the checkpoint")
    message = ("\n".join(body) + "\n").encode()
    found = 0
    require(signatures, "the checkpoint's signature")
    for line in signatures:
        parts = line.split(" ")
        require(len(parts) == 3 and parts[0] == "—", "a line of the checkpoint")
        key_name(parts[1])
        blob = base64_strict(parts[2])
        require(len(blob) > 4, "a line of the checkpoint")
        if parts[1] == name and blob[:4] == key_id:
            verify_signature(public, blob[4:], message, "the log's signature")
            found += 1
    require(found, "the log's signature")
    require(size or root == sha256(), "the root of an empty log")
    return size, root


# The package (disclosure.md).


def read_file(path, limit):
    try:
        status = os.lstat(path)
        require(stat.S_ISREG(status.st_mode) and status.st_size <= limit, f"{path!r}")
        with open(path, "rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise Refused(f"{path!r}") from error


def verify_leaf(leaf, count, commitment):
    index, content, shown, withheld, path = members(
        leaf, "leaf", "content", "shown", "withheld", "path"
    )
    integer(index, 0, ENTRIES)
    require(isinstance(content, bool), "content")
    for part in (shown, withheld):
        require(isinstance(part, dict) and len(part) <= 64, "fields of a leaf")
    require(shown and not set(shown) & set(withheld), "fields of a leaf")
    commitments = {name: hexadecimal(text, 32).hex() for name, text in withheld.items()}
    values = {}
    for name, field in shown.items():
        salt, value = members(field, "salt", "value")
        data = canonical(value).encode("utf-8")
        commitments[name] = sha256(hexadecimal(salt, 16), data).hex()
        values[name] = value
    require(isinstance(path, list) and len(path) <= 63, "the path of a leaf")
    hashes = [hexadecimal(text, 32) for text in path]
    leaf_hash = sha256(b"\0", canonical(commitments).encode("utf-8"))
    verify_inclusion(leaf_hash, index, count, hashes, commitment)
    return index, content, values, withheld


def content_name(values, withheld):
    if "nameBytes" in values:
        require(isinstance(values["nameBytes"], str), "nameBytes")
        name = base64_strict(values["nameBytes"])
    elif "name" in values and "nameBytes" not in withheld:
        require(isinstance(values["name"], str), "name")
        name = values["name"].encode("utf-8")
    else:
        return b"content"
    require(0 < len(name) <= 4096 and b"\0" not in name, "the name of a file")
    parts = name.split(b"/")
    require(all(0 < len(part) <= 255 and part not in (b".", b"..") for part in parts), "a name")
    return parts[-1]


def verify_content(path, values):
    require(values.get("kind") == "file", "kind of a published file")
    size = integer(values.get("size"), 0, INTEGER)
    digest = hexadecimal(values.get("sha256"), 32)
    try:
        status = os.lstat(path)
        require(stat.S_ISREG(status.st_mode) and status.st_size == size, f"{path!r}")
        hasher = hashlib.sha256()
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                hasher.update(block)
    except OSError as error:
        raise Refused(f"{path!r}") from error
    require(hasher.digest() == digest, f"{path!r}")


def verify(package, expected=None):
    """Returns the shown fields by path; raises Refused."""
    package = os.fsencode(package)
    document = parse(
        read_file(os.path.join(package, b"disclosure.json"), PACKAGE_BYTES), PACKAGE_BYTES
    )
    kind, version, leaves = members(document, "type", "v", "leaves")
    require(kind == "disclosure" and integer(version, 1, 1), "the type of the package")
    require(isinstance(leaves, list) and leaves and isinstance(leaves[0], dict), "leaves")
    try:
        count = integer(leaves[0]["shown"]["fileCount"]["value"], 0, ENTRIES)
    except (KeyError, TypeError) as error:
        raise Refused("the number of files") from error
    require(leaves[0].get("leaf") == 0, "the leaf of the item")
    receipt = read_file(os.path.join(package, b"receipt.txt"), RECEIPT_BYTES)
    statement = verify_receipt(receipt, expected)
    commitment = hexadecimal(statement["evidence"], 32)
    directories, expected_names, previous, fields = {b""}, {b"disclosure.json", b"receipt.txt"}, -1, {}
    for leaf in leaves:
        index, content, values, withheld = verify_leaf(leaf, count + 1, commitment)
        require(index > previous, "the order of leaves")
        previous = index
        prefix = f"files/{index - 1}/" if index else ""
        fields.update((prefix + name, value) for name, value in values.items())
        if content:
            require(index > 0, "content of the item")
            inside = b"files/%d" % (index - 1)
            name = inside + b"/" + content_name(values, withheld)
            verify_content(os.path.join(package, name), values)
            directories |= {b"files", inside}
            expected_names |= {b"files", inside, name}
    for directory in directories:
        path = os.path.join(package, directory)
        require(not directory or not os.path.islink(path), "a link in the package")
        for name in os.listdir(path):
            inside = directory + b"/" + name if directory else name
            require(inside in expected_names, f"{inside!r}, which nothing proves")
    return statement, count, fields


# What Python says of a document that is not even of the form that the checks expect.
MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if sys.argv[1] == "--batch":
        for line in sys.stdin:
            try:
                verify(line.rstrip("\n"))
                print("ok")
            except Refused as refusal:
                print(f"refused: {refusal}")
            except MALFORMED as error:
                print(f"refused: {error!r}")
        return
    try:
        statement, entries, fields = verify(sys.argv[1], *sys.argv[2:])
    except Refused as refusal:
        print(f"does not verify: {refusal}", file=sys.stderr)
        sys.exit(3)
    except MALFORMED as error:
        print(f"does not verify: {error!r}", file=sys.stderr)
        sys.exit(3)
    print(f"verifies: {entries} files in the item, deposited on {statement['date']}")
    for path, value in fields.items():
        print(f"{path}: {canonical(value)}")


if __name__ == "__main__":
    main()
