# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""How an account stands, from the facts of its subject: docs/spec/registry.md, section 5.

Part of registry_fold.py. It looks at every single day, and so needs no list of the moments at which
something may change.
"""

from registry_log import DAY, Epoch, epoch_of, is_met, next_epoch

FOREVER = 1 << 62
COOLDOWN, RECOVERY, APPEAL = 30 * DAY, 14 * DAY, 14 * DAY
TIERS = ("none", "provisional", "attested", "strong")
TERMINAL = ("memorial", "withdrawn")


class Subject:
    """What the log says of a source."""

    def __init__(self, key, promised, registered):
        self.key, self.next, self.registered = key, promised, registered
        self.accounts, self.controls, self.vouches, self.acts = [], [], [], []
        self.suspensions, self.closures, self.takeovers = [], [], []
        self.rotations, self.reopenings, self.guardians = [], [], []
        self.recovery, self.freezes, self.appeals = None, set(), {}

    def guardians_at(self, time):
        held = [keys for since, keys in self.guardians if since <= time]
        return held[-1] if held else []

    def closure(self, time):
        held = [each for each in self.closures if each["since"] <= time < each["until"]]
        final = [each for each in held if each["state"] in TERMINAL]
        return (final or held or [None])[0]

    def is_dying(self, time):
        return any(each["announced"] <= time < min(each["since"], each["until"])
                   for each in self.closures)

    # Takeovers

    def changed(self, takeover, time):
        """When the key changed after it."""
        starts = self.rotations + ([takeover["reopened"]] if takeover["reopened"] is not None else [])
        return min((day for day in starts if takeover["since"] <= day <= time), default=None)

    def deadline(self, takeover):
        given = takeover["recovered"]
        return RECOVERY + (takeover["since"] if given is None else given + RECOVERY)

    def is_mended(self, takeover, time):
        if takeover["reopened"] is not None and takeover["reopened"] <= time:
            return True
        changed = self.changed(takeover, time)
        if changed is None:
            return False
        shown = min((start for _, start, _ in self.controls if changed <= start <= time), default=None)
        if shown is None:
            return False
        vouched = min((each["since"] for each in self.vouches if shown <= each["since"] <= time),
                      default=None)
        return vouched is not None and vouched < self.deadline(takeover)

    def takeover(self, time):
        open_ones = [each for each in self.takeovers
                     if each["since"] <= time and not self.is_mended(each, time)]
        return open_ones[-1] if open_ones else None

    def is_lost(self, time):
        takeover = self.takeover(time)
        return takeover is not None and self.deadline(takeover) <= time

    def floor(self, time):
        """What is older counts no more."""
        floor = max((day for day in self.reopenings if day <= time), default=-FOREVER)
        for takeover in self.takeovers:
            if takeover["since"] <= time:
                changed = self.changed(takeover, time)
                floor = max(floor, FOREVER if changed is None else changed)
        return floor

    def controls_at(self, account, time):
        floor = self.floor(time)
        return any(name == account and start <= time < end and start >= floor
                   for name, start, end in self.controls)


def suspension_end(each):
    end = min(each["until"], each["lifted"])
    if each["appealed"] is not None and not each["stands"]:
        end = min(end, each["appealed"] + APPEAL)
    return end


class Judge:
    """Of one account: the day-by-day history, which remembers whether it was attested."""

    def __init__(self, registry, name, account):
        self.registry, self.name, self.account = registry, name, account
        self.subject = subject = registry.subjects[name]
        self.panels = registry.panels.of(name, subject)
        self.was_attested, self.void_until, self.cooldown_end = False, -FOREVER, -FOREVER
        self.objection_days = set()
        for epoch in {act["epoch"] for act in subject.acts if act["act"] == "object"}:
            days = sorted(act["since"] for act in subject.acts
                          if act["act"] == "object" and act["epoch"] == epoch)
            self.objection_days.update(days[1:2])

    def counts(self, vouch, time):
        verifier = self.registry.verifiers.get(vouch["verifier"])
        removed = verifier["removed"] if verifier else FOREVER
        return vouch["since"] <= time < min(vouch["until"], vouch["withdrawn"], removed)

    def tally(self, time):
        """Tier, and whether vouches would be enough but may be objected to; 5.1."""
        if time < self.cooldown_end:
            return "none", False
        subject, rules, floor = self.subject, self.registry.rules_at(time), self.subject.floor(time)
        vouches = [each for each in subject.vouches if self.account in each["accounts"]
                   and each["since"] > self.void_until and each["since"] >= floor]
        best, is_pending = "none", False

        def homes(which, moment, youngest):
            return [each["constituency"] for each in which
                    if self.counts(each, moment) and each["since"] <= youngest]

        def agrees(epoch, moment):
            panel = self.registry.panels.panels.get((self.name, epoch))
            return panel is not None and panel.agrees(self.account, moment)

        for epoch in {each["epoch"] for each in vouches}:
            panel = self.registry.panels.panels.get((self.name, epoch))
            if panel and panel.failed() is not None and panel.failed() <= time:
                continue
            own = [each for each in vouches if each["epoch"] == epoch]
            mature = homes(own, time, time - rules["objectionDays"] * DAY)
            tier = "none"
            if is_met(rules["attested"], mature) and agrees(epoch, time):
                start = Epoch(epoch).start - 1
                earlier = [each for each in vouches if next_epoch(each["epoch"]) == epoch]
                again = is_met(rules["attested"], homes(earlier, start, start))
                again = again and agrees(epoch_of(start), start)
                tier = "strong" if again and is_met(rules["strong"], mature) else "attested"
            elif is_met(rules["attested"], homes(own, time, time)):
                is_pending = True
            elif is_met(rules["provisional"], homes(own, time, time)):
                old = homes(own, time, time - rules["provisionalDays"] * DAY)
                tier = "none" if is_met(rules["provisional"], old) else "provisional"
            best = max(best, tier, key=TIERS.index)
        return best, is_pending

    def day(self, time):
        """State, tier and reason on a day; days have to be asked for one after the other."""
        subject = self.subject
        tier, is_pending = self.tally(time)
        is_stopped = time in self.objection_days or any(
            panel.failed() == time for panel in self.panels)
        if is_stopped and TIERS.index(tier) < TIERS.index("attested"):
            self.void_until, self.cooldown_end = time, time + COOLDOWN
            tier, is_pending = self.tally(time)
        closure, is_lost = subject.closure(time), subject.is_lost(time)
        suspended = [each["reason"] for each in subject.suspensions
                     if each["since"] <= time < suspension_end(each)]
        ended = closure["state"] if closure else None
        if ended in TERMINAL:
            return ended, "none", closure["reason"]
        if ended == "revoked" or is_lost:
            return "revoked", "none", "account-takeover" if is_lost else closure["reason"]
        if subject.is_dying(time):
            return "memorial-pending", "none", "deceased"
        if subject.takeover(time):
            return "taken-over", "none", "account-takeover"
        if suspended:
            return "suspended", "none", suspended[-1]
        if not subject.controls_at(self.account, time):
            return "lapsed" if self.was_attested else "registered", "none", "-"
        if tier in ("attested", "strong"):
            self.was_attested = True
            return "attested", tier, "-"
        if is_pending or tier == "provisional":
            return "pending" if is_pending else "provisional", "provisional", "-"
        return "lapsed" if self.was_attested else "controlled", "none", "-"


def history(registry, name, account, end):
    """(since, until or None, state, tier, reason), up to a day after which nothing may change."""
    judge, periods = Judge(registry, name, account), []
    for time in range(judge.subject.registered, end, DAY):
        now = judge.day(time)
        if not periods or periods[-1][2:] != now:
            if periods:
                periods[-1] = (periods[-1][0], time, *periods[-1][2:])
            periods.append((time, None, *now))
    return periods
