#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Asks a filter of the registry (docs/spec/snapshot.md, section 8) about an account, without any code of ours.

  filter.py TRUST FILTER NOW PLATFORM ACCOUNT     prints `warned`, `attested` or `unknown`

SipHash-2-4 and the Golomb-coded sets of BIP-158 are written from their papers in integers. A failure exits with 1 and
prints its class: form, mixed, origin, signatures, witnesses, future, expired.
"""
import hashlib
import json
import sys

from snapshot import Refused, check_header, need, parse, WEEK

DOMAIN = b"resguardo-filter/v2\n"
P, M = 19, 784931
MASK = 2**64 - 1


def siphash(key, data):
    k0, k1 = (int.from_bytes(part, "little") for part in (key[:8], key[8:]))
    v0, v1 = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D
    v2, v3 = k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573

    def turn(value, bits):
        return (value << bits | value >> 64 - bits) & MASK

    def rounds(count, v0, v1, v2, v3):
        for _ in range(count):
            v0, v2 = v0 + v1 & MASK, v2 + v3 & MASK
            v1, v3 = turn(v1, 13) ^ v0, turn(v3, 16) ^ v2
            v0, v2 = turn(v0, 32) + v3 & MASK, v2 + v1 & MASK
            v3, v1, v2 = turn(v3, 21) ^ v0, turn(v1, 17) ^ v2, turn(v2, 32)
        return v0, v1, v2, v3

    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) & 255])
    for place in range(0, len(padded), 8):
        word = int.from_bytes(padded[place:place + 8], "little")
        v0, v1, v2, v3 = rounds(2, v0, v1, v2, v3 ^ word)
        v0 ^= word
    v0, v1, v2, v3 = rounds(4, v0, v1, v2 ^ 255, v3)
    return v0 ^ v1 ^ v2 ^ v3


def values(bits, count):
    """The numbers of a set; the bits have to be the one way to write them."""
    digits = "".join(f"{byte:08b}" for byte in bits)
    place, last, found = 0, 0, []
    for _ in range(count):
        end = digits.find("0", place)
        need(end >= 0 and end + 1 + P <= len(digits), "mixed")
        last += (end - place << P) + int(digits[end + 1:end + 1 + P], 2)
        place = end + 1 + P
        found.append(last)
    need(last < max(count * M, 1) and len(digits) - place < 8 and "1" not in digits[place:], "mixed")
    return set(found)


def ask(trust, data, now, item):
    need(data.count(b"\n") >= 2, "form")
    header_line, signature_line, rest = data.split(b"\n", 2)
    header = parse(header_line)
    need(set(header) == {"attested", "checkpoint", "date", "expires", "snapshot", "type", "v", "version", "warned"}, "form")
    need(header["type"] == "resguardo-filter" and header["v"] == 2, "form")
    need(0 < header["expires"] - header["date"] <= WEEK, "form")
    check_header(trust, header, DOMAIN + header_line, parse(signature_line)["signatures"], None, now)
    need(len(rest) == header["attested"]["bytes"] + header["warned"]["bytes"], "mixed")
    key = bytes.fromhex(header["snapshot"])[:16]
    answers = {}
    for name in ("attested", "warned"):
        part = header[name]
        bits, rest = rest[:part["bytes"]], rest[part["bytes"]:]
        need(hashlib.sha256(bits).hexdigest() == part["sha256"], "mixed")
        place = siphash(key, item) * part["count"] * M >> 64
        answers[name] = place in values(bits, part["count"])
    return "warned" if answers["warned"] else "attested" if answers["attested"] else "unknown"


def main(arguments):
    if len(arguments) != 5:
        sys.exit(__doc__)
    trust_path, path, now, platform, account = arguments
    with open(trust_path, "rb") as file:
        trust = json.load(file)
    with open(path, "rb") as file:
        data = file.read()
    item = hashlib.sha256(platform.encode() + b"\0" + account.encode()).digest()
    try:
        print(ask(trust, data, int(now), item))
    except Refused as refused:
        sys.exit(f"refused: {refused}")


if __name__ == "__main__":
    main(sys.argv[1:])
