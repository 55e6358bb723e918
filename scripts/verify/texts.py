#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""A plain reading of docs/spec/feed-dataset.md, section 3.5: which posts say nearly the same, each compared with each.

usage: texts.py FILE.csv   (columns post_id and text)   prints post_id,cluster; the cluster is empty for short texts
"""
import csv
import re
import sys
import unicodedata

SPACE = re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


def characters(text):
    """Of each what it is (letter, digit, alone, gap), and its spelling."""
    for character in text:
        for part in unicodedata.normalize("NFKD", character):
            for c in "i" if part == "ı" else part.lower():
                category = unicodedata.category(c)
                if category[0] == "M" or category in ("Cf", "Sk", "Cs", "Co"):
                    continue
                value = ord(c)
                if 0x3040 <= value <= 0x30FF or 0x3400 <= value <= 0x9FFF or 0x20000 <= value <= 0x3FFFF:
                    yield ("alone" if category[0] == "L" else "digit" if category[0] == "N" else
                           "alone" if category == "So" else "gap"), c
                else:
                    yield {"L": "letter", "N": "digit"}.get(category[0], "alone" if category == "So" else "gap"), c


def tokens(text):
    found = []
    for place, part in enumerate(p for p in SPACE.split(text) if p):
        if place == 0 and part == "RT" or "@" in part or "://" in part or part[:4].lower() == "www.":
            continue
        words, word = [], []
        for kind, c in characters(part):
            if kind in ("letter", "digit"):
                word.append(c)
                continue
            words += ["".join(word)] + ([c] if kind == "alone" else [])
            word = []
        for word in words + ["".join(word)]:
            word = re.sub(r"([^\W\d_])\1\1+", lambda m: m[1] if unicodedata.category(m[1])[0] == "L" else m[0], word)
            if word and (not found or found[-1] != word):
                found.append(word)
    return found


def clusters(texts):
    """For each text the place of the first that says nearly the same; nothing for short ones."""
    found = [tokens(text) for text in texts]
    pairs = [set(zip(words, words[1:])) if len(set(words)) >= 5 else None for words in found]
    cluster = list(range(len(texts)))
    for one, left in enumerate(pairs):
        for two in range(one):
            right = pairs[two]
            if left is None or right is None or cluster[one] == cluster[two]:
                continue
            common = len(left & right)
            if 5 * common >= 3 * len(left | right):
                low, high = sorted((cluster[one], cluster[two]))
                cluster = [low if c == high else c for c in cluster]
    return [None if pairs[place] is None else first for place, first in enumerate(cluster)]


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        rows = [(row["post_id"], row["text"]) for row in csv.DictReader(file)]
    for (name, _), first in zip(rows, clusters([text for _, text in rows])):
        print(f"{name},{'' if first is None else rows[first][0]}")


if __name__ == "__main__":
    main()
