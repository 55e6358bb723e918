#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Verifies court bags and receipts of Resguardo without any of Resguardo's code.

usage: verify.py [bag] DIRECTORY [--log VKEY] [--tsa-roots FILE]
       verify.py receipt FILE [--log VKEY] [--policy FILE]

Needs Python 3.8 and the program `openssl` (for time stamps), nothing else, and no network.
--log names the log's public key as you know it; without it the bag's own is believed.
--tsa-roots names root certificates (PEM) of the time-stamping authorities that you trust; without
it the certificates in the bag are believed, which shows that a time stamp is whole and not who
made it.
--policy names a C2SP tlog-policy: the log, its witnesses, and how many of them have to have signed.
They say when the log had the deposit at the latest.

Exit code: 0 verified, 3 refused (the reason is printed), 2 wrong usage, 1 without `openssl`.

The formats are written down in spec/bag.md and spec/vault.md, which every bag holds.
"""

import base64
import datetime
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import unicodedata


class Refused(Exception):
    """What was shown proves nothing, and why."""


# What Python says of a document that is not even of the form that the checks expect.
MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def require(condition, reason):
    if not condition:
        raise Refused(reason)


def sha256(data):
    return hashlib.sha256(data).digest()


# --- Encodings ------------------------------------------------------------------------------------


def unbase64(text, count=None):
    """RFC 4648 base64, the one spelling of its bytes."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("base64") from None
    spelled = text if isinstance(text, str) else text.decode("ascii", "replace")
    require(base64.b64encode(data).decode() == spelled, "base64")
    require(count is None or len(data) == count, "length of base64")
    return data


def is_hex(value, count):
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{%d}" % (2 * count), value) is not None


def is_integer(value, low, high):
    return type(value) is int and low <= value <= high


def is_text(value, count):
    return isinstance(value, str) and len(value.encode()) <= count


def utf8(data, reason):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(reason) from None


def decimal(text):
    require(re.fullmatch("0|[1-9][0-9]{0,19}", text) and int(text) < 2**64, "number")
    return int(text)


INTEGER_MAX = 2**53 - 1
DEPTH_MAX = 32


def canonical(value):
    """RFC 8785, for documents without floats and null."""

    def ordered(value, depth):
        require(depth < DEPTH_MAX, "JSON is too deep")
        if isinstance(value, dict):
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return {name: ordered(value[name], depth + 1) for name in names}
        if isinstance(value, list):
            return [ordered(element, depth + 1) for element in value]
        plain = isinstance(value, (str, bool)) or is_integer(value, -INTEGER_MAX, INTEGER_MAX)
        require(plain, "value in JSON")
        return value

    return json.dumps(ordered(value, 0), ensure_ascii=False, separators=(",", ":")).encode()


def parse_json(data):
    """Canonical JSON, and nothing that could be read in two ways; docs/spec/vault.md, section 1."""

    def refuse(_):
        raise Refused("number in JSON")

    def unique(pairs):
        # Two spellings of one name are one name, and no name is a spelling of an ASCII character.
        names = {unicodedata.normalize("NFC", name) for name, _ in pairs}
        require(len(names) == len(pairs), "JSON member given twice")
        plain = not any(re.search("[\u212a\u037e\u1fef]", name) for name, _ in pairs)
        require(plain, "name in JSON")
        return dict(pairs)

    try:
        value = json.loads(
            data.decode("utf-8"), parse_float=refuse, parse_constant=refuse, object_pairs_hook=unique
        )
        require(canonical(value) == data, "JSON is not canonical")
    except (ValueError, RecursionError):
        raise Refused("JSON") from None
    return value


def check_object(value, checks, what, optional=()):
    """An object with these members and no others; each passes its check."""
    require(isinstance(value, dict), what)
    for name, check in checks.items():
        require(name in optional if name not in value else check(value[name]), what + ": " + name)
    require(value.keys() <= checks.keys(), what + ": unknown member")


