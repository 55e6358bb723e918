# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""Platforms on this machine: a SOCKS5 proxy behind which every host is this program, with TLS.

usage: world.py CODE CERTIFICATE KEY [LOG]   prints the port, then one line for each request

With LOG it goes on in the background and prints there. It ends by itself after some minutes.

It speaks the formats as their specifications say; nothing is taken from our program.
"""
import base64
import hashlib
import json
import os
import signal
import socket
import ssl
import struct
import sys
import threading

# Swift's Foundation starts programs with signals blocked.
signal.pthread_sigmask(signal.SIG_SETMASK, [])
CODE, CERTIFICATE, KEY = sys.argv[1:4]
CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
CONTEXT.load_cert_chain(CERTIFICATE, KEY)

# --- secp256k1 and BIP-340 -----------------------------------------------------------------------

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
     0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8)


def plus(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and a[1] != b[1]:
        return None
    if a == b:
        slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point):
    result = None
    while k:
        if k & 1:
            result = plus(result, point)
        point, k = plus(point, point), k >> 1
    return result


def tagged(tag, *parts):
    head = hashlib.sha256(tag.encode()).digest()
    return int.from_bytes(hashlib.sha256(head + head + b"".join(parts)).digest(), "big")


def b32(number):
    return number.to_bytes(32, "big")


def schnorr(secret, message):
    point = times(secret, G)
    d = secret if point[1] % 2 == 0 else N - secret
    masked = b32(d ^ tagged("BIP0340/aux", bytes(32)))
    k = tagged("BIP0340/nonce", masked, b32(point[0]), message) % N
    first = times(k, G)
    k = k if first[1] % 2 == 0 else N - k
    e = tagged("BIP0340/challenge", b32(first[0]), b32(point[0]), message) % N
    return b32(first[0]) + b32((k + e * d) % N)


def event(secret, kind, content, created, tags=()):
    key = b32(times(secret, G)[0]).hex()
    fields = [0, key, created, kind, list(tags), content]
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).digest()
    return {"id": digest.hex(), "pubkey": key, "created_at": created, "kind": kind,
            "tags": list(tags), "content": content, "sig": schnorr(secret, digest).hex()}


def key_of(secret):
    return b32(times(secret, G)[0]).hex()


# --- what the hosts answer -----------------------------------------------------------------------

DID = "did:plc:" + "a" * 24
MOVED = "did:plc:" + "b" * 24
BARE = "did:plc:" + "c" * 24
LYING = "did:plc:" + "d" * 24
RELAYS = ("relay.example", "other.example", "endless.example")
SECRETS = {"ana": 12345, "forger": 777, "late": 999}


def html(body):
    return 200, "text/html", f"<!doctype html><html><body>{body}</body></html>"


def data(value, kind="application/json", status=200):
    return status, kind, json.dumps(value, ensure_ascii=False)


def document(did, handle):
    return {"@context": ["https://www.w3.org/ns/did/v1"], "id": did,
            "alsoKnownAs": [f"at://{handle}"], "verificationMethod": [],
            "service": [{"id": "#atproto_pds", "type": "AtprotoPersonalDataServer",
                         "serviceEndpoint": "https://pds.example"}]}


def record(did, collection, key, value):
    return {"uri": f"at://{did}/{collection}/{key}", "cid": "bafyrei", "value": value}


def pds(path):
    if "repo=" + BARE in path:
        if "getRecord" in path:
            return data({"error": "RecordNotFound"}, status=400)
        return data({"records": []})
    did = next(d for d in (DID, MOVED) if d in path)
    if "getRecord" in path:
        about = f"Noticias. {CODE}" if did == DID else "Noticias"
        return data(record(did, "app.bsky.actor.profile", "self",
                           {"$type": "app.bsky.actor.profile", "description": about,
                            "displayName": "Voz", "avatar": None, "score": 1.5}))
    text = f"hoy: {CODE}" if did == MOVED else "hoy"
    return data({"cursor": "x", "records": [
        record(did, "app.bsky.feed.post", "3k2", {"text": text, "langs": ["es"], "reply": None}),
        record(did, "app.bsky.feed.post", "3k1", {"text": "ayer"})]})


def social(path, host):
    base = f"https://{host}"
    if path.startswith("/.well-known/webfinger"):
        user = path.split("acct:")[1].split("@")[0]
        if user not in ("ana", "eva"):
            return data({"error": "no"}, status=404)
        return data({"subject": f"acct:{user}@{host}", "links": [
            {"rel": "http://webfinger.net/rel/profile-page", "href": f"{base}/@{user}"},
            {"rel": "self", "type": "application/activity+json",
             "href": f"{base}/users/{user}"}]}, "application/jrd+json")
    user = path.split("/")[2]
    me = f"{base}/users/{user}"
    if path.endswith("/outbox"):
        return data({"id": me + "/outbox", "type": "OrderedCollection", "totalItems": 3,
                     "first": me + "/outbox?page=true"}, "application/activity+json")
    if "outbox?page" in path:
        return data({"type": "OrderedCollectionPage", "orderedItems": [
            {"type": "Announce", "actor": me, "object": "https://other.example/1"},
            {"type": "Create", "actor": me, "object": {
                "id": me + "/2", "type": "Note", "attributedTo": "https://other.example/users/x",
                "content": CODE}},
            {"type": "Create", "actor": me, "object": {
                "id": me + "/1", "type": "Note", "attributedTo": me, "published": "2026-11-01",
                "content": f"<p>{CODE if user == 'eva' else 'hola'}</p>"}}]},
            "application/activity+json")
    name = {"ana": "ana", "eva": "eva", "renamed": "nobody", "moved": "ana"}[user]
    actor = {"@context": "https://www.w3.org/ns/activitystreams", "id": me, "type": "Person",
             "preferredUsername": name, "summary": "<p>Reportera</p>", "outbox": me + "/outbox",
             "manuallyApprovesFollowers": False, "icon": None,
             "attachment": [{"type": "PropertyValue", "name": "Registro",
                             "value": CODE if user != "eva" else "-"}]}
    if user == "moved":
        actor["movedTo"] = "https://other.example/users/ana"
    if user == "renamed":
        actor["outbox"] = "https://evil.example/outbox"
    return data(actor, "application/activity+json")


def dns(query):
    """RFC 8484: answers a TXT question, with a name that points back into the question."""
    place, labels = 12, []
    while query[place]:
        labels.append(query[place + 1:place + 1 + query[place]].decode())
        place += 1 + query[place]
    question = query[12:place + 5]
    name = ".".join(labels)
    texts = {"_resguardo.ana.example": [CODE, "v=spf1 -all"], "_atproto.ana.example": [f"did={DID}"],
             "_resguardo.alias.example": "alias"}.get(name)
    records = b""
    count = 0
    if texts == "alias":
        target = b"\x0a_resguardo\x03ana\x07example\0"
        records += b"\xc0\x0c" + struct.pack(">HHIH", 5, 1, 60, len(target)) + target
        place = 12 + len(question) + 2 + 10
        texts, owner, count = [CODE], struct.pack(">H", 0xC000 | place), 1
    else:
        owner = b"\xc0\x0c"
    for text in texts or []:
        raw = text.encode()
        parts = [raw[:10], raw[10:]]
        body = b"".join(bytes([len(part)]) + part for part in parts)
        records += owner + struct.pack(">HHIH", 16, 1, 60, len(body)) + body
        count += 1
    code = 0 if texts else 3
    return query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, count, 0, 0) + question + records


def answer(host, path, body):
    if host == "ana.example" and path == "/":
        return html(f"""<!-- <a rel=me href="{CODE}"> --><script>"<a rel='me' href='{CODE}'>"</script>
            <p>Comment: {CODE} <a rel="nofollow ugc" href="https://x.example/{CODE}">x</a></p>
            <LINK REL="home Me" href='https://registro.example/s?a=1&amp;c={CODE}'>""")
    if host == "visitors.example":
        return html(f"""<!-- <a rel=me href="{CODE}"> --><script>"<a rel='me' href='{CODE}'>"</script>
            <textarea><a rel="me" href="{CODE}"></textarea>
            <p>{CODE} <a rel="nofollow" href="https://x.example/{CODE}">x</a>
            <a title='rel="me"' href="{CODE}">""")
    if host == "ana.example" and path == "/old":
        return 301, "text/plain", "", "/"
    if host == "elsewhere.example":
        return 302, "text/plain", "", "https://ana.example/"
    if host == "plain.example":
        return 302, "text/plain", "", "http://plain.example/"
    if host == "circle.example":
        return 302, "text/plain", "", "/again"
    if host == "big.example":
        return 200, "text/html", "x" * (3 << 20)
    if host == "gone.example":
        return 410, "text/plain", ""
    if host == "broken.example":
        return 500, "text/plain", ""
    if host == "plc.example":
        handles = {DID: "ana.example", MOVED: "wellknown.example", BARE: "taken.example"}
        did = path[1:]
        if did == LYING:
            return data(document(DID, "ana.example"))
        return data(document(did, handles[did])) if did in handles else data({}, status=404)
    if path == "/.well-known/atproto-did":
        dids = {"wellknown.example": MOVED + "\n", "taken.example": DID}
        return (200, "text/plain", dids[host]) if host in dids else (404, "text/plain", "")
    if host == "pds.example":
        return pds(path)
    if host == "social.example":
        return social(path, host)
    if host == "dns.example":
        return 200, "application/dns-message", dns(body)
    if host == "nip.example":
        names = {"ana": key_of(SECRETS["ana"])}
        return data({"names": names, "relays": {key_of(SECRETS["ana"]): ["wss://relay.example"]}})
    return 404, "text/plain", ""


# --- a relay -------------------------------------------------------------------------------------

def frame(text, opcode=1, final=True):
    raw = text.encode()
    head = bytes([opcode | (0x80 if final else 0)])
    if len(raw) < 126:
        return head + bytes([len(raw)]) + raw
    if len(raw) < 65536:
        return head + b"\x7e" + struct.pack(">H", len(raw)) + raw
    return head + b"\x7f" + struct.pack(">Q", len(raw)) + raw


def relay(connection, host, headers):
    digest = hashlib.sha1(
        (headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(digest) + b"\r\n\r\n")
    head = exact(connection, 2)
    assert head[1] & 0x80, "clients mask"
    count = head[1] & 0x7F
    if count == 126:
        count = struct.unpack(">H", exact(connection, 2))[0]
    mask = exact(connection, 4)
    text = bytes(b ^ mask[i % 4] for i, b in enumerate(exact(connection, count))).decode()
    verb, name, wanted = json.loads(text)
    assert verb == "REQ"
    key = wanted["authors"][0]
    mine = key_of(SECRETS["ana"])
    connection.sendall(frame("are you there", opcode=9))
    events = []
    if host == "relay.example" and key == mine:
        about = json.dumps({"name": "ana", "nip05": "Ana@nip.example",
                            "about": f"«{CODE}» \n\t\"x\\"}, ensure_ascii=False)
        events = [event(SECRETS["ana"], 0, '{"about":"viejo"}', 5),
                  event(SECRETS["ana"], 0, about, 10),
                  event(SECRETS["ana"], 1, "uno", 20, [["e", "a\"b"], ["p"]]),
                  event(SECRETS["ana"], 1, "dos " + "ñ" * 40000, 30)]
    if key == key_of(SECRETS["forger"]):
        bad = event(SECRETS["forger"], 1, CODE, 20)
        bad["content"] = CODE + "!"
        events = [bad]
    if host == "other.example":
        events = [event(SECRETS["late"], 1, CODE, 20)]
    for item in events:
        text = json.dumps(["EVENT", name, item], ensure_ascii=False)
        half = len(text) // 2
        connection.sendall(frame(text[:half], final=False) + frame(text[half:], opcode=0))
    if host == "endless.example":
        while True:
            connection.sendall(frame(json.dumps(["NOTICE", "x" * 60000])))
    connection.sendall(frame(json.dumps(["EOSE", name])))
    # Closing with an answer to the ping unread would throw away what is still under way.
    while connection.recv(65536):
        pass


# --- transport -----------------------------------------------------------------------------------

def exact(connection, count):
    result = b""
    while len(result) < count:
        part = connection.recv(count - len(result))
        if not part:
            raise OSError("end")
        result += part
    return result


def serve(connection):
    exact(connection, exact(connection, 2)[1])
    connection.sendall(b"\x05\x00")
    assert exact(connection, 4)[3] == 3, "names are left to the proxy"
    host = exact(connection, exact(connection, 1)[0]).decode()
    exact(connection, 2)
    if host == "unreachable.example":
        connection.sendall(b"\x05\x04\x00\x01" + bytes(6))
        return
    connection.sendall(b"\x05\x00\x00\x01" + bytes(6))
    connection = CONTEXT.wrap_socket(connection, server_side=True)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += exact(connection, 1)
    lines = head.decode().split("\r\n")
    path = lines[0].split(" ")[1]
    headers = {line.split(":")[0].lower(): line.split(": ", 1)[1] for line in lines[1:] if ":" in line}
    print(host, path, flush=True)
    if headers.get("upgrade") == "websocket" and host in RELAYS:
        relay(connection, host, headers)
        return
    if host == "silent.example":
        threading.Event().wait(60)
    body = exact(connection, int(headers.get("content-length", 0)))
    status, kind, text, *location = answer(host, path, body)
    raw = text if isinstance(text, bytes) else text.encode()
    extra = f"Location: {location[0]}\r\n" if location else ""
    connection.sendall((f"HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\n{extra}"
                        f"Content-Length: {len(raw)}\r\nConnection: close\r\n\r\n").encode() + raw)


def guarded(connection):
    try:
        serve(connection)
    except Exception as error:  # a client that hangs up must not stop the others
        print("#", error, flush=True)
    finally:
        connection.close()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
if len(sys.argv) > 4:
    if os.fork():
        os._exit(0)
    os.setsid()
    log = os.open(sys.argv[4], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    # Whoever started us waits until nobody holds what we inherited.
    kept = listener.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, 1024)
signal.alarm(300)
while True:
    threading.Thread(target=guarded, args=(listener.accept()[0],), daemon=True).start()
