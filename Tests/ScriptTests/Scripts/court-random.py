# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Makes bags of directories with names of all kinds; every verifier has to take every one.

usage: court-random.py COUNT VERIFY_PY [SEED]     needs a home in RESGUARDO_HOME with the case `many`
"""

import hashlib
import os
import random
import subprocess
import sys

count, program = int(sys.argv[1]), sys.argv[2]
seed = sys.argv[3] if len(sys.argv) > 3 else str(random.randrange(1 << 32))
print("seed", seed)
chance = random.Random(seed)
names = [
    b"a.jpg", b"A.JPG", b"con", b"NUL.txt", b"lpt1", b"com0.tar.gz", b"100%", b"%0A", b"two\nlines",
    b"=41", b"A", b"\xc3\xb1and\xc3\xba.mp4", b"\xc3\x91AND\xc3\x9a.mp4", b"n\xcc\x83.mp4", b"\xff\xfe.bin",
    b"\xed\xa0\x80", b"\xe2\x80\xaegpj.exe", b"\xf0\x9f\x8e\xa5 video.mov", b"x" * 255, b"\xc3\xa1" * 127,
    b"ends with.", b"ends with ", b" starts", b"~tilde", b"-rf", b"<script>alert(1)<!--", b"a&b",
    b"quote\"s'", b"back\\slash", b"c:d", b"*?|", b"\xc3\x97\xc3\xb7", b"\xc3", b".hidden", b"...",
    b"tab\there", b"\x7f", b"q.abcdefghi", b"no.ext.", b"\xe6\xbc\xa2\xe5\xad\x97.pdf",
]


def fill(folder, depth):
    made = 0
    for name in chance.sample(names, chance.randrange(3, 12)):
        path = folder + b"/" + name
        if chance.random() < 0.25 and depth < 4 and len(path) < 900:
            os.mkdir(path)
            fill(path, depth + 1)
            continue
        if not os.path.lexists(path):
            with open(path, "wb") as file:
                file.write(chance.randbytes(chance.choice([0, 1, 511, 512, 70000])))
    os.symlink(b"nowhere", folder + b"/link")


def resguardo(*words):
    words = ["resguardo", *words, "--demo", "--passphrase-file", "pass", "--quiet"]
    return subprocess.run(words, stdout=-1, check=True).stdout


def digests(folder):
    found = []
    for place, _, files in os.walk(folder):
        for name in files:
            if not os.path.islink(os.path.join(place, name)):
                with open(os.path.join(place, name), "rb") as file:
                    found.append(hashlib.sha256(file.read()).hexdigest())
    return sorted(found)


for number in range(count):
    source = b"source%d" % number
    os.mkdir(source)
    fill(source, 0)
    item = resguardo("deposit", "many", source.decode(), "--json").decode().split('"item":"')[1][:64]
    bag = "many%d" % number
    resguardo("bag", "create", "many", bag, "--item", item[:20], "--no-pdf")
    assert digests(bag + "/data/items/" + item + "/original") == digests(source), "originals differ"
    subprocess.run(["resguardo", "bag", "verify", bag], stdout=-3, check=True)
    subprocess.run([sys.executable, program, bag], stdout=-3, check=True)
    if len(sys.argv) > 4:
        subprocess.run([sys.argv[4], "--validate", "--quiet", bag], check=True)
print(count, "bags taken")
