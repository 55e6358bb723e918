# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Searches files for planted words in every form in which bytes travel.

usage: planted.py WORDS PLACE...    WORDS: one `name word` a line; PLACE: a file or a folder

Prints the names of the words that were found. Looked at are the bytes as they are, and whatever
comes out of them as hexadecimal, base64 (both alphabets, at each offset), percent-encoding, JSON
escapes and gzip, zlib or deflate, one within another up to three times.
"""

import base64
import gzip
import os
import re
import sys
import urllib.parse
import zlib

DEPTH = 3
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){4,}")
TEXT = re.compile(rb"[A-Za-z0-9+/]{6,}={0,2}")
URL = re.compile(rb"[A-Za-z0-9_-]{6,}={0,2}")
ESCAPE = re.compile(rb"(?:\\u00[0-9a-fA-F]{2}|[ -~])*\\u00[0-9a-fA-F]{2}(?:\\u00[0-9a-fA-F]{2}|[ -~])*")


def inflated(data):
    for match in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", data):
        try:
            yield zlib.decompressobj(47).decompress(data[match.start():])
        except zlib.error:
            pass
    try:
        yield zlib.decompressobj(-15).decompress(data)
    except zlib.error:
        pass


def forms(data):
    """What the bytes may stand for."""
    yield from inflated(data)
    # Runs are read back one after the other; short pieces cost nothing.
    for run in HEX.findall(data):
        yield bytes.fromhex(run.decode())
        if len(run) > 8:
            odd = run[1:-1]
            yield bytes.fromhex(odd.decode())
    for pattern, alphabet in ((TEXT, b"+/"), (URL, b"-_")):
        for run in pattern.findall(data):
            for skip in range(4):
                piece = run[skip:].rstrip(b"=")
                piece = piece[: len(piece) // 4 * 4 + (len(piece) % 4 if len(piece) % 4 != 1 else 0)]
                if len(piece) >= 6:
                    yield base64.b64decode(piece + b"=" * (-len(piece) % 4), altchars=alphabet)
    if b"%" in data:
        yield urllib.parse.unquote_to_bytes(data)
    for run in ESCAPE.findall(data):
        yield re.sub(rb"\\u00([0-9a-fA-F]{2})", lambda m: bytes.fromhex(m[1].decode()), run)


def search(data, words, found, depth):
    for name, word in words:
        # Whatever the case: handles are written in both.
        if name not in found and word.lower() in data.lower():
            found.add(name)
    if depth == 0:
        return
    for form in forms(data):
        # Only what could hold a word is looked into.
        if len(form) >= 4:
            search(form, words, found, depth - 1 if len(form) > 16 else 0)


def files(places):
    for place in places:
        if os.path.isdir(place):
            for folder, _, names in os.walk(place):
                yield from (os.path.join(folder, name) for name in names)
        else:
            yield place


def self_test():
    """Each form is found, so that nothing found means something."""
    word = b"voz-plantada-7731"
    wrapped = b'{"x":"' + word + b'"}'
    disguises = [
        wrapped, wrapped.hex().encode(), wrapped.hex().upper().encode(), gzip.compress(wrapped), zlib.compress(wrapped),
        b"a" + base64.b64encode(wrapped), base64.urlsafe_b64encode(b"??>" + wrapped), base64.b64encode(gzip.compress(wrapped)),
        "".join("%%%02x" % byte for byte in word).encode(), "".join("\\u%04x" % byte for byte in word).encode(),
        b"xx" + gzip.compress(base64.b64encode(base64.b64encode(wrapped))),
    ]
    for disguise in disguises:
        found = set()
        search(b'{"payload":"' + disguise + b'"}', [("word", word)], found, DEPTH)
        assert found, disguise


def main():
    self_test()
    with open(sys.argv[1], "rb") as file:
        words = [tuple(line.split(b" ", 1)) for line in file.read().split(b"\n") if line]
    found, count, size = set(), 0, 0
    for path in files(sys.argv[2:]):
        with open(path, "rb") as file:
            data = file.read()
        count, size = count + 1, size + len(data)
        search(os.fsencode(path) + b"\n" + data, words, found, DEPTH)
    print(f"{count} files, {size} bytes")
    for name in sorted(found):
        print(f"found {name.decode()}")


main()
