# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Damages a court bag in every way there is, and asks both verifiers: each has to refuse each time.

usage: court-damage.py BAG OTHER_BAG VERIFY_PY

Half of the damage is done as a forger would: the manifests are made anew and the bag is signed again
with a key of the forger's own, so that nothing but the check of the meaning can catch it.
"""

import base64
import concurrent.futures
import hashlib
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from court_walk import walk

bag, other, program = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
spec = importlib.util.spec_from_file_location("verify", program)
verify = importlib.util.module_from_spec(spec)
sys.dont_write_bytecode = True
spec.loader.exec_module(verify)
scratch = pathlib.Path(tempfile.mkdtemp(dir="."))
canonical = verify.canonical


def openssl(*words, data=b""):
    return subprocess.run(["openssl", *words], input=data, stdout=-1, check=True).stdout


key_file = scratch / "forger.key"
openssl("genpkey", "-algorithm", "ed25519", "-out", str(key_file))
forger = openssl("pkey", "-in", str(key_file), "-pubout", "-outform", "DER")[-32:]


def sign(statement, kind):
    payload = canonical(statement)
    name = "application/vnd.resguardo.%s.v1+json" % kind
    message = b"DSSEv1 %d %s %d %s" % (len(name), name.encode(), len(payload), payload)
    with tempfile.NamedTemporaryFile(dir=scratch) as file:
        file.write(message)
        file.flush()
        words = ["pkeyutl", "-sign", "-rawin", "-inkey", str(key_file), "-in", file.name]
        signature = openssl(*words)
    return canonical({
        "payload": base64.b64encode(payload).decode(), "payloadType": name,
        "signatures": [{"keyid": hashlib.sha256(forger).hexdigest(),
                        "sig": base64.b64encode(signature).decode()}]})


def payload_of(envelope):
    return json.loads(base64.b64decode(json.loads(envelope)["payload"]))


def resign(root, **changes):
    path = root / "bag.dsse.json"
    statement = payload_of(path.read_bytes()) | {"member": forger.hex()}
    statement["tagManifest"] = hashlib.sha256(
        (root / "tagmanifest-sha256.txt").read_bytes()).hexdigest()
    path.write_bytes(sign(statement | changes, "bag") + b"\n")


def reseal(root, **changes):
    """Makes manifests, Payload-Oxum and signature fit whatever the bag holds now."""
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    names = {path.relative_to(root).as_posix(): path for path in files}
    payload = [name for name in names if name.startswith("data/")]
    info = root / "bag-info.txt"
    size = sum(names[name].stat().st_size for name in payload)
    lines = info.read_text().split("Payload-Oxum: ")[0]
    info.write_text(lines + "Payload-Oxum: %d.%d\n" % (size, len(payload)))

    def manifest(algorithm, chosen):
        return "".join("%s  %s\n" % (hashlib.new(algorithm, (root / name).read_bytes()).hexdigest(),
                                     name) for name in sorted(chosen, key=str.encode))

    for algorithm in ("sha256", "sha512"):
        (root / ("manifest-%s.txt" % algorithm)).write_text(manifest(algorithm, payload))
    tags = [name for name in names if not name.startswith(("data/", "tagmanifest-"))
            and name != "bag.dsse.json"]
    for algorithm in ("sha256", "sha512"):
        (root / ("tagmanifest-%s.txt" % algorithm)).write_text(manifest(algorithm, tags))
    resign(root, **changes)


def flip(path, offset):
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


def verdicts(root):
    try:
        verify.Bag(str(root))
        ours = "accepted"
    except (verify.Refused, OSError):
        ours = "refused"
    result = subprocess.run(["resguardo", "bag", "verify", str(root)], stdout=-3, stderr=-1)
    theirs = {0: "accepted", 3: "refused"}.get(result.returncode, result.stderr.decode())
    return ours, theirs


if verdicts(bag) != ("accepted", "accepted") or verdicts(other) != ("accepted", "accepted"):
    sys.exit("a good bag is refused: %s %s" % (verdicts(bag), verdicts(other)))
# The forger's own bag of the same items, which is good: all that follows is done to it.
whole = verify.Bag(str(bag))
maker = whole.statement["member"]
whole.statement["member"] = forger.hex()
bag = pathlib.Path(shutil.copytree(bag, scratch / "forged"))
(bag / "data/custody.jsonld").write_bytes(canonical(verify.Custody(whole).document) + b"\n")
reseal(bag)
if verdicts(bag) != ("accepted", "accepted"):
    sys.exit("the forger's work shows before anything is forged: %s %s" % verdicts(bag))

damages = []


def damage(name):
    return lambda function: damages.append((name, function))


def each_file(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


# Every file, by hand.
for name in each_file(bag):
    size = (bag / name).stat().st_size
    damage("flip " + name)(lambda root, name=name, size=size: flip(root / name, size // 2))
    damage("cut " + name)(lambda root, name=name, size=size: os.truncate(root / name, size // 2))
    damage("remove " + name)(lambda root, name=name: (root / name).unlink())
    damage("add to " + name)(lambda root, name=name: (root / name).open("ab").write(b"\n"))
    if (other / name).exists() and (other / name).read_bytes() != (bag / name).read_bytes():
        damage("swap " + name)(lambda root, name=name: shutil.copy(other / name, root / name))

# Everything that proves something, by a forger.
for name in each_file(bag / "data"):
    name = "data/" + name
    size = (bag / name).stat().st_size
    # Certificates to start from are signed by nobody, and a response has bytes that nothing signs:
    # of those, take the signature.
    places = {".pem": [], ".tsr": [size - 1]}.get(pathlib.Path(name).suffix, [0, size // 2, size - 1])
    for place in places:
        damage("forge byte %d of %s" % (place, name))(
            lambda root, name=name, place=place: (flip(root / name, place), reseal(root)))
    damage("forge cut " + name)(
        lambda root, name=name, size=size: (os.truncate(root / name, size // 3), reseal(root)))
    damage("forge empty " + name)(
        lambda root, name=name: (os.truncate(root / name, 0), reseal(root)))
    damage("forge remove " + name)(
        lambda root, name=name: ((root / name).unlink(), reseal(root)))
    damage("forge rename " + name)(
        lambda root, name=name: ((root / name).rename(root / (name + "x")), reseal(root)))
    if (other / name).exists() and (other / name).read_bytes() != (bag / name).read_bytes():
        damage("forge swap " + name)(
            lambda root, name=name: (shutil.copy(other / name, root / name), reseal(root)))


def edit_json(name, path, value):
    def change(root):
        document = json.loads((root / name).read_bytes())
        target = document
        for step in path[:-1]:
            target = target[step]
        if value is None:
            del target[path[-1]]
        else:
            target[path[-1]] = value
        end = b"\n" if name.endswith("jsonld") else b""
        (root / name).write_bytes(canonical(document) + end)
        reseal(root)
    return change


def other_value(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("0" if value[-1:] != "0" else "1")
    return [] if isinstance(value, list) else {}


# Every field of evidence and custody.
for name in each_file(bag):
    if name.endswith("evidence.json"):
        for path, value in walk(json.loads((bag / name).read_bytes())):
            damage("forge %s %s" % (name, path))(edit_json(name, path, other_value(value)))
for path, value in list(walk(json.loads((bag / "data/custody.jsonld").read_bytes())))[::3]:
    damage("forge custody %s" % (path,))(edit_json("data/custody.jsonld", path, other_value(value)))

# Every line of a receipt, and its statement signed anew by the forger.
receipts = [name for name in each_file(bag) if name.endswith("receipt.txt")]


def edit_receipt(name, change):
    def apply(root):
        lines = (root / name).read_text().split("\n")
        change(lines)
        (root / name).write_text("\n".join(lines))
        reseal(root)
    return apply


for name in receipts:
    lines = (bag / name).read_text().split("\n")
    for number, line in enumerate(lines[:-1]):
        damage("forge line %d of %s" % (number, name))(edit_receipt(
            name, lambda lines, number=number: lines.__setitem__(
                number, other_value(lines[number]) if lines[number] else "x")))
        damage("forge without line %d of %s" % (number, name))(edit_receipt(
            name, lambda lines, number=number: lines.pop(number)))
    statement = payload_of(lines[3].split(" ", 1)[1])
    for field, value in statement.items():
        def forge(lines, field=field, value=value, statement=statement):
            changed = dict(statement, member=forger.hex())
            if field != "member":
                changed[field] = other_value(value)
            lines[3] = "statement " + sign(changed, "deposit").decode()
        damage("forge statement %s of %s" % (field, name))(edit_receipt(name, forge))

# What the bag's own statement says.
statement = payload_of((bag / "bag.dsse.json").read_bytes())
for field, value in statement.items():
    if field != "member":
        damage("sign other " + field)(
            lambda root, field=field, value=value: resign(root, **{field: other_value(value)}))
damage("sign other member")(lambda root: resign(root, member=maker))
damage("sign fields more")(lambda root: resign(root, more=1))

# Items and time stamps in the wrong place.
items = sorted((bag / "data/items").iterdir())
stamps = sorted((bag / "data/log").glob("*.tsr"))


@damage("swap items")
def _(root):
    one, two = (root / "data/items" / item.name for item in items[:2])
    one.rename(root / "x"), two.rename(one), (root / "x").rename(two)
    reseal(root)


@damage("take an item away")
def _(root):
    shutil.rmtree(root / "data/items" / items[0].name)
    reseal(root)


@damage("add an item of another case")
def _(root):
    item = next((other / "data/items").iterdir())
    shutil.copytree(item, root / "data/items" / item.name)
    reseal(root, items=len(items) + 1)


@damage("swap receipts")
def _(root):
    one, two = (root / "data/items" / item.name / "receipt.txt" for item in items[:2])
    one.rename(root / "x"), two.rename(one), (root / "x").rename(two)
    reseal(root)


for number, stamp in enumerate(stamps):
    @damage("stamp of another checkpoint %d" % number)
    def _(root, stamp=stamp, source=stamps[number - 1]):
        shutil.copy(source, root / "data/log" / stamp.name)
        reseal(root)

    @damage("stamp without root %d" % number)
    def _(root, stamp=stamp):
        openssl("req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", str(scratch / "k"),
                "-subj", "/CN=Root root", "-out", str((root / "data/log" / stamp.name)
                                                      .with_suffix(".pem")))
        reseal(root)


# What RFC 8493 asks for, spelled otherwise.
for name, text in {
    "bagit.txt": ["BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
                  "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n",
                  "\ufeffBagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
                  "BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n", "\n"],
    "bag-info.txt": ["", "Bag-Software-Agent: other\n", "Payload-Oxum: 1.1\n"],
}.items():
    for number, content in enumerate(text):
        @damage("write %s %d" % (name, number))
        def _(root, name=name, content=content):
            reseal(root)
            (root / name).write_text(content)
            for algorithm in ("sha256", "sha512"):
                path = root / ("tagmanifest-%s.txt" % algorithm)
                digest = hashlib.new(algorithm, content.encode()).hexdigest()
                path.write_text("".join(digest + "  " + name + "\n" if line.endswith("  " + name)
                                        else line + "\n" for line in path.read_text().splitlines()))
            resign(root)

for name in ("manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt"):
    for what, change in {
        "first line gone": lambda lines: lines[1:], "twice": lambda lines: lines + lines[:1],
        "backwards": lambda lines: lines[::-1], "capitals": lambda lines: [lines[0].upper()] + lines[1:],
        "above": lambda lines: lines + ["0" * 64 + "  ../../etc/passwd"],
        "absolute": lambda lines: lines + ["0" * 64 + "  /etc/passwd"],
        "one space": lambda lines: [lines[0].replace("  ", " ")] + lines[1:],
    }.items():
        @damage("%s: %s" % (name, what))
        def _(root, name=name, change=change):
            path = root / name
            path.write_text("\n".join(change(path.read_text().splitlines())) + "\n")
            resign(root)

# Files that no bag has.
for name in ("data/extra", "data/log/extra", "data/log/x.pem", "extra", "data/items/x/receipt.txt"):
    damage("stray " + name)(lambda root, name=name: (
        (root / name).parent.mkdir(exist_ok=True), (root / name).write_text("x")))
    if name != "extra":
        damage("forge stray " + name)(lambda root, name=name: (
            (root / name).parent.mkdir(exist_ok=True), (root / name).write_text("x"), reseal(root)))
damage("link")(lambda root: (root / "data/link").symlink_to("/etc/passwd"))
damage("link for a file")(lambda root: (
    (root / "README.txt").rename(root / "elsewhere"), (root / "README.txt").symlink_to("elsewhere")))
damage("link for a directory")(lambda root: (
    (root / "data/log").rename(scratch / (root.name + "log")),
    (root / "data/log").symlink_to(scratch.resolve() / (root.name + "log"))))
damage("pipe")(lambda root: os.mkfifo(root / "data/pipe"))
damage("empty directory")(lambda root: (root / "data/empty").mkdir())
damage("per cent")(lambda root: (root / "50%").write_text("x"))
damage("line feed")(lambda root: (root / "a\nb").write_text("x"))
damage("not text")(lambda root: open(os.fsencode(root) + b"/\xff", "w").close())
damage("huge manifest")(lambda root: (root / "manifest-sha256.txt").open("a").write("x" * (64 << 20)))
damage("no data")(lambda root: shutil.rmtree(root / "data"))
damage("nothing")(lambda root: (shutil.rmtree(root), root.mkdir()))


def attempt(numbered):
    number, (name, function) = numbered
    root = scratch / ("bag%d" % number)
    shutil.copytree(bag, root)
    function(root)
    found = verdicts(root)
    shutil.rmtree(root)
    return name, found


if "RESGUARDO_LONG_TESTS" not in os.environ:
    damages = damages[::2]
failures = 0
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for name, found in pool.map(attempt, enumerate(damages)):
        if found != ("refused", "refused"):
            failures += 1
            print("%s: verify.py %s, resguardo %s" % (name, *found))
shutil.rmtree(scratch)
print("%d bags damaged, %d taken for good" % (len(damages), failures))
sys.exit(1 if failures or len(damages) < 200 else 0)
