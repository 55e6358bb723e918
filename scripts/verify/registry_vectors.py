#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes a vector of each statement of a registry, from docs/spec/registry.md and ring-vouch.md alone.

usage: registry_vectors.py FILE [CORPUS]

None of our code is involved; Tests/RegistryTests reads the file. Secrets are SHA-256 of names. CORPUS
is the folder of seeds for the fuzzer, which get the same statements, and wrong ones.
"""

import copy
import hashlib
import hmac
import json
import os
import sys

import registry_ring
import sortition
import vrf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from escrow import BASE, ORDER, combination, decode, encode, one_way_map
from registry_log import DAY, FIELDS, Epoch, check_statement, constituency_number
from registry_ring import SUITE, domain, expand, number, ring_digest, to_scalar

ORIGIN = "registry.example/log"
CONTEXT = hashlib.sha256(ORIGIN.encode()).digest()
DATE = 1791158400  # 2026-10-05
EPOCH = "2026Q4"
HOMES = ("academia", "international", "press", "rights")


def secret(name):
    return hashlib.sha256(b"resguardo vector " + name.encode()).digest()


def digest(name):
    return secret(name).hex()


def private(name):
    return Ed25519PrivateKey.from_private_bytes(secret(name))


def public(name):
    return private(name).public_key().public_bytes_raw().hex()


def key_id(name):
    return hashlib.sha256(bytes.fromhex(public(name))).hexdigest()


def canonical(value):
    """RFC 8785, for ASCII names and integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def statement(kind, /, **members):
    value = {"type": "registry-" + kind, "v": 1, "context": CONTEXT.hex(), "date": DATE, **members}
    check_statement(value, kind)
    return value


def quorum(count, constituencies):
    return {"count": count, "constituencies": constituencies}


# --- Rings ----------------------------------------------------------------------------------------


def ring_secret(name):
    return int.from_bytes(secret("ring " + name), "little") % ORDER


def ring_key(x):
    return encode(combination((x, BASE)))


def nonce(x, *parts):
    data = domain(b"nonce") + x.to_bytes(32, "little") + secret("entropy") + b"".join(parts)
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % ORDER


def possession(x, organisation, home):
    scope = CONTEXT + organisation + number(Epoch(EPOCH).number, 8) + number(constituency_number(home), 2)
    k = nonce(x, domain(b"pop"), scope, number(0, 4))
    c = to_scalar(scope + ring_key(x) + encode(combination((k, BASE))), b"pop")
    return c.to_bytes(32, "little") + ((k - c * x) % ORDER).to_bytes(32, "little")


def one_time_seed(x, act, subject):
    info = SUITE + b"withdraw" + (b":" + act.encode() if act != "vouch" else b"")
    info += CONTEXT + subject + number(Epoch(EPOCH).number, 8)
    inner = hmac.new(bytes(32), x.to_bytes(32, "little"), hashlib.sha256).digest()
    return hmac.new(inner, info + b"\1", hashlib.sha256).digest()


def ring_sign(act, keys, x, home, subject, slot, digest_):
    """Section 5."""
    place, n = keys.index(ring_key(x)), len(keys)
    named = subject + number(Epoch(EPOCH).number, 8)
    bases = [one_way_map(expand(CONTEXT + named, domain(b"tag", act)))]
    where = CONTEXT + number(constituency_number(home), 2) + number(Epoch(EPOCH).number, 8)
    if slot is not None:
        bases.append(one_way_map(expand(where + number(slot, 2), domain(b"quota", act))))
    images = [combination((x, base)) for base in bases]
    tags = [encode(image) for image in images]
    bound = hashlib.sha512(
        domain(b"transcript", act) + CONTEXT + ring_digest(keys)
        + number(constituency_number(home), 2) + named
        + (b"" if slot is None else number(slot, 2)) + b"".join(tags) + digest_).digest()

    def challenge(index, points):
        data = bound + number(index, 4) + b"".join(encode(point) for point in points)
        return to_scalar(data, b"challenge")

    alpha = nonce(x, bound, number(2**32 - 1, 4))
    responses = [nonce(x, bound, number(index, 4)) for index in range(n)]
    challenges = [None] * n
    c = challenge(place, [combination((alpha, base)) for base in [BASE] + bases])
    for step in range(1, n):
        index = (place + step) % n
        challenges[index], r = c, responses[index]
        points = [combination((r, BASE), (c, decode(keys[index])))]
        points += [combination((r, base), (c, image)) for base, image in zip(bases, images)]
        c = challenge(index, points)
    challenges[place], responses[place] = c, (alpha - c * x) % ORDER
    scalars = [challenges[0]] + responses
    return b"".join(value.to_bytes(32, "little") for value in scalars) + b"".join(tags)