# --- Ed25519 (RFC 8032), verification alone -------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def curve_point(data):
    """Decodes a point; extended coordinates, or nothing if it is none or spelled otherwise."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def curve_add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, g, h, y = f - e, d - c, d + c, f + e
    return (x * g % P, h * y % P, g * h % P, x * y % P)


def curve_multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = curve_add(result, point)
        point = curve_add(point, point)
        scalar >>= 1
    return result


def is_same_point(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE = curve_point(bytes([0x58]) + bytes([0x66]) * 31)


def is_signed(key, signature, message):
    if len(key) != 32 or len(signature) != 64:
        return False
    point, nonce = curve_point(key), curve_point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if point is None or nonce is None or scalar >= ORDER:
        return False
    # Points of small order sign for anybody.
    for small in (point, nonce):
        if is_same_point(curve_multiply(8, small), (0, 1, 1, 0)):
            return False
    hashed = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(hashed, "little") % ORDER
    return is_same_point(
        curve_multiply(scalar, BASE), curve_add(nonce, curve_multiply(challenge, point))
    )


# --- Logs: C2SP signed-note, tlog-checkpoint, tlog-proof; RFC 6962 --------------------------------


def leaf_hash(data):
    return sha256(b"\0" + data)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


def merkle_root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(merkle_root(leaves[:split]), merkle_root(leaves[split:]))


def root_of_inclusion(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    require(index < size, "entry beyond the log")
    first, last = index, size - 1
    for sibling in path:
        require(last > 0, "proof is too long")
        if first & 1 or first == last:
            leaf = node_hash(sibling, leaf)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            leaf = node_hash(leaf, sibling)
        first, last = first >> 1, last >> 1
    require(last == 0, "proof is too short")
    return leaf


def is_key_name(name):
    return name and is_text(name, 255) and not re.search("[\\s+\0-\x1f]", name)


class LogKey:
    """A vkey: name+id+base64(01 ‖ Ed25519 key)."""

    def __init__(self, text):
        require(text.count("+") >= 2, "key of the log")
        self.text = text
        self.name, self.id, encoded = text.split("+", 2)
        data = unbase64(encoded, 33)
        expected = sha256(self.name.encode() + b"\n" + data)[:4].hex()
        require(data[0] == 1 and is_key_name(self.name) and self.id == expected, "key of the log")
        self.key = data[1:]

    def open(self, note):
        """The checkpoint in a note that this key signed: size and root.

        Anybody can add lines to a note: well-formed ones by others are passed over.
        """
        require(len(note) <= 1 << 20 and not re.search(rb"[\0-\x09\x0b-\x1f]", note), "signed note")
        text, blank, signatures = note.rpartition(b"\n\n")
        require(blank and signatures.endswith(b"\n"), "signed note")
        text += b"\n"
        signatures = utf8(signatures, "signed note").split("\n")[:-1]
        require(len(signatures) <= 64, "signature lines")
        found = False
        for line in signatures:
            match = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
            require(match and is_text(line, 16384), "signature line")
            data = unbase64(match.group(2))
            require(is_key_name(match.group(1)) and len(data) > 4, "signature line")
            if match.group(1) == self.name and data[:4].hex() == self.id:
                require(is_signed(self.key, data[4:], text), "signature of the log")
                found = True
        lines = utf8(text, "checkpoint").split("\n")[:-1]
        require(all(line and is_text(line, 1024) for line in lines), "checkpoint")
        require(found and 3 <= len(lines) <= 19 and lines[0] == self.name, "not signed by the log")
        size, root = decimal(lines[1]), unbase64(lines[2], 32)
        require(size or root == sha256(b""), "checkpoint")
        return size, root


class Policy:
    """C2SP tlog-policy: logs, witnesses with cosignature/v1 keys, groups, quorum."""

    def __init__(self, data):
        require(len(data) <= 1 << 20, "policy")
        self.logs, self.witnesses, self.groups, self.quorum = [], {}, {}, None
        grouped = set()
        for line in utf8(data, "policy").split("\n"):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            kind, words = words[0], words[1:]
            known = self.witnesses.keys() | self.groups.keys()
            if kind == "log" and 1 <= len(words) <= 2:
                self.logs.append(words[0])
            elif kind == "witness" and 2 <= len(words) <= 3:
                require(words[0] not in known | {"none"}, "policy: " + words[0])
                self.witnesses[words[0]] = self.witness_key(words[1])
            elif kind == "group" and len(words) >= 3:
                name, threshold, members = words[0], words[1], words[2:]
                require(name not in known | {"none"}, "policy: " + name)
                require(set(members) <= known - grouped, "policy: members of " + name)
                require(len(set(members)) == len(members), "policy: members of " + name)
                grouped |= set(members)
                count = {"all": len(members), "any": 1}.get(threshold) or decimal(threshold)
                require(1 <= count <= len(members), "policy: threshold of " + name)
                self.groups[name] = (count, members)
            elif kind == "quorum" and len(words) == 1 and self.quorum is None:
                require(words[0] in known | {"none"}, "policy: quorum")
                self.quorum = words[0]
            else:
                raise Refused("policy: " + line)
        require(self.quorum is not None, "policy: quorum")

    @staticmethod
    def witness_key(text):
        require(text.count("+") >= 2, "policy: key of a witness")
        name, identifier, encoded = text.split("+", 2)
        data = unbase64(encoded, 33)
        expected = sha256(name.encode() + b"\n" + data)[:4].hex()
        require(data[0] == 4 and is_key_name(name) and identifier == expected, "policy: " + name)
        return name, identifier, data[1:]

    def is_quorum(self, names):
        names = set(names)
        for name, (count, members) in self.groups.items():
            if sum(member in names for member in members) >= count:
                names.add(name)
        return self.quorum in names

    def existed_by(self, receipt):
        """When what the receipt is for existed at the latest, and who says so."""
        require(receipt.log.text in self.logs, "of a log that the policy does not name")
        require(self.quorum != "none", "the policy names no witnesses: nobody else says when")
        times = self.times(receipt.note)
        for time in sorted(times.values()):
            if self.is_quorum(name for name in times if times[name] <= time):
                return time, [self.witnesses[name][0] for name in self.witnesses if name in times]
        raise Refused("too few witnesses of the policy signed")

    def times(self, note):
        """When each witness signed a note; a signature of one that is wrong refuses it."""
        text, _, signatures = note.rpartition(b"\n\n")
        times = {}
        for line in utf8(signatures, "signed note").split("\n")[:-1]:
            _, signer, encoded = line.split(" ")
            data = unbase64(encoded)
            for witness, (name, identifier, key) in self.witnesses.items():
                if signer != name or data[:4].hex() != identifier:
                    continue
                require(len(data) == 76, "signature of " + name)
                time = int.from_bytes(data[4:12], "big")
                message = b"cosignature/v1\ntime %d\n" % time + text + b"\n"
                require(is_signed(key, data[12:], message), "signature of " + name)
                require(time <= TIME_MAX, "time of " + name)
                times.setdefault(witness, time)
        return times


RECEIPT_COUNT_MAX = 4 << 20


class Receipt:
    """docs/spec/vault.md, section 6."""

    def __init__(self, data):
        match = re.fullmatch(
            rb"resguardo-receipt/1\nlog (\S+)\nsalt (\S+)\nstatement ([^\n]+)\n\n"
            rb"c2sp\.org/tlog-proof@v1\nindex ([0-9]+)\n((?:[^\n]+\n)*)\n(.*)",
            data,
            re.DOTALL,
        )
        require(match and len(data) <= RECEIPT_COUNT_MAX, "not a receipt")
        require(len(data) - data.index(b"c2sp.org") <= 2 << 20, "not a receipt")
        self.log = LogKey(utf8(match.group(1), "key of the log"))
        salt = unbase64(match.group(2), 32)
        self.index = decimal(match.group(4).decode())
        path = [unbase64(line, 32) for line in match.group(5).split(b"\n")[:-1]]
        require(len(path) <= 63, "proof is too long")
        self.note = match.group(6)
        self.statement = open_envelope(match.group(3), "deposit")
        check_deposit(self.statement)
        entry = sha256(b"resguardo/vault/leaf/1\n" + salt + match.group(3))
        self.size, self.root = self.log.open(self.note)
        proven = root_of_inclusion(leaf_hash(entry), self.index, self.size, path)
        require(proven == self.root, "the log does not have this deposit")
        self.witnessed = None


# --- Statements -----------------------------------------------------------------------------------


ENVELOPE_COUNT_MAX = 65535


def open_envelope(data, kind):
    """A DSSE envelope that is signed by the `member` key in it; docs/spec/statements.md."""
    require(len(data) <= ENVELOPE_COUNT_MAX, "envelope is too long")
    envelope = parse_json(data)
    check_object(envelope, {
        "payload": lambda value: isinstance(value, str),
        "payloadType": lambda value: value == "application/vnd.resguardo.%s.v1+json" % kind,
        "signatures": lambda value: isinstance(value, list) and 1 <= len(value) <= 32,
    }, "envelope")
    for item in envelope["signatures"]:
        check_object(item, {
            "keyid": lambda value: is_hex(value, 32),
            "sig": lambda value: isinstance(value, str) and len(unbase64(value)) == 64,
        }, "signature of the envelope")
    payload = unbase64(envelope["payload"])
    statement = parse_json(payload)
    require(isinstance(statement, dict), "statement")
    require(
        statement.get("type") == kind and is_integer(statement.get("v"), 1, 1),
        "type of the statement",
    )
    require(is_hex(statement.get("member"), 32), "member of the statement")
    key = bytes.fromhex(statement["member"])
    name = envelope["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)
    ids = [item["keyid"] for item in envelope["signatures"]]
    require(ids == sorted(set(ids)) and sha256(key).hex() in ids, "signer of the statement")
    signature = envelope["signatures"][ids.index(sha256(key).hex())]["sig"]
    require(is_signed(key, unbase64(signature, 64), message), "signature of the statement")
    return statement


def check_deposit(statement):
    needed = {"type", "v", "case", "member", "ciphertextRoot", "size", "date", "evidence"}
    optional = {"afterCheckpoint", "afterToken"}
    names = set(statement)
    require(needed <= names <= needed | optional, "members of the statement")
    require(
        is_hex(statement["case"], 16)
        and all(is_hex(statement[name], 32) for name in names & optional)
        and is_hex(statement["ciphertextRoot"], 32)
        and is_hex(statement["evidence"], 32)
        and is_integer(statement["size"], 1, INTEGER_MAX)
        and isinstance(statement["date"], str)
        and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", statement["date"]),
        "values of the statement",
    )


EVENTS = {"captured", "received", "copied", "downloaded", "transferred", "examined", "deposited"}
CAPTURE = {"capture" + name for name in (
    "Tool", "Time", "Position", "Make", "Model", "Software", "Duration", "Dimensions")}
PATH_COUNT_MAX = 4096
TIME_MAX = 253402300799


def is_time(value):
    return is_integer(value, 0, TIME_MAX)


def is_tags(value):
    return isinstance(value, dict) and 1 <= len(value) <= 96 and all(
        is_text(name, 256) and is_text(text, 256) for name, text in value.items())


def is_modified(value):
    check_object(value, {
        "seconds": lambda number: is_integer(number, -INTEGER_MAX, INTEGER_MAX),
        "nanoseconds": lambda number: is_integer(number, 0, 999999999),
    }, "modified")
    return True


EVIDENCE = {
    "type": lambda value: value == "evidence",
    "v": lambda value: is_integer(value, 1, 1),
    "salt": lambda value: is_hex(value, 32),
    "deviceClock": is_time,
    "capturedAt": is_time,
    "note": lambda value: is_text(value, 64 << 10),
    "custody": lambda value: isinstance(value, list) and len(value) <= 1024,
    "files": lambda value: isinstance(value, list) and len(value) <= 1000000,
    "fileCount": lambda value: is_integer(value, 0, 1000000),
}
STEP = {
    "event": lambda value: isinstance(value, str) and value in EVENTS,
    "at": is_time,
    "tool": lambda value: is_text(value, 1024),
    "note": lambda value: is_text(value, 4096),
}
ENTRY = {
    "kind": lambda value: isinstance(value, str),
    "name": lambda value: is_text(value, 3 * PATH_COUNT_MAX),
    "nameBytes": lambda value: is_text(value, 4 * PATH_COUNT_MAX),
    "size": lambda value: is_integer(value, 0, INTEGER_MAX),
    "modified": is_modified,
}
FILE = {
    **ENTRY, **{name: lambda value: is_text(value, 256) for name in CAPTURE},
    "sha256": lambda value: is_hex(value, 32),
    "mediaType": lambda value: is_text(value, 1024),
    "captureTags": is_tags,
    "parts": lambda value: is_integer(value, 2, 1000000),
}
LINK = {**ENTRY, "target": ENTRY["name"], "targetBytes": ENTRY["nameBytes"]}
KINDS = {"file": FILE, "directory": ENTRY, "link": LINK, "skipped": ENTRY}
OPTIONAL = {"nameBytes", "targetBytes", "modified", "parts", "mediaType", "captureTags"} | CAPTURE


def check_evidence(evidence):
    """docs/spec/vault.md, section 2.3."""
    check_object(evidence, EVIDENCE, "evidence", ("capturedAt", "note", "fileCount"))
    files = evidence["files"]
    require(evidence.get("fileCount", len(files)) == len(files), "evidence: fileCount")
    for step in evidence["custody"]:
        check_object(step, STEP, "custody", ("note",))
    for entry in files:
        kind = entry.get("kind")
        require(isinstance(kind, str) and kind in KINDS, "kind of a file")
        check_object(entry, KINDS[kind], kind, OPTIONAL)
        require("captureTool" in entry or not entry.keys() & (CAPTURE | {"captureTags"}), "capture")
        if kind == "link":
            true_bytes(entry, "target")


def true_bytes(entry, name):
    """The bytes of a name; where they are not text, the text beside them shows that."""
    text = entry[name].encode()
    if name + "Bytes" not in entry:
        return text
    data = unbase64(entry[name + "Bytes"])
    shown = data.decode("utf-8", "replace")
    require(shown == entry[name] and text != data, name + " and its bytes differ")
    return data


def evidence_commitment(evidence):
    """docs/spec/vault.md, section 2.4."""
    salt = bytes.fromhex(evidence["salt"])

    def leaf(fields, prefix):
        members = {}
        for name, value in fields.items():
            field_salt = sha256(salt + (prefix + name).encode())[:16]
            members[name] = sha256(field_salt + canonical(value)).hex()
        return leaf_hash(canonical(members))

    item = {name: evidence[name] for name in evidence if name not in ("salt", "files")}
    leaves = [leaf(item, "")]
    for number, entry in enumerate(evidence["files"]):
        leaves.append(leaf(entry, "files/%d/" % number))
    return merkle_root(leaves)


# --- Time stamps (RFC 3161) -----------------------------------------------------------------------


def der(data):
    """The elements of a DER string: pairs of tag and content."""
    elements, offset = [], 0
    while offset < len(data):
        require(offset + 2 <= len(data), "time stamp: DER")
        tag, length = data[offset], data[offset + 1]
        offset += 2
        if length >= 0x80:
            count = length & 0x7F
            require(1 <= count <= 4 and offset + count <= len(data), "time stamp: DER")
            length = int.from_bytes(data[offset : offset + count], "big")
            offset += count
        require(offset + length <= len(data), "time stamp: DER")
        elements.append((tag, data[offset : offset + length]))
        offset += length
    return elements


class TimeStamp:
    """An answer about a checkpoint: not earlier than `earliest`, not later than `latest`."""

    def __init__(self, data, checkpoint, roots):
        self.digest = sha256(data).hex()
        try:
            (outer,) = der(data)
            response = der(outer[1])
            status = int.from_bytes(der(response[0][1])[0][1], "big")
            signed = der(der(der(response[1][1])[1][1])[0][1])
            content = der(der(signed[2][1])[1][1])[0][1]
            info = der(der(content)[0][1])
            imprint = der(info[2][1])
            time = info[4][1].decode("ascii")
            accuracy = next((content for tag, content in info[5:6] if tag == 0x30), b"")
        except (IndexError, ValueError):
            raise Refused("time stamp: not a response") from None
        require(status in (0, 1), "time stamp: refused by its authority")
        require(imprint[1][1] == sha256(checkpoint), "time stamp: about something else")
        match = re.fullmatch(r"([0-9]{14})(\.[0-9]+)?Z", time)
        require(match, "time stamp: time")
        try:
            moment = datetime.datetime.strptime(match.group(1), "%Y%m%d%H%M%S")
        except ValueError:
            raise Refused("time stamp: time") from None
        seconds = int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())
        micros = 0
        for tag, part in der(accuracy):
            units = {0x02: (1000000, 1 << 30), 0x80: (1000, 999), 0x81: (1, 999)}
            unit, most = units.get(tag, (0, 0))
            count = int.from_bytes(part, "big", signed=True)
            require(0 <= count <= most, "time stamp: accuracy")
            micros += unit * count
        slack = -(-micros // 1000000)
        self.earliest = seconds - slack
        self.latest = seconds + slack + (1 if match.group(2) else 0)
        self.check_signature(data, checkpoint, roots, seconds)

    @staticmethod
    def check_signature(data, checkpoint, roots, seconds):
        with tempfile.TemporaryDirectory() as folder:
            paths = {}
            for name, content in (("tsr", data), ("data", checkpoint), ("pem", roots)):
                paths[name] = os.path.join(folder, name)
                with open(paths[name], "wb") as file:
                    file.write(content)
            # Certificates have to be valid when the stamp was made, not today.
            command = ["openssl", "ts", "-verify", "-in", paths["tsr"], "-data", paths["data"]]
            command += ["-CAfile", paths["pem"], "-partial_chain", "-attime", str(seconds)]
            try:
                result = subprocess.run(command, stdin=-3, stdout=-3, stderr=-3, timeout=60)
            except OSError:
                sys.exit("verify.py: the program openssl is needed for time stamps")
            except subprocess.TimeoutExpired:
                raise Refused("time stamp: openssl takes too long") from None
            require(result.returncode == 0, "time stamp: signature or certificates")


# --- Bags -----------------------------------------------------------------------------------------

KEPT = set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$&'()+,-.;@[]^_{}")
RESERVED = {"con", "prn", "aux", "nul"} | {a + b for a in ("com", "lpt") for b in "0123456789"}


def fold(path):
    path = re.sub(rb"[A-Z]", lambda match: match.group().lower(), path)
    return re.sub(rb"\xc3[\x80-\x9e]", lambda m: bytes([0xC3, m.group()[1] + 0x20]), path)


def escape(name):
    parts = re.findall(rb"\xc3[\x80-\x96\x98-\xb6\xb8-\xbf]|.", name, re.DOTALL)
    for index, part in enumerate(parts):
        ending = index == len(parts) - 1 and part in b". "
        if len(part) == 1 and (part[0] not in KEPT or ending):
            parts[index] = b"=%02X" % part[0]
    return b"".join(parts)


def is_safe(name):
    parts = name.split(b"/")
    return len(name) <= PATH_COUNT_MAX and all(
        part and len(part) <= 255 and part not in (b".", b"..") and b"\0" not in part
        for part in parts
    )


def original_paths(entries):
    """Where the files of an item lie below original/; docs/spec/bag.md, section 2.2."""
    files, folders, paths = set(), set(), {}
    for index, entry in enumerate(entries):
        name = true_bytes(entry, "name")
        require(is_safe(name), "unsafe name")
        if entry["kind"] != "file":
            continue
        parts = [escape(part) for part in name.split(b"/")]
        path = b"/".join(parts)
        folded = fold(path)
        above = {folded[:at] for at in range(len(folded)) if folded[at] == 0x2F}
        portable = len(path) <= 160 and all(
            len(part) <= 100 and fold(part).split(b".")[0].decode("latin-1") not in RESERVED
            for part in parts
        )
        is_free = folded not in files and folded not in folders and files.isdisjoint(above)
        if portable and is_free:
            files.add(folded)
            folders |= above
        else:
            suffix = re.search(rb"\.[A-Za-z0-9]{1,8}$", parts[-1])
            path = b"=%06d" % index + (suffix.group() if suffix else b"")
        paths[index] = path.decode()
    return paths


# Controls, marks that turn the direction of writing, and what BagIt would have to encode.
UNKEPT = "[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069%]"
FOLDER_DEPTH_MAX = 200
FILE_COUNT_MAX = 1100000


class Folder:
    """All files of a bag, hashed; each is taken once, so that what is left over shows."""

    def __init__(self, root):
        self.root, self.digests, self.sizes = root, {}, {}
        require(os.path.isdir(root), "no such directory")
        self.walk("")
        self.unread = set(self.digests)

    def walk(self, prefix):
        require(prefix.count("/") <= FOLDER_DEPTH_MAX, "too deep: " + prefix)
        names = sorted(os.listdir(os.fsencode(os.path.join(self.root, prefix))))
        require(names or not prefix, "empty directory: " + prefix)
        for raw in names:
            name = raw.decode("utf-8", "replace")
            path = prefix + name
            plain = name.encode() == raw and not re.search(UNKEPT, name)
            require(plain, "name that no bag has: " + path)
            full = os.path.join(self.root, path)
            mode = os.lstat(full).st_mode
            if stat.S_ISDIR(mode):
                self.walk(path + "/")
                continue
            require(stat.S_ISREG(mode), "not a plain file: " + path)
            require(len(self.digests) < FILE_COUNT_MAX, "too many files")
            short, long, size = hashlib.sha256(), hashlib.sha512(), 0
            with open(full, "rb") as file:
                while True:
                    data = file.read(1 << 20)
                    if not data:
                        break
                    short.update(data)
                    long.update(data)
                    size += len(data)
            self.digests[path], self.sizes[path] = (short.hexdigest(), long.hexdigest()), size

    def take(self, path, count):
        require(path in self.unread, "missing: " + path)
        require(self.sizes[path] <= count, "too long: " + path)
        self.unread.remove(path)
        with open(os.path.join(self.root, path), "rb") as file:
            data = file.read()
        require(sha256(data).hex() == self.digests[path][0], "changing: " + path)
        return data

    def expect(self, path, data, reason=None):
        require(path in self.unread, "missing: " + path)
        self.unread.remove(path)
        same = self.digests[path][0] == sha256(data).hex()
        require(same, reason or "not what follows from the bag: " + path)

    def manifest(self, algorithm, is_listed):
        paths = sorted((path for path in self.digests if is_listed(path)), key=str.encode)
        return "".join("%s  %s\n" % (self.digests[path][algorithm], path) for path in paths).encode()


class Item:
    """One item of a bag: receipt, evidence, originals, and between when and when."""

    def __init__(self, name, folder, log):
        base = "data/items/" + name
        self.name = name
        self.receipt = Receipt(folder.take(base + "/receipt.txt", RECEIPT_COUNT_MAX))
        self.statement = self.receipt.statement
        require(self.receipt.log.text == log.text, "receipt of another log: " + name)
        require(self.statement["ciphertextRoot"] == name, "receipt of another item: " + name)
        self.evidence = parse_json(folder.take(base + "/evidence.json", 256 << 20))
        try:
            check_evidence(self.evidence)
            commitment = evidence_commitment(self.evidence)
            require(commitment.hex() == self.statement["evidence"], "evidence.json of " + name)
            paths = original_paths(self.evidence["files"])
            self.files = {}
            for index, path in paths.items():
                entry = self.evidence["files"][index]
                path = base + "/original/" + path
                require(path in folder.unread, "missing: " + path)
                folder.unread.remove(path)
                require(folder.digests[path][0] == entry["sha256"], "changed: " + path)
                require(folder.sizes[path] == entry["size"], "changed: " + path)
                self.files[index] = (entry, path)
        except (KeyError, TypeError, AttributeError, ValueError):
            raise Refused("evidence.json of " + name) from None

    def find_bracket(self, checkpoints, maker):
        """The proven ends, and a refusal if what a statement of the bag's maker binds is missing or younger."""
        self.earliest = self.latest = None
        self.used = set()
        bound = {}
        for note, (size, stamps) in checkpoints.items():
            if size <= self.receipt.index:
                bound[sha256(note).hex()] = None
                bound.update({stamp.digest: stamp for stamp in stamps})
            if note == self.receipt.note and stamps:
                last = min(stamps, key=lambda stamp: stamp.latest)
                self.latest = last.latest
                self.used.add(last.digest)
        for name in ("afterCheckpoint", "afterToken"):
            if name in self.statement:
                is_there = self.statement[name] in bound
                require(is_there or self.statement["member"] != maker, "missing: %s of %s" % (name, self.name))
                self.used.add(self.statement[name])
        stamp = bound.get(self.statement.get("afterToken"))
        if stamp:
            self.earliest = stamp.earliest
        ordered = None in (self.earliest, self.latest) or self.earliest <= self.latest
        require(ordered, "proven times contradict each other: " + self.name)


