# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Asks the reference implementation beside the package, case by case.

usage: reference.py FOLDER < cases        FOLDER holds r255.py
Each line is a JSON object. Without "signature" the reference signs and prints the signature; with
it, it verifies and prints whether the signature holds.
"""
import json
import sys

sys.path.insert(0, sys.argv[1])
import r255  # noqa: E402

for line in sys.stdin:
    case = json.loads(line)
    keys = [bytes.fromhex(key) for key in case["ring"]]
    message = (
        bytes.fromhex(case["context"]), case["constituency"], bytes.fromhex(case["subject"]),
        case["epoch"], case["slot"], bytes.fromhex(case["statement"]),
    )
    if "signature" in case:
        print(int(r255.verify(keys, bytes.fromhex(case["signature"]), *message)))
    else:
        secret = int.from_bytes(bytes.fromhex(case["secret"]), "little")
        seed = bytes.fromhex(case["entropy"])
        print(r255.sign(keys, case["place"], secret, *message, seed).hex())
