#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of c2sp.org/vrf-r255, in plain Python; none of our program is involved.

  vrf.py prove SECRET INPUT           prints the public key, the proof and the output
  vrf.py verify KEY INPUT PROOF       prints the output
  vrf.py batch                        one JSON case a line on standard input, one answer a line

All values are hexadecimal. A case has "secret" and "input", and is answered with key, proof and
output; or "key", "input" and "proof", and is answered with the output or "no". NOT constant time.
"""
import hashlib
import json
import sys

from escrow import BASE, ORDER, combination, decode, encode, one_way_map

SUITE = b"\xffc2sp.org/vrf-r255"
ZERO = bytes(32)


def hashed(number, *parts, tail=b""):
    return hashlib.sha512(SUITE + bytes([number]) + b"".join(parts) + tail).digest()


def challenge(*points):
    return hashed(2, *points, tail=b"\0")[:16]


def little(data):
    return int.from_bytes(data, "little")


def output(gamma):
    return hashed(3, gamma, tail=b"\0")


def prove(secret, alpha):
    x = little(secret)
    key = encode(combination((x, BASE)))
    point = one_way_map(hashed(0x82, key, alpha))
    image = encode(combination((x, point)))
    k = little(hashed(0x81, secret, encode(point))) % ORDER
    first, second = encode(combination((k, BASE))), encode(combination((k, point)))
    c = challenge(key, encode(point), image, first, second)
    s = (k + little(c) * x) % ORDER
    return key, image + c + s.to_bytes(32, "little"), output(image)


def verify(key, alpha, proof):
    """The output, or None."""
    if len(key) != 32 or len(proof) != 80 or key == ZERO or proof[:32] == ZERO:
        return None
    image, c, s = proof[:32], proof[32:48], little(proof[48:])
    y, gamma = decode(key), decode(image)
    if y is None or gamma is None or s >= ORDER:
        return None
    point = one_way_map(hashed(0x82, key, alpha))
    first = encode(combination((s, BASE), (-little(c), y)))
    second = encode(combination((s, point), (-little(c), gamma)))
    return output(image) if challenge(key, encode(point), image, first, second) == c else None


def answer(case):
    values = {name: bytes.fromhex(text) for name, text in case.items()}
    if "secret" in values:
        return " ".join(part.hex() for part in prove(values["secret"], values["input"]))
    beta = verify(values["key"], values["input"], values["proof"])
    return "no" if beta is None else beta.hex()


def main(arguments):
    command, values = arguments[0], [bytes.fromhex(text) for text in arguments[1:]]
    if command == "batch":
        for line in sys.stdin:
            print(answer(json.loads(line)))
    elif command == "prove":
        print(*(part.hex() for part in prove(*values)), sep="\n")
    elif command == "verify":
        beta = verify(*values)
        if beta is None:
            sys.exit("vrf.py: not a proof of this key for this input")
        print(beta.hex())
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1:])