def sealed(act, says, members, place, home, slot):
    """A statement with its seal, the ring signature, and what made them."""
    secrets = {ring_key(ring_secret(name)): ring_secret(name) for name in members}
    keys = sorted(secrets)
    x, subject = secrets[keys[place]], bytes.fromhex(says["subject"])
    seed = one_time_seed(x, act, subject)
    key = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    seal = {"constituency": home, "key": key.hex(), "ring": ring_digest(keys).hex(), "signature": "0" * 64}
    if slot is not None:
        seal["slot"] = slot
    says = dict(says, seal=seal)
    signature = ring_sign(act, keys, x, home, subject, slot, hashlib.sha256(canonical(says)).digest())
    says["seal"] = dict(seal, signature=hashlib.sha256(signature).hexdigest())
    check_statement(says, says["type"].removeprefix("registry-"))
    assert registry_ring.is_signed(
        act, keys, signature, CONTEXT, constituency_number(home), subject, Epoch(EPOCH).number,
        slot, hashlib.sha256(canonical(dict(says, seal=seal))).digest())
    return {"act": act, "payload": canonical(says).decode(), "ring": [each.hex() for each in keys],
            "secret": x.to_bytes(32, "little").hex(), "signature": signature.hex(), "seed": seed.hex()}


def function(name):
    """The secret of a holder's function, below the order."""
    return (int.from_bytes(secret("function " + name), "little") % ORDER).to_bytes(32, "little")


def chain(subject, count):
    """The words of a canary, the anchor first: registry.md, 3.18."""
    words = [secret("canary")]
    for _ in range(count):
        before = b"resguardo-registry/canary/v1\n" + bytes.fromhex(subject) + words[-1]
        words.append(hashlib.sha256(before).digest())
    return words[::-1]


# --- Statements -----------------------------------------------------------------------------------


def charter():
    people = [{"constituency": home, "key": public("root " + home)} for home in HOMES]
    seats = [{"constituency": home, "key": public("seat " + home)} for home in HOMES]
    return statement(
        "charter", number=1, origin=ORIGIN, operator=public("operator"),
        constituencies=[{"id": home, "name": "Sector " + home} for home in HOMES],
        root=people, seats=seats, rootQuorum=quorum(3, 3), accreditQuorum=quorum(3, 2),
        revokeQuorum=quorum(4, 3), designateQuorum=quorum(3, 3),
        snapshotKeys=[public("snapshot")], snapshotThreshold=1,
        rules={"provisional": quorum(2, 2), "attested": quorum(3, 2), "strong": quorum(5, 3),
               "observers": quorum(2, 1), "emergency": quorum(2, 2), "objectionDays": 3,
               "provisionalDays": 30, "graceDays": 21, "controlDays": 90, "emergencyDays": 3},
        limits={"alarmQuota": 2, "charterDelayDays": 14, "growthFloor": 1, "growthPercent": 10,
                "lapsedDays": 53, "probationQuarters": 1, "seatPercent": 40, "silentDays": 21,
                "staleDays": 14, "vouchQuota": 4}, until=DATE + 1096 * DAY)


