#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""A plain reading of docs/spec/account-signals.md: all tables of `feed accounts`, without any code of ours.

usage: accounts.py DATASET DIRECTORY [--rate 0.05] [--burst-seconds 86400] [--min-share 0.5]
"""
import argparse
import collections
import csv
import json
import math
import pathlib
import re
import sqlite3

import texts

HOUR, DAY = 3600, 86400
BOUNDS = [float("1e-%d" % power) for power in range(1, 13)]


# Section 2: chance.

def logarithm(value):
    mantissa, exponent = math.frexp(float(value))
    mantissa, exponent = mantissa * 2, exponent - 1
    ratio = (mantissa - 1) / (mantissa + 1)
    total, power = 0.0, ratio
    for index in range(24):
        total += power / float(2 * index + 1)
        power *= ratio * ratio
    return 2 * total + float(exponent) * 0.6931471805599453


def poisson(mean, count):
    """Of at least `count`, which is over the mean."""
    total, term = 1.0, 1.0
    for index in range(1, 21):
        term *= -mean / float(count) / float(index)
        total += term
    damping, term = total, 1.0
    for index in range(1, count + 1):
        term *= mean / float(index) * damping
    tail, index = 0.0, count
    while term > tail * 1e-17:
        tail += term
        index += 1
        term *= mean / float(index)
    return min(1.0, tail)


def tail(mean, count):
    return poisson(mean, count) if count >= mean + 1 else 1.0


def limit(values, hypotheses, rate):
    found = -1.0
    for index, value in enumerate(sorted(values)):
        if value * hypotheses <= rate * float(index + 1):
            found = value
    return found


def limit_of_any(values, count, rate):
    if count == 0:
        return -1.0
    return limit(values, float(count) * (logarithm(count) + 0.5772156649015329 + 0.5 / float(count)), rate)


# Reading.

def plain(handle):
    handle = handle[1:] if handle.startswith("@") else handle
    return "".join(c.lower() if c.isascii() else c for c in handle.split("@")[0])


def template(name):
    found = []
    for c in name:
        if c not in "0123456789":
            found.append(c)
        elif not found or found[-1] != "#":
            found.append("#")
    has_number = any(c in "0123456789" for c in name)
    return "".join(found) if has_number and sum(c != "#" for c in found) >= 3 else None


def end_digits(name):
    return len(re.search("[0-9]*$", name)[0])


def read(path):
    database = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    database.row_factory = sqlite3.Row
    accounts = [dict(row) for row in database.execute("SELECT * FROM account")]
    accounts.sort(key=lambda a: (a["platform"].encode(), a["name"].encode()))
    numbers = {account["id"]: number for number, account in enumerate(accounts)}
    names, handles = {}, {}
    for number, account in enumerate(accounts):
        names[account["platform"], account["name"]] = number
        if account["handle"] is not None:
            handles.setdefault((account["platform"], plain(account["handle"])), number)
    rows = [dict(row) for row in database.execute("SELECT * FROM post ORDER BY id")]
    originals = {(row["platform"], row["name"]): row for row in rows}
    shareable = [row for row in rows if row["text"] is not None and row["repost_of"] is None]
    for row, cluster in zip(shareable, texts.clusters([row["text"] for row in shareable])):
        row["cluster"] = cluster
    for row in rows:
        said = re.match("RT @([A-Za-z0-9_]+):", row["text"] or "")
        row["account"] = numbers[row["account"]]
        row["is_repost"] = row["repost_of"] is not None or row["repost_account"] is not None or said is not None
        row["cluster"] = None if row["is_repost"] else row.get("cluster")
        row["source"], row["source_time"] = None, None
    for row in rows:
        if not row["is_repost"]:
            continue
        original = originals.get((row["platform"], row["repost_of"]))
        if original:
            row["source"], row["source_time"] = original["account"], original["time"]
            continue
        said = re.match("RT @([A-Za-z0-9_]+):", row["text"] or "")
        named = row["repost_account"] if row["repost_account"] is not None else said and "@" + said[1]
        if named is None:
            continue
        known = names.get((row["platform"], named), handles.get((row["platform"], plain(named))))
        # An account of the data by its number, another one by what it is called.
        row["source"] = known if known is not None else (
            row["platform"], row["repost_account"] if row["repost_account"] is not None else "@" + plain(named))
    for account in accounts:
        account["posts_in_data"] = []
    for row in rows:
        accounts[row["account"]]["posts_in_data"].append(row)
    for account in accounts:
        account["posts_in_data"].sort(key=lambda row: row["time"])
        posts, created = account["posts_in_data"], account["created"]
        account["dated"] = bool(posts) and created is not None and 0 < created <= posts[0]["time"] + DAY
    by_id = {row["id"]: row for row in rows}
    links = [(by_id[post], url) for post, url in database.execute("SELECT post, url FROM link ORDER BY rowid")]
    return accounts, rows, links


# Section 3: creation bursts.

def crowds(times, width, rate):
    """Of sorted times."""
    def within(low, high):
        return sum(low <= t < high for t in times)

    trials = []
    for time in times:
        span = min(times[-1] + 1, time + 15 * width) - max(times[0], time - 14 * width)
        around = within(time - 14 * width, time + 15 * width)
        mean = float(around - 1) * min(1.0, float(width) / float(span))
        count = within(time, time + width)
        trials.append((time, count, mean, tail(mean, count - 1)))
    bound = limit_of_any([trial[3] for trial in trials], len(times), rate)
    found = []
    for time, count, mean, value in trials:
        if value > bound or count < 5 or count - 1 < 3.0 * mean:
            continue
        end = max(t for t in times if t < time + width)
        if found and time <= found[-1]["to"]:
            last = found[-1]
            last["to"] = max(last["to"], end)
            last["accounts"] = within(last["from"], last["to"] + 1)
            if value < last["p"]:
                last.update(peak=time, count=count, expected=mean, p=value)
        else:
            found.append({"from": time, "to": end, "accounts": count, "peak": time, "count": count,
                          "expected": mean, "p": value})
    return found


# Section 4: families of handles.

def families(accounts, numbers, width, rate):
    times = sorted(accounts[n]["created"] for n in numbers if accounts[n]["dated"])
    others = sorted(collections.Counter(sum(t <= u < t + width for u in times) - 1 for t in times).items())
    members = collections.defaultdict(list)
    for number in numbers:
        if accounts[number]["handle"] is not None and template(plain(accounts[number]["handle"])):
            members[template(plain(accounts[number]["handle"]))].append(number)
    found = []
    for name, list_ in members.items():
        if len(list_) < 3:
            continue
        dates = sorted(accounts[n]["created"] for n in list_ if accounts[n]["dated"])
        most, start, value = 0, None, 1.0
        for date in dates:
            count = sum(date <= other < date + width for other in dates)
            if count > most:
                most, start = count, date
        if len(dates) >= 3 and len(times) > 1:
            total = 0.0
            for count, times_ in others:
                mean = float(len(dates) - 1) * float(count) / float(len(times) - 1)
                total += float(times_) * tail(mean, most - 1)
            value = min(1.0, float(len(dates)) / float(len(times)) * total)
        found.append({"template": name, "accounts": list_, "dated": len(dates), "together": most, "from": start, "p": value})
    found.sort(key=lambda f: (-len(f["accounts"]), f["template"].encode()))
    asked = [f["p"] for f in found if f["dated"] >= 3]
    bound = limit_of_any(asked, len(asked), rate)
    for family in found:
        family["kind"] = ("undated" if family["dated"] < 3 else
                          "together" if family["together"] >= 3 and family["p"] <= bound else "names-only")
    return found


# Section 5: dependence.

def dependencies(accounts, posts, share_min, rate):
    firsts = {}
    for post in posts:
        if post["cluster"] is not None:
            known = firsts.setdefault(post["cluster"], post)
            if post["time"] < known["time"]:
                firsts[post["cluster"]] = post
    passed, order = [], {}
    for post in posts:
        if post["is_repost"] and post["source"] is not None:
            order.setdefault(post["source"], len(order))
    for post in posts:
        source, origin = post["source"], post["source_time"]
        if post["cluster"] is not None:
            first = firsts[post["cluster"]]
            if first["time"] >= post["time"] or first["account"] == post["account"]:
                continue
            source, origin = first["account"], first["time"]
            order.setdefault(source, len(order))
        if source is not None and source != post["account"]:
            lag = post["time"] - origin if origin is not None and origin <= post["time"] else None
            passed.append((post["account"], source, post["time"], lag, post["cluster"] is not None))
    of_account = collections.Counter(p[0] for p in passed)
    of_source = collections.Counter(p[1] for p in passed)
    pairs = collections.defaultdict(list)
    for entry in passed:
        pairs[entry[0], entry[1]].append(entry)
    values, found = [], []
    for (account, source), entries in pairs.items():
        count, all_ = len(entries), of_account[account]
        if count < 5:
            continue
        expected = float(all_) * float(of_source[source] - count + 1) / float(len(passed) - all_ + 1)
        values.append(tail(expected, count))
        posts_ = len(accounts[account]["posts_in_data"])
        if count / posts_ < share_min:
            continue
        lags = sorted(e[3] for e in entries if e[3] is not None)
        is_account = isinstance(source, int)
        found.append({
            "from": account, "source": source, "order": order[source], "posts": posts_,
            "name": accounts[source]["name"] if is_account else source[1],
            "to_posts": len(accounts[source]["posts_in_data"]) if is_account else 0,
            "copies": sum(e[4] for e in entries), "reposts": sum(not e[4] for e in entries),
            "share": count / posts_, "expected": expected, "p": values[-1], "lags": lags,
            "first": min(e[2] for e in entries), "last": max(e[2] for e in entries)})
    asking = sum(count >= 5 for count in of_account.values())
    bound = limit_of_any(values, asking * len(order), rate)
    for entry in found:
        entry["kind"] = "dependent" if entry["p"] <= bound else "popular"
    found.sort(key=lambda entry: (entry["from"], entry["order"]))
    return found, collections.Counter(p[0] for p in passed if p[4])


# Section 1: short lives, deletions.

def is_gone_soon(post):
    return post["deleted"] is not None and 0 <= post["deleted"] - post["time"] <= HOUR


def deletions(accounts, posts, rate):
    total = sum(map(is_gone_soon, posts))
    if all(post["deleted"] is None for post in posts):
        return
    asked = [account for account in accounts if account["posts_in_data"]]
    for account in asked:
        own, gone = len(account["posts_in_data"]), sum(map(is_gone_soon, account["posts_in_data"]))
        expected = float(own) * (float(total - gone + 1) / float(len(posts) - own + 1))
        account["gone"] = (gone, expected, tail(expected, gone))
    bound = limit([account["gone"][2] for account in asked], float(len(asked)), rate)
    for account in asked:
        account["deleter"] = account["gone"][0] > 1 and account["gone"][2] <= bound


def lives(accounts, numbers, rate):
    times = sorted(post["time"] for n in numbers for post in accounts[n]["posts_in_data"])
    if not times:
        return
    end = times[(len(times) - 1) * 99 // 100]
    dates = [accounts[n]["created"] for n in numbers if accounts[n]["dated"]]
    asked = []
    for number in numbers:
        account = accounts[number]
        if not account["dated"]:
            continue
        own, created = account["posts_in_data"], account["created"]
        last = own[-1]["time"]
        if max(len(own), account["posts"] or 0) > 5 or end - last < 30 * DAY:
            continue
        until = max(last, created)
        young, before = sum(created <= d <= until for d in dates), sum(d <= until for d in dates)
        account["life"] = (until - created, end - last, young, before)
        asked.append(account)
    values = [float(a["life"][2]) / float(a["life"][3]) for a in asked]
    bound = limit(values, float(len(asked)), rate)
    for account, value in zip(asked, values):
        account["burner"] = value <= bound and account["life"][0] <= 7 * DAY


# Section 6: the indicators of astrodetection.

WORD = re.compile(r"\b\w+(?:['’]\w+)*\b")
SENTENCE = re.compile(r"[.!?…]+(?:[\"'»”’)\]]+)?\s*")
LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
NAME = re.compile(r"(?<!\w)@[a-z0-9_]{1,15}")


def sentence_words(text):
    counts = sorted(c for c in (len(WORD.findall(s)) for s in SENTENCE.split(LINK.sub(" ", text))) if c)
    middle = len(counts) // 2
    if not counts:
        return None
    return float(counts[middle]) if len(counts) % 2 else float(counts[middle - 1] + counts[middle]) / 2


def part(hits, count, known):
    made = {"count": count, "hits": hits, "known": known}
    if known and count:
        made["percent"] = str(float(hits) / float(count) * 100)
    return made


def evenness(counts):
    if len(counts) < 2:
        return None
    counts, total, sum_ = sorted(counts, reverse=True), sum(counts), 0.0
    for count in counts:
        sum_ += float(count) * logarithm(count)
    return (logarithm(total) - sum_ / float(total)) / logarithm(len(counts)) * 100


def hub(events, is_eligible=lambda account: True):
    """The accounts of the largest community, of pairs of account and thing."""
    rows, counts = collections.Counter(thing for _, thing in events), collections.defaultdict(collections.Counter)
    for account, thing in events:
        if rows[thing] > 1:
            counts[account][thing] += 1
    sharers = collections.Counter(thing for things in counts.values() for thing in things)
    vectors = {}
    for account in sorted(counts):
        if sum(counts[account].values()) >= 3:
            vector = {thing: float(count) * (logarithm(1 + len(counts)) - logarithm(1 + sharers[thing]) + 1)
                      for thing, count in counts[account].items()}
            length = math.sqrt(sum(weight * weight for weight in vector.values()))
            vectors[account] = {thing: weight / length for thing, weight in vector.items()}
    gains, edges = collections.defaultdict(dict), []
    for one, left in vectors.items():
        for two, right in vectors.items():
            common = [thing for thing in left if thing in right]
            if one < two and len(common) >= 3 and is_eligible(one) and is_eligible(two):
                weight = sum(left[thing] * right[thing] for thing in common)
                if weight >= 0.9:
                    edges.append((one, two, weight))
    if not edges:
        return 0
    scale, part = 1 / sum(edge[2] for edge in edges), collections.Counter()
    for one, two, weight in edges:
        part[one] += weight
        part[two] += weight
    part = {account: weight * scale * 0.5 for account, weight in part.items()}
    for one, two, weight in edges:
        gains[one][two] = gains[two][one] = scale * weight - 2 * part[one] * part[two]
    sizes = dict.fromkeys(gains, 1)
    while True:
        best = min(((-gain, one, two) for one, row in gains.items() for two, gain in row.items()), default=None)
        if best is None or best[0] > 0:
            return max(sizes.values())
        one, two = best[1:]
        sizes[two] += sizes.pop(one)
        left, right = gains.pop(one), gains[two]
        for other in (set(left) | set(right)) - {one, two}:
            gain = (right[other] + left[other] if other in left and other in right else
                    right[other] - 2 * part[one] * part[other] if other in right else
                    left[other] - 2 * part[two] * part[other])
            gains[other].pop(one, None)
            gains[other][two] = right[other] = gain
        right.pop(one, None)
        part[two] += part[one]


def indicators(accounts, posts, links):
    active = [account for account in accounts if account["posts_in_data"]]

    def of_accounts(test):
        answers = [(account, test(account)) for account in active]
        known = [account for account, answer in answers if answer is not None]
        hits = [account for account, answer in answers if answer]
        own = [sum(len(a["posts_in_data"]) for a in list_) for list_ in (hits, known)]
        return {"posts": part(own[0], len(posts), own[1]), "accounts": part(len(hits), len(active), len(known))}

    def followers(test):
        return lambda a: None if a["followers"] is None or a["following"] is None else test(a["followers"], a["following"])

    def many(a):
        last = a["posts_in_data"][-1]["time"]
        if a["posts"] is None or a["created"] is None or last < a["created"]:
            return None
        return a["posts"] > 70 * max(1, (last - a["created"]) // DAY)

    found = {
        "zero_followers_and_following": of_accounts(followers(lambda one, two: one < 1 and two < 1)),
        "high_following_followers_ratio": of_accounts(followers(lambda one, two: two > 10 * one if one else two > 0)),
        "no_image_and_description": of_accounts(
            lambda a: None if a["description"] is None or a["has_picture"] is None
            else not a["description"] and not a["has_picture"]),
        "default_handle": of_accounts(lambda a: None if a["handle"] is None else end_digits(plain(a["handle"])) >= 5),
        "over_70_posts_per_day": of_accounts(many),
        "recent_account_creation": of_accounts(
            lambda a: None if a["created"] is None else a["posts_in_data"][0]["time"] - a["created"] < 30 * DAY),
    }
    created = [(post, accounts[post["account"]]["created"]) for post in posts]
    created = [(post, time) for post, time in created if time is not None]
    found["recent_account_creation"]["posts"] = part(
        sum(post["time"] - time < 30 * DAY for post, time in created), len(posts), len(created))
    counts = sorted((len(a["posts_in_data"]) for a in active), reverse=True)
    found["top_users_posts"] = {
        "posts": part(sum(counts[:math.ceil(len(counts) * 0.01)]), len(posts), len(posts))}
    of_posts = collections.Counter((time // DAY + 3) // 7 for _, time in created)
    of_users = collections.Counter((a["created"] // DAY + 3) // 7 for a in active if a["created"] is not None)
    found["top_creation_weeks"] = {
        "posts": part(sum(sorted(of_posts.values())[-4:]), len(posts), len(created)),
        "accounts": part(sum(sorted(of_users.values())[-4:]), len(active), sum(of_users.values()))}
    for name, kept in (("excessive_tags", posts), ("excessive_tags_originals", [p for p in posts if not p["is_repost"]])):
        kept = [post for post in kept if post["text"] is not None]
        found[name] = {"posts": part(sum(len(NAME.findall(p["text"].lower())) > 4 for p in kept), len(kept), len(kept))}
    sizes = [n for n in collections.Counter(p["cluster"] for p in posts if p["cluster"] is not None).values() if n > 1]
    known = sum(post["text"] is not None for post in posts)
    found["near_copies"] = {"posts": part(sum(sizes), len(posts), known)}
    found["near_copies_hub"] = {"posts": part(max(sizes, default=0), len(posts), known)}
    numbers = {"account_activity_evenness": {"value": evenness(counts)},
               "creation_week_evenness": {"value": evenness(list(of_posts.values())),
                                          "accountValue": evenness(list(of_users.values()))}}
    lengths = [sentence_words(p["text"]) for p in posts if not p["is_repost"] and p["text"] is not None]
    lengths, variation = [length for length in lengths if length is not None], None
    if len(lengths) > 1:
        total, squares = 0.0, 0.0
        for length in lengths:
            total += length
        mean = total / float(len(lengths))
        for length in lengths:
            squares += (length - mean) * (length - mean)
        variation = math.sqrt(squares / float(len(lengths))) / mean
    numbers["cv_sentence_length"] = {"value": variation}
    reposts, pages = [post for post in posts if post["is_repost"]], collections.defaultdict(set)
    rows = collections.Counter(url for _, url in links)
    for post, url in links:
        if rows[url] > 1:
            pages[post["account"]].add(post["id"])
    hubs = {
        "similarity_hub": (hub([(p["account"], p["source"]) for p in reposts if p["source"] is not None]),
                           len({post["account"] for post in reposts})),
        "temporal_hub": (hub([(post["account"], post["time"] // 300) for post in posts]), len(active)),
        "url_hub": (hub([(post["account"], url) for post, url in links], lambda a: len(pages[a]) > 1), len(active))}
    for name, (size, count) in hubs.items():
        found[name] = {"accounts": part(size, count, count)}
    for name, values in numbers.items():
        found[name] = {key: str(value) for key, value in values.items() if value is not None}
    return found


# Section 7: what the tables say.

def span(seconds):
    return f"{seconds} s" if seconds < HOUR else f"{seconds // HOUR} h" if seconds < 2 * DAY else f"{seconds // DAY} d"


def tenths(number):
    count = int(min(1e15, number * 10 + 0.5))
    return f"{count // 10}.{count % 10}"


def chance(p):
    power = sum(p <= bound for bound in BOUNDS)
    return f"p ≤ 1e-{power}" if power else "p ≤ 1"


def sentences(account, posts, width):
    en, es = [], []
    if account.get("burner"):
        age, quiet, young, before = account["life"]
        p = chance(float(young) / float(before))
        en.append(f"{posts} posts, the last {span(age)} after it was made, and silence for the {span(quiet)} since; "
                  f"{young} of the {before} accounts made by then were as young ({p}).")
        es.append(f"{posts} publicaciones, la última {span(age)} tras su creación, y silencio en los {span(quiet)} "
                  f"siguientes; {young} de las {before} cuentas creadas hasta entonces eran tan nuevas ({p}).")
    if account.get("deleter"):
        gone, expected, p = account["gone"]
        en.append(f"{gone} of {posts} posts were gone within an hour, where {tenths(expected)} would be at "
                  f"everybody else's rate ({chance(p)}).")
        es.append(f"{gone} de {posts} publicaciones desaparecieron en una hora, cuando serían {tenths(expected)} al "
                  f"ritmo de las demás cuentas ({chance(p)}).")
    crowd, family, source = account.get("crowd"), account.get("family"), account.get("dependency")
    if crowd:
        usual, p = tenths(crowd["expected"] + 1), chance(crowd["p"])
        en.append(f"One of {crowd['accounts']} accounts made one after the other, {crowd['count']} of them within "
                  f"{span(width)}, where the time around it has {usual} ({p}).")
        es.append(f"Una de {crowd['accounts']} cuentas creadas seguidas, {crowd['count']} de ellas en "
                  f"{span(width)}, cuando en las fechas cercanas hay {usual} ({p}).")
    if family and family["kind"] == "together":
        size, name, most, p = len(family["accounts"]), family["template"], family["together"], chance(family["p"])
        en.append(f"One of {size} accounts called {name}, {most} of them made within {span(width)}; by lot so many "
                  f"would be with {p}.")
        es.append(f"Una de {size} cuentas llamadas {name}, {most} de ellas creadas en {span(width)}; a suerte lo "
                  f"serían tantas con {p}.")
    if source and source["kind"] == "dependent":
        count, lags = source["reposts"] + source["copies"], source["lags"]
        lag = span(lags[(len(lags) - 1) // 2]) if lags else None
        tail_en, tail_es = (f", half of them within {lag}", f", la mitad en {lag}") if lags else ("", "")
        end = f"{tenths(source['expected'])} ({chance(source['p'])})."
        en.append(f"{count} of {source['posts']} posts come from {source['name']}{tail_en}, where its popularity gives {end}")
        es.append(f"{count} de {source['posts']} publicaciones vienen de {source['name']}{tail_es}, cuando su popularidad da {end}")
    if account["is_automated"] and en:
        en.append("It says of itself that a program posts.")
        es.append("Dice de sí misma que publica un programa.")
    return " ".join(en), " ".join(es)


def signals(account):
    names = {"burner": account.get("burner"), "deletes-soon": account.get("deleter"),
             "creation-burst": account.get("crowd"),
             "handle-family": account.get("family") and account["family"]["kind"] == "together",
             "dependent": account.get("dependency") and account["dependency"]["kind"] == "dependent"}
    return " ".join(name for name, is_there in names.items() if is_there)


def row(account, copies, width):
    own, family, source = account["posts_in_data"], account.get("family"), account.get("dependency")
    life, gone = account.get("life", [""] * 4), account.get("gone", [""] * 3)
    return [account["platform"], account["name"], account["handle"], account["created"] if account["dated"] else "",
            len(own), account["posts"], own[0]["time"] if own else "", own[-1]["time"] if own else "",
            sum(post["is_repost"] for post in own), copies, *life, *gone,
            "" if account["handle"] is None else end_digits(plain(account["handle"])),
            family["template"] if family else "", account["crowd"]["number"] if account.get("crowd") else "",
            source["name"] if source else "", source["share"] if source else "", account["is_automated"],
            signals(account), *sentences(account, len(own), width)]


ACCOUNTS = ("platform account_id handle created posts posts_counted first last reposts copies age quiet as_young made_before "
            "gone_soon gone_expected p_gone end_digits handle_family burst source source_share automated signals "
            "says_en says_es").split()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset")
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--burst-seconds", type=int, default=DAY)
    parser.add_argument("--min-share", type=float, default=0.5)
    arguments = parser.parse_args()
    rate, width = arguments.rate, arguments.burst_seconds
    accounts, posts, links = read(arguments.dataset)
    deletions(accounts, posts, rate)
    dependent, copies = dependencies(accounts, posts, arguments.min_share, rate)
    for entry in dependent:
        account = accounts[entry["from"]]
        if "dependency" not in account or account["dependency"]["share"] < entry["share"]:
            account["dependency"] = entry
    bursts, handles = [], []
    for platform in sorted({account["platform"] for account in accounts}, key=str.encode):
        numbers = [number for number, account in enumerate(accounts) if account["platform"] == platform]
        dated = sorted(accounts[n]["created"] for n in numbers if accounts[n]["dated"])
        for crowd in crowds(dated, width, rate):
            crowd["number"] = len(bursts) + 1
            bursts.append([crowd["number"], platform, crowd["from"], crowd["to"], crowd["accounts"], crowd["peak"],
                           crowd["count"], crowd["expected"], crowd["p"]])
            for n in numbers:
                if accounts[n]["dated"] and crowd["from"] <= accounts[n]["created"] <= crowd["to"]:
                    accounts[n]["crowd"] = crowd
        for family in families(accounts, numbers, width, rate):
            handles.append([platform, family["template"], len(family["accounts"]), family["dated"], family["together"],
                            family["from"], family["p"] if family["dated"] >= 3 else "", family["kind"],
                            " ".join(accounts[n]["name"] for n in family["accounts"])])
            for n in family["accounts"]:
                accounts[n]["family"] = family
        lives(accounts, numbers, rate)
    tables = {
        "accounts.csv": [ACCOUNTS] + [row(account, copies[n], width) for n, account in enumerate(accounts)],
        "bursts.csv": ["burst platform from to accounts peak_from peak_accounts expected p".split()] + bursts,
        "handles.csv": ["platform template accounts dated together from p kind account_ids".split()] + handles,
        "dependencies.csv": [("platform from to to_posts posts reposts copies share expected p kind lags lag fast "
                              "first last").split()] + [
            [accounts[e["from"]]["platform"], accounts[e["from"]]["name"], e["name"], e["to_posts"], e["posts"], e["reposts"],
             e["copies"], e["share"], e["expected"], e["p"], e["kind"], len(e["lags"]),
             e["lags"][(len(e["lags"]) - 1) // 2] if e["lags"] else "", sum(lag <= 10 for lag in e["lags"]),
             e["first"], e["last"]] for e in dependent]}
    arguments.directory.mkdir(exist_ok=True)
    for name, lines in tables.items():
        with open(arguments.directory / name, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
    with open(arguments.directory / "indicators.json", "w", encoding="utf-8") as file:
        json.dump(indicators(accounts, posts, links), file, sort_keys=True)


if __name__ == "__main__":
    main()
