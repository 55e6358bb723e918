#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Draws panels as docs/spec/sortition.md says, in plain Python without any code of our program.

  sortition.py draw COUNT POOL SEED           prints the places, in the order of the draw
  sortition.py vectors FILE                   writes the vectors of the specification
"""
import hashlib
import json
import sys


def big(number):
    return number.to_bytes(8, "big")


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def beacon_input(context, day):
    return b"resguardo-registry/beacon/v1\n" + context + big(day)


def panel_seed(context, subject, epoch, day, outputs):
    spoken = b"".join(key + output for key, output in sorted(outputs))
    return sha256(b"resguardo-registry/panel-seed/v1\n", context, subject, epoch.encode(),
                  big(day), bytes([len(outputs)]), spoken)


def words(seed):
    counter = 0
    while True:
        block = sha256(b"resguardo-registry/sortition/v1\n", seed, big(counter))
        for start in range(0, 32, 8):
            yield int.from_bytes(block[start:start + 8], "big")
        counter += 1


def draw(count, pool, seed):
    stream = words(seed)
    places = list(range(pool))
    for index in range(count):
        bound = pool - index
        limit = 2**64 // bound * bound
        word = next(word for word in stream if word < limit)
        other = index + word % bound
        places[index], places[other] = places[other], places[index]
    return places[:count]


def posts_to_read(count, posts, seed, member):
    ordered = sorted({post.encode() for post in posts})
    own = sha256(b"resguardo-registry/panel-posts/v1\n", seed, member)
    return [ordered[place].decode() for place in draw(min(count, len(ordered)), len(ordered), own)]


def vectors(path):
    def some(name, number, count=32):
        return hashlib.shake_256(f"{name}/{number}".encode()).digest(count)

    cases = []
    for number in range(48):
        context, subject, member = (some(name, number) for name in ("ctx", "subject", "member"))
        day = 86_400 * (20_000 + 37 * number)
        epoch = f"{2024 + number // 4}Q{1 + number % 4}"
        outputs = [(some(f"key{i}", number), some(f"out{i}", number, 64))
                   for i in range(1 + number % 5)]
        seed = panel_seed(context, subject, epoch, day, outputs)
        pool = 12 + 3 * number
        posts = [f"post-{i}-ñ" for i in range(number)]
        cases.append({
            "context": context.hex(), "subject": subject.hex(), "epoch": epoch, "day": day,
            "outputs": [{"key": key.hex(), "output": output.hex()} for key, output in outputs],
            "input": beacon_input(context, day).hex(), "seed": seed.hex(), "pool": pool,
            "panel": draw(20 if pool >= 48 else 12, pool, seed), "posts": posts,
            "member": member.hex(), "read": posts_to_read(10, posts, seed, member),
        })
    with open(path, "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases))
        file.write("\n]\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["draw"] and len(sys.argv) == 5:
        print(*draw(int(sys.argv[2]), int(sys.argv[3]), bytes.fromhex(sys.argv[4])))
    elif sys.argv[1:2] == ["vectors"] and len(sys.argv) == 3:
        vectors(sys.argv[2])
    else:
        sys.exit(__doc__)
