#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes a vector of each statement of a switch, from docs/spec/switch.md alone.

usage: switch_vectors.py FILE

None of our code is involved; Tests/StatementsTests and Tests/SwitchTests read the file. Secrets are
SHA-256 of names.
"""

import base64
import hashlib
import hmac
import json
import struct
import sys

import age_pq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

CONSONANTS, VOWELS = "bdfklmrt", "aeio"
WORDS_LABEL = b"resguardo/switch-words/v1\n"
DAY_LABEL = b"resguardo/switch-day/v1\n"
DAY_COUNT = 2048


def secret(name: str, count: int = 32) -> bytes:
    return hashlib.sha256(b"resguardo vector " + name.encode()).digest()[:count]


def public(name: str) -> str:
    return Ed25519PrivateKey.from_private_bytes(secret(name)).public_key().public_bytes_raw().hex()


def canonical(value) -> bytes:
    """RFC 8785, for ASCII names and integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hchacha20(key: bytes, nonce: bytes) -> bytes:
    state = list(struct.unpack("<4I8I4I", b"expand 32-byte k" + key + nonce))

    def quarter(a, b, c, d):
        for x, y, z, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            state[x] = (state[x] + state[y]) & 0xFFFFFFFF
            word = state[z] ^ state[x]
            state[z] = (word << turn | word >> (32 - turn)) & 0xFFFFFFFF

    for _ in range(10):
        for column in range(4):
            quarter(column, 4 + column, 8 + column, 12 + column)
        for i in range(4):
            quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
    return struct.pack("<8I", *state[:4], *state[12:])


def xseal(key: bytes, nonce: bytes, plain: bytes, context: bytes) -> bytes:
    inner = ChaCha20Poly1305(hchacha20(key, nonce[:16]))
    return nonce + inner.encrypt(b"\0\0\0\0" + nonce[16:], plain, context)


def letters(number: int) -> str:
    return (CONSONANTS[number >> 7] + VOWELS[number >> 5 & 3]
            + CONSONANTS[number >> 2 & 7] + VOWELS[number & 3])


def spoken(words: bytes) -> str:
    bits = int.from_bytes(words, "big")
    check = int.from_bytes(hashlib.sha256(WORDS_LABEL + words).digest()[:2], "big") >> 6
    numbers = [bits >> 10 * place & 1023 for place in range(7, -1, -1)] + [check]
    return " ".join(map(letters, numbers))


def commitment(switch: bytes, cycle: int, words: bytes) -> bytes:
    return hashlib.sha256(WORDS_LABEL + switch + struct.pack(">Q", cycle) + words).digest()


OWNER = public("owner")
SWITCH = hashlib.sha256(b"resguardo/switch-id/v1\n" + bytes.fromhex(OWNER)).digest()
TOKEN = secret("token")
CAPABILITY = secret("capability")
CHECKPOINT = "example.org/log\n1\nAAAA\n\n\u2014 example.org/log AAAA\n"
DIGEST = hashlib.sha256(CHECKPOINT.encode()).hexdigest()


def statement(kind: str, fields: dict, epoch: int = 1) -> dict:
    return {"type": "switch-" + kind, "v": 1, "switch": SWITCH.hex(), "epoch": epoch, **fields}


def owners(kind: str, fields: dict) -> dict:
    body = statement(kind, {"checkpoint": CHECKPOINT, **fields})
    return {**body, "field": hmac.new(TOKEN, canonical(body), hashlib.sha256).hexdigest()}


def signed(payload: dict, name: str) -> bytes:
    """An envelope: docs/spec/statements.md, section 1."""
    kind = f"application/vnd.resguardo.{payload['type']}.v{payload['v']}+json".encode()
    body = canonical(payload)
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)
    signature = Ed25519PrivateKey.from_private_bytes(secret(name)).sign(message)
    keyid = hashlib.sha256(bytes.fromhex(public(name))).hexdigest()
    return canonical({
        "payload": base64.b64encode(body).decode(), "payloadType": kind.decode(),
        "signatures": [{"keyid": keyid, "sig": base64.b64encode(signature).decode()}]})


def handed_over() -> list:
    """3.1 to 3.3, and the badge: these are in no log of the switch."""
    invitation = statement("invitation", {
        "owner": OWNER, "profile": "field", "logs": ["a.example/log", "b.example/log"],
        "time": 1_780_000_000})
    on_nodes = {**invitation, "policy": "quorum none\n", "capability": CAPABILITY.hex()}
    acceptance = statement("acceptance", {
        "invitation": hashlib.sha256(signed(invitation, "owner")).hexdigest(),
        "signingKey": public("trustee 2"), "escrowKey": secret("key 2").hex(),
        "proof": secret("proof 2").hex() * 2, "recipient": "age1pq1trustee", "jurisdiction": "MX"})
    card = {"type": "switch-successor", "v": 1, "recipient": "age1successor",
            "signingKey": public("successor a"), "jurisdiction": "CH"}
    badge = {"type": "switch-badge", "v": 1, "key": public("badge"),
             "dealing": base64.b64encode(b"a blinded dealing").decode()}
    return [invitation, on_nodes, acceptance, card, badge]