class Bag:
    """docs/spec/bag.md."""

    def __init__(self, root, roots=None):
        folder = Folder(root)
        data = folder.take("bag.dsse.json", ENVELOPE_COUNT_MAX + 1)
        require(data.endswith(b"\n"), "bag.dsse.json")
        self.statement = open_envelope(data[:-1], "bag")
        self.check_statement(folder)
        data = folder.take("data/log/log.vkey", 4096)
        require(data.endswith(b"\n"), "data/log/log.vkey")
        self.log = LogKey(utf8(data[:-1], "key of the log"))
        self.read_checkpoints(folder, roots)
        names = {path.split("/")[2] for path in folder.unread if path.startswith("data/items/")}
        items = [Item(name, folder, self.log) for name in names]
        self.items = sorted(items, key=lambda item: item.receipt.index)
        require(len(items) == self.statement["items"], "number of items")
        self.check_history()
        for item in self.items:
            require(item.statement["case"] == self.statement["case"], "item of another case")
            item.find_bracket(self.checkpoints, self.statement["member"])
        self.check_needed()
        custody = canonical(Custody(self).document) + b"\n"
        folder.expect("data/custody.jsonld", custody, "custody log contradicts the evidence")
        self.check_manifests(folder)

    def check_statement(self, folder):
        names = {"type", "v", "case", "member", "createdAt", "items", "tagManifest", "tool"}
        statement = self.statement
        require(
            set(statement) == names
            and is_hex(statement["case"], 16)
            and is_hex(statement["tagManifest"], 32)
            and is_time(statement["createdAt"])
            and is_integer(statement["items"], 1, INTEGER_MAX)
            and isinstance(statement["tool"], str)
            and re.fullmatch("[ -~]{0,100}", statement["tool"]),
            "statement of the bag",
        )
        digest = folder.digests.get("tagmanifest-sha256.txt", ("", ""))[0]
        require(digest == statement["tagManifest"], "the signature is of another bag")

    def read_checkpoints(self, folder, roots):
        """Note to size and time stamps."""
        self.checkpoints, self.stamp_paths, self.heads = {}, {}, []
        paths = sorted(path for path in folder.unread if path.startswith("data/log/"))
        for path in paths:
            if not path.endswith(".checkpoint"):
                continue
            note = folder.take(path, 1 << 20)
            size, root = self.log.open(note)
            self.heads.append((size, root))
            stem = "data/log/%016d-%s" % (size, sha256(note).hex()[:16])
            require(path == stem + ".checkpoint", "name of " + path)
            stamps = []
            for token in paths:
                if token.startswith(stem + ".") and token.endswith(".tsr"):
                    data = folder.take(token, 256 << 10)
                    own = folder.take(token[:-4] + ".pem", 1 << 20)
                    stamp = TimeStamp(data, note, own if roots is None else roots)
                    require(token == "%s.%s.tsr" % (stem, stamp.digest[:16]), "name of " + token)
                    stamps.append(stamp)
                    self.stamp_paths[stamp.digest] = (token, len(data))
            self.checkpoints[note] = (size, stamps)

    def check_history(self):
        """No entry is two items, and no size of the log has two roots."""
        entries = {item.receipt.index for item in self.items}
        heads = {(item.receipt.size, item.receipt.root) for item in self.items} | set(self.heads)
        sizes = {size for size, _ in heads}
        once = len(entries) == len(self.items) and len(sizes) == len(heads)
        require(once, "the log contradicts itself")

    def check_needed(self):
        """Nothing is in the bag that tells of other deposits."""
        used = set().union(*(item.used for item in self.items))
        for note, (_, stamps) in self.checkpoints.items():
            needed = all(stamp.digest in used for stamp in stamps)
            require(needed and (stamps or sha256(note).hex() in used), "checkpoint of no item")

    def check_manifests(self, folder):
        is_payload = lambda path: path.startswith("data/")
        is_tag = lambda path: not is_payload(path) and path != "bag.dsse.json" \
            and not path.startswith("tagmanifest-")
        folder.expect("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        payload = [path for path in folder.digests if is_payload(path)]
        date = moment(self.statement["createdAt"])[:10]
        oxum = "%d.%d" % (sum(folder.sizes[path] for path in payload), len(payload))
        info = "Bag-Software-Agent: %s\nBagging-Date: %s\nExternal-Identifier: %s\n" \
            "Payload-Oxum: %s\n" % (self.statement["tool"], date, self.statement["case"], oxum)
        folder.expect("bag-info.txt", info.encode())
        for number, name in enumerate(("sha256", "sha512")):
            folder.expect("manifest-%s.txt" % name, folder.manifest(number, is_payload))
            folder.expect("tagmanifest-%s.txt" % name, folder.manifest(number, is_tag))
        strangers = [path for path in folder.unread if is_payload(path)]
        require(not strangers, "belongs to nothing: %s" % min(strangers, default=""))


# --- Custody (CASE/UCO as JSON-LD) ----------------------------------------------------------------


def moment(seconds):
    epoch = datetime.datetime(1970, 1, 1)
    return (epoch + datetime.timedelta(seconds=seconds)).isoformat() + "Z"


class Custody:
    """The custody log that follows from evidence, receipts and time stamps."""

    def __init__(self, bag):
        self.graph, self.known = [], set()
        for item in bag.items:
            self.add_item(item)
        for note, (size, stamps) in bag.checkpoints.items():
            if stamps:
                digest = sha256(note).hex()
                text = "%016d-%s.checkpoint" % (size, digest[:16])
                self.add_file("kb:checkpoint-" + digest, text, "data/log/" + text, len(note), digest)
            for stamp in stamps:
                self.add_stamp(stamp, note, size, *bag.stamp_paths[stamp.digest])
        everything = [self.link("kb:record-" + item.name) for item in bag.items]
        statement = bag.statement
        self.add_action("kb:action-export", "exported", statement["createdAt"],
                        self.identity(statement["member"]), self.tool(statement["tool"]), everything)
        self.graph.append({
            "@id": "kb:case-" + statement["case"], "@type": "case-investigation:Investigation",
            "uco-core:name": statement["case"], "uco-core:object": everything})
        self.document = {"@context": self.context(), "@graph": self.graph}

    @staticmethod
    def context():
        uco = "https://ontology.unifiedcyberontology.org/uco/"
        names = ("action", "core", "identity", "observable", "tool", "types")
        context = {"uco-" + name: uco + name + "/" for name in names}
        context["case-investigation"] = "https://ontology.caseontology.org/case/investigation/"
        context["kb"] = "urn:resguardo:"
        context["xsd"] = "http://www.w3.org/2001/XMLSchema#"
        return context

    @staticmethod
    def link(name):
        return {"@id": name}

    @staticmethod
    def typed(kind, value):
        return {"@type": kind, "@value": value}

    def identity(self, key):
        name = "kb:member-" + key
        if name not in self.known:
            self.known.add(name)
            self.graph.append({
                "@id": name, "@type": "uco-identity:Identity", "uco-core:name": key,
                "uco-core:description": "pseudonym: an Ed25519 public key"})
        return self.link(name)

    def tool(self, text):
        name = "kb:tool-" + sha256(text.encode()).hex()[:16]
        if (name, text) not in self.known:
            self.known.add((name, text))
            self.graph.append({"@id": name, "@type": "uco-tool:Tool", "uco-core:name": text})
        return self.link(name)

    def add_file(self, name, text, path, size, digest):
        size = self.typed("xsd:integer", str(size))
        value = {
            "@id": name + "-sha256", "@type": "uco-types:Hash", "uco-types:hashMethod": "SHA256",
            "uco-types:hashValue": self.typed("xsd:hexBinary", digest)}
        self.graph.append({
            "@id": name, "@type": "uco-observable:File", "uco-core:hasFacet": [
                {"@id": name + "-file", "@type": "uco-observable:FileFacet",
                 "uco-observable:fileName": text, "uco-observable:filePath": path,
                 "uco-observable:isDirectory": False, "uco-observable:sizeInBytes": size},
                {"@id": name + "-content", "@type": "uco-observable:ContentDataFacet",
                 "uco-observable:hash": [value], "uco-observable:sizeInBytes": size}]})

    def add_action(self, name, what, seconds, performer, instrument, objects):
        time = self.typed("xsd:dateTime", moment(seconds))
        self.graph.append({
            "@id": name, "@type": "case-investigation:InvestigativeAction", "uco-core:name": what,
            "uco-action:startTime": time, "uco-action:endTime": time,
            "uco-action:performer": performer, "uco-action:instrument": instrument,
            "uco-action:object": objects})

    def add_item(self, item):
        member = self.identity(item.statement["member"])
        objects = []
        for index, (entry, path) in sorted(item.files.items()):
            name = "kb:file-%s-%d" % (item.name, index)
            objects.append(self.link(name))
            self.add_file(name, entry["name"], path, entry["size"], entry["sha256"])
        record = "kb:record-" + item.name
        self.graph.append({
            "@id": record, "@type": "case-investigation:ProvenanceRecord",
            "case-investigation:exhibitNumber": item.name,
            "uco-core:description": "entry %d of the log" % item.receipt.index,
            "uco-core:object": objects})
        for index, event in enumerate(item.evidence["custody"]):
            tool = self.tool(event["tool"])
            self.add_action("kb:action-%s-%d" % (item.name, index), event["event"], event["at"],
                            member, tool, [self.link(record)])
            if "note" in event:
                self.graph[-1]["uco-core:description"] = event["note"]

    def add_stamp(self, stamp, note, size, path, count):
        text = path[len("data/log/"):]
        self.add_file("kb:token-" + stamp.digest, text, path, count, stamp.digest)
        self.graph.append({
            "@id": "kb:stamp-" + stamp.digest, "@type": "case-investigation:ProvenanceRecord",
            "uco-core:description": "RFC 3161 time stamp over the log at %d entries" % size,
            "uco-core:object": [
                self.link("kb:token-" + stamp.digest),
                self.link("kb:checkpoint-" + sha256(note).hex())]})


# --- Command line ---------------------------------------------------------------------------------


def printable(text):
    """A text of strangers that a terminal takes for no command."""
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def show(bag):
    statement = bag.statement
    print("VERIFIED: %d item(s) of case %s" % (len(bag.items), statement["case"]))
    print("log: " + printable(bag.log.text))
    depositors = {item.statement["member"] for item in bag.items}
    known = "a depositor" if statement["member"] in depositors else "NOT a depositor of these items"
    print("bag made %s by %s (%s)" % (moment(statement["createdAt"]), statement["member"], known))
    for item in bag.items:
        print("\nitem %s, entry %d" % (item.name, item.receipt.index))
        print("  by %s, who says: on %s" % (item.statement["member"], item.statement["date"]))
        after = "not proven" if item.earliest is None else moment(item.earliest)
        before = "not proven" if item.latest is None else moment(item.latest)
        print("  deposited after:  %s\n  deposited before: %s" % (after, before))
        for entry, path in item.files.values():
            print("  %s %d bytes: %s" % (entry["sha256"], entry["size"], json.dumps(path)))


def show_receipt(receipt):
    statement = receipt.statement
    print("VERIFIED: the log accepted item " + statement["ciphertextRoot"])
    print("entry %d\ncase %s\ndepositor %s\ndate %s (as the depositor says)" % (
        receipt.index, statement["case"], statement["member"], statement["date"]))
    if receipt.witnessed:
        print("it existed no later than %s, say its witnesses: %s" % (
            moment(receipt.witnessed[0]), ", ".join(receipt.witnessed[1])))


def read(kind, path, roots_path, policy_path):
    """What is to be verified, and the key of its log."""
    if kind == "receipt":
        with open(path, "rb") as file:
            receipt = Receipt(file.read(RECEIPT_COUNT_MAX + 1))
        if policy_path:
            with open(policy_path, "rb") as file:
                receipt.witnessed = Policy(file.read((1 << 20) + 1)).existed_by(receipt)
        return receipt, receipt.log.text
    roots = None
    if roots_path:
        with open(roots_path, "rb") as file:
            roots = file.read(1 << 20)
    bag = Bag(path, roots)
    return bag, bag.log.text


def main(arguments):
    sys.stdout.reconfigure(errors="backslashreplace")
    options, words = {"--log": None, "--tsa-roots": None, "--policy": None}, []
    while arguments:
        word = arguments.pop(0)
        if word in options and arguments:
            options[word] = arguments.pop(0)
        elif word.startswith("-"):
            words.clear()
            break
        else:
            words.append(word)
    if len(words) == 1:
        words.insert(0, "bag")
    is_usage = len(words) == 2 and words[0] in ("bag", "receipt")
    if not is_usage or (options["--policy"] and words[0] != "receipt"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        proof, log = read(words[0], words[1], options["--tsa-roots"], options["--policy"])
        require(options["--log"] in (None, log), "of another log: " + log)
    except (Refused, OSError) as error:
        print("REFUSED: " + printable(str(error)))
        return 3
    except MALFORMED as error:
        print("REFUSED: malformed (%s)" % printable(repr(error)))
        return 3
    (show_receipt if words[0] == "receipt" else show)(proof)
    if not options["--log"] and not options["--policy"]:
        print("\nThe log's key came with it; compare: " + printable(log))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
