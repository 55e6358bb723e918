# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Lets the disk fail under index.sqlite, at each thing that SQLite does with it, in every way.

usage: index-faults.py FAULTY_DISK [SEED]
       needs a home in RESGUARDO_HOME with the case c, and an older index of it in `behind`

After each failure the next run has to list every item, and an audit has to find nothing. The run
that failed may list every item, or say in one line that index.sqlite failed; nothing else.
"""

import os
import pathlib
import random
import shutil
import subprocess
import sys

library = str(pathlib.Path(sys.argv[1]).resolve())
home = pathlib.Path(os.environ["RESGUARDO_HOME"])
names = ["index.sqlite" + suffix for suffix in ("", "-journal", "-wal", "-shm")]
mark = pathlib.Path("mark")
seed = sys.argv[2] if len(sys.argv) > 2 else str(random.randrange(1 << 32))
print("seed", seed)
chance = random.Random(seed)
step = 1 if "RESGUARDO_LONG_TESTS" in os.environ else 16


def resguardo(*words, **more):
    words = ["resguardo", *words, "--json"]
    return subprocess.run(words, stdout=-1, stderr=-1, env={**os.environ, **more})


def listed(**more):
    return resguardo("list", "c", "--demo", "--passphrase-file", "pass", **more)


def put_back(files):
    for name in names:
        (home / name).unlink(missing_ok=True)
    for name, data in files.items():
        (home / name).write_bytes(data)


expected = listed().stdout
whole = {name: (home / name).read_bytes() for name in names if (home / name).exists()}
behind = {"index.sqlite": pathlib.Path("behind").read_bytes()}
starts = {"none": {}, "behind": behind, "whole": whole, "torn": {
    "index.sqlite": whole["index.sqlite"][:4096] + behind["index.sqlite"][4096:]}}
count = failures = refused = 0
for start, files in starts.items():
    for how in ("fail", "full", "short", "dead", "kill", "torn", "after"):
        for at in range(chance.randrange(1, step + 1), 200, step):
            put_back(files)
            mark.unlink(missing_ok=True)
            result = listed(LD_PRELOAD=library, FAULT_FILE="index.sqlite", FAULT_AT=str(at),
                            FAULT_HOW=how, FAULT_MARK=str(mark.resolve()))
            if not mark.exists():
                break
            count += 1
            said = result.stderr.decode(errors="replace")
            killed = result.returncode == -9 and how in ("kill", "torn", "after")
            named = result.returncode in (1, 6) and said.count("\n") <= 2 and "index.sqlite" in said
            good = result.returncode == 0 and result.stdout == expected
            after = listed()
            audit = resguardo("verify")
            refused += named
            if not (killed or named or good) or after.stdout != expected or audit.returncode:
                failures += 1
                print(start, how, at, result.returncode, said, after.returncode, audit.stdout)
print("%d faults, %d refused by name, %d failures" % (count, refused, failures))
sys.exit(1 if failures or count < 30 else 0)
