#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Breaks the second reader of registries in one place after the other, and has each noticed.

usage: registry_mutants.py < FILE

FILE is what `registry_fold.py --histories` reads: registries, and what Resguardo decided of them. Of
registry_fold.py and what it is made of (complaints, panels, standing) every guard is left out once (`need`, and each part of one
that has several), every time is doubled once, and every bound that a comparison has is moved by one
case (`<` and `<=`). A mutant that decides the same of all registries shows that nobody would notice
if Resguardo had that fault. Prints such mutants, and how many there were. Exit code: 0; 1 if any
survives.
"""

import ast
import copy
import functools
import json
import os
import sys
import types

import registry_fold
import registry_log
import registry_ring
import verify

FOLDER = os.path.dirname(os.path.abspath(__file__))
# What each imports of the others stands before it.
FILES = ("registry_standing", "registry_panel", "registry_complaints", "registry_fold")
MOVED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
# What is outside the rule: reading directories, the command itself, and what is no limit in time.
OUTSIDE = {"compare", "main", "accounts_of"}


def is_need(node):
    return (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Name) and node.value.func.id == "need")


def mutants(name, source):
    """(what is changed, changed tree), one at a time."""
    lines = source.splitlines()

    def changed(place, change):
        tree = ast.parse(source)
        node = list(ast.walk(tree))[place]
        change(node)
        return ast.fix_missing_locations(tree)

    tree = ast.parse(source)
    outside = {id(node) for each in tree.body if getattr(each, "name", None) in OUTSIDE
               for node in ast.walk(each)}
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in outside:
            continue
        where = f"{name}:{getattr(node, 'lineno', 0)}"
        text = lines[node.lineno - 1].strip() if hasattr(node, "lineno") else ""
        if is_need(node):
            def without(found):
                found.value = ast.Constant(None)
            yield f"{where} without: {text}", changed(place, without)
            if isinstance(node.value.args[0], ast.BoolOp):
                for index in range(len(node.value.args[0].values)):
                    def shorter(found, index=index):
                        parts = found.value.args[0].values
                        del parts[index]
                        if len(parts) == 1:
                            found.value.args[0] = parts[0]
                    yield f"{where} without part {index + 1}: {text}", changed(place, shorter)
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in MOVED:
            for index, operator in enumerate(node.ops):
                if type(operator) in MOVED:
                    def moved(found, index=index):
                        found.ops[index] = MOVED[type(found.ops[index])]()
                    yield f"{where} bound {index + 1} moved: {text}", changed(place, moved)
        elif isinstance(node, ast.Module):
            for index, part in enumerate(node.body):
                days = isinstance(part, ast.Assign) and "* DAY" in lines[part.lineno - 1]
                count = len(part.value.elts) if days and isinstance(part.value, ast.Tuple) else 0
                for item in range(count):
                    def twice(found, index=index, item=item):
                        old = found.body[index].value.elts[item]
                        found.body[index].value.elts[item] = ast.BinOp(
                            old, ast.Mult(), ast.Constant(2))
                    line = lines[part.lineno - 1]
                    yield f"{name}:{part.lineno} item {item + 1} doubled: {line}", changed(place, twice)


def loaded(trees):
    """registry_fold of changed sources."""
    kept = {name: sys.modules.get(name) for name in FILES}
    try:
        for name in FILES:
            with open(os.path.join(FOLDER, name + ".py"), encoding="utf-8") as file:
                tree = trees.get(name) or ast.parse(file.read())
            module = sys.modules[name] = types.ModuleType(name)
            exec(compile(tree, name, "exec"), module.__dict__)
        fold = sys.modules["registry_fold"]
    finally:
        sys.modules.update(kept)
    fold.read_entry = read_entry
    return fold


ENTRIES = {}


def read_entry(data, seals):
    key = data, id(seals)
    if key not in ENTRIES:
        ENTRIES[key] = registry_log.read_entry(data, seals)
    return copy.copy(ENTRIES[key])


def remember_signatures():
    """No signature is looked at twice."""
    registry_log.signed = functools.lru_cache(None)(registry_log.signed)
    ring = registry_ring.is_signed
    known = {}

    def is_signed(act, keys, *parts):
        key = act, tuple(keys), parts
        if key not in known:
            known[key] = ring(act, keys, *parts)
        return known[key]

    registry_ring.is_signed = is_signed
    registry_ring.proves_possession = functools.lru_cache(None)(registry_ring.proves_possession)


def differs(fold, case):
    """Whether a mutant decides otherwise of a registry."""
    try:
        registry = fold.Registry(case["origin"])
        registry.fold(case["entries"], case["seals"], case.get("until", fold.FOREVER))
        if ["%d %s" % each for each in registry.refused] != case["refused"]:
            return True
        for name, account in fold.accounts_of(registry):
            periods = fold.history(registry, name, account, registry.clock + 120 * fold.DAY)
            ours = [" ".join("-" if part is None else str(part) for part in each) for each in periods]
            theirs = case["histories"].get(name + " " + account, [])
            # What comes later is left out on this side.
            if [line.split(" ", 1)[0] for line in ours] != [
                    line.split(" ", 1)[0] for line in theirs[:len(ours)]] or (
                    ours[:-1] != theirs[:len(ours) - 1]) or (
                    ours and ours[-1].split()[2:] != theirs[len(ours) - 1].split()[2:]):
                return True
            if len(theirs) > len(ours) and int(theirs[len(ours)].split()[0]) < (
                    registry.clock + 120 * fold.DAY):
                return True
        return False
    except Exception:
        return True


def main():
    cases = [json.loads(line) for line in sys.stdin]
    for case in cases:
        case["entries"] = [verify.unbase64(data) for data in case["entries"]]
        case["seals"] = {verify.sha256(data).hex(): data for data in map(verify.unbase64, case["seals"])}
    remember_signatures()
    if any(differs(loaded({}), case) for case in cases):
        sys.exit("registry_mutants.py: the reader itself decides otherwise")
    count, survivors = 0, []
    for name in FILES:
        with open(os.path.join(FOLDER, name + ".py"), encoding="utf-8") as file:
            source = file.read()
        for what, tree in mutants(name, source):
            count += 1
            fold = loaded({name: tree})
            if not any(differs(fold, case) for case in cases):
                survivors.append(what)
    for what in survivors:
        print("survives:", what)
    print(f"{count} mutants, {len(survivors)} survive")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
