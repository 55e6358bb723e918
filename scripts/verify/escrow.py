#!/usr/bin/env python3
# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""An independent verifier of Resguardo's escrow (docs/spec/escrow.md). Standard library only.

  escrow.py verify CONTEXT DEALING                 is this dealing what it claims?
  escrow.py verify-share CONTEXT DEALING SHARE     is this the share it claims to be?
  escrow.py combine CONTEXT DEALING SHARE...       prints the age identity
  escrow.py verify-blind FILE                      is this a blinded dealing (binary, or a badge)?
  escrow.py batch                                  one JSON case a line on stdin, one verdict a line
  escrow.py vectors DIRECTORY                      writes the vectors of the specification
  escrow.py self-test                              checks the arithmetic against RFC 9496

It shares no code with the Swift implementation. It is NOT constant time: do not deal with it.
"""
import base64
import hashlib
import hmac
import json
import sys

# --- ristretto255, written from RFC 9496 -------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) ** 2 % P
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235


def is_negative(x):
    return x & 1 == 1


def absolute(x):
    return P - x if is_negative(x) else x


def sqrt_ratio_m1(u, v):
    """RFC 9496, section 4.2: (was u/v square, the non-negative root of it or of i*u/v)."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    correct = check == u % P
    flipped = check == -u % P
    flipped_i = check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return correct or flipped, absolute(r)


INVSQRT_A_MINUS_D = sqrt_ratio_m1(1, -1 - D)[1]
NEUTRAL = (0, 1, 1, 0)


def add(p, q):
    """Sum of two points in extended coordinates (x, y, z, t), complete for a = -1."""
    x1, y1, z1, t1 = p
    x2, y2, z2, t2 = q
    a = (y1 - x1) * (y2 - x2) % P
    b = (y1 + x1) * (y2 + x2) % P
    c = 2 * D * t1 * t2 % P
    d = 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(p):
    x, y, z, _ = p
    a, b, c = x * x % P, y * y % P, 2 * z * z % P
    h = a + b
    e = h - (x + y) ** 2 % P
    g = a - b
    f = c + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def negate(p):
    return -p[0] % P, p[1], p[2], -p[3] % P


def combination(*terms):
    """The sum of scalar * point over the terms, four bits at a time."""
    tables = []
    for scalar, point in terms:
        row = [NEUTRAL, point]
        for _ in range(14):
            row.append(add(row[-1], point))
        tables.append((scalar % ORDER, row))
    result = NEUTRAL
    for shift in range(252, -1, -4):
        if result is not NEUTRAL:
            result = double(double(double(double(result))))
        for scalar, row in tables:
            digit = scalar >> shift & 15
            if digit:
                result = add(result, row[digit])
    return result


def encode(p):
    """RFC 9496, section 4.3.2."""
    x0, y0, z0, t0 = p
    u1 = (z0 + y0) * (z0 - y0) % P
    u2 = x0 * y0 % P
    _, invsqrt = sqrt_ratio_m1(1, u1 * u2 * u2 % P)
    den1, den2 = invsqrt * u1 % P, invsqrt * u2 % P
    z_inv = den1 * den2 * t0 % P
    if is_negative(t0 * z_inv % P):
        x, y, den_inv = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den_inv = x0, y0, den2
    if is_negative(x * z_inv % P):
        y = -y % P
    return absolute(den_inv * (z0 - y) % P).to_bytes(32, "little")


def decode(data):
    """RFC 9496, section 4.3.1: the point, or None."""
    s = int.from_bytes(data, "little")
    if len(data) != 32 or s >= P or is_negative(s):
        return None
    ss = s * s % P
    u1, u2 = (1 - ss) % P, (1 + ss) % P
    u2_sqr = u2 * u2 % P
    v = (-(D * u1 * u1) - u2_sqr) % P
    was_square, invsqrt = sqrt_ratio_m1(1, v * u2_sqr % P)
    den_x = invsqrt * u2 % P
    den_y = invsqrt * den_x * v % P
    x = absolute(2 * s * den_x % P)
    y = u1 * den_y % P
    t = x * y % P
    if not was_square or is_negative(t) or y == 0:
        return None
    return x, y, 1, t


def map_to_point(half):
    """RFC 9496, section 4.3.4, MAP."""
    t = int.from_bytes(half, "little") % 2**255 % P
    r = SQRT_M1 * t * t % P
    u = (r + 1) * ONE_MINUS_D_SQ % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio_m1(u, v)
    c = P - 1
    if not was_square:
        s, c = -absolute(s * t % P) % P, r
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0, w1 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P
    w2, w3 = (1 - s * s) % P, (1 + s * s) % P
    return w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P


