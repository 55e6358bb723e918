# Copyright the Resguardo authors.
# SPDX-License-Identifier: Apache-2.0
"""An owner with two passphrases, two nodes and a witness; and all that somebody sees who stands beside.

A batch starts from the same copies of all homes, runs the same commands in the same order, each with one of the
two passphrases as a coin falls, and records of each command: what went over the wire, the whole home before and after,
what was printed, the exit code, system calls, and what the kernel counted.
"""

import hashlib, http.client, http.server, json, os, re, resource, shutil, signal, subprocess, threading, time

PROGRAM = shutil.which("resguardo")
NODES = ["a", "b"]
# What runs in a batch; {u} is a time at which the owner is back, {b} who answered to a new epoch.
COMMANDS = [
    "switch check-in fosa --json", "switch status --json", "switch check-in --all", "deposit fosa a.txt",
    "switch hold fosa --until {u}", "case show w", "switch veto fosa", "case list", "list w",
    "switch check-in fosa --output OUT --force", "deposit w a.txt --note hola", "switch revoke fosa",
    "switch reshare fosa --invitation OUT2 --force", "switch status",
    "switch reshare libre {b}",
]
# Whose home it is: in the second one there is a case that the owner's passphrase reads. What is written and sent must
# not tell that the other one does not.
SECOND = "switch reshare libre {b}"
KEPT_BYTES = 4096


