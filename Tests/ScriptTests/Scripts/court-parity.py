# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Forges bags, receipts and disclosures, and asks both verifiers: they have to agree on each.

usage: court-parity.py FOLDER [SEED]     with verify.py and disclosure.py

The forger holds every key, of the log, too, so whatever is changed is signed, committed to and
listed as if it were right: what remains is the form of the thing itself, and that is where two
programs differ. It does not matter here what is accepted, only that it is the same.
"""

import base64
import concurrent.futures
import copy
import hashlib
import importlib.util
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import traceback
import types

from court_walk import walk

folder = pathlib.Path(sys.argv[1]).resolve()
program, discloser = str(folder / "verify.py"), str(folder / "disclosure.py")
seed = sys.argv[2] if len(sys.argv) > 2 else str(random.randrange(1 << 32))
print("seed", seed)
chance = random.Random(seed)
sys.dont_write_bytecode = True


def load(path):
    spec = importlib.util.spec_from_file_location(pathlib.Path(path).stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


verify, disclosure = load(program), load(discloser)
scratch = pathlib.Path(tempfile.mkdtemp(dir="."))
is_long = "RESGUARDO_LONG_TESTS" in os.environ


# --- What a forger needs --------------------------------------------------------------------------


def canon(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def sha256(data):
    return hashlib.sha256(data).digest()


def base64_of(data):
    return base64.b64encode(data).decode()


def encode(point):
    z = pow(point[2], verify.P - 2, verify.P)
    x, y = point[0] * z % verify.P, point[1] * z % verify.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Signer:
    """Ed25519 (RFC 8032)."""

    def __init__(self, name):
        digest = hashlib.sha512(b"parity" + name).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix = digest[32:]
        self.key = encode(verify.curve_multiply(self.scalar, verify.BASE))

    def sign(self, message, nonce=None):
        if nonce is None:
            nonce = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little")
        point = encode(verify.curve_multiply(nonce % verify.ORDER, verify.BASE))
        challenge = hashlib.sha512(point + self.key + message).digest()
        scalar = nonce + int.from_bytes(challenge, "little") * self.scalar
        return point + (scalar % verify.ORDER).to_bytes(32, "little")


member, log, stranger = Signer(b"member"), Signer(b"log"), Signer(b"stranger")
originals = [b"hola\n", b"\0" * 700, b"", b"tres"]


def by_hash(data):
    return hashlib.sha256(data).hexdigest()


def good_evidence():
    capture = {"capture" + name: name.lower() for name in (
        "Tool", "Time", "Position", "Make", "Model", "Software", "Duration", "Dimensions")}
    files = [
        {"kind": "file", "name": "a.txt", "size": 5, "sha256": by_hash(originals[0]),
         "mediaType": "text/plain", "modified": {"seconds": -1, "nanoseconds": 999999999},
         "captureTags": {"EXIF:ISO": "100", "XMP:ñ": "sí"}, **capture},
        {"kind": "directory", "name": "d", "size": 0, "modified": {"seconds": 1, "nanoseconds": 0}},
        {"kind": "file", "name": "d/b.bin", "size": 700, "sha256": by_hash(originals[1]), "parts": 2},
        {"kind": "link", "name": "l", "size": 1, "target": "x"},
        {"kind": "link", "name": "m", "size": 1, "target": "\ufffd",
         "targetBytes": base64_of(b"\xff")},
        {"kind": "skipped", "name": "s", "size": 0},
        {"kind": "file", "name": "\ufffd.x", "nameBytes": base64_of(b"\xff.x"), "size": 0,
         "sha256": by_hash(originals[2])},
    ]
    custody = [
        {"event": "received", "at": 1, "tool": "resguardo", "note": "de ñ"},
        {"event": "deposited", "at": 2, "tool": "resguardo"},
    ]
    return {"type": "evidence", "v": 1, "salt": "5a" * 32, "deviceClock": 3, "capturedAt": 4,
            "note": "n", "custody": custody, "files": files, "fileCount": len(files)}


def commitment(evidence):
    salt = bytes.fromhex(evidence["salt"])

    def leaf(fields, prefix):
        members = {}
        for name, value in fields.items():
            path = (prefix + name).encode("utf-8", "surrogatepass")
            members[name] = hashlib.sha256(sha256(salt + path)[:16] + canon(value)).hexdigest()
        return verify.leaf_hash(canon(members))

    item = {name: value for name, value in evidence.items() if name not in ("salt", "files")}
    leaves = [leaf(entry, "files/%d/" % number) for number, entry in enumerate(evidence["files"])]
    return verify.merkle_root([leaf(item, "")] + leaves).hex()


def path_in(leaves, index):
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return path_in(left, index) + [verify.merkle_root(right).hex()]
    return path_in(right, index - split) + [verify.merkle_root(left).hex()]


def disclosed(evidence, withheld):
    """A package that shows the item and its first file, but for some fields."""
    salt, leaves, shown = bytes.fromhex(evidence["salt"]), [], []
    parts = [{name: value for name, value in evidence.items() if name not in ("salt", "files")}]
    for number, fields in enumerate(parts + evidence["files"]):
        prefix = "files/%d/" % (number - 1) if number else ""
        salts = {name: sha256(salt + (prefix + name).encode())[:16] for name in fields}
        committed = {name: by_hash(salts[name] + canon(value)) for name, value in fields.items()}
        leaves.append(verify.leaf_hash(canon(committed)))
        if number < 2:
            shown.append({
                "leaf": number, "content": number == 1,
                "shown": {name: {"salt": salts[name].hex(), "value": value}
                          for name, value in fields.items() if name not in withheld},
                "withheld": {name: committed[name] for name in fields if name in withheld}})
    for leaf in shown:
        leaf["path"] = path_in(leaves, leaf["leaf"])
    return {"type": "disclosure", "v": 1, "leaves": shown}


def vkey(name, kind=b"\1", key=None):
    data = kind + (log.key if key is None else key)
    number = sha256(name.encode("utf-8", "surrogatepass") + b"\n" + data)[:4]
    return name, number, "%s+%s+%s" % (name, number.hex(), base64_of(data))


def signature_line(name, number, signature):
    return "\u2014 %s %s\n" % (name, base64_of(number + signature))


def sealed(kind, statement, change):
    """A statement in its envelope, as bytes."""
    payload = change("payload", canon(change(kind, statement)))
    name = "application/vnd.resguardo.%s.v1+json" % kind
    message = b"DSSEv1 %d %s %d %s" % (len(name), name.encode(), len(payload), payload)
    envelope = {
        "payload": base64_of(payload), "payloadType": name,
        "signatures": [{"keyid": by_hash(member.key),
                        "sig": base64_of(change("signature", member.sign(message), message))}]}
    return change("envelope bytes", canon(change("envelope", envelope)))


OTHERS = {}


class Forgery:
    """A receipt and the bag around it; `changes` are made on the way, by the name of the step."""

    def __init__(self, changes, item=0):
        self.changes, self.item = changes, item
        change = self.change
        self.evidence = change("evidence", good_evidence())
        try:
            committed = commitment(self.evidence)
        except Exception:
            committed = "0" * 64
        self.evidence_bytes = change("evidence bytes", canon(self.evidence))
        self.statement = {
            "type": "deposit", "v": 1, "case": "ca" * 16, "member": member.key.hex(),
            "ciphertextRoot": "%02x" % item * 32, "size": 1000, "date": "2026-11-22",
            "evidence": committed}
        envelope = sealed("deposit", self.statement, change)
        salt = change("salt", b"\7" * 32)
        entry = sha256(b"resguardo/vault/leaf/1\n" + salt + envelope)
        self.index, leaves = 1 + item, [sha256(b"%d" % number) for number in range(5)]
        # The other item of the same log.
        leaves[2 - item] = OTHERS.get(2 - item, leaves[2 - item])
        leaves[self.index] = self.leaf = verify.leaf_hash(entry)
        pair = verify.node_hash(leaves[2], leaves[3])
        path = [leaves[0], pair, leaves[4]] if item == 0 \
            else [leaves[3], verify.node_hash(leaves[0], leaves[1]), leaves[4]]
        name, number, self.vkey = change("key", vkey("example.org/log"))
        text = "%s\n5\n%s\n" % (name, base64_of(verify.merkle_root(leaves)))
        text = change("checkpoint", text).encode("utf-8", "surrogateescape")
        signature = signature_line(name, number, change("note signature", log.sign(text), text))
        self.note = change("note", text + b"\n" + signature.encode())
        lines = ["resguardo-receipt/1", "log " + self.vkey, "salt " + base64_of(salt),
                 "statement ", "", "c2sp.org/tlog-proof@v1", "index %d" % self.index]
        lines = change("lines", lines + [base64_of(hash) for hash in path])
        data = ("\n".join(lines) + "\n\n").encode("utf-8", "surrogateescape")
        data = data.replace(b"\nstatement ", b"\nstatement " + envelope, 1)
        self.receipt = change("receipt", data + self.note)

    def change(self, step, value, *more):
        return self.changes[step](value, *more) if step in self.changes else value

    def write_receipt(self, path):
        path.write_bytes(self.receipt)

    def write_disclosure(self, root):
        package = self.change("package", disclosed(self.evidence, self.change("withheld", ["mediaType"])))
        (root / "disclosure.json").write_bytes(self.change("package bytes", canon(package)))
        (root / "receipt.txt").write_bytes(self.receipt)
        name = self.change("content", "a.txt")
        (root / "files/0").mkdir(parents=True)
        (root / "files/0" / name).write_bytes(originals[0])

    def add_item(self, files):
        name = self.statement["ciphertextRoot"]
        base = "data/items/" + name
        files[base + "/receipt.txt"] = self.receipt
        files[base + "/evidence.json"] = self.evidence_bytes
        held = {}
        try:
            paths = verify.original_paths(self.evidence["files"])
        except Exception:
            paths = verify.original_paths(good_evidence()["files"])
        contents = {by_hash(data): data for data in originals}
        for index, path in paths.items():
            entry = {}
            try:
                entry = self.evidence["files"][index]
                data = contents.get(entry.get("sha256"), b"?")
            except Exception:
                data = b"?"
            files["%s/original/%s" % (base, path)] = data
            held[index] = (entry, "%s/original/%s" % (base, path))
        return types.SimpleNamespace(
            name=name, files=held, statement=self.statement, evidence=self.evidence,
            receipt=types.SimpleNamespace(index=self.index))

    def write_bag(self, root):
        change, files = self.change, {}
        items = [self.add_item(files)]
        items += [other.add_item(files) for other in change("items", [])]
        items.sort(key=lambda item: item.receipt.index)
        files["data/log/log.vkey"] = change("log vkey", self.vkey.encode() + b"\n")
        checkpoints, stamps = change("stamps", ({}, {}), self, files)
        files["README.txt"] = b"forged\n"
        statement = {"type": "bag", "v": 1, "case": "ca" * 16, "member": member.key.hex(),
                     "createdAt": 5, "items": len(items), "tool": change("tool", "resguardo 1")}
        bag = types.SimpleNamespace(
            items=items, checkpoints=checkpoints, stamp_paths=stamps, statement=statement)
        try:
            custody = verify.canonical(verify.Custody(bag).document)
        except Exception:
            custody = canon({"@graph": []})
        files["data/custody.jsonld"] = custody + b"\n"
        files = change("files", files)
        payload = {name: data for name, data in files.items() if name.startswith("data/")}
        info = "Bag-Software-Agent: %s\nBagging-Date: 1970-01-01\nExternal-Identifier: %s\n" \
            "Payload-Oxum: %d.%d\n" % (statement["tool"], statement["case"],
                                       sum(map(len, payload.values())), len(payload))
        files["bagit.txt"] = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        files["bag-info.txt"] = info.encode()

        def manifest(algorithm, chosen):
            lines = ["%s  %s\n" % (hashlib.new(algorithm, chosen[name]).hexdigest(), name)
                     for name in sorted(chosen, key=lambda name: name.encode())]
            return "".join(lines).encode()

        for algorithm in ("sha256", "sha512"):
            files["manifest-%s.txt" % algorithm] = manifest(algorithm, payload)
        tags = {name: data for name, data in files.items() if name not in payload
                and change("is tag", True, name)}
        for algorithm in ("sha256", "sha512"):
            files["tagmanifest-%s.txt" % algorithm] = manifest(algorithm, tags)
        statement["tagManifest"] = by_hash(files["tagmanifest-sha256.txt"])
        files["bag.dsse.json"] = sealed("bag", statement, change) + b"\n"
        for name, data in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(data)


OTHERS.update([(1 + item, Forgery({}, item).leaf) for item in (0, 1)])


# --- Verdicts -------------------------------------------------------------------------------------


def verdict(code, said):
    if code not in (0, 3) or b"Traceback" in said or code and said.count(b"\n") > 2:
        return "exit code %d: %s" % (code, said.decode(errors="replace"))
    return "refused" if code else "accepted"


def run(*words):
    result = subprocess.run(words, stdin=-3, stdout=-1, stderr=-2)
    return verdict(result.returncode, result.stdout)


def run_forked(*words):
    """A verifier in a process of its own that need not be started from nothing."""
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.dup2(said.fileno(), 1), os.dup2(said.fileno(), 2)
                if words[0] == "disclose":
                    sys.argv = [discloser, *words[1:]]
                    code = disclosure.main() or 0
                else:
                    code = verify.main(list(words))
            except SystemExit as error:
                code = error.code if isinstance(error.code, int) else 1
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush(), sys.stderr.flush()
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        return verdict(code, said.read())


def verdicts(number, kind, path, options=()):
    words = (kind, str(path), *options)
    if number % 16:
        theirs = run_forked(*words)
    elif kind == "disclose":
        theirs = run(sys.executable, "-I", discloser, str(path))
    else:
        theirs = run(sys.executable, "-I", program, *words)
    ours = ["--log-key" if word == "--log" else word for word in options]
    return theirs, run("resguardo", kind, "verify", str(path), *ours)


cases = []


def receipts(name, **changes):
    cases.append(("receipt", name, {key.replace("_", " "): f for key, f in changes.items()}, ()))


def bags(name, options=(), **changes):
    cases.append(("bag", name, {key.replace("_", " "): f for key, f in changes.items()}, options))


def disclosures(name, **changes):
    cases.append(("disclose", name, {key.replace("_", " "): f for key, f in changes.items()}, ()))


def always(value):
    return lambda *_: value


# --- Evidence, statements and envelopes: each member, with every kind of value ---------------------

VALUES = [None, True, 0, 1, -1, 2**53 - 1, 2**53, 1.5, "", "x", "0" * 64, "x" * 70000, "ñ" * 129,
          "é" * 513, [], ["x"], {}, {"x": "y"}, 253402300799, 253402300800, 1000001]
NAMES = ["unknown", "", "notes", "captureX", "ñ", "v\u0301", "\u212a"]


def at(document, path):
    for step in path:
        document = document[step]
    return document


def edit(path, value):
    def change(document, *_):
        document = copy.deepcopy(document)
        at(document, path[:-1])[path[-1]] = value
        return document
    return change


def without(path):
    def change(document, *_):
        document = copy.deepcopy(document)
        del at(document, path[:-1])[path[-1]]
        return document
    return change


def edits(step, document, count, add, kept=()):
    found = []
    for path, value in walk(document):
        found.append(("%s without %s" % (step, path), without(path)))
        found += [("%s %s = %.30r" % (step, path, other), edit(path, other))
                  for other in VALUES if other != value or type(other) is not type(value)]
        if isinstance(value, dict):
            found += [("%s more %s" % (step, path + (name,)), edit(path + (name,), "x"))
                      for name in NAMES]
    found += [("%s more %s" % (step, name), edit((name,), "x")) for name in NAMES]
    found = [(name, change) for name, change in found if not any(word in name for word in kept)]
    for name, change in found if is_long else chance.sample(found, min(count, len(found))):
        add(name, **{step: change})


edits("evidence", good_evidence(), 60, bags)
whole = Forgery({})
edits("deposit", whole.statement, 30, receipts)
edits("envelope", json.loads(sealed("deposit", whole.statement, whole.change)), 24, receipts)
edits("bag", {"type": "bag", "v": 1, "case": "ca" * 16, "member": member.key.hex(), "createdAt": 5,
              "items": 1, "tool": "resguardo 1", "tagManifest": "00" * 32}, 24, bags,
      kept=("without ('items'", "without ('tool'"))

# What no list of values has.
FILE, LINK = ("files", 0), ("files", 3)
for name, path, value in [
    ("step", ("custody", 0, "event"), "arrested"), ("tool", ("custody", 0, "tool"), "x" * 1024),
    ("long tool", ("custody", 0, "tool"), "x" * 1025), ("step note", ("custody", 0, "note"), "x" * 4096),
    ("long step note", ("custody", 0, "note"), "x" * 4097), ("note", ("note",), "x" * 65536),
    ("long note", ("note",), "x" * 65537), ("no steps", ("custody",), []),
    ("steps", ("custody",), [{"event": "copied", "at": 0, "tool": ""}] * 1024),
    ("too many steps", ("custody",), [{"event": "copied", "at": 0, "tool": ""}] * 1025),
    ("salt in capitals", ("salt",), "5A" * 32), ("long salt", ("salt",), "5a" * 33),
    ("media type", FILE + ("mediaType",), "x" * 1024), ("long media type", FILE + ("mediaType",), "x" * 1025),
    ("another media type", FILE + ("mediaType",), "application/x-unheard-of"),
    ("media type of a directory", ("files", 1, "mediaType"), "text/plain"),
    ("capture of a directory", ("files", 1, "captureTool"), "x"),
    ("parts of a directory", ("files", 1, "parts"), 2), ("parts of a link", LINK + ("parts",), 2),
    ("digest of a directory", ("files", 1, "sha256"), "0" * 64), ("one part", ("files", 2, "parts"), 1),
    ("target of a file", FILE + ("target",), "x"), ("kind", FILE + ("kind",), "fifo"),
    ("tags", FILE + ("captureTags",), {"g:%d" % n: "x" for n in range(96)}),
    ("too many tags", FILE + ("captureTags",), {"g:%d" % n: "x" for n in range(97)}),
    ("long tag", FILE + ("captureTags",), {"x" * 257: "x"}), ("no tags", FILE + ("captureTags",), {}),
    ("tag twice (NFC, NFD)", FILE + ("captureTags",), {"x:\u00f1": "a", "x:n\u0303": "b"}),
    ("tag twice (singleton)", FILE + ("captureTags",), {"\u00c5": "a", "\u212b": "b"}),
    ("tag of marks in two orders", FILE + ("captureTags",), {"a\u0323\u0307": "a", "a\u0307\u0323": "b"}),
    ("tags that are alike only", FILE + ("captureTags",), {"\ufb01": "a", "fi": "b"}),
    ("tag in NFD", FILE + ("captureTags",), {"n\u0303": "b"}),
    ("tag with Kelvin", FILE + ("captureTags",), {"\u212a": "b"}),
    ("tag with Greek question mark", FILE + ("captureTags",), {"x\u037e": "b"}),
    ("tags in the order of UTF-16", FILE + ("captureTags",), {"\U0001f3a5": "a", "\uff5e": "b"}),
    ("empty name", FILE + ("name",), ""), ("dots", FILE + ("name",), "../a"), ("root", FILE + ("name",), "/a"),
    ("slash", FILE + ("name",), "a/"), ("NUL", FILE + ("name",), "a\0b"), ("name", FILE + ("name",), "x" * 255),
    ("long name", FILE + ("name",), "x" * 256), ("path", FILE + ("name",), "/".join(["x"] * 2048)),
    ("long path", FILE + ("name",), "/".join(["x"] * 2049)), ("control", FILE + ("name",), "\x1b[2J\x9b"),
    ("name of another file", FILE + ("name",), "d/b.bin"), ("name twice (NFD)", FILE + ("name",), "n\u0303"),
    ("needless bytes", FILE + ("nameBytes",), base64_of(b"a.txt")),
    ("other bytes", FILE + ("nameBytes",), base64_of(b"b\xff")), ("no base64", FILE + ("nameBytes",), "===="),
    ("target and its bytes", ("files", 4, "target"), "x"), ("negative size", FILE + ("size",), -1),
    ("same tool", ("custody", 0, "tool"), "kb:member-" + member.key.hex()),
    ("number of files", ("fileCount",), 8), ("truth for a number", ("v",), True),
]:
    bags(name, evidence=edit(path, value))
for name, bytes_ in [("surrogate", b"\xed\xa0\x80"), ("cut", b"\xe2\x82"), ("overlong", b"\xc0\xaf/x"),
                     ("beyond", b"\xf4\x90\x80\x80"), ("mixed", b"\xf0\x9f\xc3\xb1\x80")]:
    text = bytes_.decode("utf-8", "replace")
    bags("bytes " + name, evidence=edit(FILE, {**good_evidence()["files"][0], "name": text,
                                               "nameBytes": base64_of(bytes_)}))
bags("tools in NFC and NFD", evidence=lambda evidence: edit(("custody", 1, "tool"), "n\u0303")(
    edit(("custody", 0, "tool"), "\u00f1")(evidence)))
bags("no capture tool", evidence=without(FILE + ("captureTool",)))

# Texts that a parser could take for another.
for step, add in (("evidence_bytes", bags), ("payload", receipts), ("envelope_bytes", receipts)):
    sample = {"evidence_bytes": whole.evidence_bytes, "payload": canon(whole.statement),
              "envelope_bytes": sealed("deposit", whole.statement, whole.change)}
    for name, old, new in [
        ("space", b":", b": "), ("line feed", b"}", b"}\n"), ("escape", b"e", b"\\u0065"),
        ("slash", b"/", b"\\/"), ("twice", b'"type":', b'"type":"","type":'), ("null", b":1", b":null"),
        ("minus zero", b":1", b":-0"), ("plus", b":1", b":+1"), ("float", b":1", b":1.0"),
        ("exponent", b":1", b":1e0"), ("leading zero", b":1", b":01"), ("mark", b"{", b"\xef\xbb\xbf{"),
        ("not text", b'"c', b'"\xff'), ("lone surrogate", b'"c', b'"\\ud800'), ("NaN", b":1", b":NaN"),
        ("comma", b"}", b",}"), ("deep", b":1", b":" + b"[" * 40 + b"]" * 40),
        ("very deep", b":1", b":" + b"[" * 9999 + b"]" * 9999), ("digits", b":1", b":" + b"9" * 5000),
        ("list", b":[", b":[["), ("member twice", b'"payload":', b'"payload":"","payload":'),
        ("more", b"", b"\0"), ("comment", b"{", b"/**/{"), ("quotes", b'"', b"'"),
    ]:
        if old not in sample[step]:
            continue
        add("%s: %s" % (step, name), **{step: lambda data, old=old, new=new: (
            data.replace(old, new, 1) if old else data + new)})

# Signatures.
receipts("signature plus the order", signature=lambda signature, _: signature[:32] + (
    int.from_bytes(signature[32:], "little") + verify.ORDER).to_bytes(32, "little"))
receipts("nonce of small order", signature=lambda _, message: member.sign(message, 0))
receipts("sixty-three bytes", signature=lambda signature, _: signature[:63])
receipts("other signer first", envelope=lambda envelope: {**envelope, "signatures": sorted(
    envelope["signatures"] + [{"keyid": "00" * 32, "sig": base64_of(b"\1" * 64)}],
    key=lambda item: item["keyid"])})
receipts("other signer's length", envelope=lambda envelope: {**envelope, "signatures": [
    {"keyid": "00" * 32, "sig": base64_of(b"\1" * 63)}] + envelope["signatures"]})
receipts("backwards", envelope=lambda envelope: {**envelope, "signatures": envelope["signatures"] + [
    {"keyid": "00" * 32, "sig": base64_of(b"\1" * 64)}]})
for count in (32, 33):
    receipts("%d signers" % count, envelope=lambda envelope, count=count: {
        **envelope, "signatures": sorted(envelope["signatures"] + [
            {"keyid": "%02x" % number * 32, "sig": base64_of(b"\1" * 64)} for number in range(count - 1)
        ], key=lambda item: item["keyid"])})
for text in ("2026-13-45", "2026-1-1", "\u0662026-11-22", "2026-11-22\n"):
    receipts("date %r" % text, deposit=edit(("date",), text))
for name, point in [("neutral", (1).to_bytes(32, "little")), ("not canonical", b"\xff" * 31 + b"\x7f"),
                    ("no point", (2).to_bytes(32, "little"))]:
    receipts("key: " + name, deposit=edit(("member",), point.hex()), envelope=edit(
        ("signatures", 0), {"keyid": by_hash(point), "sig": base64_of(point + b"\0" * 32)}))

# --- Disclosures: values of any form, which are shown as they are ----------------------------------

edits("package", disclosed(good_evidence(), ["mediaType"]), 40, disclosures)


def nested(depth):
    value = "x"
    for _ in range(depth):
        value = [value]
    return value


for name, value in {
    **{"%d deep" % depth: nested(depth) for depth in range(24, 30)},
    "NFC and NFD": {"\u00f1": "a", "n\u0303": "b"}, "Kelvin": {"\u212a": "b"}, "null": None, "float": 0.5,
    "NFD": {"n\u0303": "b"}, "much": 2**53, "most": 2**53 - 1, "least": 1 - 2**53, "less": -2**53,
    "order": {"\U0001f3a5": "a", "\uff5e": "b"}, "controls": "\x1b[2J\x9b\u202e\n",
}.items():
    disclosures("note: " + name, evidence=edit(("note",), value))
    disclosures("member: " + name, evidence=edit(("unheard",), value))
for name in ("n\u0303", "", "\u212a", "x" * 300):
    disclosures("field called %.9r" % name, evidence=edit((name,), "x"))
for name in ("../a", "", "x" * 256, ".", "a/b", "n\u0303"):
    disclosures("file called %.9r" % name, evidence=edit(("files", 0, "name"), name),
                content=always(name.split("/")[-1] if 0 < len(name) < 256 and name != "." else "a.txt"))
for name in (["name"], ["kind"], ["sha256"], [], ["fileCount"], ["note", "custody", "capturedAt"]):
    disclosures("without %s" % name, withheld=always(name), content=always(
        "content" if "name" in name else "a.txt"))
disclosures("sizes differ", evidence=edit(("files", 0, "size"), 6), withheld=always([]))
disclosures("digest differs", evidence=edit(("files", 0, "sha256"), "0" * 64))
disclosures("more", package_bytes=lambda data: data + b"\n")

# --- Notes ----------------------------------------------------------------------------------------

NUMBER = b"\1\2\3\4"
LINES = {
    "unknown": signature_line("witness.example/w", NUMBER, b"\5" * 72),
    "one byte": signature_line("w", NUMBER, b"\5"), "no byte": signature_line("w", NUMBER, b""),
    "name": signature_line("w" * 255, NUMBER, b"\5"), "long name": signature_line("w" * 256, NUMBER, b"\5"),
    "long name in UTF-8": signature_line("ñ" * 128, NUMBER, b"\5"), "plus": signature_line("w+w", NUMBER, b"\5"),
    "line": signature_line("w", NUMBER, b"\5" * 12278), "long line": signature_line("w", NUMBER, b"\5" * 12284),
    "our name": signature_line("example.org/log", NUMBER, b"\5" * 64),
    "our number": signature_line("other", vkey("example.org/log")[1], b"\5" * 64),
    "ours, wrong": signature_line(*vkey("example.org/log")[:2], b"\5" * 64),
    "ours, short": signature_line(*vkey("example.org/log")[:2], b"\5" * 63),
    "no dash": "w %s\n" % base64_of(NUMBER + b"\5"), "hyphen": "- w %s\n" % base64_of(NUMBER + b"\5"),
    "two spaces": "\u2014 w  %s\n" % base64_of(NUMBER + b"\5"), "third word": "\u2014 w %s x\n" % base64_of(NUMBER * 2),
    "trailing space": "\u2014 w %s \n" % base64_of(NUMBER * 2), "CRLF": "\u2014 w %s\r\n" % base64_of(NUMBER * 2),
    "no padding": "\u2014 w %s\n" % base64_of(NUMBER + b"\5").rstrip("="), "no line feed": "\u2014 w AAAAAAAA",
    "unused bits": "\u2014 w AAAAAAF=\n", "URL alphabet": "\u2014 w ____----\n", "empty": "\n",
    "63 more": signature_line("w", NUMBER, b"\5") * 63, "64 more": signature_line("w", NUMBER, b"\5") * 64,
    "not text": "\u2014 w\udcff %s\n" % base64_of(NUMBER * 2),
}
for character in "\0\t\x0b\x1f\x7f\x85\x9b\xa0\u1680\u180e\u2003\u2028\u202e\u202f\u3000\ufeff":
    LINES["name with %r" % character] = signature_line("w" + character, NUMBER, b"\5")
for name, line in LINES.items():
    line = line.encode("utf-8", "surrogateescape")
    receipts("note and line: " + name, note=lambda note, line=line: note + line)
receipts("line before", note=lambda note: note.replace(
    "\n\n\u2014".encode(), ("\n\n" + LINES["unknown"] + "\u2014").encode()))
receipts("ours twice", note=lambda note: note + note.rpartition(b"\n\n")[2])
receipts("two blank lines", note=lambda note: note.replace(b"\n\n", b"\n\n\n", 1))
bags("note and line in a bag", note=lambda note: note + LINES["unknown"].encode())

EXTENSIONS = {
    "one": "x\n", "sixteen": "x\n" * 16, "seventeen": "x\n" * 17, "long": "x" * 1024 + "\n",
    "too long": "x" * 1025 + "\n", "UTF-8": "ñ" * 513 + "\n", "empty": "\nx\n", "tab": "\t\n",
    "DEL": "\x7f\n", "not text": "\udcff\n", "dash": "\u2014 x AAAAAAAA\n",
}
for name, text in EXTENSIONS.items():
    receipts("extension: " + name, checkpoint=lambda checkpoint, text=text: checkpoint + text)
for size in ("05", "+5", " 5", "5 ", "0", "", "18446744073709551615", "18446744073709551616", "\u0665"):
    receipts("size %r" % size, checkpoint=lambda checkpoint, size=size: checkpoint.replace(
        "\n5\n", "\n%s\n" % size))
receipts("other origin", checkpoint=lambda checkpoint: checkpoint.replace("example", "other"))
for name in ("x" * 255, "x" * 256, "ñ", "n\u0303", "a b", "a\u00a0b", "a\x1bb", "\x9b2J", "a\x7f", "\u202ex"):
    receipts("log called %.9r" % name, key=always(vkey(name)))
bags("log in NFD", key=always(vkey("n\u0303")))
bags("log in NFD and NFC", key=always(vkey("n\u0303")), log_vkey=always(vkey("\u00f1")[2].encode() + b"\n"))
receipts("key of type 4", key=always(vkey("x", b"\4")), note_signature=lambda _, text: (
    (9).to_bytes(8, "big") + log.sign(b"cosignature/v1\ntime 9\n" + text)))
for kind in (b"\2", b"\6", b"\0", b""):
    receipts("key of type %r" % kind, key=always(vkey("x", kind)))
receipts("short key", key=always(vkey("x", key=log.key[:31])))
receipts("number of the key", key=lambda key: (key[0], NUMBER, key[2]))
receipts("number in capitals", key=lambda key: (*key[:2], key[2].replace("+" + key[1].hex(), "+" + key[1].hex().upper())))
receipts("nonce of small order in a note", note_signature=lambda _, text: log.sign(text, 0))

# --- Receipts -------------------------------------------------------------------------------------

for number in range(10):
    receipts("without line %d" % number, lines=lambda lines, number=number: lines[:number] + lines[number + 1:])
    receipts("line %d twice" % number, lines=lambda lines, number=number: lines[:number + 1] + lines[number:])
for old, new in [("index 1", "index 01"), ("index 1", "index 5"), ("index 1", "index 18446744073709551616"),
                 ("index 1", "extra AAAA\nindex 1"), ("index 1", "index 1 "), ("salt ", "salt  "),
                 ("salt ", "Salt "), ("log ", "log \udcff"), ("receipt/1", "receipt/2"), ("@v1", "@v2")]:
    receipts("%r for %r" % (new, old), lines=lambda lines, old=old, new=new: (
        "\n".join(lines).replace(old, new, 1).split("\n")))
for count in (31, 33):
    receipts("salt of %d bytes" % count, salt=always(b"\7" * count))
receipts("more hashes", lines=lambda lines: lines + lines[-1:] * 61)
receipts("too many hashes", lines=lambda lines: lines + lines[-1:] * 64)
for name, change in [("CRLF", lambda data: data.replace(b"\n", b"\r\n")), ("more", lambda data: data + b"x"),
                     ("blank line", lambda data: data + b"\n"), ("nothing", always(b"")),
                     ("cut", lambda data: data[:-1]), ("mark", lambda data: b"\xef\xbb\xbf" + data),
                     ("NUL", lambda data: data.replace(b"\n\n", b"\n\0\n", 1)),
                     ("garbage", always(bytes(range(256)) * 9)), ("huge", lambda data: data + b"\n" * (4 << 20))]:
    receipts("receipt: " + name, receipt=change)

# --- Bags -----------------------------------------------------------------------------------------


def more(name, data=b"x"):
    return lambda files: {**files, name: data}


for name in ("extra", "data/extra", "data/\u0301x", "data/log/\u0301x", "data\u0301/x", "tagmanifest-x",
             "tagmanifest-\u0301", "data/items/x", "data/items/\u0301x", "data/log/x.checkpoint", "a\u202eb",
             "a\u200fb", "a\u2067b", "a\u200bb", "a\x7fb", "a\x85b", "ñ", "n\u0303", "\u212a", "a%b", "a\\b",
             "/".join("d" * 200) + "/x", "/".join("d" * 201) + "/x", "data/" + "/".join("d" * 250) + "/x"):
    bags("file %.30r" % name, files=more(name))
    if not name.startswith("data/"):
        bags("file %.30r, not listed" % name, files=more(name), is_tag=lambda _, found, name=name: found != name)
for text in ("x" * 100, "x" * 101, "ñ", "a\tb", "", "a\x7fb"):
    bags("tool %.9r" % text, tool=always(text))
for name, change in [("type 4", always(vkey("x", b"\4")[2].encode() + b"\n")), ("CRLF", lambda data: data[:-1] + b"\r\n"),
                     ("two lines", lambda data: data + data), ("no line feed", lambda data: data[:-1]),
                     ("long", lambda data: data + b"x" * 4096), ("not text", always(b"\xff+00000000+AQ==\n"))]:
    bags("log.vkey: " + name, log_vkey=change)
bags("two items", items=lambda _: [Forgery({}, 1)], lines=lambda lines: lines)


def entry_twice(_):
    """The log says two things of one entry, and signs both."""
    other = Forgery({}, 0)
    other.statement = {**other.statement, "ciphertextRoot": "bb" * 32}
    changed = Forgery({"deposit": lambda _: other.statement}, 0)
    changed.statement = other.statement
    return [changed]


bags("two items of one entry", items=entry_twice)
bags("two histories", items=lambda _: [Forgery({"salt": always(b"\6" * 32)}, 1)])
bags("other log", options=("--log", vkey("other")[2]))
bags("right log", options=("--log", whole.vkey))

# --- Time stamps ----------------------------------------------------------------------------------

AUTHORITY = """
set -e
openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out root.pem -days 99 -subj /CN=Root 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out csr -subj /CN=Authority 2>/dev/null
echo extendedKeyUsage=critical,timeStamping >ext
openssl x509 -req -in csr -CA root.pem -CAkey key -CAcreateserial -days 99 -extfile ext -out tsa.pem 2>/dev/null
echo 01 >serial
printf '[tsa]\\ndefault_tsa=m\\n[m]\\nserial=serial\\nsigner_cert=tsa.pem\\nsigner_key=tsa.key\\ncerts=root.pem
default_policy=1.2.3\\ndigests=sha256\\nsigner_digest=sha256\\naccuracy=secs:1,millisecs:5\\ness_cert_id_alg=sha256\\n' >cnf
openssl ts -query -data note -sha256 -cert -out query 2>/dev/null
openssl ts -reply -config cnf -queryfile query -out answer 2>/dev/null
"""
(scratch / "note").write_bytes(whole.note)
subprocess.run(["bash", "-c", AUTHORITY], cwd=scratch, check=True)
answer, root_pem, leaf_pem = ((scratch / name).read_bytes() for name in ("answer", "root.pem", "tsa.pem"))
empty = scratch / "empty.pem"
empty.write_bytes(b"")


def stamped(token=answer, pem=root_pem, name=None, twice=False):
    def change(_, forgery, files):
        stem = "data/log/%016d-%s" % (5, by_hash(forgery.note)[:16])
        path = "%s.%s.tsr" % (stem, name or by_hash(token)[:16])
        files[stem + ".checkpoint"] = forgery.note
        files[path], files[path[:-4] + ".pem"] = token, pem
        if twice:
            files[stem + ".0.tsr"], files[stem + ".0.pem"] = token, pem
        stamp = types.SimpleNamespace(digest=by_hash(token))
        return {forgery.note: (5, [stamp])}, {stamp.digest: (path, len(token))}
    return change


damaged = leaf_pem[:300] + b"!" + leaf_pem[301:]
for name, change in {
    "good": stamped(), "named otherwise": stamped(name="0" * 16), "twice": stamped(twice=True),
    "trailing bytes": stamped(answer + b"\0"), "trailing DER": stamped(answer + b"\5\0"), "empty": stamped(b""),
    "no roots": stamped(pem=b""), "text before the root": stamped(pem=b"hola\n" + root_pem),
    "leaf for a root": stamped(pem=leaf_pem), "root, then damage": stamped(pem=root_pem + damaged),
    "damage, then root": stamped(pem=damaged + root_pem), "root twice": stamped(pem=root_pem * 2),
    "root cut": stamped(pem=root_pem + leaf_pem[:400]), "garbage": stamped(pem=bytes(range(256))),
    "root and key": stamped(pem=root_pem + (scratch / "tsa.key").read_bytes()),
    "long": stamped(answer + b"\0" * (256 << 10)),
}.items():
    bags("time stamp: " + name, stamps=change)
for place in range(len(answer)) if is_long else [*range(12), *chance.sample(range(len(answer)), 12)]:
    changed = bytearray(answer)
    changed[place] ^= 1 << chance.randrange(8)
    bags("time stamp with another byte %d" % place, stamps=stamped(bytes(changed)))
bags("no roots given", options=("--tsa-roots", str(empty)), stamps=stamped())
bags("roots given", options=("--tsa-roots", str(scratch / "root.pem")), stamps=stamped())
bags("other roots given", options=("--tsa-roots", str(scratch / "tsa.pem")), stamps=stamped())


# --- Both are asked -------------------------------------------------------------------------------


def attempt(number):
    kind, name, changes, options = cases[number]
    path = scratch / str(number)
    forgery = Forgery(changes)
    if kind == "receipt":
        forgery.write_receipt(path)
    else:
        path.mkdir()
        forgery.write_bag(path) if kind == "bag" else forgery.write_disclosure(path)
    found = verdicts(number, kind, path, options)
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    return kind, name, found


for kind in ("receipt", "bag", "disclose"):
    cases.insert(0, (kind, "as it should be", {}, ()))
counts = {"accepted": 0, "refused": 0}
failures = 0
sys.stdout.flush()
with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
    for kind, name, (theirs, ours) in pool.map(attempt, range(len(cases)), chunksize=8):
        if "RESGUARDO_VERBOSE" in os.environ:
            print(kind, name, theirs, ours)
        if theirs != ours or theirs not in counts or name == "as it should be" and ours != "accepted":
            failures += 1
            print("%s, %s: theirs %s, resguardo %s" % (kind, name, theirs, ours))
            continue
        counts[ours] += 1
shutil.rmtree(scratch)
print("%(accepted)d accepted, %(refused)d refused" % counts)
print("%d disagreements" % failures)
sys.exit(1 if failures or min(counts.values()) < 20 else 0)
