# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""usage: duress-distinguisher.py [--runs N] [--full N] [--seed S] [--clocks]

Whoever sees everything of a command but the passphrase tries to tell which of the two it was. Prints how often the best
rule that one half of the runs teaches is right about the other half; ends with 1 if that is better than chance.
"""

import argparse, math, os, random, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from duress_stage import COMMANDS, Stage


def tail(right, count):
    """How likely a coin is right at least so often."""
    if count == 0:
        return 1.0
    return min(1.0, sum(math.comb(count, n) for n in range(right, count + 1)) / 2**count)


class Rule:
    """One feature, and what each of its values says: for numbers, above or below a bound."""

    def __init__(self, name, runs):
        self.name = name
        values = [(features.get(name), coin) for features, coin in runs]
        self.is_number = all(isinstance(value, (int, float)) for value, _ in values)
        ones = sum(coin for _, coin in values)
        self.fallback = int(2 * ones > len(values))
        if self.is_number:
            self.learn_bound(sorted(values), ones)
        else:
            self.learn_table(values)

    def learn_table(self, values):
        counts = {}
        for value, coin in values:
            counts.setdefault(value, [0, 0])[coin] += 1
        self.table = {value: int(two[1] > two[0]) for value, two in counts.items()}
        self.score = sum(max(two) for two in counts.values() if sum(two) > 1)

    def learn_bound(self, values, ones):
        self.bound, self.above, self.score = math.inf, 0, max(ones, len(values) - ones)
        if ones > len(values) - ones:
            self.bound, self.above = -math.inf, 1
        below = 0
        for place, (value, coin) in enumerate(values[:-1]):
            below += coin
            if value == values[place + 1][0]:
                continue
            # Ones above and zeros below, or the other way round.
            straight = (ones - below) + (place + 1 - below)
            for score, above in ((straight, 1), (len(values) - straight, 0)):
                if score > self.score:
                    self.score, self.above = score, above
                    self.bound = (value + values[place + 1][0]) / 2

    def guess(self, features):
        value = features.get(self.name)
        if self.is_number and value is not None:
            return self.above if value > self.bound else 1 - self.above
        if self.is_number:
            return self.fallback
        return self.table.get(value, self.fallback)


def tell_apart(runs):
    """Learns on each half and is asked about the other.

    Returns how often the rule that did best on what it learnt from was right; the names of these rules; and how likely
    the most telling of all rules is by chance, and how many there are.
    """
    middle = len(runs) // 2
    names = sorted(set().union(*(features for features, _ in runs)))
    right, chosen, each = 0, [], dict.fromkeys(names, 0)
    for known, asked in ((runs[:middle], runs[middle:]), (runs[middle:], runs[:middle])):
        rules = [Rule(name, known) for name in names]
        answers = {
            rule.name: sum(rule.guess(features) == coin for features, coin in asked) for rule in rules
        }
        rule = max(rules, key=lambda rule: rule.score)
        chosen.append(rule.name)
        right += answers[rule.name]
        for name, count in answers.items():
            each[name] += count
    top = max(names, key=lambda name: each[name])
    return right, chosen, tail(each[top], len(runs)), len(names), top


def bit_sums(samples, length):
    """For each bit of each place, how many samples have it set."""
    tables = [bytes((value >> bit) & 1 for value in range(256)) for bit in range(8)]
    sums = [[0] * length for _ in range(8)]
    for bit, table in enumerate(tables):
        for start in range(0, len(samples), 255):
            total = sum(
                int.from_bytes(sample[:length].ljust(length, b"\0").translate(table), "big")
                for sample in samples[start:start + 255]
            )
            for place, count in enumerate(total.to_bytes(length, "big")):
                sums[bit][place] += count
    return sums


def farthest_bit(groups):
    """The largest chi-square of a bit against the coin, over all places; and how many were tried."""
    length = max((len(sample) for samples in groups for sample in samples), default=0)
    (n0, n1) = map(len, groups)
    sums = [bit_sums(samples, length) for samples in groups]
    top, tried = 0.0, 0
    for bit in range(8):
        for a, b in zip(sums[0][bit], sums[1][bit]):
            ones, zeros = a + b, n0 + n1 - a - b
            if ones < 5 or zeros < 5 or not n0 or not n1:
                continue
            tried += 1
            off = max(abs(a * (n1 - b) - b * (n0 - a)) - (n0 + n1) / 2, 0)
            top = max(top, (n0 + n1) * off**2 / (ones * zeros * n0 * n1))
    return top, tried


def batches(stage, commands, wanted, coins, traced_every, per_home, seconds_max, note):
    """Lists of (command, coin, sight)."""
    done, number = 0, 0
    end = time.monotonic() + seconds_max
    while done < wanted and time.monotonic() < end:
        # Which slot is whose is chance, and shows in the process's memory: no single home tells it.
        if number > 0 and number % per_home == 0:
            stage.stop()
            stage = Stage(stage.folder, not stage.cheap)
        stage.reset()
        batch = []
        is_traced = traced_every > 0 and number % traced_every == 0
        for text in commands:
            coin = coins.getrandbits(1)
            batch.append((coin, stage.run(text, coin, is_traced)))
        done, number = done + len(batch), number + 1
        if number % 50 == 0:
            note(f"{done} runs")
        yield is_traced, batch
    stage.stop()


def chosen(features, traced):
    """Counts of system calls, or everything else."""
    return {key: value for key, value in features.items() if key.startswith("calls of ") == traced}


def medians(some, place):
    """Milliseconds by the clock, with each of the two passphrases."""
    times = [sorted(batch[place][1][1]["wall clock"] for batch in some if batch[place][0] == coin) for coin in (0, 1)]
    return "; median " + " and ".join(f"{1000 * each[len(each) // 2]:.1f} ms" for each in times if each)


def judge(name, all_batches, with_clocks):
    """Prints a table.

    Returns how likely the most telling test is by chance, times the number of tests.
    """
    worst, tests, total, asked = 1.0, 0, 0, 0
    for traced in (False, True):
        some = [batch for is_traced, batch in all_batches if is_traced or not traced]
        if len(some) < 4:
            continue
        for place, text in enumerate(COMMANDS[:len(some[0])]):
            runs = [
                ({**chosen(features, traced), **(clocks if with_clocks and not traced else {})}, coin)
                for coin, (features, clocks, _) in (batch[place] for batch in some)
            ]
            right, rules, odds, count, top = tell_apart(runs)
            groups = [
                [] if traced else [batch[place][1][2] for batch in some if batch[place][0] == coin] for coin in (0, 1)
            ]
            square, tried = farthest_bit(groups)
            odds, bit_odds = min(1.0, count * odds), min(1.0, tried * math.erfc(math.sqrt(square / 2)))
            if tried == 0:
                bit_odds = 1.0
            worst, tests = min(worst, odds, bit_odds), tests + 2
            total, asked = total + right, asked + len(runs)
            print(
                f"  {text.split(' --until')[0]:44}{' calls' if traced else '':8}right {right:5} of {len(runs):5}"
                f" ({', '.join(sorted(set(rules)))}); of {count} most telling: {top}, p {odds:.2g}"
                + (medians(some, place) if with_clocks and not traced else "")
                + ("" if traced else f"; {tried} bits, chi-square {square:.1f}, p {bit_odds:.2g}")
            )
        if len(some[0]) == 1:
            continue
        # Who sees the commands that follow is not to know how the owner checked in.
        later = []
        for batch in some:
            features = {}
            for place, (_, (sight, _, _)) in enumerate(batch[1:], 1):
                seen = chosen(sight, traced)
                features.update({f"{key}, {COMMANDS[place]}": value for key, value in seen.items()})
            later.append((features, batch[0][0]))
        right, _, odds, count, top = tell_apart(later)
        odds = min(1.0, count * odds)
        worst, tests = min(worst, odds), tests + 1
        total, asked = total + right, asked + len(later)
        print(
            f"  {'the first one, by all that follow':52}right {right:5} of {len(later):5}; of {count} most telling: {top},"
            f" p {odds:.2g}"
        )
    worst, tests = min(worst, tail(total, asked)), tests + 1
    bound = 0.5 + 4.9 / math.sqrt(4 * max(asked, 1))
    print(
        f"{name}: right {total} of {asked}, {total / max(asked, 1):.4f} (chance is 0.5, below {bound:.4f} in all but one of a"
        f" million); least p {worst:.2g} in {tests} tests"
    )
    return worst * tests


def planted(all_batches):
    """Whether what does differ, now and then only, is told apart."""
    dice = random.Random(1)
    marked = []
    for is_traced, batch in all_batches:
        marked.append((is_traced, [
            (coin, ({**sight[0], "planted": int(coin == 1 and dice.random() < 0.95)}, *sight[1:])) for coin, sight in batch
        ]))
    return marked


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--full", type=int, default=0, help="runs with passphrases at full cost")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--clocks", action="store_true", help="judge times as well: on a quiet machine only")
    parser.add_argument("--traced-every", type=int, default=4, help="count system calls in each batch of so many")
    parser.add_argument("--per-home", type=int, default=1000, help="batches until the next home")
    parser.add_argument("--chance", type=float, default=1e-6, help="how rarely chance alone may look like a difference")
    parser.add_argument("--seconds-max", type=float, default=math.inf, help="judge what there is by then")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    coins = random.Random(options.seed)
    failed = False
    for name, wanted, is_full in (("reduced cost", options.runs, False), ("full cost", options.full, True)):
        if wanted == 0:
            continue
        # A check-in at full cost takes a second.
        commands = COMMANDS[:1] if is_full else COMMANDS
        if is_full:
            print("passphrases at full cost:")
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(os.path.join(folder, "stage"), is_full)
            note = lambda text: print(text, file=sys.stderr, flush=True)
            found = list(batches(stage, commands, wanted, coins, options.traced_every, options.per_home, options.seconds_max, note))
        failed |= judge(name, found, options.clocks) < options.chance
        if not is_full and len(found) >= 8:
            print("the same with something planted:")
            if judge("planted", planted(found), False) >= options.chance:
                print("a difference was not seen")
                failed = True
    print("told apart" if failed else "not told apart")
    sys.exit(1 if failed else 0)


main()
