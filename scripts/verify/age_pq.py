#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Opens post-quantum age files without any code of ours.

  age_pq.py open IDENTITY [FILE]     writes the plaintext to standard output
  age_pq.py seal RECIPIENT [FILE]    writes an age file to standard output
  age_pq.py recipient IDENTITY       prints age1pq1...

IDENTITY is a file with an AGE-SECRET-KEY-PQ-1... line; FILE defaults to standard input. Armored
files are recognized. Written from C2SP age.md, RFC 9180 and the X-Wing draft; needs PyPI
`cryptography` 47 or later for ML-KEM-768, X25519 and ChaCha20-Poly1305, and the standard library
for the hashes. A failure exits with 1 and prints its class: header, mac, no-match, payload, armor.
"""
import base64
import hashlib
import hmac
import os
import re
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

INTRO = b"age-encryption.org/v1\n"
STANZA = "mlkem768x25519"
INFO = b"age-encryption.org/mlkem768x25519"
SUITE = b"HPKE" + bytes.fromhex("647a00010003")
CHUNK = 65536
TAG = 16
ENCAPSULATION_KEY, CIPHERTEXT = 1184, 1088


class Refused(Exception):
    """Carries the class of the failure."""


# --- Encodings ---------------------------------------------------------------------------------

BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def polymod(values):
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            checksum ^= term if top >> bit & 1 else 0
    return checksum


def expand_prefix(prefix):
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def regroup(values, from_bits, to_bits, pad):
    result, buffer, bits = [], 0, 0
    for value in values:
        buffer, bits = buffer << from_bits | value, bits + from_bits
        while bits >= to_bits:
            bits -= to_bits
            result.append(buffer >> bits)
            buffer &= (1 << bits) - 1
    if pad and bits:
        result.append(buffer << (to_bits - bits))
    elif not pad and (bits >= from_bits or buffer):
        raise Refused("key")
    return result


def bech32_decode(text, prefix):
    if text.lower() != text and text.upper() != text:
        raise Refused("key")
    found, _, data = text.lower().rpartition("1")
    if found != prefix or len(data) < 6 or any(c not in BECH32 for c in data):
        raise Refused("key")
    values = [BECH32.index(c) for c in data]
    if polymod(expand_prefix(found) + values) != 1:
        raise Refused("key")
    return bytes(regroup(values[:-6], 5, 8, False))


def bech32_encode(prefix, content):
    values = regroup(content, 8, 5, True)
    checksum = polymod(expand_prefix(prefix) + values + [0] * 6) ^ 1
    values += [checksum >> 5 * (5 - i) & 31 for i in range(6)]
    return prefix + "1" + "".join(BECH32[v] for v in values)


def b64(content):
    return base64.b64encode(content).rstrip(b"=")


def unb64(text, failure="header"):
    try:
        content = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise Refused(failure) from None
    if b64(content) != text:
        raise Refused(failure)
    return content


def dearmor(content):
    lines = content.strip(b" \t\r\n\v\f").replace(b"\r\n", b"\n").split(b"\n")
    name = b" AGE ENCRYPTED FILE-----"
    if lines[0] != b"-----BEGIN" + name or lines[-1] != b"-----END" + name:
        raise Refused("armor")
    body = lines[1:-1]
    if any(len(line) != 64 for line in body[:-1]) or (body and not 1 <= len(body[-1]) <= 64):
        raise Refused("armor")
    text = b"".join(body)
    if len(text) % 4:
        raise Refused("armor")
    return unb64(text.rstrip(b"="), "armor")


# --- HKDF, HPKE and X-Wing ---------------------------------------------------------------------


def mac(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf_expand(prk, info, count):
    output, block = b"", b""
    for counter in range(1, 256):
        if len(output) >= count:
            break
        block = mac(prk, block + info + bytes([counter]))
        output += block
    return output[:count]


def hkdf(secret, salt, info):
    return hkdf_expand(mac(salt or bytes(32), secret), info, 32)


def labeled_extract(salt, label, secret):
    return mac(salt or bytes(32), b"HPKE-v1" + SUITE + label + secret)


def labeled_expand(prk, label, info, count):
    return hkdf_expand(prk, count.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info, count)


def hpke_key(shared):
    """RFC 9180, section 5.1, base mode: key and nonce of the first message."""
    psk_id_hash = labeled_extract(b"", b"psk_id_hash", b"")
    info_hash = labeled_extract(b"", b"info_hash", INFO)
    context = b"\0" + psk_id_hash + info_hash
    secret = labeled_extract(shared, b"secret", b"")
    return labeled_expand(secret, b"key", context, 32), labeled_expand(
        secret, b"base_nonce", context, 12
    )


class Identity:
    """An X-Wing key from its seed."""

    def __init__(self, seed):
        expanded = hashlib.shake_256(seed).digest(96)
        self.kem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        self.dh = X25519PrivateKey.from_private_bytes(expanded[64:])
        self.dh_public = self.dh.public_key().public_bytes_raw()
        self.public = self.kem.public_key().public_bytes_raw() + self.dh_public

    def decapsulate(self, enc):
        try:
            dh = self.dh.exchange(X25519PublicKey.from_public_bytes(enc[CIPHERTEXT:]))
        except ValueError:
            raise Refused("header") from None
        return combine(self.kem.decapsulate(enc[:CIPHERTEXT]), dh, enc[CIPHERTEXT:], self.dh_public)


def combine(kem, dh, share, public):
    return hashlib.sha3_256(kem + dh + share + public + rb"\.//^" + b"\\").digest()


def encapsulate(public):
    kem, ciphertext = MLKEM768PublicKey.from_public_bytes(public[:ENCAPSULATION_KEY]).encapsulate()
    ephemeral = X25519PrivateKey.generate()
    share = ephemeral.public_key().public_bytes_raw()
    dh = ephemeral.exchange(X25519PublicKey.from_public_bytes(public[ENCAPSULATION_KEY:]))
    return combine(kem, dh, share, public[ENCAPSULATION_KEY:]), ciphertext + share


# --- age ---------------------------------------------------------------------------------------


def parse_header(content):
    """Returns the stanzas, the authenticated bytes, the MAC and the payload."""
    if not content.startswith(INTRO):
        raise Refused("header")
    position = len(INTRO)

    def line():
        nonlocal position
        end = content.find(b"\n", position)
        if end < 0:
            raise Refused("header")
        start, position = position, end + 1
        return content[start:end]

    stanzas = []
    while True:
        start = position
        first = line()
        if first.startswith(b"---"):
            break
        if not re.fullmatch(rb"->( [\x21-\x7e]+)+", first):
            raise Refused("header")
        body = b""
        while True:
            text = line()
            if len(text) > 64:
                raise Refused("header")
            body += unb64(text)
            if len(text) < 64:
                break
        stanzas.append((first.decode().split(" ")[1:], body))
    if not stanzas or not first.startswith(b"--- ") or len(unb64(first[4:])) != 32:
        raise Refused("header")
    return stanzas, content[: start + 3], unb64(first[4:]), content[position:]


def unwrap(stanzas, identity):
    for arguments, body in stanzas:
        if arguments[0] != STANZA:
            continue
        if len(arguments) != 2 or len(body) != 32:
            raise Refused("header")
        enc = unb64(arguments[1].encode())
        if len(enc) != CIPHERTEXT + 32:
            raise Refused("header")
        key, nonce = hpke_key(identity.decapsulate(enc))
        try:
            return ChaCha20Poly1305(key).decrypt(nonce, body, None)
        except InvalidTag:
            continue
    raise Refused("no-match")


def chunk_nonce(index, is_last):
    return index.to_bytes(11, "big") + bytes([is_last])


def open_file(content, identity):
    if content.lstrip(b" \t\r\n\v\f").startswith(b"-----"):
        content = dearmor(content)
    stanzas, authenticated, tag, payload = parse_header(content)
    file_key = unwrap(stanzas, identity)
    if not hmac.compare_digest(mac(hkdf(file_key, b"", b"header"), authenticated), tag):
        raise Refused("mac")
    if len(payload) < 16:
        raise Refused("header")
    cipher = ChaCha20Poly1305(hkdf(file_key, payload[:16], b"payload"))
    sealed = payload[16:]
    pieces = [sealed[i : i + CHUNK + TAG] for i in range(0, len(sealed), CHUNK + TAG)] or [b""]
    plaintext = b""
    for index, piece in enumerate(pieces):
        if len(piece) < TAG or (len(piece) == TAG and index > 0):
            raise Refused("payload")
        try:
            nonce = chunk_nonce(index, index == len(pieces) - 1)
            plaintext += cipher.decrypt(nonce, piece, None)
        except InvalidTag:
            raise Refused("payload") from None
    return plaintext


def seal_file(content, public):
    file_key, nonce = os.urandom(16), os.urandom(16)
    shared, enc = encapsulate(public)
    key, base_nonce = hpke_key(shared)
    body = ChaCha20Poly1305(key).encrypt(base_nonce, file_key, None)
    header = INTRO + b"-> " + STANZA.encode() + b" " + b64(enc) + b"\n" + b64(body) + b"\n---"
    tag = b64(mac(hkdf(file_key, b"", b"header"), header))
    cipher = ChaCha20Poly1305(hkdf(file_key, nonce, b"payload"))
    pieces = [content[i : i + CHUNK] for i in range(0, len(content), CHUNK)] or [b""]
    sealed = b"".join(
        cipher.encrypt(chunk_nonce(i, i == len(pieces) - 1), piece, None)
        for i, piece in enumerate(pieces)
    )
    return header + b" " + tag + b"\n" + nonce + sealed


def read_identity(path):
    with open(path, encoding="ascii") as file:
        for text in file.read().splitlines():
            if text.startswith("AGE-SECRET-KEY-PQ-1"):
                return Identity(bech32_decode(text, "age-secret-key-pq-"))
    raise Refused("key")


def main(arguments):
    if len(arguments) not in (2, 3) or arguments[0] not in ("open", "seal", "recipient"):
        print(__doc__, file=sys.stderr)
        return 2
    command, key = arguments[0], arguments[1]
    try:
        if command == "recipient":
            print(bech32_encode("age1pq", read_identity(key).public))
            return 0
        if len(arguments) == 3:
            with open(arguments[2], "rb") as file:
                content = file.read()
        else:
            content = sys.stdin.buffer.read()
        if command == "open":
            result = open_file(content, read_identity(key))
        else:
            result = seal_file(content, bech32_decode(key, "age1pq"))
    except (Refused, OSError, UnicodeDecodeError) as failure:
        print(f"age_pq: {failure}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(result)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
