# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""What the logs of a switch hold, and since when, without any of Resguardo's code.

Part of switch_state.py. Written from docs/spec/switch.md (section 4), node.md (section 12), log.md and the C2SP
documents that these name.
"""

import collections
import hashlib
import hmac
import itertools
import json
import os
import re

import verify
from verify import require, sha256

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # then in plain Python, at some milliseconds a signature
    Ed25519PublicKey = None

HOUR, DAY = 3600, 86400
LEAP = 45 * DAY
OUTAGE = 2 * HOUR


# --- Signatures ---------------------------------------------------------------------------------


def points_of_small_order():
    """The y of the eight points whose order divides eight: they sign for anybody."""
    found, y = set(), 2
    while len(found) < 5:
        point = verify.curve_point(y.to_bytes(32, "little"))
        y += 1
        if point is None:
            continue
        small = verify.curve_multiply(verify.ORDER, point)
        for _ in range(4):
            found.add(small[1] * pow(small[2], verify.P - 2, verify.P) % verify.P)
            small = verify.curve_add(small, small)
    return found


SMALL = points_of_small_order() if Ed25519PublicKey else ()


def is_signed(key, signature, message):
    """verify.is_signed, by the way that is there."""
    if Ed25519PublicKey is None:
        return verify.is_signed(key, signature, message)
    if len(key) != 32 or len(signature) != 64:
        return False
    for point in (key, signature[:32]):
        y = int.from_bytes(point, "little") & (2**255 - 1)
        if y >= verify.P or y in SMALL:
            return False
    if int.from_bytes(signature[32:], "little") >= verify.ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


KNOWN = {}


def signed(key, signature, message):
    """Checks each signature once, however often it is shown."""
    name = (key, signature, message)
    if name not in KNOWN:
        KNOWN[name] = is_signed(key, signature, message)
    return KNOWN[name]


# --- Checkpoints --------------------------------------------------------------------------------

CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
SIGNATURE = re.compile("\u2014 ([^\\s+]+) ([^ ]+)")


def middle(clocks):
    """The smallest time at or before which a majority of all witnesses has signed; section 4.2."""
    return sorted(time for time in clocks if time is not None)[len(clocks) // 2]


def gaps(sightings):
    """Outages of more than two hours, each with its length by the witnesses' own clocks; section 4.4.

    sightings: of all logs, what each witness's clock said, in the order of the policy.
    """
    def seconds(clocks):
        passed = [now - then for then, now in zip(first, clocks) if None not in (then, now)]
        witnessed = middle(clocks) - middle(first)
        if len(passed) <= len(first) // 2:
            return witnessed
        place = sorted(passed)[len(passed) // 2]
        return witnessed if abs(place - witnessed) > 2 * DAY else place

    def rank(clocks):
        places = [-1 if time is None else time for time in clocks]
        return clocks.count(None), middle(clocks), places

    first = min(sightings, key=rank, default=None)
    seen = sorted((seconds(clocks), middle(clocks)) for clocks in sightings)
    found = []
    before = list(itertools.accumulate((time for _, time in seen), max))
    after = list(itertools.accumulate((time for _, time in reversed(seen)), min))[::-1]
    for place in range(1, len(seen)):
        length = seen[place][0] - seen[place - 1][0]
        if length > OUTAGE:
            since = before[place - 1]
            until = max(since, after[place])
            found.append((since, until, max(length, until - since)))
    return found


class Policy:
    """A C2SP tlog-policy: whose signatures count."""

    def __init__(self, text):
        self.logs, self.witnesses, self.groups, self.quorum = {}, {}, {}, None
        self.opened = {}
        for line in text.split("\n"):
            words = line.split("#")[0].split()
            if words[:1] == ["log"]:
                self.logs[words[1].split("+")[0]] = self.key(words[1], 1)
            elif words[:1] == ["witness"]:
                self.witnesses[words[1]] = self.key(words[2], 4)
            elif words[:1] == ["group"]:
                count = {"any": 1, "all": len(words) - 3}.get(words[2])
                self.groups[words[1]] = (count or int(words[2]), words[3:])
            elif words[:1] == ["quorum"]:
                self.quorum = words[1]
        require(self.logs and self.witnesses, "policy")

    @staticmethod
    def key(text, kind):
        name, number, encoded = text.split("+", 2)
        data = verify.unbase64(encoded, 33)
        fits = data[0] == kind and sha256(name.encode() + b"\n" + data)[:4].hex() == number
        require(fits, "key in the policy")
        return name, bytes.fromhex(number), data[1:]

    def keys(self):
        return set(self.logs.values()), set(self.witnesses.values())

    def holds(self, name, signed):
        if name == "none":
            return True
        if name in self.groups:
            count, members = self.groups[name]
            return sum(self.holds(member, signed) for member in members) >= count
        return name in signed

    def open(self, note):
        """Size, root and witnessed time of a checkpoint, its log, and what each witness's clock said; section 4.2."""
        if note not in self.opened:
            try:
                self.opened[note] = self.read(note)
            except (verify.Refused, *verify.MALFORMED) as failure:
                self.opened[note] = failure
        if isinstance(self.opened[note], Exception):
            raise self.opened[note]
        return self.opened[note]

    def read(self, note):
        require(len(note) <= 1 << 20 and CONTROL.search(note) is None, "checkpoint")
        text, blank, lines = note.rpartition(b"\n\n")
        require(blank and lines.endswith(b"\n"), "checkpoint")
        text += b"\n"
        head = verify.utf8(text, "checkpoint").split("\n")[:-1]
        require(3 <= len(head) <= 19, "checkpoint")
        require(all(0 < len(line.encode()) <= 1024 for line in head), "checkpoint")
        require(head[0] in self.logs, "checkpoint of another log")
        signatures = collections.defaultdict(list)
        lines = verify.utf8(lines, "checkpoint").split("\n")[:-1]
        require(len(lines) <= 64, "checkpoint")
        for line in lines:
            match = SIGNATURE.fullmatch(line)
            require(match and len(line.encode()) <= 16384, "checkpoint")
            require(len(match.group(1).encode()) <= 255, "checkpoint")
            data = verify.unbase64(match.group(2))
            require(len(data) > 4, "checkpoint")
            signatures[match.group(1), data[:4]].append(data[4:])
        name, number, key = self.logs[head[0]]
        found = signatures[name, number]
        require(found and all(signed(key, data, text) for data in found), "signature of the log")
        times = {}
        for witness, (name, number, key) in self.witnesses.items():
            for data in signatures[name, number]:
                time = int.from_bytes(data[:8], "big")
                message = b"cosignature/v1\ntime %d\n" % time + text
                require(len(data) == 72 and time <= verify.TIME_MAX, "signature of a witness")
                require(signed(key, data[8:], message), "signature of a witness")
                times.setdefault(witness, time)
        majority = len(self.witnesses) // 2 + 1
        require(len(times) >= majority and self.holds(self.quorum, times), "too few witnesses")
        size, root = verify.decimal(head[1]), verify.unbase64(head[2], 32)
        require(size > 0 or root == sha256(b""), "root of an empty log")
        clocks = tuple(times.get(witness) for witness in self.witnesses)
        return size, root, middle(clocks), head[0], clocks


