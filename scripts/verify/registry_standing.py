# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""How an account stands, from the facts of its subject: docs/spec/registry.md, section 5.

Part of registry_fold.py. It looks at every single day, and so needs no list of the moments at which
something may change.
"""

from registry_log import DAY, Epoch, epoch_of, is_met, next_epoch
from verify import sha256

FOREVER = 1 << 62
COOLDOWN, RECOVERY, APPEAL = 30 * DAY, 14 * DAY, 14 * DAY
FREE, STEPS = 14 * DAY, 64
CANARY_DOMAIN = b"resguardo-registry/canary/v1\n"
TIERS = ("none", "provisional", "attested", "strong")
TERMINAL = ("memorial", "withdrawn")


class Canary:
    """What a source promised to say now and then: section 3.18."""

    def __init__(self, subject):
        self.subject = bytes.fromhex(subject)
        self.promises = []  # (since, promise or None)
        self.heard = []  # (since, day, whether it starts anew)
        self.word, self.came, self.free_until = None, None, -FOREVER

    @property
    def promise(self):
        return self.promises[-1][1] if self.promises else None

    def level(self, time):
        """0, or 1 for stale, 2 for silent, 3 for lapsed."""
        promises = [promise for since, promise in self.promises if since <= time]
        days = [day for since, day, _ in self.heard if since <= time]
        if not promises or promises[-1] is None:
            return 0
        return sum(time >= days[-1] + end for end in promises[-1]["ends"])

    def floor(self, time):
        if self.level(time) == 3:
            return FOREVER
        return max((since for since, _, anew in self.heard if anew and since <= time),
                   default=-FOREVER)

    def hear(self, day, clock):
        anew = self.level(clock) == 3
        self.heard.append((clock, max([day] + [day for _, day, _ in self.heard]), anew))

    def hold(self, says, limits, clock):
        """A promise, or its end; why not, or None."""
        promise = None
        if "anchor" in says:
            ends = [(says["everyDays"] + limits[name]) * DAY
                    for name in ("staleDays", "silentDays", "lapsedDays")]
            promise = {"anchor": bytes.fromhex(says["anchor"]), "ends": ends}
        if self.promise is None and promise is None:
            return "no-canary"
        if self.promise is not None and clock >= self.free_until:
            return "canary-stands"
        self.hear(says["date"], clock)
        self.promises.append((clock, promise))
        self.word, self.came, self.free_until = promise and promise["anchor"], None, -FOREVER
        return None

    def follows(self, word):
        for _ in range(STEPS):
            word = sha256(CANARY_DOMAIN + self.subject + word)
            if word == self.word:
                return True
        return False

    def say(self, says, clock):
        """A word; whether it says something new."""
        word = bytes.fromhex(says["word"])
        if word == self.word and self.came is not None:
            day = min(says["date"], self.came)
            if day <= max(day for _, day, _ in self.heard):
                return False
            self.hear(day, clock)
            return True
        if self.promise is None or not self.follows(word):
            return False
        self.word, self.came = word, clock
        self.hear(says["date"], clock)
        return True

    def rotate(self, day, clock):
        self.free_until = clock + FREE
        if self.promise is not None:
            self.hear(day, clock)


class Subject:
    """What the log says of a source."""

    def __init__(self, key, promised, registered):
        self.key, self.next, self.registered = key, promised, registered
        self.accounts, self.controls, self.vouches, self.acts = [], [], [], []
        self.suspensions, self.closures, self.takeovers = [], [], []
        self.rotations, self.reopenings, self.guardians = [], [], []
        self.recovery, self.freezes, self.appeals, self.canary = None, set(), {}, None
        self.alarms = set()

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
        if self.canary:
            floor = max(floor, self.canary.floor(time))
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
                before = Epoch(epoch_of(max(0, start))).start
                again = again and not self.registry.is_disputed(self.name, before, time)
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
        silence = subject.canary.level(time) if subject.canary else 0
        if suspended or silence == 2:
            return "suspended", "none", suspended[-1] if suspended else "inactivity"
        if not subject.controls_at(self.account, time):
            return "lapsed" if self.was_attested else "registered", "none", "-"
        if silence == 1 and (is_pending or tier != "none"):
            return "stale", "none", "inactivity"
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
