# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Gives the independent verifiers what is no evidence at all: each says so in one line.

usage: garbage.py FOLDER     with verify.py and disclosure.py
"""

import os
import pathlib
import shutil
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])
texts = [
    b"", b"\n", b"\0" * 999, bytes(range(256)), b"{}", b"[]", b"null", b"1" * 5000, b"[" * 100000,
    b'{"payload":1}', b'{"leaves":[{"shown":[]}],"type":"disclosure","v":1}', b'"\\ud800"', b"\xff",
    b"resguardo-receipt/1\n", b"resguardo-receipt/1\nlog a+b+c\nsalt x\nstatement {}\n\n"
    b"c2sp.org/tlog-proof@v1\nindex 0\n\nx\n\n\xe2\x80\x94 x AAAAAAAA\n",
]
count = 0


def ask(*words):
    global count
    result = subprocess.run([sys.executable, "-I", *map(str, words)], stdout=-1, stderr=-1)
    said = result.stdout + result.stderr
    if result.returncode != 3 or b"Traceback" in said or said.count(b"\n") != 1:
        count += 1
        print(words, result.returncode, said.decode(errors="replace"))


work = pathlib.Path("garbage")
for number, text in enumerate(texts):
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    (work / "receipt.txt").write_bytes(text)
    ask(folder / "verify.py", "receipt", work / "receipt.txt")
    (work / "disclosure.json").write_bytes(text)
    ask(folder / "disclosure.py", work)
    (work / "bag.dsse.json").write_bytes(text + b"\n")
    ask(folder / "verify.py", "bag", work)
for name in (b"\xff", "\x1b[2J\x9b", "a\nb", "\u202e"):
    shutil.rmtree(work)
    work.mkdir()
    open(os.path.join(os.fsencode(work), os.fsencode(name)), "w").close()
    ask(folder / "verify.py", "bag", work)
    ask(folder / "disclosure.py", work)
for path in ("nowhere", "garbage.py", "."):
    ask(folder / "verify.py", "bag", path)
    ask(folder / "verify.py", "receipt", path)
    ask(folder / "disclosure.py", path)
print(count, "tracebacks")
sys.exit(1 if count else 0)
