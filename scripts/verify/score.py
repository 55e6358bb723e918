#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Computes scores (docs/spec/score.md, sections 2 and 4) without any code of ours.

  score.py vectors COUNT SEED    writes COUNT random vectors, one JSON object a line
  score.py check                 reads inputs and scores from standard input, such as the `score` of
                                 `registry explain --json`; exits with 1 where one differs
"""
import json
import random
import sys
from math import isqrt

ONE, WHOLE = 10**6, 10**9
ROOTS = [707106781, 840896415, 917004043, 957603281, 978572062, 989228013, 994599423, 997296056,
         998647113, 999323328, 999661606, 999830789, 999915391, 999957695, 999978847, 999989423,
         999994712, 999997356, 999998678, 999999339]
SEVERITIES = {"low": (250000, 800000), "moderate": (ONE, 500000), "high": (4 * ONE, 200000)}
SPEAKING = {"controlled", "provisional", "pending", "attested"}


def halving(n, d):
    fraction, value = (n % d) * 2**20 // d, WHOLE
    for i, root in enumerate(ROOTS):
        if fraction & 1 << (19 - i):
            value = value * root // WHOLE
    return value // 2**(n // d) if n // d < 32 else 0


def logarithm(p, q):
    steps = 0
    while p >= 2 * q:
        q, steps = 2 * q, steps + 1
    while p < q:
        p, steps = 2 * p, steps - 1
    x = p * 2**30 // q
    for _ in range(24):
        x, steps = x * x // 2**30, 2 * steps
        if x >= 2**31:
            x, steps = x // 2, steps + 1
    return steps * 693147181 // (2**24 * 1000)


def sigmoid(x):
    e = halving(min(abs(x), 32 * ONE) * 1442695041 // WHOLE, ONE)
    return (e if x < 0 else WHOLE) * ONE // (WHOLE + e)


def reliability(alpha, beta):
    mean = alpha * ONE // (alpha + beta)
    return max(ONE // 2, mean - isqrt(mean * (ONE - mean) * ONE // (alpha + beta + ONE)))


def clamp(x, low, high):
    return min(max(x, low), high)


def score(inputs):
    total, constituencies = -1386294, 0
    for backing in inputs["backings"]:
        ages = sorted(backing["ageDays"])
        if not ages:
            continue
        constituencies += 1
        weight = sum(halving(age, 120) >> i for i, age in enumerate(ages[:20]))
        r = reliability(min(8 * ONE + backing["successes"], 4000 * ONE),
                        min(2 * ONE + backing["failures"], 4000 * ONE))
        total += weight * logarithm(r, ONE - r) // WHOLE
    s, g = min(inputs["sound"], 2**30), min(inputs["unsound"], 2**30)
    total += clamp(logarithm(s + 2, 2 * (g + 1)), -1500000, 1500000)
    total -= sum(SEVERITIES[word][0] for word in inputs["upheld"])
    value = clamp(sigmoid(total), 20000, 950000)
    if constituencies < 2:
        value = min(value, 490000)
    if "dispute" in inputs:
        value = min(value, SEVERITIES[inputs["dispute"]][1])
    if inputs["state"] not in SPEAKING:
        value = 0
    return {"sum": total, "thousandths": (value + 500) // 1000}


def example(rng):
    states = ["attested"] * 6 + sorted(SPEAKING) + ["suspended", "lapsed", "memorial"]
    backings = [{
        "ageDays": [rng.randrange(rng.choice([1, 30, 200, 10000]))
                    for _ in range(rng.choice([0, 1, 1, 2, 3, 12, 30]))],
        "constituency": "c%d" % i,
        "failures": rng.randrange(rng.choice([1, 10**6, 10**8, 10**10])),
        "successes": rng.randrange(rng.choice([1, 10**7, 10**9, 10**11])),
    } for i in range(rng.randrange(5))]
    inputs = {"backings": backings, "sound": rng.randrange(rng.choice([1, 40, 2**40])),
              "state": rng.choice(states), "unsound": rng.randrange(rng.choice([1, 40, 2**40])),
              "upheld": [rng.choice(sorted(SEVERITIES)) for _ in range(rng.choice([0, 0, 0, 1, 3]))]}
    if rng.random() < 0.3:
        inputs["dispute"] = rng.choice(sorted(SEVERITIES))
    return inputs


def main(arguments):
    if arguments[:1] == ["vectors"] and len(arguments) == 3:
        rng = random.Random(int(arguments[2]))
        for _ in range(int(arguments[1])):
            inputs = example(rng)
            print(json.dumps({"inputs": inputs, **score(inputs)}, sort_keys=True,
                             separators=(",", ":")))
    elif arguments == ["check"]:
        count = 0
        for line in sys.stdin:
            document = json.loads(line)
            for claim in document.get("accounts", [document]):
                claim = claim.get("score", claim)
                mine = score(claim["inputs"])
                if any(mine[name] != claim[name] for name in mine):
                    sys.exit("differs: %s" % mine)
                count += 1
        print("%d scores agree" % count)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