def one_way_map(uniform):
    return add(map_to_point(uniform[:32]), map_to_point(uniform[32:]))


BASE_BYTES = bytes.fromhex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
BASE = decode(BASE_BYTES)

# --- hashes (specification, section 3) ---------------------------------------------------------

PREFIX = b"resguardo/escrow/v1/"


def label(name):
    return PREFIX + name.encode()


def framed(name):
    return bytes([len(label(name))]) + label(name)


def digest(name, *parts):
    return hashlib.sha256(framed(name) + b"".join(parts)).digest()


def to_scalar(name, *parts):
    wide = hashlib.sha512(framed(name) + b"".join(parts)).digest()
    return int.from_bytes(wide, "little") % ORDER


def scalar_bytes(x):
    return (x % ORDER).to_bytes(32, "little")


G2 = one_way_map(hashlib.sha512(label("second-generator")).digest())
G2_BYTES = encode(G2)


def hkdf_sha256(secret, salt, info):
    """RFC 5869 for one block of output."""
    prk = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()


# --- strict reading (specification, sections 8 and 9) ------------------------------------------


class Refused(Exception):
    """Carries the class of a refusal, as the table in section 8 names it."""


def require(condition, word):
    if not condition:
        raise Refused(word)


def parse(text):
    def unique(pairs):
        members = dict(pairs)
        require(len(members) == len(pairs), "form")
        return members

    def refuse(_):
        raise Refused("form")

    try:
        value = json.loads(
            text, object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse
        )
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate has no UTF-8 form
    except (ValueError, RecursionError):
        raise Refused("form") from None
    return value


class Members:
    """The members of an object; what is not asked for is refused."""

    def __init__(self, value, kind=None):
        require(isinstance(value, dict), "form")
        self.left = dict(value)
        if kind is not None:
            require(self.left.pop("type", None) == f"resguardo-escrow-{kind}-v1", "form")

    def take(self, name):
        require(name in self.left, "form")
        return self.left.pop(name)

    def integer(self, name, limit):
        value = self.take(name)
        require(type(value) is int and 0 <= value <= limit, "form")
        return value

    def hex(self, name):
        return from_hex(self.take(name))

    def list(self, name, limit):
        value = self.take(name)
        require(isinstance(value, list) and len(value) <= limit, "form")
        return value

    def end(self):
        require(not self.left, "form")


def from_hex(value):
    require(isinstance(value, str), "form")
    require(len(value) % 2 == 0 and all(c in "0123456789abcdef" for c in value), "form")
    return bytes.fromhex(value)


def fixed(data, count=32):
    require(len(data) == count, "form")
    return data


def read_element(data):
    point = decode(fixed(data))
    require(point is not None, "element")
    require(any(data), "identity")
    return point


def read_scalar(data):
    value = int.from_bytes(fixed(data), "little")
    require(value < ORDER, "scalar")
    return value


def read_pair(data):
    fixed(data, 64)
    return read_scalar(data[:32]), read_scalar(data[32:])


# --- the protocol ------------------------------------------------------------------------------


def first_message(pair, base, image):
    """z * base - c * image."""
    challenge, response = pair
    return encode(combination((response, base), (challenge, negate(image))))


def scope_digest(origins, switch, owner, epoch):
    named = b"".join(len(o).to_bytes(2, "big") + o for o in origins)
    count = len(origins).to_bytes(2, "big")
    return digest("scope", count, named, switch, owner, epoch.to_bytes(8, "big"))


def context_digest(scope, threshold, keys):
    sizes = bytes([threshold, len(keys)])
    return digest("context", scope, BASE_BYTES, G2_BYTES, sizes, *keys)


class Context:
    """Sections 3.1, 3.2 and 4.1."""

    def __init__(self, value):
        members = Members(value, "context")
        origins = []
        for origin in members.list("origins", 16):
            require(isinstance(origin, str), "form")
            origins.append(origin.encode())
        switch, owner = members.hex("switch"), members.hex("owner")
        epoch = members.integer("epoch", 2**53 - 1)
        require(origins and all(1 <= len(origin) <= 255 for origin in origins), "origin")
        require(all(a < b for a, b in zip(origins, origins[1:])), "origin")
        self.scope = scope_digest(origins, fixed(switch), fixed(owner), epoch)
        self.threshold = members.integer("threshold", 255)
        trustees = []
        for entry in members.list("trustees", 255):
            trustee = Members(entry)
            key, possession = trustee.hex("key"), trustee.hex("possession")
            trustees.append((key, read_element(key), read_pair(possession)))
            trustee.end()
        members.end()
        require(len(trustees) >= 2, "count")
        require(2 <= self.threshold <= len(trustees), "count")
        self.keys = [key for key, _, _ in trustees]
        self.points = [point for _, point, _ in trustees]
        require(len(set(self.keys)) == len(self.keys), "duplicate")
        for key, point, pair in trustees:
            first = first_message(pair, BASE, point)
            require(to_scalar("possession", self.scope, key, first) == pair[0], "possession")
        self.digest = context_digest(self.scope, self.threshold, self.keys)