def statements():
    subject, verifier = digest("subject"), key_id("verifier")
    about = {"subject": subject}
    vouch = {**about, "accounts": sorted([digest("account a"), digest("account b")]), "epoch": EPOCH,
             "consideration": "none"}
    x = ring_secret("0")
    dossiers = sorted(digest(name) for name in ("dossier a", "dossier b", "dossier c"))
    yield charter()
    yield statement("batch")
    yield statement("accredit-verifier", key=public("verifier"), name="Diario de la Sierra, A.\u00a0C.",
                    kind="newsroom", constituency="press", until=DATE + 731 * DAY)
    yield statement("accredit-verifier", key=public("twin"), name="Diario del Valle", kind="newsroom",
                    constituency="press", until=DATE + 365 * DAY, control="grupo-sierra")
    yield statement("nominate", key=public("verifier"), constituency="press", voice="for")
    yield statement("nominate", key=public("verifier"), constituency="press", voice="against")
    yield statement("suspend-verifier", verifier=verifier, until=DATE + 30 * DAY,
                    reason="undisclosed-affiliation")
    yield statement("remove-verifier", verifier=verifier, reason="verifier-fraud")
    yield statement("register", key=public("source"), nonce=digest("nonce"),
                    next=key_id("source next"))
    yield statement("rotate-key", **about, key=public("source next"), next=key_id("source third"))
    yield statement("prove-control", **about, account=digest("account a"), method="profile-code")
    yield statement("vouch", **vouch, mode="named/v1", verifier=verifier)
    yield statement("withdraw-vouch", **about, vouch=digest("vouch"))
    yield statement("ring-key", verifier=verifier, epoch=EPOCH, key=ring_key(x).hex(),
                    proof=possession(x, bytes.fromhex(verifier), "press").hex())
    keys = sorted(ring_key(ring_secret(str(index))).hex() for index in range(12))
    yield statement("ring-snapshot", epoch=EPOCH, constituency="press", keys=keys)
    yield statement("decide-seals", epoch=EPOCH, statements=sorted([digest("vouch"), digest("alarm")]))
    yield statement("suspend", **about, until=DATE + 3 * DAY, reason="handle-changed")
    yield statement("revoke", **about, reason="impersonation", lastTrustedAt=DATE - 1)
    yield statement("revoke", **about, reason="subject-request")
    yield statement("memorial", **about, lastTrustedAt=DATE - 86399, evidence=digest("evidence"))
    yield statement("cancel-memorial", **about)
    guardians = sorted(public(name) for name in ("guardian a", "guardian b"))
    yield statement("guardians", **about, guardians=guardians)
    yield statement("guard", **about, act="freeze")
    yield statement("guard", **about, act="taken-over", lastTrustedAt=DATE - 7)
    yield statement("recover-key", **about, key=public("source new"), next=key_id("source newer"))
    yield statement("canary", **about, anchor=chain(subject, 3)[0].hex(), everyDays=7)
    yield statement("canary", **about)
    yield statement("alive", **about, word=chain(subject, 3)[2].hex())
    yield statement("appeal", **about, decision=digest("decision"), grounds=digest("grounds"))
    yield statement("appeal-decision", **about, appeal=digest("appeal"), outcome="upheld",
                    reasons=digest("reasons"))
    yield statement("reopen", **about, dossier=digest("dossier a"))
    network = {
        "name": "Red de prueba", "identifiableGroup": True, "unifiedPurpose": False,
        "coordination": ["social", "technical"], "dossiers": dossiers,
        "activities": [{"description": "amenazas", "harm": "physical", "grade": "high",
                        "evidence": dossiers}],
        "terms": [{"term": "#prueba \u00f1", "form": "hashtag", "regions": ["mx", "mx-tam"],
                   "source": dossiers[0]}],
        "rightsImpact": "People who report threats use the same words.",
        "reasons": ["Las mismas cuentas, los mismos minutos.", "I would have waited."],
        "actions": ["no-recommend", "no-trend"], "accountList": digest("list"), "accountCount": 2,
        "until": DATE + 90 * DAY,
    }
    yield statement("designate-network", **network)
    yield statement("designate-network", **network, network=digest("network"), splitFrom=digest("other"))
    yield statement("withdraw-designation", network=digest("network"), reason="administrative-error")
    holder, proof, _ = vrf.prove(function("holder"), sortition.beacon_input(CONTEXT, DATE - DAY))
    yield statement("beacon", day=DATE - DAY, holder=holder.hex(), proof=proof.hex())
    harm = {"harm": "physical", "grade": "high", "evidence": dossiers[:2], "key": public("reader")}
    yield statement("complaint", about="post", target=digest("content"), **harm)
    yield statement("complaint", about="listing", target=digest("account a"),
                    network=digest("network"), **harm)
    yield statement("review", complaint=digest("complaint"), outcome="rejected",
                    grade="none", reason="routine-review", reasons=digest("reasons"))
    limit = {"accountList": digest("list"), "actions": ["no-recommend", "no-trend"],
             "until": DATE + 90 * DAY}
    yield statement("review", complaint=digest("complaint"), outcome="upheld", grade="moderate",
                    limit=limit, reason="coordinated-harm", reasons=digest("reasons"))
    yield statement("contest", complaint=digest("complaint"), grounds=digest("grounds"))
    yield statement("contest", complaint=digest("complaint"), grounds=digest("grounds"),
                    key=public("reader"))
    yield statement("correct", content=digest("content"), finding="missing-context",
                    link="https://observatorio.example/1", until=DATE + DAY, verifier=verifier)
    yield statement("incident", sealed=digest("sealed"), audience=digest("audience"),
                    key=public("once"), until=DATE + 366 * DAY)


