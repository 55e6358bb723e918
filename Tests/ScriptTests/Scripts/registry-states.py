# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Decides each state that `registry status --json` told, each from the log as it was then.

usage: registry-states.py EXCHANGE STATES
STATES: a line `{"size": entries of the log, "status": what the program said}` for each moment, in
the order in which they were told.
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../scripts/verify"))

from registry_fold import Registry  # noqa: E402
from registry_log import read_directory  # noqa: E402
from registry_standing import TIERS, history  # noqa: E402


def ours(registry, subject, now):
    """What the program should have said of each account."""
    for account in registry.subjects[subject].accounts:
        periods = history(registry, subject, account, now + 1)
        since, _, state, tier, reason = periods[-1]
        yield {"account": account, "reason": None if reason == "-" else reason, "since": since,
               "state": state, "tier": TIERS.index(tier)}


def main():
    origin, entries, seals = read_directory(sys.argv[1])
    registry, differing, count = Registry(origin), 0, 0
    with open(sys.argv[2], encoding="utf-8") as file:
        steps = [json.loads(line) for line in file]
    for step in steps:
        said, now = step["status"], step["status"]["asOf"]
        # The registry goes on from the step before: what came since, and no more.
        registry.fold(entries[registry.count:step["size"]], seals, now)
        theirs = [{name: each.get(name) for name in ("account", "reason", "since", "state", "tier")}
                  for each in said["accounts"]]
        mine = list(ours(registry, said["subject"], now))
        count += 1
        if mine != theirs or registry.count != step["size"]:
            differing += 1
            print(f"step {count}: {mine} here, {theirs} there")
    print(f"{count - differing} states agree, {len(entries)} entries, {len(registry.refused)} refused")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
