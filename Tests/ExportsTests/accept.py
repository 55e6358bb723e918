# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Lets those who read our exports read them: each has to be accepted, and refused once it is altered.

usage: accept.py FOLDER KEY    KEY: the label server's did:key
"""

import base64
import datetime
import json
import sys

import libipld
import nostr_sdk
import openvc
import stix2
import stix2validator
from atproto_client import models
from atproto_client.models.utils import get_or_create
from atproto_crypto.verify import verify_signature

folder, label_key = sys.argv[1:]
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def lines(name):
    with open(f"{folder}/{name}", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def refused(action):
    try:
        return action() is False
    except Exception:  # Whatever each library throws: it says no.
        return True


def label_holds(label):
    fields = dict(label)
    text = fields.pop("sig")["$bytes"]
    signature = base64.b64decode(text + "=" * (-len(text) % 4))
    models.ComAtprotoLabelDefs.Label(**fields, sig=signature)
    return verify_signature(label_key, libipld.encode_dag_cbor(fields), signature)


labels = lines("atproto-labels")
assert len(labels) == 3
for label in labels:
    assert label_holds(label), label
    assert refused(lambda: label_holds(dict(label, val="registry-strong")))
    raw = base64.b64decode(label["sig"]["$bytes"] + "==")
    high = (ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    text = base64.b64encode(raw[:32] + high).decode().rstrip("=")
    assert refused(lambda: label_holds(dict(label, sig={"$bytes": text})))

(labeler,) = lines("atproto-labeler")
record = get_or_create(labeler, models.AppBskyLabelerService.Record)
assert isinstance(record, models.AppBskyLabelerService.Record)
assert refused(lambda: get_or_create({k: v for k, v in labeler.items() if k != "policies"}, models.AppBskyLabelerService.Record))

(verification,) = lines("atproto-verification")
record = get_or_create(verification, models.AppBskyGraphVerification.Record)
assert isinstance(record, models.AppBskyGraphVerification.Record)
assert refused(lambda: get_or_create({k: v for k, v in verification.items() if k != "handle"}, models.AppBskyGraphVerification.Record))

credentials = lines("vc")
assert len(credentials) == 3
for credential in credentials:
    begin = datetime.datetime.fromisoformat(credential["validFrom"].replace("Z", "+00:00"))

    def verify(document, days=1):
        policy = openvc.VerificationPolicy(require_status=False, now=begin + datetime.timedelta(days=days))
        return openvc.verify_credential(document, policy=policy)

    verify(credential)
    assert refused(lambda: verify(credential, days=8))
    altered = json.loads(json.dumps(credential))
    altered["credentialSubject"]["account"]["stableId"] = "did:plc:other"
    assert refused(lambda: verify(altered))

events = lines("nostr")
assert len(events) == 2
for event in events:
    assert nostr_sdk.Event.from_json(json.dumps(event)).verify()
    assert refused(lambda: nostr_sdk.Event.from_json(json.dumps(dict(event, content="x"))).verify())
    tags = [["l", "attested", "org.resguardo.registry"]] + event["tags"][2:]
    assert refused(lambda: nostr_sdk.Event.from_json(json.dumps(dict(event, tags=tags))).verify())

ranks = lines("nostr-rank")
assert [dict(map(tuple, event["tags"]))["rank"] for event in ranks] == ["0", "78"]
for event in ranks:
    parsed = nostr_sdk.Event.from_json(json.dumps(event))
    assert parsed.verify() and parsed.kind().as_u16() == 30382
    tags = [["rank", "100"] if tag[0] == "rank" else tag for tag in event["tags"]]
    assert refused(lambda: nostr_sdk.Event.from_json(json.dumps(dict(event, tags=tags))).verify())

(bundle,) = lines("stix")
parsed = stix2.parse(bundle, version="2.1")
assert {o["type"] for o in parsed.objects} >= {"intrusion-set", "user-account", "attack-pattern", "report"}
outcome = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
assert outcome.is_valid, outcome
for kind, member in [("report", "object_refs"), ("relationship", "target_ref"), ("intrusion-set", "name")]:
    altered = json.loads(json.dumps(bundle))
    for item in altered["objects"]:
        if item["type"] == kind:
            del item[member]
    assert refused(lambda: stix2.parse(altered, version="2.1"))
    text = json.dumps(altered)
    assert not stix2validator.validate_string(text, stix2validator.ValidationOptions(version="2.1")).is_valid

(bundle,) = lines("stix-incident")
parsed = stix2.parse(bundle, version="2.1")
kinds = [o["type"] for o in parsed.objects]
assert set(kinds) == {"marking-definition", "identity", "incident", "attack-pattern", "user-account", "relationship",
                      "grouping"}, kinds
assert kinds.count("user-account") == 2 and kinds.count("relationship") == 4
assert all(str(stix2.TLP_AMBER.id) in o["object_marking_refs"] for o in parsed.objects
           if o["type"] in ("incident", "grouping", "relationship"))
(group,) = [o for o in parsed.objects if o["type"] == "grouping"]
assert len(group["object_refs"]) == len(set(group["object_refs"])) == 9
outcome = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
assert outcome.is_valid, outcome
for kind, member in [("grouping", "object_refs"), ("relationship", "target_ref"), ("incident", "name")]:
    altered = json.loads(json.dumps(bundle))
    for item in altered["objects"]:
        if item["type"] == kind:
            del item[member]
    assert refused(lambda: stix2.parse(altered, version="2.1"))
    text = json.dumps(altered)
    assert not stix2validator.validate_string(text, stix2validator.ValidationOptions(version="2.1")).is_valid
bundles = lines("stix-detection")
assert len(bundles) == 9
for bundle in bundles:
    parsed = stix2.parse(bundle, version="2.1")
    kinds = [o["type"] for o in parsed.objects]
    assert kinds.count("campaign") == kinds.count("grouping") == kinds.count("note"), kinds
    assert all(str(stix2.TLP_AMBER.id) in o["object_marking_refs"] for o in parsed.objects
               if o["type"] in ("campaign", "grouping", "relationship", "note", "observed-data"))
    for campaign in (o for o in parsed.objects if o["type"] == "campaign"):
        sources = {r["source_name"]: r for r in campaign["external_references"]}
        assert sources["sha-256"]["external_id"] == "00ff"
        assert sources["command"]["description"].startswith("resguardo feed detect ")
    outcome = stix2validator.validate_string(json.dumps(bundle), stix2validator.ValidationOptions(version="2.1"))
    assert outcome.is_valid, outcome
kinds = {o["type"] for bundle in bundles[:8] for o in bundle["objects"]}
assert kinds == {"marking-definition", "identity", "campaign", "user-account", "attack-pattern", "relationship", "observed-data",
                 "note", "grouping"}, kinds
for kind, member in [("grouping", "object_refs"), ("note", "content"), ("observed-data", "number_observed")]:
    altered = json.loads(json.dumps(bundles[0]))
    for item in altered["objects"]:
        if item["type"] == kind:
            del item[member]
    assert refused(lambda: stix2.parse(altered, version="2.1"))
print("accepted")
