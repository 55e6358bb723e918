# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""What a trustee of a switch can read and others can not, without any of Resguardo's code.

Part of switch_state.py. Written from docs/spec/switch.md, sections 3 and 17. Needs PyPI `cryptography`, as age_pq.py does.
"""

import hashlib
import hmac
import struct

import age_pq
import verify
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from verify import require, sha256

WORD = 0xFFFFFFFF
INNER = ("switch-attestation", "switch-delay", "switch-intent", "switch-clearing")


def seed_on_paper(text):
    """The seed of a trustee's signing key; section 17."""
    try:
        data = age_pq.bech32_decode("".join(text.split()), "resguardo-trustee-")
    except age_pq.Refused:
        raise verify.Refused("paper") from None
    require(len(data) == 75 and data[0] == 1, "paper")
    return data[1:33]


def statement(payload):
    found = verify.parse_json(payload)
    require(isinstance(found, dict) and found.get("v") == 1, "statement")
    return found


class Reader:
    """A trustee: opens the briefings to one signing key."""

    def __init__(self, seed):
        self.key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        self.identity = age_pq.Identity(age_pq.hkdf(seed, b"", b"resguardo/switch-briefing/v1"))

    def open(self, briefing):
        """Section 3.15."""
        try:
            plain = age_pq.open_file(verify.unbase64(briefing["sealed"]), self.identity)
        except age_pq.Refused:
            raise verify.Refused("sealed") from None
        return Briefing(plain, briefing)


class Briefing:
    """What an owner told a trustee of one epoch."""

    def __init__(self, payload, around):
        contents = statement(payload)
        verify.check_object(contents, {
            "type": lambda value: value == "switch-briefing-contents",
            "v": lambda value: value == 1,
            "switch": lambda value: value == around["switch"],
            "epoch": lambda value: value == around["epoch"],
            "clean": lambda value: verify.is_hex(value, 32),
            "dayKey": lambda value: verify.is_hex(value, 32),
            "order": lambda value: verify.is_hex(value, 8),
        }, "briefing")
        self.clean = bytes.fromhex(contents["clean"])
        self.day_key = bytes.fromhex(contents["dayKey"])
        self.order = int(contents["order"], 16)

    def is_clean_field(self, said):
        """Whether the owner's own passphrase made the field; section 3.5."""
        rest = {name: value for name, value in said.items() if name != "field"}
        tag = hmac.new(self.clean, verify.canonical(rest), hashlib.sha256).hexdigest()
        return hmac.compare_digest(tag, said["field"])

    def is_clean_set(self, row, place):
        """Whether that commitment of a row, from 0, is of the words that are read freely."""
        return self.order >> (63 - row) & 1 == place

    def open_day(self, day):
        """The statements in a sealed day: their payloads, in their order; section 3.16."""
        context = b"resguardo/switch-day/v1\n" + bytes.fromhex(day["switch"])
        context += struct.pack(">QBQ", day["epoch"], day["trustee"], day["day"])
        plain = open_box(self.day_key, verify.unbase64(day["sealed"], 2088), context)
        count = int.from_bytes(plain[:2], "big")
        require(count <= 2046 and not any(plain[2 + count:]), "sealed")
        inner = verify.parse_json(plain[2:2 + count])
        require(isinstance(inner, list) and len(inner) <= 4, "sealed")
        for each in inner:
            require(each["type"] in INNER and each["v"] == 1, "sealed")
            require(all(each[name] == day[name] for name in ("switch", "epoch", "trustee")), "sealed")
        return [verify.canonical(each) for each in inner]


# --- XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) ------------------------------------------------


def quarter(words, a, b, c, d):
    for x, y, z, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        words[x] = words[x] + words[y] & WORD
        mixed = words[z] ^ words[x]
        words[z] = mixed << bits & WORD | mixed >> 32 - bits


def hchacha20(key, nonce):
    words = list(struct.unpack("<16I", b"expand 32-byte k" + key + nonce))
    for _ in range(10):
        for column in range(4):
            quarter(words, column, column + 4, column + 8, column + 12)
        for place in range(4):
            quarter(words, place, 4 + (place + 1) % 4, 8 + (place + 2) % 4, 12 + (place + 3) % 4)
    return struct.pack("<8I", *words[:4], *words[12:])


def open_box(key, box, context):
    """nonce ‖ ciphertext ‖ tag."""
    cipher = ChaCha20Poly1305(hchacha20(key, box[:16]))
    try:
        return cipher.decrypt(bytes(4) + box[16:24], box[24:], context)
    except InvalidTag:
        raise verify.Refused("sealed") from None
