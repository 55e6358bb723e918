# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Lets Python's parsers read our pictures and documents: well-formed, our own markup only, every account there.

usage: pictures.py FOLDER    FOLDER: N.json (what is expected), N.network.svg, N.timing.svg, N.detection.json for each case
"""

import json
import pathlib
import sys
import urllib.parse
import xml.etree.ElementTree

OWN = {"svg", "metadata", "rect", "g", "line", "circle", "title", "text", "path"}
SVG = "{http://www.w3.org/2000/svg}"


def name(value):
    if isinstance(value, str):
        return value.encode().hex()
    assert value["encoding"] == "percent", value
    return urllib.parse.unquote_to_bytes(value["text"]).hex()


folder = pathlib.Path(sys.argv[1])
cases = sorted(path for path in folder.glob("*.json") if not path.name.endswith(".detection.json"))
for case in cases:
    expected = json.loads(case.read_text())
    grouped = [node for node in expected["nodes"] if "group" in node]
    assert grouped, case
    for suffix in ("network.svg", "timing.svg"):
        root = xml.etree.ElementTree.parse(case.with_suffix("." + suffix)).getroot()
        assert {element.tag for element in root.iter()} <= {SVG + tag for tag in OWN}, (case, suffix)
        assert json.loads(root.find(SVG + "metadata").text) == expected["provenance"], (case, suffix)
        if suffix == "network.svg":
            assert len(root.findall(f".//{SVG}circle/{SVG}title")) == len(grouped), case
    # Whatever accounts call themselves, their bytes can be had again from JSON, and no two become one.
    document = json.loads(case.with_suffix(".detection.json").read_text())
    nodes = {(name(a["account"]), a.get("group"), a["role"], a["shares"]) for a in document["accounts"]}
    assert nodes == {(n["hex"], n.get("group"), n["role"], n["shares"]) for n in expected["nodes"]}, case
    edges = sorted((name(e["from"]), name(e["to"]), e["weight"], e["kind"], e["declared"]) for e in document["edges"])
    assert edges == sorted((e["from"], e["to"], e["weight"], e["kind"], e["declared"]) for e in expected["edges"]), case
    texts = [json.dumps(a["account"]) if isinstance(a["account"], str) else json.dumps(a["account"]["text"]) for a in document["accounts"]]
    assert len(set(texts)) == len(texts), case
print(f"read {len(cases)}")