def paper(invitation: bytes) -> dict:
    """Section 17."""
    scalar = secret("escrow secret")[:31] + b"\0"
    data = b"\1" + secret("trustee 2") + scalar + b"MX" + hashlib.sha256(invitation).digest()[:8]
    return {"invitation": invitation.decode(),
            "text": age_pq.bech32_encode("resguardo-trustee-", data).upper()}


def leaf(envelope: bytes) -> dict:
    """docs/spec/node.md, section 12.2."""
    bound = b"resguardo/switch/leaf/1\na.example/log\n" + envelope
    return {"capability": CAPABILITY.hex(), "origin": "a.example/log", "envelope": envelope.decode(),
            "leaf": hmac.new(CAPABILITY, bound, hashlib.sha256).hexdigest()}


def vectors() -> dict:
    sets = [[secret(f"words {cycle} {side}", 10) for side in "lr"] for cycle in (1, 2)]
    rows = [b"".join(sorted(commitment(SWITCH, cycle + 1, each) for each in both)).hex()
            for cycle, both in enumerate(sets)]
    trustees = [{"signingKey": public(f"trustee {n}"), "escrowKey": secret(f"key {n}").hex(),
                 "proof": secret(f"proof {n}").hex() * 2} for n in range(1, 6)]
    attestation = statement("attestation", {"trustee": 2, "number": 1, "verdict": "taken"})
    clearing = statement("clearing", {"trustee": 2, "checkpoint": DIGEST})
    inner = canonical([attestation, clearing])
    plain = struct.pack(">H", len(inner)) + inner
    plain += bytes(DAY_COUNT - len(plain))
    context = DAY_LABEL + SWITCH + struct.pack(">QBQ", 1, 2, 20_000)
    box = xseal(secret("day key"), secret("nonce", 24), plain, context)
    empty = b"\0\2[]" + bytes(DAY_COUNT - 4)
    box_of_nothing = xseal(secret("day key"), secret("other nonce", 24), empty, context)
    request = hashlib.sha256(canonical(owners("revocation", {}))).hexdigest()
    day = {"trustee": 2, "day": 20_000}
    return {
        "badge": hashlib.sha256(b"resguardo/badge-id/v1\n" + bytes.fromhex(public("badge"))).hexdigest(),
        "leaf": leaf(signed(owners("check-in", {}), "owner")),
        "paper": paper(signed(handed_over()[0], "owner")),
        "token": TOKEN.hex(), "dayKey": secret("day key").hex(),
        "words": [[{"bytes": each.hex(), "spoken": spoken(each),
                    "commitment": commitment(SWITCH, cycle + 1, each).hex()} for each in both]
                  for cycle, both in enumerate(sets)],
        "payloads": [canonical(each).decode() for each in (
            owners("arming", {
                "owner": OWNER, "profile": "field", "threshold": 3, "policy": "quorum none\n",
                "trustees": trustees, "dealing": base64.b64encode(b"a dealing").decode(),
                "escrowDigest": secret("escrow").hex(), "outerRecipient": "age1outer",
                "caseRecipient": "age1case", "senders": sorted(public(f"sender {n}") for n in "ab"),
                "successors": sorted(public(f"successor {n}") for n in "ab"), "words": rows}),
            owners("check-in", {}), owners("hold", {"until": 1_800_000_000}),
            owners("revocation", {}), attestation,
            {**attestation, "number": 2, "verdict": "dead", "evidenceDigest": secret("evidence").hex()},
            statement("delay", {"trustee": 2, "seconds": 3600, "pendingSince": 1_790_000_000}),
            statement("consent", {"trustee": 2, "request": request}),
            statement("intent", {"trustee": 2, "releasingSince": 1_790_000_000}),
            statement("share", {"trustee": 2, "share": base64.b64encode(b"a share").decode()}),
            statement("drill", {"trustee": 2, "checkpoint": CHECKPOINT,
                                "proof": secret("drill").hex() * 2}),
            statement("words", {"trustee": 2, "cycle": 2, "words": sets[1][0].hex()}),
            statement("reminder", {"cycle": 1_780_000_000, "moment": 25, "channel": "mail",
                                   "outcome": "delivered"}),
            statement("briefing", {"trustee": 2, "sealed": base64.b64encode(b"age").decode()}),
            statement("briefing-contents", {"clean": TOKEN.hex(),
                                            "dayKey": secret("day key").hex(),
                                            "order": "8000000000000001"}),
            statement("day", {**day, "sealed": base64.b64encode(box).decode()}),
            statement("day", {**day, "sealed": base64.b64encode(box_of_nothing).decode()}),
            clearing,
            statement("receipt", {"received": "escrow", "escrowDigest": secret("escrow").hex()}),
            statement("receipt", {"received": "case", "escrowDigest": secret("escrow").hex()}),
            *handed_over(),
        )],
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(vectors(), file, indent=1)
        file.write("\n")