def seals():
    subject = digest("subject")
    about = {"type": "registry-sealed-act", "v": 1, "context": CONTEXT.hex(), "date": DATE,
             "subject": subject, "epoch": EPOCH}
    vouch = {**about, "type": "registry-vouch", "accounts": [digest("account a")],
             "consideration": "none"}
    members = [str(index) for index in range(12)]
    yield sealed("vouch", {**vouch, "mode": "sealed/v1"}, members, 7, "press", 3)
    yield sealed("object", {**about, "act": "object", "reason": "impersonation"}, members, 0, "press", None)
    yield sealed("suspend", {**about, "act": "suspend", "reason": "routine-review"}, members, 11, "press", 1)
    concur = {**about, "type": "registry-concur", "sound": 9, "unsound": 1}
    yield sealed("concur", concur, members, 5, "panel", None)
    named = {**vouch, "mode": "named/v1", "verifier": key_id("verifier")}
    yield sealed("vouch", named, ["3"], 0, "press", 0)


# --- Seeds of the fuzzer --------------------------------------------------------------------------


def bad_ones(value):
    """Wrong in ways that a parser has to see: name and bytes."""
    yield "unknown", canonical({**value, "zz": 1})
    yield "version", canonical({**value, "v": 2})
    yield "hour", canonical({**value, "date": value["date"] + 3600})
    yield "type", canonical({**value, "type": "registry-x"})
    yield "order", json.dumps(dict(reversed(sorted(value.items()))), separators=(",", ":")).encode()
    yield "context", canonical({**value, "context": value["context"][:-2]})
    for name, part in value.items():
        if isinstance(part, list) and part and isinstance(part[0], str):
            if name != "reasons":
                yield "reordered-" + name, canonical({**value, name: list(reversed(part)) + part[:1]})
            yield "oversized-" + name, canonical(
                {**value, name: sorted(hashlib.sha256(b"%d" % i).hexdigest() for i in range(513))})
        if name == "epoch":
            yield "epoch", canonical({**value, "epoch": "2026Q5"})
    if "seal" in value:
        spoilt = copy.deepcopy(value)
        spoilt["seal"]["slot"] = 256
        yield "slot", canonical(spoilt)


def write_corpus(folder, values):
    counts = {}
    for value in values:
        kind = value["type"]
        counts[kind] = counts.get(kind, 0) + 1
        directory = os.path.join(folder, kind)
        os.makedirs(directory, exist_ok=True)
        files = {f"good-vector-{counts[kind]}": canonical(value)}
        if counts[kind] == 1:
            files |= {"bad-vector-" + name.lower(): data for name, data in bad_ones(value)}
        for name, data in files.items():
            with open(os.path.join(directory, name), "wb") as file:
                file.write(data)


def main(path, corpus=None):
    plain, with_seal = list(statements()), list(seals())
    types = {value["type"] for value in plain} | {
        json.loads(each["payload"])["type"] for each in with_seal}
    assert types == {"registry-" + kind for kind in FIELDS}
    document = {
        "origin": ORIGIN, "epoch": EPOCH, "canary": [each.hex() for each in chain(digest("subject"), 3)],
        "payloads": [canonical(value).decode() for value in plain], "seals": with_seal,
        "subjects": [hashlib.sha256(b"sid/v1" + canonical(value)).hexdigest() for value in plain
                     if value["type"] == "registry-register"],
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1, ensure_ascii=False)
        file.write("\n")
    if corpus:
        write_corpus(corpus, plain + [json.loads(each["payload"]) for each in with_seal])


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
