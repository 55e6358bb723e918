# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes docs/spec/vectors/escrow-*.json; run as `escrow.py vectors DIRECTORY`.

Every input is derived from the name of its vector, so that nothing in it was chosen.
"""
import copy
import hashlib
import json
import os

import escrow as e

SIZES = {"2of2": (2, 2), "2of3": (2, 3), "3of5": (3, 5), "4of7": (4, 7)}


def sha256(text):
    return hashlib.sha256(text.encode()).digest()


def trustee_secret(name, index):
    wide = hashlib.sha512(f"{name}/trustee/{index}".encode()).digest()
    return int.from_bytes(wide, "little") % e.ORDER


def make_context(name, threshold, count, epoch=1):
    origins = [f"log-a.example/{name}", f"log-b.example/{name}"]
    switch, owner = sha256(f"{name}/switch"), sha256(f"{name}/owner")
    scope = e.scope_digest([o.encode() for o in origins], switch, owner, epoch)
    trustees = []
    for index in range(1, count + 1):
        entropy = sha256(f"{name}/enrol/{index}")
        key, possession = e.enrol(trustee_secret(name, index), scope, entropy)
        trustees.append({"key": key.hex(), "possession": possession.hex()})
    return {
        "type": "resguardo-escrow-context-v1",
        "origins": origins,
        "switch": switch.hex(),
        "owner": owner.hex(),
        "epoch": epoch,
        "threshold": threshold,
        "trustees": trustees,
    }


def make(name, threshold, count):
    context_json = make_context(name, threshold, count)
    context = e.Context(context_json)
    dealing_json, secret = e.deal(context, sha256(f"{name}/deal"))
    dealing = e.Dealing(dealing_json, context)
    checkpoint = sha256(f"{name}/checkpoint")
    shares, drills = [], []
    for index in range(1, count + 1):
        x = trustee_secret(name, index)
        shares.append(e.open_share(x, index, dealing, sha256(f"{name}/open/{index}")))
        entropy = sha256(f"{name}/drill/{index}")
        drills.append(e.drill(x, index, context, checkpoint, entropy).hex())
    seed = e.derive(dealing, secret)
    assert seed == e.combine(dealing, [e.read_share(s, dealing) for s in shares[-threshold:]])
    return {
        "name": name,
        "inputs": {
            "trusteeSecrets": [
                e.scalar_bytes(trustee_secret(name, i)).hex() for i in range(1, count + 1)
            ],
            "dealEntropy": sha256(f"{name}/deal").hex(),
            "enrolEntropy": [sha256(f"{name}/enrol/{i}").hex() for i in range(1, count + 1)],
            "openEntropy": [sha256(f"{name}/open/{i}").hex() for i in range(1, count + 1)],
            "drillEntropy": [sha256(f"{name}/drill/{i}").hex() for i in range(1, count + 1)],
            "drillCheckpoint": checkpoint.hex(),
        },
        "secondGenerator": e.G2_BYTES.hex(),
        "scopeDigest": context.scope.hex(),
        "context": context_json,
        "contextDigest": context.digest.hex(),
        "dealing": dealing_json,
        "dealingBytes": dealing.bytes.hex(),
        "dealingDigest": dealing.digest.hex(),
        "shares": shares,
        "drillProofs": drills,
        "secretElement": secret.hex(),
        "seed": seed.hex(),
        "identity": e.age_identity(seed),
    }


def key_with_top_bit(key):
    """A second spelling of an element for readers that ignore the highest bit."""
    data = bytearray.fromhex(key)
    data[31] |= 0x80
    return data.hex()


def refused():
    """One good transcript and every way in which it can be wrong, with the class of refusal.

    A case holds the parts that differ from the good transcript.
    """
    vector = make("refused", 3, 4)
    vector["shares"] = vector["shares"][:3]
    context, dealing, shares = vector["context"], vector["dealing"], vector["shares"]
    other = make("other", 3, 4)
    zero = "00" * 32
    over = (e.ORDER + 1).to_bytes(32, "little").hex()
    negative = (e.P - 1).to_bytes(32, "little").hex()
    generator = e.BASE_BYTES.hex()
    cases = []

    def case(word, comment, change):
        parts = copy.deepcopy({"context": context, "dealing": dealing, "shares": shares})
        change(parts)
        text = {
            "context": json.dumps(parts["context"]),
            "dealing": json.dumps(parts["dealing"]),
            "shares": [json.dumps(share) for share in parts["shares"]],
        }
        assert e.verdict(text) == f"refused {word}", (comment, e.verdict(text))
        changed = {name: parts[name] for name in parts if parts[name] != vector[name]}
        cases.append({"comment": comment, "class": word, **changed})

    def put(*path_and_value):
        *path, last, value = path_and_value

        def change(parts):
            for step in path:
                parts = parts[step]
            parts[last] = value

        return change

    def swap(*path):
        def change(parts):
            for step in path:
                parts = parts[step]
            parts[0], parts[1] = parts[1], parts[0]

        return change

    def drop(*path):
        def change(parts):
            for step in path[:-1]:
                parts = parts[step]
            del parts[path[-1]]

        return change

    case("form", "context of an unknown version", put("context", "type", "x-v2"))
    case("form", "context with an unknown member", put("context", "note", "x"))
    case("form", "context without an epoch", drop("context", "epoch"))
    case("form", "negative epoch", put("context", "epoch", -1))
    case("form", "epoch as a string", put("context", "epoch", "1"))
    case("form", "switch id of 31 bytes", put("context", "switch", "11" * 31))
    case("form", "upper-case hexadecimal", put("context", "owner", "AB" * 32))
    case("origin", "no origin", put("context", "origins", []))
    case("origin", "empty origin", put("context", "origins", ["", "a"]))
    case("origin", "origins not in order", swap("context", "origins"))
    case("origin", "one origin twice", put("context", "origins", ["a", "a"]))
    case("origin", "origin of 256 bytes", put("context", "origins", ["a" * 256]))
    case("count", "threshold of one", put("context", "threshold", 1))
    case("count", "threshold above n", put("context", "threshold", 5))
    case("count", "one trustee", put("context", "trustees", context["trustees"][:1]))
    case("duplicate", "one trustee twice",
         put("context", "trustees", 1, copy.deepcopy(context["trustees"][0])))
    case("identity", "identity as a trustee's key", put("context", "trustees", 2, "key", zero))
    top = key_with_top_bit(context["trustees"][2]["key"])
    case("element", "trustee's key with the top bit set", put("context", "trustees", 2, "key", top))
    case("element", "trustee's key not canonical", put("context", "trustees", 2, "key", negative))
    case("scalar", "possession with a response above the order",
         put("context", "trustees", 0, "possession", generator[:2] + "00" * 31 + over))
    case("possession", "another switch", put("context", "switch", other["context"]["switch"]))
    case("possession", "another owner", put("context", "owner", other["context"]["owner"]))
    case("possession", "another epoch", put("context", "epoch", 2))
    case("possession", "another log",
         put("context", "origins", other["context"]["origins"]))
    case("possession", "possession of another trustee",
         put("context", "trustees", 0, "possession", context["trustees"][1]["possession"]))
    case("context", "trustees swapped", swap("context", "trustees"))
    case("context", "another threshold", put("context", "threshold", 2))
    case("context", "dealing of another switch", put("dealing", other["dealing"]))
    case("form", "dealing of another type",
         put("dealing", "type", "resguardo-escrow-dealing-v2"))
    case("form", "dealing with an unknown member", put("dealing", "proofs", []))
    case("form", "commitment of 33 bytes", put("dealing", "commitments", 0, zero + "00"))
    case("identity", "secret committed to as zero", put("dealing", "commitments", 0, zero))
    case("identity", "leading coefficient zero", put("dealing", "commitments", 2, zero))
    case("element", "commitment not on the curve",
         put("dealing", "commitments", 1, "02" + "00" * 31))
    case("identity", "encrypted share is the identity", put("dealing", "shares", 3, zero))
    case("element", "encrypted share not canonical", put("dealing", "shares", 3, negative))
    case("scalar", "challenge above the order", put("dealing", "challenge", over))
    case("scalar", "response above the order", put("dealing", "responses", 2, over))
    case("degree", "a commitment fewer", put("dealing", "commitments", dealing["commitments"][:2]))
    case("degree", "a commitment more",
         put("dealing", "commitments", dealing["commitments"] + [generator]))
    case("count", "a share fewer", put("dealing", "shares", dealing["shares"][:3]))
    case("count", "a share and a response fewer", lambda parts: [
        parts["dealing"]["shares"].pop(), parts["dealing"]["responses"].pop()])
    case("count", "a response more", put("dealing", "responses", dealing["responses"] + [zero]))
    case("dealing", "encrypted shares swapped", swap("dealing", "shares"))
    case("dealing", "responses swapped", swap("dealing", "responses"))
    case("dealing", "commitments swapped", swap("dealing", "commitments"))
    case("dealing", "shares and responses swapped", lambda parts: [
        swap("dealing", "shares")(parts), swap("dealing", "responses")(parts)])
    case("dealing", "one share replaced", put("dealing", "shares", 1, generator))
    case("dealing", "one commitment replaced", put("dealing", "commitments", 1, generator))
    case("dealing", "one response zero", put("dealing", "responses", 0, zero))
    case("dealing", "challenge zero", put("dealing", "challenge", zero))
    case("dealing", "content of another switch under this context", lambda parts: parts.update(
        dealing=dict(other["dealing"], context=dealing["context"])))
    case("form", "share with an unknown member", put("shares", 0, "key", zero))
    case("form", "share's proof too short", put("shares", 0, "proof", zero))
    case("index", "index zero", put("shares", 0, "index", 0))
    case("index", "index above n", put("shares", 0, "index", 5))
    case("index", "index of 256", put("shares", 0, "index", 256))
    case("form", "negative index", put("shares", 0, "index", -1))
    case("identity", "opened share is the identity", put("shares", 0, "element", zero))
    case("element", "opened share not canonical", put("shares", 0, "element", negative))
    case("scalar", "share's proof above the order", put("shares", 0, "proof", over + zero))
    case("other-dealing", "share of another dealing", put("shares", 0, other["shares"][0]))
    case("share", "share of another dealing renamed",
         put("shares", 0, dict(other["shares"][0], dealing=shares[0]["dealing"])))
    case("share", "another trustee's index", put("shares", 0, "index", 4))
    case("share", "share replaced", put("shares", 0, "element", generator))
    case("share", "encrypted share given as opened",
         put("shares", 0, "element", dealing["shares"][0]))
    case("share", "proof of another share", put("shares", 0, "proof", shares[1]["proof"]))
    case("duplicate", "the same share twice", put("shares", 1, shares[0]))
    case("too-few", "one share fewer than the threshold", drop("shares", 2))
    good = {name: vector[name] for name in ("context", "dealing", "shares", "seed")}
    return {"good": good, "refused": cases}


def blinded():
    """Section 5.6: the blinded dealings of the other vectors, and damaged ones with their class."""
    vectors = []
    for name, (threshold, count) in SIZES.items():
        context = e.Context(make_context(name, threshold, count))
        entropy = sha256(f"{name}/deal")
        blind = e.blind(context, entropy)
        dealing, _ = e.deal(context, entropy)
        # The commitments are those of the real dealing, no key and no share is.
        start = 34 + 32 * count + 35
        assert blind[start : start + 32 * threshold].hex() == "".join(dealing["commitments"])
        assert not any(key in blind for key in context.keys)
        assert not any(bytes.fromhex(share) in blind for share in dealing["shares"])
        vectors.append({"name": name, "bytes": blind.hex()})
    good = bytes.fromhex(vectors[1]["bytes"])
    k, n = SIZES["2of3"]
    keys, inner = 34, 34 + 32 * n
    commitments = inner + 35
    shares = commitments + 32 * k
    challenge = shares + 32 * n
    over = (e.ORDER + 1).to_bytes(32, "little")
    negative = (e.P - 1).to_bytes(32, "little")
    other = bytes.fromhex(vectors[0]["bytes"])
    refused = []

    def case(word, comment, data):
        found = e.verdict({"blind": data.hex()})
        assert found == f"refused {word}", (comment, found)
        refused.append({"comment": comment, "class": word, "bytes": data.hex()})

    def put(place, data):
        return good[:place] + data + good[place + len(data) :]

    def swap(place, data=good):
        first, second = data[place : place + 32], data[place + 32 : place + 64]
        return data[:place] + second + first + data[place + 64 :]

    case("form", "nothing", b"")
    case("form", "another version", put(0, b"\x02"))
    case("form", "another version of the dealing", put(inner, b"\x02"))
    case("form", "a byte more", good + b"\x00")
    case("form", "a byte less", good[:-1])
    case("form", "no dealing", good[:inner])
    case("identity", "a key that is the identity", put(keys, bytes(32)))
    case("element", "a key that is not canonical", put(keys, negative))
    case("identity", "a commitment that is the identity", put(commitments, bytes(32)))
    case("element", "a share that is not canonical", put(shares, negative))
    case("scalar", "a challenge above the order", put(challenge, over))
    case("scalar", "a response above the order", put(challenge + 32, over))
    case("count", "a key fewer than shares",
         good[:33] + bytes([n - 1]) + good[keys + 32 :])
    case("count", "a threshold of one",
         put(inner + 33, b"\x01")[:commitments] + good[commitments + 32 :])
    case("context", "another context", put(1, sha256("other")))
    case("context", "a dealing bound to another digest", put(inner + 1, sha256("other")))
    case("context", "keys swapped", swap(keys))
    case("context", "the dealing of another vector's keys",
         good[:inner] + good[inner : inner + 1] + other[34 + 64 + 1 : 34 + 64 + 33]
         + good[inner + 33 :])
    case("dealing", "commitments swapped", swap(commitments))
    case("dealing", "shares swapped", swap(shares))
    case("dealing", "responses swapped", swap(challenge + 32))
    case("dealing", "a share replaced", put(shares, e.BASE_BYTES))
    case("dealing", "a response zero", put(challenge + 32, bytes(32)))
    case("dealing", "the challenge zero", put(challenge, bytes(32)))
    return {"vectors": vectors, "refused": refused}


def write(directory):
    os.makedirs(directory, exist_ok=True)

    def save(name, value):
        path = os.path.join(directory, f"escrow-{name}.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1)
            file.write("\n")

    for name, (threshold, count) in SIZES.items():
        save(name, make(name, threshold, count))
    save("refused", refused())
    save("blind", blinded())
