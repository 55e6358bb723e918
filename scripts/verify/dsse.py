#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Checks and makes DSSE envelopes with securesystemslib: none of our code is involved.

usage: dsse.py verify THRESHOLD PUBLIC_KEY_HEX... < envelope      prints the payload
       dsse.py sign PAYLOAD_TYPE SEED_HEX... < payload            prints an envelope

Key ids are those of docs/spec/statements.md: SHA-256 of the 32-byte public key.
"""

import hashlib
import json
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner, SSlibKey


def public_key(raw: bytes) -> SSlibKey:
    keyid = hashlib.sha256(raw).hexdigest()
    return SSlibKey(keyid, "ed25519", "ed25519", {"public": raw.hex()})


def verify(threshold: str, *keys: str) -> None:
    envelope = Envelope.from_dict(json.load(sys.stdin))
    envelope.verify([public_key(bytes.fromhex(key)) for key in keys], int(threshold))
    sys.stdout.buffer.write(envelope.payload)


def sign(payload_type: str, *seeds: str) -> None:
    envelope = Envelope(sys.stdin.buffer.read(), payload_type, {})
    for seed in seeds:
        secret = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
        key = public_key(secret.public_key().public_bytes_raw())
        envelope.sign(CryptoSigner(secret, key))
    json.dump(envelope.to_dict(), sys.stdout, indent=1)


if __name__ == "__main__":
    {"verify": verify, "sign": sign}[sys.argv[1]](*sys.argv[2:])
