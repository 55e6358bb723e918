# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Ring signatures and proofs of possession, in plain Python: docs/spec/ring-vouch.md.

Part of registry_fold.py. It verifies alone, and takes no care of time.
"""

import hashlib

from escrow import BASE, ORDER, combination, decode, encode, one_way_map

SUITE = b"REG-LSAG-R255-SHA512-v1:"
QUOTAS = {"vouch": 4, "suspend": 2}
IDENTITY = bytes(32)


def expand(message, domain):
    """expand_message_xmd(SHA-512, message, domain, 64); RFC 9380, 5.3.1."""
    ending = domain + bytes([len(domain)])
    first = hashlib.sha512(bytes(128) + message + b"\0\x40\0" + ending).digest()
    return hashlib.sha512(first + b"\1" + ending).digest()


def domain(name, act=None):
    return SUITE + name + (b":" + act.encode() if act not in (None, "vouch") else b"")


def to_scalar(message, name):
    return int.from_bytes(expand(message, domain(name)), "little") % ORDER


def element(data):
    return None if data == IDENTITY else decode(data)


def scalar(data):
    value = int.from_bytes(data, "little")
    return value if len(data) == 32 and value < ORDER else None


def number(value, count):
    return value.to_bytes(count, "big")


def ring_digest(keys):
    return hashlib.sha256(SUITE + b"ring" + number(len(keys), 2) + b"".join(keys)).digest()


def is_plausible(act, size, signature):
    """Its length, and that its scalars are reduced."""
    ends = range(0, 32 * (size + 1), 32)
    return len(signature) == byte_count(act, size) and all(
        scalar(signature[place:place + 32]) is not None for place in ends)


def byte_count(act, size):
    return 32 * (size + (3 if act in QUOTAS else 2))


def tags(act, size, signature):
    """The tag, and the quota tag if the act has one."""
    start = 32 * (size + 1)
    parts = [signature[place:place + 32] for place in range(start, len(signature), 32)]
    return parts[0], parts[1] if act in QUOTAS else None


def is_signed(act, keys, signature, context, constituency, subject, epoch, slot, digest):
    """Section 5: whether a member of the ring signed."""
    has_slot = act in QUOTAS
    if not is_plausible(act, len(keys), signature):
        return False
    tag, quota = tags(act, len(keys), signature)
    images = [element(tag)] + ([element(quota)] if has_slot else [])
    points = [element(key) for key in keys]
    values = [scalar(signature[place:place + 32]) for place in range(0, 32 * (len(keys) + 1), 32)]
    if None in images or None in points:
        return False
    named = subject + number(epoch, 8)
    bases = [one_way_map(expand(context + named, domain(b"tag", act)))]
    places = number(slot, 2) if has_slot else b""
    if has_slot:
        place = context + number(constituency, 2) + number(epoch, 8) + places
        bases.append(one_way_map(expand(place, domain(b"quota", act))))
    bound = hashlib.sha512(
        domain(b"transcript", act) + context + ring_digest(keys) + number(constituency, 2) + named
        + places + tag + (quota or b"") + digest).digest()
    c = values[0]
    for index, (point, r) in enumerate(zip(points, values[1:])):
        first = [combination((r, BASE), (c, point))]
        first += [combination((r, base), (c, image)) for base, image in zip(bases, images)]
        message = bound + number(index, 4) + b"".join(encode(each) for each in first)
        c = to_scalar(message, b"challenge")
    return c == values[0]


def proves_possession(key, proof, context, organisation, epoch, constituency):
    """Section 3.2."""
    point, c, s = element(key), scalar(proof[:32]), scalar(proof[32:])
    if point is None or c is None or s is None:
        return False
    scope = context + organisation + number(epoch, 8) + number(constituency, 2)
    first = encode(combination((s, BASE), (c, point)))
    return c == to_scalar(scope + key + first, b"pop")