# --- Logs ---------------------------------------------------------------------------------------


class Log:
    """Statements with their times, in order, and when no log worked."""

    def __init__(self, policy, entries, outages=()):
        self.policy, self.entries, self.outages = policy, entries, list(outages)


def tile_path(index):
    text = "%03d" % (index % 1000)
    while index >= 1000:
        index //= 1000
        text = "x%03d/" % (index % 1000) + text
    return text


def leaves(directory, size):
    found = []
    while len(found) < size:
        index = len(found) // 256
        path = os.path.join(directory, "tile/entries", tile_path(index))
        width = min(size - 256 * index, 256)
        if width < 256 and not os.path.isfile(path):
            path = f"{path}.p/{width}"
        with open(path, "rb") as file:
            data = file.read()
        for _ in range(width):
            count = int.from_bytes(data[:2], "big")
            found.append(data[2:2 + count])
            data = data[2 + count:]
    return found


class Tree:
    """RFC 6962 root of a growing list."""

    def __init__(self):
        self.nodes, self.size = [], 0

    def append(self, leaf):
        node, size = verify.leaf_hash(leaf), self.size
        while size & 1:
            node, size = verify.node_hash(self.nodes.pop(), node), size >> 1
        self.nodes.append(node)
        self.size += 1

    def root(self):
        if not self.nodes:
            return sha256(b"")
        root = self.nodes[-1]
        for node in reversed(self.nodes[:-1]):
            root = verify.node_hash(node, root)
        return root