class Dealing:
    """Section 5; verified when it exists."""

    def __init__(self, value, context):
        members = Members(value, "dealing")
        bound = members.hex("context")
        names = ("commitments", "shares", "responses")
        lists = {name: [from_hex(v) for v in members.list(name, 255)] for name in names}
        commitments, shares, responses = (lists[name] for name in names)
        challenge = members.hex("challenge")
        fixed(bound)
        require(len(shares) >= 2 and 2 <= len(commitments) <= len(shares), "count")
        require(len(responses) == len(shares), "count")
        committed = [read_element(data) for data in commitments]
        self.points = [read_element(data) for data in shares]
        self.shares = shares
        c = read_scalar(challenge)
        z = [read_scalar(data) for data in responses]
        members.end()
        require(bound == context.digest, "context")
        require(len(commitments) == context.threshold, "degree")
        require(len(shares) == len(context.keys), "count")
        require_proof(
            context.digest, context.points, (commitments, committed), (shares, self.points), c, z
        )
        self.context = context
        self.bytes = dealing_bytes(context.digest, commitments, shares, challenge, responses)
        self.digest = digest("dealing", self.bytes)


def require_proof(bound, keys, commitments, shares, c, z):
    """Section 5.3: commitments and shares are pairs of encodings and points."""
    images = []
    for index in range(1, len(keys) + 1):
        images.append(combination(*((index**j, p) for j, p in enumerate(commitments[1]))))
    statement = digest(
        "dealing-statement", bound, *commitments[0], *map(encode, images), *shares[0]
    )
    firsts = []
    for image, key, share, response in zip(images, keys, shares[1], z):
        firsts.append(first_message((c, response), G2, image))
        firsts.append(first_message((c, response), key, share))
    require(to_scalar("dealing-challenge", bound, statement, *firsts) == c, "dealing")


class BlindDealing:
    """Section 5.6, from its binary form; verified when it exists."""

    def __init__(self, data):
        self.left = data
        require(self.take(1) == b"\x01", "form")
        context = self.take(32)
        keys = [self.take(32) for _ in range(self.take(1)[0])]
        points = [read_element(key) for key in keys]
        require(self.take(1) == b"\x01", "form")
        bound = self.take(32)
        k, n = self.take(2)
        commitments = [self.take(32) for _ in range(k)]
        shares = [self.take(32) for _ in range(n)]
        challenge = self.take(32)
        responses = [self.take(32) for _ in range(n)]
        require(not self.left, "form")
        require(2 <= k <= n, "count")
        committed = [read_element(data) for data in commitments]
        shared = [read_element(data) for data in shares]
        c = read_scalar(challenge)
        z = [read_scalar(data) for data in responses]
        require(n == len(keys), "count")
        require(bound == blind_digest(context, k, keys), "context")
        require_proof(bound, points, (commitments, committed), (shares, shared), c, z)
        self.threshold, self.count = k, n

    def take(self, count):
        taken, self.left = self.left[:count], self.left[count:]
        return fixed(taken, count)


def blind_digest(context, threshold, keys):
    return digest("blind-context", context, bytes([threshold, len(keys)]), *keys)


def dealing_bytes(context, commitments, shares, challenge, responses):
    counts = bytes([len(commitments), len(shares)])
    return b"".join([b"\x01", context, counts, *commitments, *shares, challenge, *responses])


def share_challenge(dealing, index, element, first, second):
    context, position = dealing.context, index - 1
    bound = [context.digest, dealing.digest, bytes([index]), context.keys[position]]
    bound += [element, dealing.shares[position], first, second]
    return to_scalar("share-challenge", *bound)


def read_share(value, dealing):
    """Section 6: the index and the element, verified."""
    members = Members(value, "share")
    bound, index = members.hex("dealing"), members.integer("index", 2**53 - 1)
    element, proof = members.hex("element"), members.hex("proof")
    fixed(bound)
    require(1 <= index <= 255, "index")
    point, pair = read_element(element), read_pair(proof)
    members.end()
    require(bound == dealing.digest, "other-dealing")
    require(index <= len(dealing.shares), "index")
    first = first_message(pair, BASE, dealing.context.points[index - 1])
    second = first_message(pair, point, dealing.points[index - 1])
    require(share_challenge(dealing, index, element, first, second) == pair[0], "share")
    return index, point


