# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""What the log of a registry holds: entries, and the statements in them.

Part of registry_fold.py. Written from docs/spec/statements.md, registry.md (section 3) and log.md.
"""

import os
import re

import verify
from switch_log import Tree, leaves, signed
from verify import INTEGER_MAX, check_object, is_hex, is_integer, is_text, require, sha256

DAY = 86400
CONSTITUENCY_DOMAIN = b"resguardo-registry/constituency/v1\n"
REASONS = """account-takeover administrative-error coordinated-harm deceased duress
fabricated-evidence handle-changed impersonation inactivity key-compromise routine-review
subject-request superseded undisclosed-affiliation verifier-fraud""".split()


# --- Epochs ---------------------------------------------------------------------------------------


def days_before(year):
    past = year - 1
    return past * 365 + past // 4 - past // 100 + past // 400 - 719162


class Epoch:
    """A quarter of a calendar year."""

    def __init__(self, name):
        self.name, year, quarter = name, int(name[:4]), int(name[5])
        self.number = year * 10 + quarter
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        starts = [0, 90 + leap, 181 + leap, 273 + leap, 365 + leap]
        self.start = (days_before(year) + starts[quarter - 1]) * DAY
        self.end = (days_before(year) + starts[quarter]) * DAY


def epoch_of(time):
    year = 1970
    while days_before(year + 1) * DAY <= time:
        year += 1
    return next(epoch.name for epoch in (Epoch("%04dQ%d" % (year, q)) for q in range(1, 5))
                if time < epoch.end)


def next_epoch(name):
    return epoch_of(Epoch(name).end)


def constituency_number(name):
    return int.from_bytes(sha256(CONSTITUENCY_DOMAIN + name.encode())[:2], "big")


# --- Statements -----------------------------------------------------------------------------------


def hexadecimal(count=32):
    return lambda value: is_hex(value, count)


def is_time(value):
    return is_integer(value, 0, INTEGER_MAX)


def is_day(value):
    return is_time(value) and value % DAY == 0


def is_slug(value):
    return isinstance(value, str) and re.fullmatch("[a-z0-9-]{1,32}", value) is not None


def is_epoch(value):
    fits = isinstance(value, str) and re.fullmatch("[0-9]{4}Q[1-4]", value)
    return bool(fits) and int(value[:4]) >= 1970


def prose(count):
    return lambda value: is_text(value, count) and value != ""


def one_of(*words):
    return lambda value: isinstance(value, str) and value in words


def integer(low, high):
    return lambda value: is_integer(value, low, high)


def listed(low, high, check, ascending=True):
    def checked(value):
        if not isinstance(value, list) or not low <= len(value) <= high:
            return False
        rises = all(a < b for a, b in zip(value, value[1:])) if ascending else True
        return all(check(each) for each in value) and rises
    return checked


def made_of(checks, optional=()):
    def checked(value):
        check_object(value, checks, "object", optional)
        return True
    return checked


def is_quorum(value):
    check_object(value, {"count": integer(1, 32), "constituencies": integer(1, 32)}, "quorum")
    return value["constituencies"] <= value["count"]


def is_met(quorum, constituencies):
    enough = len(constituencies) >= quorum["count"]
    return enough and len(set(constituencies)) >= quorum["constituencies"]


is_key, is_reason = hexadecimal(), one_of(*REASONS)
is_seal = made_of({"constituency": is_slug, "key": is_key, "ring": is_key, "signature": is_key,
                   "slot": integer(0, 255)}, optional=("slot",))
members = listed(1, 64, made_of({"constituency": is_slug, "key": is_key}), ascending=False)
is_rules = made_of({
    **dict.fromkeys(("provisional", "attested", "strong", "observers", "emergency"), is_quorum),
    "objectionDays": integer(0, 30), "provisionalDays": integer(1, 90), "graceDays": integer(0, 45),
    "controlDays": integer(1, 365), "emergencyDays": integer(1, 14),
})
is_action = one_of("limit-visibility", "no-recommend", "no-trend", "suspend-primary-purpose")
is_activity = made_of({
    "description": prose(512), "harm": one_of("information", "physical", "psychological"),
    "grade": one_of("none", "low", "moderate", "high"), "evidence": listed(0, 64, is_key),
})
is_term = made_of({
    "term": prose(256), "form": one_of("alias", "emoji", "hashtag", "name", "phrase"),
    "regions": listed(0, 64, is_slug), "source": is_key,
})

# What a charter may set, within these bounds; registry-rules.md, "Limits".
LIMITS = {
    "alarmQuota": (1, 8), "charterDelayDays": (0, 60), "growthFloor": (1, 12),
    "growthPercent": (0, 25), "lapsedDays": (3, 365), "probationQuarters": (0, 4),
    "seatPercent": (25, 40), "silentDays": (2, 180), "staleDays": (1, 90), "vouchQuota": (1, 16),
}
NO_CONSTITUENCIES = {"funder", "funders", "government", "governments", "party", "parties", "platform",
                     "platforms"}

# Members of each type beside `type`, `v`, `context` and `date`; a question mark marks optional ones.
FIELDS = {
    "charter": {
        "number": integer(1, 1000000), "origin": prose(256), "operator": is_key,
        "constituencies": listed(1, 64, made_of({"id": is_slug, "name": prose(128)}), False),
        "root": members, "seats": members, "rootQuorum": is_quorum, "accreditQuorum": is_quorum,
        "revokeQuorum": is_quorum, "designateQuorum": is_quorum,
        "snapshotKeys": listed(1, 64, is_key), "snapshotThreshold": integer(1, 64),
        "rules": is_rules,
        "limits": made_of({name: integer(*bounds) for name, bounds in LIMITS.items()}),
        "until": is_day,
        "nominateQuorum?": is_quorum,
        "beacons?": listed(3, 16, made_of({"constituency": is_slug, "function": is_key, "key": is_key}),
                           False),
    },
    "batch": {},
    "accredit-verifier": {
        "key": is_key, "name": prose(128), "constituency": is_slug, "until": is_day,
        "control?": is_slug,
        "kind": one_of("academia", "fact-checker", "human-rights", "international", "newsroom",
                       "observatory", "press-freedom", "search-collective"),
    },
    "nominate": {"key": is_key, "constituency": is_slug, "voice": one_of("for", "against")},
    "suspend-verifier": {"verifier": is_key, "until": is_day, "reason": is_reason},
    "remove-verifier": {"verifier": is_key, "reason": is_reason},
    "register": {"key": is_key, "next": is_key, "nonce": is_key},
    "rotate-key": {"subject": is_key, "key": is_key, "next": is_key},
    "prove-control": {"subject": is_key, "account": is_key,
                      "method": one_of("posted-code", "profile-code")},
    "vouch": {"subject": is_key, "accounts": listed(1, 8, is_key), "epoch": is_epoch,
              "mode": one_of("named/v1", "sealed/v1"), "verifier?": is_key, "seal?": is_seal,
              "consideration": one_of("none")},
    "withdraw-vouch": {"subject": is_key, "vouch": is_key},
    "ring-key": {"verifier": is_key, "epoch": is_epoch, "key": is_key, "proof": hexadecimal(64)},
    "ring-snapshot": {"epoch": is_epoch, "constituency": is_slug, "keys": listed(1, 512, is_key)},
    "sealed-act": {"act": one_of("object", "suspend"), "subject": is_key, "epoch": is_epoch,
                   "reason": is_reason, "seal": is_seal},
    "beacon": {"day": is_day, "holder": is_key, "proof": hexadecimal(80)},
    "concur": {"subject": is_key, "epoch": is_epoch, "sound": integer(1, 100),
               "unsound": integer(0, 99), "seal": is_seal},
    "decide-seals": {"epoch": is_epoch, "statements": listed(1, 512, is_key)},
    "suspend": {"subject": is_key, "until": is_day, "reason": is_reason},
    "revoke": {"subject": is_key, "reason": is_reason, "lastTrustedAt?": is_time},
    "memorial": {"subject": is_key, "lastTrustedAt": is_time, "evidence": is_key},
    "cancel-memorial": {"subject": is_key},
    "guardians": {"subject": is_key, "guardians": listed(2, 5, is_key)},
    "guard": {"subject": is_key, "act": one_of("freeze", "taken-over"), "lastTrustedAt?": is_time},
    "recover-key": {"subject": is_key, "key": is_key, "next": is_key},
    "canary": {"subject": is_key, "anchor?": is_key, "everyDays?": integer(1, 31)},
    "alive": {"subject": is_key, "word": is_key},
    "appeal": {"subject": is_key, "decision": is_key, "grounds": is_key},
    "appeal-decision": {"subject": is_key, "appeal": is_key, "reasons": is_key,
                        "outcome": one_of("upheld", "rejected")},
    "reopen": {"subject": is_key, "dossier": is_key},
    "designate-network": {
        "network?": is_key, "splitFrom?": is_key, "reasons": listed(1, 16, prose(1024), False), "name": prose(128), "rightsImpact": prose(4096), "until": is_day,
        "identifiableGroup": lambda value: isinstance(value, bool),
        "unifiedPurpose": lambda value: isinstance(value, bool),
        "coordination": listed(0, 2, one_of("social", "technical")),
        "activities": listed(1, 64, is_activity, False), "terms": listed(0, 64, is_term, False),
        "dossiers": listed(2, 64, is_key), "accountList": is_key, "accountCount": integer(0, 50000),
        "actions": listed(0, 4, is_action),
    },
    "withdraw-designation": {"network": is_key, "reason": is_reason},
    "complaint": {
        "about": one_of("account", "listing", "network", "post", "subject"), "target": is_key,
        "network?": is_key, "harm": one_of("information", "physical", "psychological"),
        "grade": one_of("low", "moderate", "high"), "evidence": listed(1, 16, is_key),
        "key": is_key},
    "review": {
        "complaint": is_key, "outcome": one_of("upheld", "rejected"), "reason": is_reason,
        "reasons": is_key, "grade": one_of("none", "low", "moderate", "high"),
        "limit?": made_of({"accountList": is_key, "until": is_day, "actions": listed(1, 4, is_action)})},
    "contest": {"complaint": is_key, "grounds": is_key, "key?": is_key},
    "correct": {"content": is_key, "link": prose(512), "until": is_day, "verifier": is_key,
                "finding": one_of("altered", "correct", "false", "misleading", "missing-context",
                                  "satire")},
    "incident": {"sealed": is_key, "audience": is_key, "key": is_key, "until": is_day},
}
# The longest time until `until`, in days.
LIVES = {"charter": 1096, "accredit-verifier": 731, "correct": 731, "designate-network": 90, "suspend": INTEGER_MAX, "incident": 366,
         "suspend-verifier": INTEGER_MAX}


def check_charter(charter):
    names = [each["id"] for each in charter["constituencies"]]
    require(len(names) >= 4 and names == sorted(set(names)), "constituencies")
    require(not NO_CONSTITUENCIES.intersection(names), "constituencies")
    limits = charter["limits"]
    require(limits["staleDays"] < limits["silentDays"] < limits["lapsedDays"], "limits")
    for place in ("root", "seats"):
        keys = [each["key"] for each in charter[place]]
        known = all(each["constituency"] in names for each in charter[place])
        require(known and len(set(keys)) == len(keys), place)
    homes = {place: [each["constituency"] for each in charter[place]] for place in ("root", "seats")}
    require(len(set(homes["root"])) >= 4, "root")
    require(all(homes["seats"].count(name) * 100 <= limits["seatPercent"] * len(homes["seats"]) for name in names), "seats")
    for quorum, place in (("root", "root"), ("accredit", "seats"), ("revoke", "seats"),
                          ("designate", "seats")):
        asked = charter[quorum + "Quorum"]
        require(asked["count"] * 2 > len(homes[place]) and is_met(asked, homes[place]), "quorum")
    require(charter["designateQuorum"]["constituencies"] >= 3, "designateQuorum")
    for part in ("constituency", "function", "key"):
        parts = [each[part] for each in charter.get("beacons", [])]
        require(len(set(parts)) == len(parts), "beacons")
        require(part != "constituency" or set(parts) <= set(names), "beacons")
    require(charter["snapshotThreshold"] <= len(charter["snapshotKeys"]), "snapshotThreshold")
    nominated = charter.get("nominateQuorum", {"count": 2, "constituencies": 2})
    require(min(nominated.values()) >= 2, "nominateQuorum")
    rules, least = charter["rules"], {"count": 2, "constituencies": 2}
    for low, high in ((least, "provisional"), (least, "emergency"),
                      (rules["provisional"], "attested"), (rules["attested"], "strong")):
        require(all(rules[high][part] >= low[part] for part in low), "rules")


def check_statement(statement, kind):
    fields = {name.rstrip("?"): check for name, check in FIELDS[kind].items()}
    fields |= {"type": one_of("registry-" + kind), "v": integer(1, 1), "context": is_key, "date": is_day}
    optional = [name[:-1] for name in FIELDS[kind] if name.endswith("?")]
    check_object(statement, fields, "statement", optional)
    if kind == "charter":
        check_charter(statement)
    if kind == "vouch":
        named = statement["mode"] == "named/v1"
        require(named == ("verifier" in statement) and (named or "seal" in statement), "mode")
    if kind == "canary":
        require(("anchor" in statement) == ("everyDays" in statement), "anchor")
    if kind == "complaint":
        require((statement["about"] == "listing") == ("network" in statement), "network")
    if kind == "review":
        require((statement["grade"] == "none") == (statement["outcome"] == "rejected"), "grade")
        if "limit" in statement:
            require(statement["outcome"] == "upheld", "limit")
            require(0 < statement["limit"]["until"] - statement["date"] <= 90 * DAY, "until")
    if kind == "concur":
        seal = statement["seal"]
        require(seal["constituency"] == "panel" and "slot" not in seal, "seal")
        require(statement["unsound"] < statement["sound"], "unsound")
    if kind in LIVES:
        life = statement["until"] - statement["date"]
        require(0 < life <= LIVES[kind] * DAY, "until")


class Entry:
    """A statement, whom it lists as signers, and the ring signature that it names."""

    def __init__(self, data, seals):
        require(len(data) <= verify.ENVELOPE_COUNT_MAX, "envelope is too long")
        outer = verify.parse_json(data)
        check_object(outer, {
            "payload": lambda value: isinstance(value, str),
            "payloadType": lambda value: isinstance(value, str),
            "signatures": listed(1, 32, made_of({
                "keyid": is_key, "sig": lambda value: isinstance(value, str)}), False),
        }, "envelope")
        name, payload = outer["payloadType"], verify.unbase64(outer["payload"])
        match = re.fullmatch(r"application/vnd\.resguardo\.registry-([a-z-]+)\.v1\+json", name)
        require(match and match.group(1) in FIELDS, "type")
        self.kind, self.says = match.group(1), verify.parse_json(payload)
        check_statement(self.says, self.kind)
        ids = [item["keyid"] for item in outer["signatures"]]
        require(ids == sorted(set(ids)), "signatures")
        self.signatures = {item["keyid"]: verify.unbase64(item["sig"], 64)
                           for item in outer["signatures"]}
        self.payload, self.digest = payload, sha256(payload).hex()
        self.message = b"DSSEv1 %d %s %d %s" % (len(name), name.encode(), len(payload), payload)
        self.seal = self.says.get("seal")
        self.ring_signature = seals.get(self.seal["signature"]) if self.seal else None

    def is_by(self, key):
        signature = self.signatures.get(sha256(bytes.fromhex(key)).hex())
        return signature is not None and signed(bytes.fromhex(key), signature, self.message)

    def sealed_digest(self):
        """What the ring signs: the statement before it knew the signature."""
        blank = dict(self.says, seal=dict(self.seal, signature="0" * 64))
        return sha256(verify.canonical(blank))


def read_entry(data, seals):
    """None for bytes that are no statement."""
    try:
        return Entry(data, seals)
    except (verify.Refused, *verify.MALFORMED):
        return None


# --- Directories ----------------------------------------------------------------------------------


def read_directory(path, key=None):
    """Origin, entries and ring signatures of an exchange or a home; the root is checked."""
    if os.path.isdir(os.path.join(path, "registry")):
        path = os.path.join(path, "registry")
    if key is None:
        with open(os.path.join(path, "log.vkey"), encoding="utf-8") as file:
            key = file.readline().rstrip("\n")
    key = verify.LogKey(key)
    with open(os.path.join(path, "log/checkpoint"), "rb") as file:
        size, root = key.open(file.read())
    found, tree = leaves(os.path.join(path, "log"), size), Tree()
    for leaf in found:
        tree.append(leaf)
    require(tree.root() == root, "the log does not have the root that was signed")
    seals, folder = {}, os.path.join(path, "seals")
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        with open(os.path.join(folder, name), "rb") as file:
            data = file.read(1 << 16)
        seals[sha256(data).hex()] = data
    return key.name, found, seals
