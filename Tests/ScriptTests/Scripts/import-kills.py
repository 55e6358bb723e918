# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Ends `feed import` at each thing that SQLite does with the dataset, and by the clock.

usage: import-kills.py FAULTY_DISK [SEED]

After each end the dataset has to be as before a file or as after it, and the same command has to
make of it what an import makes that nobody ended: the same rows in the same order. Where a
journal was left that has to be taken back, the command has to say so.
"""

import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

library = str(pathlib.Path(sys.argv[1]).resolve())
seed = sys.argv[2] if len(sys.argv) > 2 else str(random.randrange(1 << 32))
print("seed", seed)
chance = random.Random(seed)
step = 1 if "RESGUARDO_LONG_TESTS" in os.environ else 16
names = ["d.sqlite" + suffix for suffix in ("", "-journal", "-wal", "-shm")]
mark = pathlib.Path("mark")
words = ["resguardo", "feed", "import", "first.csv", "second.csv", "--output", "d.sqlite", "--lang", "en"]


def generate(name, count, start):
    with open(name, "w") as file:
        file.write("post_id,account_id,time,text,shared_object,handle\n")
        for row in range(start, start + count):
            file.write(f"p{row - row % 7 // 6},a{chance.randrange(count // 9)},{row},de #qué "
                       f"https://e.example/{chance.randrange(99)},o{chance.randrange(count // 5)},h{row % 5}\n")


def rows(path):
    """All rows but those that say when a file was imported; None without tables."""
    with sqlite3.connect(path) as database:
        tables = [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {name: database.execute(f"SELECT rowid, * FROM {name} ORDER BY rowid").fetchall()
                 for name in tables if name != "import"}
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
        if tables:
            found["import"] = sorted({digest for digest, in database.execute("SELECT sha256 FROM import")})
    database.close()
    return found


def put_back(files):
    for name in names:
        pathlib.Path(name).unlink(missing_ok=True)
    for name, data in files.items():
        pathlib.Path(name).write_bytes(data)


def check(states, whole, where):
    """What an ended import left, and what the same command makes of it."""
    shutil.rmtree("left", ignore_errors=True)
    pathlib.Path("left").mkdir()
    for name in names:
        if os.path.exists(name):
            shutil.copy(name, "left")
    if os.path.exists("left/d.sqlite"):
        found = rows("left/d.sqlite")
        assert not found or found in states, f"{where}: neither before nor after"
    is_left = os.path.exists("d.sqlite") and os.path.exists("d.sqlite-journal")
    again = subprocess.run(words, capture_output=True, text=True)
    assert again.returncode == 0, f"{where}: {again.stderr}"
    assert ("an import was broken off" in again.stderr) == is_left, f"{where}: {is_left} {again.stderr}"
    assert rows("d.sqlite") == whole, f"{where}: other rows"
    return is_left


def import_whole(files):
    """The states that a dataset may be in, and the last of them."""
    put_back(files)
    states = [rows("d.sqlite")] if files else [{}]
    for name in ("first.csv", "second.csv"):
        subprocess.run([*words[:3], name, *words[5:]], check=True, capture_output=True)
        states.append(rows("d.sqlite"))
    # A dataset that was made, with nothing in it yet.
    states.append({name: [] for name in states[-1]})
    return states, states[2]


generate("before.csv", 500, 0)
generate("first.csv", 900, 300)
generate("second.csv", 900, 1000)
subprocess.run([*words[:3], "before.csv", *words[5:]], check=True, capture_output=True)
starts = {"none": {}, "some": {"d.sqlite": pathlib.Path("d.sqlite").read_bytes()}}
count = said = 0
for start, files in starts.items():
    states, whole = import_whole(files)
    for how in ("kill", "torn", "after"):
        for at in range(chance.randrange(1, step + 1), 2000, step):
            put_back(files)
            mark.unlink(missing_ok=True)
            ended = subprocess.run(words, capture_output=True, env={
                **os.environ, "LD_PRELOAD": library, "FAULT_FILE": "d.sqlite", "FAULT_AT": str(at),
                "FAULT_HOW": how, "FAULT_MARK": str(mark.resolve())})
            if not mark.exists():
                break
            # A read that fails is refused by name.
            assert ended.returncode in (-9, 1, 6) and (how != "kill" or ended.returncode == -9), ended
            count += ended.returncode == -9
            said += check(states, whole, (start, how, at))
print(f"{count} ends at the disk, {said} of them told")
assert count >= 30 and said > 5

generate("second.csv", 60_000, 5000)
states, whole = import_whole({})
put_back({})
begun = time.monotonic()
subprocess.run(words, check=True, capture_output=True)
taken = time.monotonic() - begun
assert rows("d.sqlite") == whole
for part in range(1, 8):
    put_back({})
    process = subprocess.Popen(words, stdout=-3, stderr=-3)
    time.sleep(taken * part / 8)
    process.send_signal(signal.SIGKILL)
    process.wait()
    check(states, whole, part)
print("7 ends by the clock")
