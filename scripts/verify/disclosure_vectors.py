#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/spec/vectors/disclosure; made from docs/spec/ alone.

usage: disclosure_vectors.py DIRECTORY

Every input is derived from the name of what it is, so that nothing in it was chosen.
"""
import base64
import hashlib
import os
import sys

import disclosure as d

FILES = {"calle.jpg": b"a photograph\n", "año/voz.m4a": b"a voice\n", "list.txt": b""}
SHOWN = {0: ["fileCount", "note"], 1: ["name"], 2: ["kind", "size", "sha256"]}


def derived(name):
    return hashlib.sha256(f"resguardo disclosure vector: {name}".encode()).digest()


def public(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
    return scalar, digest[32:], compress(d.multiply(scalar, d.BASE))


def compress(point):
    inverse = pow(point[2], d.P - 2, d.P)
    x, y = point[0] * inverse % d.P, point[1] * inverse % d.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % d.L


def sign(seed, message):
    scalar, prefix, key = public(seed)
    nonce = number(prefix, message)
    r = compress(d.multiply(nonce, d.BASE))
    return r + ((nonce + number(r, key, message) * scalar) % d.L).to_bytes(32, "little")


def text64(data):
    return base64.b64encode(data).decode()


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    return d.sha256(b"\1", root(leaves[:middle]), root(leaves[middle:]))


def path(index, leaves):
    if len(leaves) == 1:
        return []
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < middle:
        return path(index, leaves[:middle]) + [root(leaves[middle:])]
    return path(index - middle, leaves[middle:]) + [root(leaves[:middle])]


def make_evidence():
    files = [
        {"kind": "file", "name": name, "size": len(data), "sha256": d.sha256(data).hex(),
         "mediaType": kind, "modified": {"seconds": 1795000000 + at, "nanoseconds": at}}
        for at, ((name, data), kind) in enumerate(
            zip(FILES.items(), ["image/jpeg", "audio/mp4", "text/plain"]))
    ]
    files[0] |= {"captureTool": "exiftool 12.57", "capturePosition": "+19.432608, -99.133209",
                 "captureTags": {"EXIF:Make": "Acme"}}
    return {
        "type": "evidence", "v": 1, "salt": derived("salt").hex(), "deviceClock": 1795000100,
        "note": "sí", "capturedAt": 1795000000, "files": files, "fileCount": len(files),
        "custody": [{"event": "deposited", "at": 1795000100, "tool": "resguardo"}],
    }


def commit(salt, prefix, fields):
    made = {}
    for name, value in fields.items():
        field_salt = d.sha256(salt, (prefix + name).encode())[:16]
        data = d.canonical(value).encode()
        made[name] = (field_salt.hex(), d.sha256(field_salt, data).hex())
    leaf = d.canonical({name: commitment for name, (_, commitment) in made.items()})
    return made, d.sha256(b"\0", leaf.encode())


def make_disclosure(evidence):
    salt = bytes.fromhex(evidence["salt"])
    item = {name: value for name, value in evidence.items() if name not in ("salt", "files")}
    parts = [("", item)] + [(f"files/{n}/", file) for n, file in enumerate(evidence["files"])]
    made = [commit(salt, prefix, fields) for prefix, fields in parts]
    hashes = [leaf for _, leaf in made]
    leaves = []
    for index, names in SHOWN.items():
        fields, commitments = parts[index][1], made[index][0]
        leaves.append({
            "leaf": index, "content": index == 2,
            "path": [sibling.hex() for sibling in path(index, hashes)],
            "shown": {name: {"salt": commitments[name][0], "value": fields[name]} for name in names},
            "withheld": {name: commitments[name][1] for name in fields if name not in names},
        })
    document = {"type": "disclosure", "v": 1, "leaves": leaves}
    return document, root(hashes)


def make_receipt(commitment):
    member_seed, log_seed = derived("member"), derived("log")
    member, log = public(member_seed)[2], public(log_seed)[2]
    statement = {
        "type": "deposit", "v": 1, "case": derived("case")[:16].hex(), "member": member.hex(),
        "ciphertextRoot": derived("object").hex(), "size": 4096, "date": "2026-11-18",
        "evidence": commitment.hex(),
    }
    body, kind = d.canonical(statement).encode(), "application/vnd.resguardo.deposit.v1+json"
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(body), body)
    envelope = d.canonical({
        "payload": text64(body), "payloadType": kind,
        "signatures": [{"keyid": d.sha256(member).hex(), "sig": text64(sign(member_seed, message))}],
    })
    salt = derived("leaf salt")
    entry = d.sha256(b"resguardo/vault/leaf/1\n", salt, envelope.encode())
    leaves = [derived("earlier entry"), d.sha256(b"\0", entry), derived("later entry")]
    name = "resguardo.local/vault/" + d.sha256(log)[:8].hex()
    blob = b"\1" + log
    key_id = d.sha256(name.encode(), b"\n", blob)[:4]
    checkpoint = f"{name}\n{len(leaves)}\n{text64(root(leaves))}\n"
    signature = text64(key_id + sign(log_seed, checkpoint.encode()))
    lines = [
        "resguardo-receipt/1", f"log {name}+{key_id.hex()}+{text64(blob)}", "salt " + text64(salt),
        "statement " + envelope, "", "c2sp.org/tlog-proof@v1", "index 1",
        *[text64(sibling) for sibling in path(1, leaves)], "", checkpoint,
    ]
    return "\n".join(lines) + f"\n— {name} {signature}\n"


def write(directory, name, data):
    target = os.path.join(directory, name)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "wb") as file:
        file.write(data)


def main(directory):
    evidence = make_evidence()
    document, commitment = make_disclosure(evidence)
    write(directory, "evidence.json", d.canonical(evidence).encode())
    package = os.path.join(directory, "package")
    write(package, "disclosure.json", d.canonical(document).encode())
    write(package, "receipt.txt", make_receipt(commitment).encode())
    write(package, "files/1/content", FILES["año/voz.m4a"])
    d.verify(package)


main(*sys.argv[1:])