def derive(dealing, secret):
    require(any(secret), "identity")
    return hkdf_sha256(secret, dealing.context.digest, label("identity") + dealing.digest)


def combine(dealing, shares):
    """Section 7: the seed."""
    shares = sorted(shares)
    indices = [index for index, _ in shares]
    require(len(set(indices)) == len(indices), "duplicate")
    require(len(shares) >= dealing.context.threshold, "too-few")
    shares = shares[: dealing.context.threshold]
    terms = []
    for index, point in shares:
        weight = 1
        for other, _ in shares:
            if other != index:
                weight = weight * other * pow(other - index, -1, ORDER) % ORDER
        terms.append((weight, point))
    return derive(dealing, encode(combination(*terms)))


# --- bech32 (BIP-173), for the age identity ----------------------------------------------------


def age_identity(seed):
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    prefix = "age-secret-key-pq-"
    bits = "".join(f"{byte:08b}" for byte in seed)
    bits += "0" * (-len(bits) % 5)
    data = [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    checksum = 1
    for value in values + data + [0] * 6:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            if top >> bit & 1:
                checksum ^= term
    data += [(checksum ^ 1) >> 5 * (5 - i) & 31 for i in range(6)]
    return (prefix + "1" + "".join(alphabet[value] for value in data)).upper()


# --- the dealer's side, for vectors ------------------------------------------------------------


def prove(x, nonce, challenge):
    return scalar_bytes(challenge) + scalar_bytes(nonce + challenge * x)


def enrol(x, scope, entropy):
    key = encode(combination((x, BASE)))
    nonce = to_scalar("possession-nonce", scalar_bytes(x), entropy, scope, key)
    first = encode(combination((nonce, BASE)))
    return key, prove(x, nonce, to_scalar("possession", scope, key, first))


def drill(x, index, context, checkpoint, entropy):
    nonce = to_scalar("drill-nonce", scalar_bytes(x), entropy, context.digest, checkpoint)
    first = encode(combination((nonce, BASE)))
    key = context.keys[index - 1]
    c = to_scalar("drill", context.digest, checkpoint, bytes([index]), key, first)
    return prove(x, nonce, c)


def deal(context, entropy):
    """The dealing as JSON, and the secret element. Sections 5.1 to 5.3."""
    a = coefficients(context, entropy)
    commitments, shares, c, responses = encrypt(a, context.digest, context.points, entropy)
    value = {
        "type": "resguardo-escrow-dealing-v1",
        "context": context.digest.hex(),
        "commitments": [data.hex() for data in commitments],
        "shares": [data.hex() for data in shares],
        "challenge": scalar_bytes(c).hex(),
        "responses": [data.hex() for data in responses],
    }
    return value, encode(combination((a[0], BASE)))


def coefficients(context, entropy):
    k = context.threshold
    return [to_scalar("coefficient", entropy, context.digest, bytes([j])) for j in range(k)]


def encrypt(a, bound, points, entropy):
    """Commitments, encrypted shares, challenge and responses. Sections 5.2 and 5.3."""
    n = len(points)
    s = [sum(x * i**j for j, x in enumerate(a)) % ORDER for i in range(1, n + 1)]
    commitments = [encode(combination((x, G2))) for x in a]
    images = [encode(combination((x, G2))) for x in s]
    shares = [encode(combination((x, y))) for x, y in zip(s, points)]
    statement = digest("dealing-statement", bound, *commitments, *images, *shares)
    nonces = [
        to_scalar("dealing-nonce", entropy, bound, statement, bytes([i])) for i in range(1, n + 1)
    ]
    firsts = []
    for nonce, y in zip(nonces, points):
        firsts += [encode(combination((nonce, G2))), encode(combination((nonce, y)))]
    c = to_scalar("dealing-challenge", bound, statement, *firsts)
    return commitments, shares, c, [scalar_bytes(r + c * x) for r, x in zip(nonces, s)]


def blind(context, entropy):
    """The binary form of a blinded dealing. Section 5.6."""
    points = [
        combination((to_scalar("blind", entropy, context.digest, bytes([i])), y))
        for i, y in enumerate(context.points, 1)
    ]
    keys = [encode(y) for y in points]
    bound = blind_digest(context.digest, context.threshold, keys)
    a = coefficients(context, entropy)
    commitments, shares, c, responses = encrypt(a, bound, points, entropy)
    dealing = dealing_bytes(bound, commitments, shares, scalar_bytes(c), responses)
    return b"\x01" + context.digest + bytes([len(keys)]) + b"".join(keys) + dealing


def open_share(x, index, dealing, entropy):
    element = encode(combination((pow(x, -1, ORDER), dealing.points[index - 1])))
    context = dealing.context.digest
    bound = (scalar_bytes(x), entropy, context, dealing.digest, bytes([index]), element)
    nonce = to_scalar("share-nonce", *bound)
    first = encode(combination((nonce, BASE)))
    second = encode(combination((nonce, decode(element))))
    c = share_challenge(dealing, index, element, first, second)
    return {
        "type": "resguardo-escrow-share-v1",
        "dealing": dealing.digest.hex(),
        "index": index,
        "element": element.hex(),
        "proof": prove(x, nonce, c).hex(),
    }


# --- commands ----------------------------------------------------------------------------------


def verdict(case):
    """`ok SEED`, `ok` without shares, `ok K N` for a blinded dealing, or `refused CLASS`."""
    try:
        if "blind" in case:
            dealing = BlindDealing(from_hex(case["blind"]))
            return f"ok {dealing.threshold} {dealing.count}"
        context = Context(parse(case["context"]))
        dealing = Dealing(parse(case["dealing"]), context)
        shares = [read_share(parse(share), dealing) for share in case["shares"]]
        return f"ok {combine(dealing, shares).hex()}" if shares else "ok"
    except Refused as refusal:
        return f"refused {refusal}"


def self_test():
    element = bytes(32)
    for _ in range(15):
        element = encode(add(decode(element), BASE))
    assert element.hex().startswith("e0c418f7c8d9c4cd")  # RFC 9496, appendix A.1, B[15]
    text = b"Ristretto is traditionally a short shot of espresso coffee"
    mapped = encode(one_way_map(hashlib.sha512(text).digest()))
    assert mapped.hex().startswith("3066f82a1a747d45")  # appendix A.3
    assert decode((P - 1).to_bytes(32, "little")) is None
    assert encode(combination((ORDER - 1, BASE), (1, BASE))) == bytes(32)
    assert encode(combination((5, BASE))) == encode(combination((2, BASE), (3, BASE)))
    assert encode(double(BASE)) == encode(add(BASE, BASE))
    print("ok")


def verify_blind(name):
    try:
        with open(name, "rb") as file:
            data = file.read()
    except OSError as failure:
        sys.exit(f"escrow.py: error: {failure}")
    try:
        if data[:1] == b"{":
            data = badge_dealing(data)
        dealing = BlindDealing(data)
        print(f"ok {dealing.threshold} {dealing.count}")
    except Refused as refusal:
        sys.exit(f"escrow.py: error: refused: {refusal}")


def badge_dealing(data):
    """The blinded dealing in a badge (switch.md, section 18); its signature is not checked here."""
    payload = Members(parse(data)).take("payload")
    try:
        inner = parse(base64.b64decode(payload, validate=True))
        return base64.b64decode(Members(inner).take("dealing"), validate=True)
    except (ValueError, TypeError):
        raise Refused("form") from None


def main(arguments):
    command, files = arguments[0] if arguments else "", arguments[1:]
    if command == "self-test":
        return self_test()
    if command == "batch":
        for line in sys.stdin:
            print(verdict(json.loads(line)))
        return None
    if command == "vectors" and len(files) == 1:
        import escrow_vectors

        return escrow_vectors.write(files[0])
    if command == "verify-blind" and len(files) == 1:
        return verify_blind(files[0])
    counts = {"verify": (2, 2), "verify-share": (3, 3), "combine": (3, 258)}
    if command not in counts or not counts[command][0] <= len(files) <= counts[command][1]:
        sys.exit(__doc__)
    texts = []
    try:
        for name in files:
            with open(name, encoding="utf-8") as file:
                texts.append(file.read())
    except (OSError, UnicodeDecodeError) as failure:
        sys.exit(f"escrow.py: error: {failure}")
    try:
        context = Context(parse(texts[0]))
        dealing = Dealing(parse(texts[1]), context)
        shares = [read_share(parse(text), dealing) for text in texts[2:]]
        print(age_identity(combine(dealing, shares)) if command == "combine" else "ok")
    except Refused as refusal:
        sys.exit(f"escrow.py: error: refused: {refusal}")


if __name__ == "__main__":
    main(sys.argv[1:])