def read_exchange(directory):
    """The log of an exchange: nobody keeps writing to it, so it has no outages."""
    with open(os.path.join(directory, "policy"), encoding="utf-8") as file:
        policy = Policy(file.read())
    with open(os.path.join(directory, "log/checkpoint"), "rb") as file:
        newest = policy.open(file.read())
    found = leaves(os.path.join(directory, "log"), newest[0])
    return Log(policy, entries(policy, newest, found))


def entries(policy, newest, found_leaves):
    """Time and bytes of what is no heartbeat; section 4.1."""
    tree, roots, waiting, spans, found = Tree(), [sha256(b"")], [], [], []

    def cover(size, root, time):
        nonlocal spans, found
        require(size <= tree.size and roots[size] == root, "the log contradicts itself")
        if spans and time < spans[-1][1]:
            kept = []
            for span in spans:
                if span[1] - time >= LEAP:
                    break
                kept.append(span)
            if size <= spans[-1][0] or not kept or kept[-1][1] > time:
                return False
            spans = kept
            found = [(min(old, time), data) for old, data in found]
        spans.append((max(size, spans[-1][0] if spans else 0), time))
        while waiting and waiting[0][0] < size:
            found.append((time, waiting.pop(0)[1]))
        return True

    for index, leaf in enumerate(found_leaves[:newest[0]]):
        try:
            heartbeat = policy.open(leaf)[:3]
        except (verify.Refused, *verify.MALFORMED):
            heartbeat = None
        if heartbeat:
            cover(*heartbeat)
        else:
            waiting.append((index, leaf))
        tree.append(leaf)
        roots.append(tree.root())
    require(cover(*newest[:3]), "the newest checkpoint is older than one before it")
    return found


# --- Texts that were carried ----------------------------------------------------------------------


def split_page(data):
    """Texts, each after a line with its length; node.md, section 12.4."""
    texts = []
    while data:
        count, _, data = data.partition(b"\n")
        count = verify.decimal(count.decode())
        require(0 < count <= len(data), "length of a text")
        texts.append(data[:count])
        data = data[count:]
    return texts


TEXT = re.compile(
    rb"c2sp\.org/tlog-proof@v1\nextra ([^\n]+)\nindex ([0-9]+)\n((?:[^\n]+\n)*)\n(.*)", re.DOTALL
)


def open_text(text, policy, capability):
    """The statement in a text: when which log had it, and where; node.md, section 12."""
    match = TEXT.fullmatch(text)
    require(match and len(text) <= 1 << 18, "text")
    envelope = verify.unbase64(match.group(1))
    index = verify.decimal(match.group(2).decode())
    path = [verify.unbase64(line, 32) for line in match.group(3).split(b"\n")[:-1]]
    require(len(path) <= 63, "proof is too long")
    size, root, time, origin, clocks = policy.open(match.group(4))
    leaf = envelope
    if capability is not None:
        bound = b"resguardo/switch/leaf/1\n" + origin.encode() + b"\n" + envelope
        leaf = hmac.new(capability, bound, hashlib.sha256).digest()
    proven = verify.root_of_inclusion(verify.leaf_hash(leaf), index, size, path)
    require(proven == root, "the log does not have this text")
    return time, origin, index, envelope, clocks


def is_arming(envelope):
    """By its payload type, as the order of statements has it; section 4.6."""
    kind = json.loads(envelope)["payloadType"]
    return re.fullmatch(r"application/vnd\.resguardo\.switch-arming\.v[0-9]+\+json", kind) is not None


def read_texts(policy, capability, texts, checkpoints=(), presence=None):
    """The union of what logs of the policy proved; sections 4.4 and 4.6.

    presence: by the origin of a log, what the witnesses' clocks said when else it was seen, -1 who did not sign.
    """
    seen = {
        tuple(None if time < 0 else time for time in clocks)
        for origin in policy.logs for clocks in (presence or {}).get(origin, ())}
    for note in checkpoints:
        try:
            seen.add(policy.open(note)[4])
        except (verify.Refused, *verify.MALFORMED):
            continue
    first = {}
    for text in texts:
        try:
            time, origin, index, envelope, clocks = open_text(text, policy, capability)
            place = (time, not is_arming(envelope), origin.encode(), index)
        except (verify.Refused, *verify.MALFORMED):
            continue
        seen.add(clocks)
        first[envelope] = min(place, first.get(envelope, place))
    ordered = sorted((place, envelope) for envelope, place in first.items())
    return Log(policy, [(place[0], envelope) for place, envelope in ordered], gaps(seen))