class Face(http.server.BaseHTTPRequestHandler):
    """Stands between the owner and a server, and writes down what passes."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        upstream.request(self.command, self.path, body or None, headers)
        response = upstream.getresponse()
        data = response.read()
        upstream.close()
        sizes = (len(self.path), len(str(self.headers)), len(body), response.status, len(data))
        self.server.seen.append((self.server.label, self.command, self.path, sizes, body))
        self.send_response(response.status)
        for name in ("Content-Type", "Location"):
            if response.headers.get(name):
                self.send_header(name, response.headers[name])
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_HEAD = do_PUT = answer


def face(label):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Face)
    server.label, server.port, server.seen = label, 0, []
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Stage:
    """Everything of one batch's start."""

    def __init__(self, folder, is_full):
        self.folder, self.cheap = folder, [] if is_full else ["--demo"]
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        # What every batch starts from; the second home is not there at full cost.
        self.homes = ["o", "w"] + NODES + ([] if is_full else ["q"])
        self.faces = {name: face(name) for name in NODES + ["w"]}
        self.processes = {}
        self.passphrases = ["clean", "duress"]
        # As long as each other: whoever makes somebody type one can count its letters anyway.
        for name, text in zip(self.passphrases, ["correct horse battery", "whatever they may ask"]):
            self.write(name, text + "\n")
        self.write("a.txt", "hola\n")
        self.make()

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def must(self, text):
        run = subprocess.run(
            [PROGRAM, *text.split()], cwd=self.folder, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        if run.returncode != 0:
            raise SystemExit(f"{text}: {run.returncode} {run.stdout} {run.stderr}")
        return run.stdout.strip()

    def url(self, name):
        return "http://127.0.0.1:%d" % self.faces[name].server_address[1]

    def start(self):
        logs = sum((["--log", key] for key in self.keys.values()), [])
        self.serve("w", ["witness", "serve", *logs])
        for name in NODES:
            # What a node asks of the witness itself, the captor of the owner does not see.
            self.write(f"{name}/node-switch/policy", self.policy(name, direct=True))
            self.serve(name, ["serve", "--witness-timeout", "3"])

    def serve(self, name, words):
        process = subprocess.Popen(
            [PROGRAM, *words, "--home", name, "--listen", "127.0.0.1:0"], cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True,
        )
        line = process.stdout.readline()
        while "listening on" not in line:
            if not line:
                raise SystemExit(f"{name} does not start")
            line = process.stdout.readline()
        self.faces[name].port = int(line.strip().rsplit(":", 1)[1])
        self.processes[name] = process

    def stop(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
            process.stdout.close()
        self.processes = {}

    def policy(self, name, direct=False):
        witness = f"http://127.0.0.1:{self.faces['w'].port}" if direct else self.url("w")
        log = "" if direct else f" {self.url(name)}/switch"
        return f"log {self.keys[name]}{log}\nwitness w {self.witness} {witness}\ngroup all 1 w\nquorum all\n"

    def make(self):
        self.keys = {
            name: self.must(f"serve --init {name}.example/switch --kind switch --home {name}") for name in NODES
        }
        self.witness = self.must("witness init w.example --home w")
        self.start()
        ours = " ".join(["--home o --passphrase-file clean"] + self.cheap)
        shown = json.loads(self.must(f"init {ours} --duress-passphrase-file duress --json"))
        self.write("recovery", shown["recoveryKey"] + "\n")
        # Whoever can read a case shows it, by design; the captor cannot know which cases are written to only.
        self.must(f"case create fosa --write-only --profile standard {ours}")
        self.must(f"case create w --write-only {ours}")
        for name in NODES:
            self.write(f"policy-{name}", self.policy(name))
            self.must(f"remote add {name} {self.url(name)} --policy policy-{name} --home o")
        said = self.must("successor init --plain --jurisdiction CH --output n --demo")
        said += "\n" + self.must("successor init --plain --jurisdiction US --output m --demo")
        self.must(f"switch arm fosa --invitation inv --remote a --remote b {ours}")
        for index, country in enumerate(["MX", "US", "DE", "AR", "ES"]):
            theirs = f"--home t{index} --demo --passphrase-file clean"
            self.must(f"trustee init {theirs}")
            said += "\n" + self.must(f"trustee accept inv --jurisdiction {country} --output acc{index} {theirs}")
        heard = re.findall(r"^fingerprint[^:]*: (.*)$", said, re.M)
        heard = " ".join("--heard " + each.replace(" ", "") for each in heard)
        acceptances = heard + " " + " ".join(f"--trustee acc{index}" for index in range(5))
        self.must(f"switch arm fosa {acceptances} --successor n/successor.card --successor m/successor.card"
                  f" --recovery-key-file recovery {ours}")
        self.must(f"deposit fosa a.txt {ours}")
        self.must(f"deposit w a.txt {ours}")
        self.answers = self.make_second() if self.cheap else ""
        self.stop()
        for name in self.homes:
            os.rename(self.path(name), self.path("start-" + name))

    def make_second(self):
        """A home with a case that is not only written to, and its switch; what a reshare of it takes."""
        ours = "--home q --passphrase-file clean --demo"
        self.must(f"init {ours} --duress-passphrase-file duress")
        self.must(f"case create libre {ours}")
        for name in NODES:
            self.must(f"remote add {name} {self.url(name)} --policy policy-{name} --home q")
        self.must(f"switch arm libre --invitation inv1 --remote a --remote b {ours}")
        for epoch in (1, 2):
            if epoch == 2:
                self.must(f"switch reshare libre --invitation inv2 {ours}")
            words = ["--successor n/successor.card"]
            for index, country in enumerate(["MX", "US", "DE", "AR", "ES"]):
                theirs = f"--home t{index} --demo --passphrase-file clean"
                self.must(f"trustee accept inv{epoch} --jurisdiction {country} --output l{epoch}{index} {theirs}")
                words.append(f"--trustee l{epoch}{index}")
            if epoch == 1:
                self.must(" ".join(["switch arm libre", *words, ours]))
        return " ".join(words)

    def reset(self):
        """Everything as it was."""
        self.stop()
        for name in self.homes:
            shutil.rmtree(self.path(name), ignore_errors=True)
            subprocess.run(["cp", "-a", self.path("start-" + name), self.path(name)], check=True)
        self.start()

    def run(self, text, coin, traced=False):
        """One command; what somebody who watches all of it sees."""
        words = text.format(u=time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 5 * 86400)), b=self.answers).split()
        for server in self.faces.values():
            server.seen.clear()
        home = "q" if text == SECOND else "o"
        before = look(self.path(home))
        command = [PROGRAM, *words, "--home", home, "--passphrase-file", "given", *self.cheap]
        # The captor sees the command line: the passphrase has the same name in both.
        shutil.copyfile(self.path(self.passphrases[coin]), self.path("given"))
        if traced:
            command = ["strace", "-f", "-qq", "-c", "-o", "calls"] + command
        with open(self.path("out"), "wb") as out, open(self.path("err"), "wb") as err:
            start = time.monotonic()
            process = subprocess.Popen(
                command, cwd=self.folder, stdout=out, stderr=err, stdin=subprocess.DEVNULL,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": self.folder},
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.monotonic() - start
        return self.sight(home, before, process.returncode, usage, wall, traced)

    def sight(self, home, before, code, usage, wall, traced):
        after = look(self.path(home))
        out, err = (self.read(name) for name in ("out", "err"))
        wire = [
            (label, method, anonymous(path), sizes)
            for server in self.faces.values() for label, method, path, sizes, _ in server.seen
        ]
        bodies = [body for server in self.faces.values() for *_, body in server.seen if body]
        changed = sorted(path for path, entry in after.items() if before.get(path, (0,) * 5)[3:] != entry[3:])
        shape = sorted((anonymous(path),) + entry[:3] for path, entry in after.items())
        moved = sorted(
            (anonymous(path), "new" if path not in before else "bytes" if before[path][4] != after[path][4] else "time")
            for path in changed
        ) + sorted(("gone", anonymous(path)) for path in before if path not in after)
        features = {
            "exit code": code,
            "screen": digest(anonymous(out.decode())), "screen's size": len(out),
            "messages": digest(anonymous(err.decode())),
            "requests": digest(repr(wire)), "number of requests": len(wire),
            "bytes sent": sum(sizes[2] for *_, sizes in wire),
            "shape of the home": digest(repr(shape)), "changes in the home": digest(repr(moved)),
            "files changed": len(changed), "files": len(after),
            "bytes in the home": sum(entry[1] for entry in after.values()),
            "page faults": usage.ru_minflt, "blocks written": usage.ru_oublock,
        }
        clocks = {
            "wall clock": wall, "processor": usage.ru_utime + usage.ru_stime,
            "processor, system": usage.ru_stime, "memory": usage.ru_maxrss, "waits": usage.ru_nvcsw,
        }
        if traced:
            features.update(calls(self.read("calls").decode()))
        data = [bytes(out), b"".join(bodies)] + [contents(path) for path in sorted(changed, key=anonymous)]
        return features, clocks, b"".join(part[:KEPT_BYTES].ljust(64) for part in data)[: 4 * KEPT_BYTES]

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()


def calls(text):
    """How often each system call was made."""
    found = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 5 and words[3].isdigit() and words[-1] != "total":
            # How threads wait for each other is chance.
            if words[-1] not in ("futex", "epoll_wait", "poll", "sched_yield", "restart_syscall", "madvise"):
                found["calls of " + words[-1]] = int(words[3])
    return found


def anonymous(text):
    """Without random digits, ports, times and keys."""
    text = re.sub(r"[0-9a-f]{8,}", "X", text)
    text = re.sub(r"objects/[0-9a-f]{2}(?=/|$)", "objects/X", text)
    text = re.sub(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?)?", "T", text)
    text = re.sub(r"in \d+ d \d+ h|in \d+ h \d+ min", "in T", text)
    return text


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def contents(path):
    if not os.path.isfile(path):
        return b""
    with open(path, "rb") as file:
        return file.read()


def look(home):
    """Of each path: kind and mode, size, class of its time; then what tells whether it changed."""
    seen = {}
    for folder, names, files in os.walk(home):
        for name in [""] + files:
            path = os.path.join(folder, name) if name else folder
            status = os.lstat(path)
            place = path[len(os.path.dirname(home)):]
            # Which objects share a directory is chance: their names are digests.
            if re.fullmatch("/[oq]/objects/X", anonymous(place)):
                continue
            size = status.st_size if name else 0
            mark = hashlib.sha256(contents(path)).digest() if name else b""
            entry = (oct(status.st_mode), size, status.st_mtime_ns % (3600 * 10**9) == 0, status.st_mtime_ns, mark)
            seen[path] = entry
    return seen
