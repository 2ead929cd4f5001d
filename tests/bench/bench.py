"""Measures `wh` beside its peers, A B A B, and prints one table of medians.

Units: seconds for times, MiB (2^20 bytes) for memory, MB (10^6 bytes) for files, requests a second for throughput.
Memory is the peak resident set. Machines are noisy: only the ratios of one run count. Linux only.

A figure is a function under `@figure(NAME)` that takes a `Bench` and yields `Row`s; its docstring is its line in
`--list`. Nothing is asserted: a missed goal says `no` in its row, and only what could not run makes the exit code 1.
"""

import argparse
import base64
import contextlib
import datetime
import hashlib
import hmac
import json
import os
import pathlib
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").absolute()
SECRET = "whsec-bench-1f6a3c0d9b7e4852"
MIB = 2**20
OHA = "1.16.0"


class CannotRun(Exception):
    """A figure that cannot be taken, and why."""


@dataclass(frozen=True)
class Goal:
    """A bound on the `ratio` to the peer or on `ours`, in the row's unit."""

    of: str
    sign: str
    bound: float

    def __str__(self):
        return f"{self.of} {self.sign} {self.bound:g}"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, in one unit, ours and the peer's."""

    name: str
    unit: str
    ours: float
    peer: float | None = None
    peer_name: str = ""
    goal: Goal | None = None

    @property
    def ratio(self):
        """Ours by the peer's; None without a peer."""
        return self.ours / self.peer if self.peer else None

    @property
    def met(self):
        """Whether the goal holds; None without a goal."""
        if self.goal is None:
            return None
        value = getattr(self, self.goal.of)
        return value <= self.goal.bound if self.goal.sign == "<=" else value >= self.goal.bound

    def cells(self):
        """The texts of the table's columns."""
        peer = "-" if self.peer is None else f"{number(self.peer)} ({self.peer_name})"
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        met = {None: "-", True: "yes", False: "no"}[self.met]
        return [f"{self.name}, {self.unit}", number(self.ours), peer, str(self.goal or "-"), ratio, met]


FIGURES = {}


def figure(name):
    """Enters a function into the list of figures."""

    def enter(function):
        FIGURES[name] = function
        return function

    return enter


class Bench:
    """What the figures share: the binaries, a directory that goes away, and how often to repeat."""

    def __init__(self, wh, work, quick):
        self.wh = str(wh)
        self.peers = TARGET / "bench-peers" / "release"
        self.work = work
        self.rounds = 1 if quick else 7
        self.runs = 5 if quick else 100
        self.load_rounds, self.load_seconds = (1, 1) if quick else (3, 5)
        self.secret = work / "secret"
        self.secret.write_text(SECRET)
        # Neither the user's settings nor their log have a say.
        places = {name: str(work) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("WH_")}
        self.env = inherited | places | {"WH_STORE": str(work / "store.db")}

    def file(self, size):
        """A file of `size` bytes that does not compress, just written and so in the cache."""
        path = self.work / f"{size}.bin"
        if not path.exists():
            block = os.urandom(min(size, MIB))
            with path.open("wb") as out:
                for _ in range(size // len(block)):
                    out.write(block)
        return path

    def call(self, command):
        """What `command` prints."""
        done = subprocess.run(command, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise CannotRun(f"`{shlex.join(command)}` ended with {done.returncode}: {last_line(done.stderr)}")
        return done.stdout

    def times(self, *commands, runs=None):
        """The median time of each command, whole process, in seconds: `rounds` times A, B, …, each `runs` times."""
        report = self.work / "hyperfine.json"
        seconds = [[] for _ in commands]
        for _ in range(self.rounds):
            for command, taken in zip(commands, seconds):
                options = ["--warmup", "1", "--runs", str(runs or self.runs), "--export-json", str(report)]
                self.call(["hyperfine", "--shell=none", "--style=none", *options, shlex.join(command)])
                taken += json.loads(report.read_text())["results"][0]["times"]
        return [statistics.median(taken) for taken in seconds]

    def peak(self, command):
        """The peak memory of a command, in MiB. GNU time is small: a child starts with its parent's peak."""
        report = self.work / "time"
        self.call(["/usr/bin/time", "--format=%M", f"--output={report}", *command])
        return int(report.read_text()) / 1024

    def sign(self, path):
        """The command that signs a file, and its peer; both must print the same MAC."""
        ours = [self.wh, "sign", "-P", "cepro", "--secret-file", str(self.secret), str(path)]
        peer = ["openssl", "dgst", "-sha256", "-hmac", SECRET, str(path)]
        if self.call(peer).split()[-1] not in self.call(ours):
            raise CannotRun("`wh sign` and `openssl dgst` disagree")
        return ours, peer

    def listen(self, port=0):
        """The command that listens."""
        return [self.wh, "listen", "-P", "cepro", "--secret-file", str(self.secret), "--port", str(port), "--json"]

    def bare_hyper(self, *arguments):
        """The command of the peer that reads the body and answers 200."""
        return [str(self.peers / "bare-hyper"), *map(str, arguments or ["0"])]

    def node(self, kind):
        """The command of a receiver in Node; installs what it needs."""
        modules = TARGET / "bench-node"
        if not (modules / "node_modules" / "better-sqlite3" / "build").exists():
            modules.mkdir(parents=True, exist_ok=True)
            shutil.copy(HERE / "peers" / "node" / "package.json", modules)
            # The headers of this very Node are beside it: without this they would be looked for on the net.
            prefix = pathlib.Path(shutil.which("node")).resolve().parent.parent
            install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(modules), f"--nodedir={prefix}"]
            self.call(install)
        self.env["NODE_PATH"] = str(modules / "node_modules")
        receiver = HERE / "peers" / "node" / "receiver.js"
        return ["node", str(receiver), kind, str(self.secret), str(self.work / "node.db")]

    def oha(self, url, *arguments):
        """The command of the load generator that loads are measured against; installs it where it is missing."""
        tools = TARGET / "bench-tools"
        if not (tools / "bin" / "oha").exists():
            print("installing oha", file=sys.stderr)
            self.call(["cargo", "install", "oha", "--version", OHA, "--locked", "--quiet", "--root", str(tools)])
        body = self.work / "body.json"
        body.write_text(json.dumps({"event": "estimate.created", "data": {"note": "x" * 400}}))
        options = ["--no-tui", "--output-format", "json", "-m", "POST", "-T", "application/json", "-D", str(body)]
        return [str(tools / "bin" / "oha"), *options, *map(str, arguments), url]

    def send(self, url, *arguments, store="none"):
        """The command that sends signed samples."""
        options = ["--secret-file", str(self.secret), "--store", str(store), "--url", url]
        return [self.wh, "send", "estimate.created", *options, *map(str, arguments)]

    def forget(self):
        """Takes away what the servers have recorded."""
        for pattern in ("store.db*", "node.db*", "appended"):
            for file in self.work.glob(pattern):
                file.unlink()

    @contextlib.contextmanager
    def server(self, command):
        """Runs a server; gives its process, its URL and the file of its output. It is drained before this ends."""
        log, errors = self.work / "server.out", self.work / "server.err"
        with log.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen(command, env=self.env, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        try:
            yield process, ready_url(process, log, errors), log
            process.terminate()
            process.wait(timeout=30)
        finally:
            process.kill()
            process.wait()


def ready_url(process, log, errors):
    """The URL of the ready line, as soon as it is there."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with log.open() as lines:
            first = lines.readline()
        if first.endswith("\n"):
            return json.loads(first)["url"]
        time.sleep(0.01)
    raise CannotRun(f"`{shlex.join(process.args)}` gave no ready line: {last_line(errors.read_text())}")


def delivery(host):
    """A cepro delivery of 1 KiB as it goes over the wire, with an id and a body of its own."""
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    opening = f'{{"event":"estimate.created","timestamp":"{now}","data":{{"test":true,"note":"'
    note = os.urandom(512).hex()[: 1024 - len(opening) - len('"}}')]
    body = f'{opening}{note}"}}}}'.encode()
    lines = [
        "POST / HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Webhook-ID: {uuid.uuid4()}",
        f"X-Webhook-Signature: {hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}",
        "X-Webhook-Event: estimate.created",
        f"X-Webhook-Timestamp: {now}",
        "X-Webhook-Attempt: 1",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Load:
    """What one run of the load generator saw: answers a second and in all, the 99th percentile in ms, the server's peak in MiB."""

    rate: float
    p99: float
    peak: float
    answers: int


def deliveries(bench):
    """A file of different deliveries, more than are answered in a run, and the bytes that each takes."""
    path = bench.work / "deliveries"
    if not path.exists():
        with path.open("wb") as out:
            for _ in range(5_000 if bench.load_rounds == 1 else 250_000):
                out.write(delivery("127.0.0.1"))
    return path, len(delivery("127.0.0.1"))


def load(bench, command, prints=False, connections=64):
    """Connections, each with its next delivery as soon as the last is answered. `prints`: one line per delivery."""
    path, size = deliveries(bench)
    bench.forget()
    with bench.server(command) as (process, url, log):
        # One thread: the server has the other core.
        wrk = ["wrk", "-t1", f"-c{connections}", f"-d{bench.load_seconds}s", "-s", str(HERE / "post.lua"), url]
        seen = json.loads(bench.call([*wrk, "--", str(path), str(size)]).splitlines()[-1])
        peak = peak_of(process.pid)
    if seen["refused"] or seen["broken"] or not seen["requests"]:
        raise CannotRun(f"not every delivery was accepted: {seen}")
    if prints:
        check_log(log, seen["requests"])
    return Load(seen["requests"] / seen["duration_us"] * 1e6, seen["p99_us"] / 1000, peak, seen["requests"])


def check_log(log, answered):
    """Figures of a listener that verifies or prints less than it answers would mean nothing."""
    printed, verdicts = 0, []
    with log.open() as lines:
        for line in lines:
            if '"type":"delivery"' in line:
                printed += 1
                if printed <= 100:
                    verdicts.append(json.loads(line)["verdict"]["ok"])
    if printed < answered or not all(verdicts):
        valid = f"{sum(verdicts)} of the first {len(verdicts)} valid"
        raise CannotRun(f"{answered} answered, {printed} printed, {valid}")


def peak_of(pid):
    """The peak memory of a running process, in MiB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def first_answer(bench, command, port):
    """Seconds from the start of a server until its first 2xx, tried in a tight loop."""
    request = delivery(f"127.0.0.1:{port}")
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=bench.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() < began + 10 and process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as peer:
                peer.sendall(request)
                if peer.recv(64).startswith(b"HTTP/1.1 2"):
                    return time.perf_counter() - began
        raise CannotRun(f"`{shlex.join(command)}` did not answer 2xx within 10 s")
    finally:
        process.kill()
        process.wait()


def free_port():
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@figure("sign-1GiB")
def sign_large(bench):
    """`wh sign` of 1 GiB: time, peak memory, and peak memory by that of 16 MiB."""
    ours, peer = bench.sign(bench.file(1024 * MIB))
    small, _ = bench.sign(bench.file(16 * MIB))
    taken = bench.times(ours, peer, runs=1)
    yield Row("sign-1GiB", "s", *taken, "openssl dgst -sha256 -hmac", Goal("ratio", "<=", 0.87))
    peak = bench.peak(ours)
    yield Row("sign-1GiB peak", "MiB", peak, bench.peak(peer), "openssl dgst -sha256 -hmac", Goal("ours", "<=", 16))
    yield Row("sign-1GiB flat", "MiB", peak, bench.peak(small), "wh sign of 16 MiB", Goal("ratio", "<=", 1.1))


@figure("sign-1KiB")
def sign_small(bench):
    """`wh sign` of 1 KiB: time of the whole process."""
    taken = [1000 * seconds for seconds in bench.times(*bench.sign(bench.file(1024)))]
    yield Row("sign-1KiB", "ms", *taken, "openssl dgst -sha256 -hmac", Goal("ratio", "<=", 0.75))


@figure("version")
def version(bench):
    """`wh --version`: time of the whole process."""
    taken = [1000 * seconds for seconds in bench.times([bench.wh, "--version"], [str(bench.peers / "empty")])]
    yield Row("version", "ms", *taken, "an empty Rust program", Goal("ratio", "<=", 1.6))


def loads(bench, commands):
    """Runs of several servers, in turn; the first one's printed lines are counted."""
    seen = [[] for _ in commands]
    for _ in range(bench.load_rounds):
        for command, runs in zip(commands, seen):
            runs.append(load(bench, command, prints=command is commands[0]))
    return seen


def medians(seen, what):
    """The median of one of the values of each server's runs."""
    return [statistics.median(getattr(run, what) for run in runs) for runs in seen]


@figure("listen")
def listen(bench):
    """`wh listen --json`, verified, committed with synchronous=FULL, printed; 64 connections, 1 KiB, no body twice."""
    floor = bench.bare_hyper(0, "append", bench.secret, bench.work / "appended")
    commands = [bench.listen(), bench.bare_hyper(), floor, [*bench.listen(), "--store", "none"]]
    seen = loads(bench, commands)
    ours, bare, appending, keeping_nothing = medians(seen, "rate")
    yield Row("listen", "req/s", ours, bare, "bare hyper, keeps nothing", Goal("ratio", ">=", 0.3))
    yield Row("listen", "req/s", ours, appending, "hyper, verifies, appends with fdatasync", Goal("ratio", ">=", 0.75))
    yield Row("listen --store none", "req/s", keeping_nothing, bare, "bare hyper, keeps nothing")
    yield Row("listen p99", "ms", *medians(seen, "p99")[:2], "bare hyper, keeps nothing", Goal("ours", "<=", 8))
    yield Row("listen peak", "MiB", *medians(seen, "peak")[:2], "bare hyper, keeps nothing", Goal("ours", "<=", 48))
    many = load(bench, bench.listen(), connections=1024)
    yield Row("listen peak at 1,024 connections", "MiB", many.peak, goal=Goal("ours", "<=", 96))
    on_disk = sum(file.stat().st_size for file in bench.work.glob("store.db")) / 1024 / many.answers
    yield Row("listen, a delivery of 1 KiB on disk", "KiB", on_disk, goal=Goal("ours", "<=", 1.2))


def sent_rate(bench, command):
    """Requests a second of a load of so many, whole process, into a receiver of its own."""
    bench.forget()
    count = 5_000 if bench.load_rounds == 1 else 100_000
    with bench.server(bench.bare_hyper()) as (_, url, _log):
        began = time.perf_counter()
        bench.call(command(url, "-n", count, "-c", 64))
        return count / (time.perf_counter() - began)


def paced(bench, command, rate):
    """What a load of `rate` a second prints last, as JSON."""
    with bench.server(bench.bare_hyper()) as (_, url, _log):
        return bench.call(command(url, rate * bench.load_seconds))


def told_times(told):
    """The percentiles of the response times in the summary for people, in ms."""
    line = next(line for line in told.splitlines() if line.startswith("response times: "))
    words = line.removeprefix("response times: ").replace(",", "").split()
    scale = {"ms": 1, "µs": 0.001, "s": 1000}
    times = {}
    for name, text in zip(words[::2], words[1::2]):
        unit = text.lstrip("<0123456789.")
        times[name] = float(text.removesuffix(unit).lstrip("<")) * scale[unit]
    return times


@figure("send")
def send(bench):
    """`wh send -n 100000 -c 64`, each signed on its own, beside `oha` that sends one body; at a rate, how exact."""
    kept = bench.work / "store.db"
    commands = [bench.send, lambda *words: bench.send(*words, store=kept), bench.oha]
    seen = [[] for _ in commands]
    for _ in range(bench.load_rounds):
        for command, rates in zip(commands, seen):
            rates.append(sent_rate(bench, command))
    free, recorded_rate, peer = map(statistics.median, seen)
    yield Row("send --store none", "req/s", free, peer, "oha", Goal("ratio", ">=", 0.68))
    yield Row("send, recorded", "req/s", recorded_rate, peer, "oha", Goal("ratio", ">=", 0.5))
    rate = int(free / 2)
    began = time.perf_counter()
    told = paced(bench, lambda url, n: bench.send(url, "-n", n, "-c", 64, "--rate", rate), rate)
    exact = rate * bench.load_seconds / (time.perf_counter() - began)
    # Not as JSON: that has a line for each attempt.
    ours = told_times(told)
    yield Row("send --rate", "req/s", exact, rate, "as asked for", Goal("ratio", ">=", 0.99))
    theirs = json.loads(paced(bench, lambda url, n: bench.oha(url, "-n", n, "-c", 64, "-q", rate), rate))
    for percentile in ("p50", "p99"):
        theirs_ms = 1000 * theirs["latencyPercentiles"][percentile]
        yield Row(f"send --rate {percentile}", "ms", ours[percentile], theirs_ms, "oha", Goal("ratio", "<=", 1.1))


@figure("listen-node")
def listen_node(bench):
    """`wh listen --json` beside receivers in Node that verify and record with better-sqlite3, synchronous=FULL."""
    commands = [bench.listen(), *(bench.node(kind) for kind in ("express", "http"))]
    ours, express, plain = medians(loads(bench, commands), "rate")
    yield Row("listen", "req/s", ours, express, "express + better-sqlite3 FULL", Goal("ratio", ">=", 12))
    yield Row("listen", "req/s", ours, plain, "node http + better-sqlite3 FULL", Goal("ratio", ">=", 7))


def recorded(nth):
    """One line of an export: a delivery of 1 KiB that was received, one in a thousand refused, of 20 events."""
    event, refused = f"event.{nth % 20}", nth % 1000 == 0
    at = datetime.datetime.fromtimestamp(1_790_000_000 + nth / 50, datetime.timezone.utc)
    opening = f'{{"event":"{event}","data":{{"n":{nth},"note":"'
    body = f'{opening}{os.urandom(512).hex()[: 1024 - len(opening) - 3]}"}}}}'.encode()
    milliseconds = int(at.timestamp() * 1000)
    own = uuid.UUID(int=milliseconds << 80 | 7 << 76 | (nth & 0xFFF) << 64 | 2 << 62 | int.from_bytes(os.urandom(7), "big"))
    other = uuid.UUID(bytes=os.urandom(16), version=4)
    written = at.isoformat(timespec="microseconds").replace("+00:00", "Z")
    headers = [
        ["Content-Type", "application/json"],
        ["X-Webhook-ID", str(other)],
        ["X-Webhook-Signature", os.urandom(32).hex()],
        ["X-Webhook-Event", event],
        ["X-Webhook-Timestamp", written],
        ["Content-Length", str(len(body))],
    ]
    line = {
        "type": "attempt", "schema": 1, "id": str(own), "webhook_id": str(other), "direction": "received",
        "provider": "cepro", "event": event, "path": "/hooks", "at": written, "attempt": 1, "nth": 1, "of": 4,
        "status": 401 if refused else 200, "response_ms": 0.1 + nth % 97 / 10, "outcome": "failed" if refused else "success",
        "verdict": {"ok": not refused, "kind": "invalid" if refused else "valid", "reason": None}, "size": len(body),
        "numbered": True, "http": "HTTP/1.1", "headers_exact": True, "peer": "127.0.0.1:50000", "method": "POST",
        "target": "/hooks", "headers": headers, "body_b64": base64.b64encode(body).decode(),
    }  # fmt: skip
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


def big_store(bench):
    """A store of many deliveries, imported; gives its file and how many a second were taken in."""
    store, count = bench.work / "big.db", 10_000 if bench.load_rounds == 1 else 1_000_000
    began = time.perf_counter()
    command = [bench.wh, "import", "--store", str(store), "--quiet", "-"]
    process = subprocess.Popen(command, env=bench.env, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    for nth in range(1, count + 1):
        process.stdin.write(recorded(nth))
    process.stdin.close()
    if process.wait() != 0:
        raise CannotRun("the import failed")
    return store, count, count / (time.perf_counter() - began)


LINE = (
    "SELECT a.row, a.delivery, d.id, d.provider, d.endpoint, a.event, d.webhook_id, a.at, a.number, a.of, a.status,"
    " a.took, a.outcome, a.verdict FROM attempts AS a CROSS JOIN deliveries AS d ON d.number = a.delivery"
)


@figure("big-store")
def large_store(bench):
    """1,000,000 deliveries of 1 KiB: `wh log`, `wh show` and `wh export`, each beside `sqlite3` with the same query."""
    store, count, rate = big_store(bench)
    yield Row("big-store import", "deliveries/s", rate)
    ours = [bench.wh, "--store", str(store)]

    def sqlite(query):
        return ["sqlite3", str(store), query]

    number = count // 3
    own = uuid.UUID(bytes=bytes.fromhex(bench.call(sqlite(f"SELECT hex(id) FROM deliveries WHERE number = {number}")).strip()))
    first, last = own.hex[:30] + "00", own.hex[:30] + "ff"
    whole = f"SELECT * FROM deliveries AS d JOIN attempts AS a ON a.delivery = d.number JOIN heads AS h ON h.row = a.row \
        JOIN bodies AS b ON b.number = a.body WHERE d.id BETWEEN x'{first}' AND x'{last}'"
    newest = "ORDER BY a.row DESC LIMIT 51"
    for name, command, query in [
        ("first page", ["log"], f"{LINE} {newest}"),
        ("event", ["log", "event:event.7"], f"{LINE} WHERE a.event = 'event.7' {newest}"),
        ("status", ["log", "status:4xx"], f"{LINE} WHERE a.status BETWEEN 400 AND 499 AND (a.status IS NOT 200 OR "
         f"a.outcome <> 0 OR a.verdict BETWEEN 1 AND 4) {newest}"),
        ("page in the middle", ["log", "--before", str(count // 2)], f"{LINE} WHERE a.row < {count // 2} {newest}"),
        ("show by prefix", ["show", str(own)[:32]], whole),
    ]:  # fmt: skip
        taken = [1000 * seconds for seconds in bench.times([*ours, *command], sqlite(query), runs=20)]
        yield Row(f"big-store {name}", "ms", *taken, "sqlite3", Goal("ratio", "<=", 3))
    [summary] = bench.times([*ours, "log", "--summary"], runs=3)
    yield Row("big-store summary", "ms", 1000 * summary, goal=Goal("ours", "<=", 100))
    [search] = bench.times([*ours, "log", "no such text"], runs=1)
    yield Row("big-store search without a hit", "s", search, goal=Goal("ours", "<=", 1))
    [export] = bench.times([*ours, "export", "--quiet"], runs=1)
    yield Row("big-store export", "attempts/s", count / export, goal=Goal("ours", ">=", 100_000))
    for name, command in [("log", ["log"]), ("export", ["export", "--quiet"])]:
        yield Row(f"big-store {name} peak", "MiB", bench.peak(["sh", "-c", shlex.join([*ours, *command]) + " >/dev/null"]))


@figure("first-answer")
def first_answers(bench):
    """`wh listen`: time from its start to its first answer, median of 20."""
    seen = ([], [])
    for _ in range(3 if bench.rounds == 1 else 20):
        bench.forget()
        port = free_port()
        seen[0].append(first_answer(bench, bench.listen(port), port))
        seen[1].append(first_answer(bench, bench.bare_hyper(port), port))
    taken = [1000 * statistics.median(seconds) for seconds in seen]
    yield Row("first-answer", "ms", *taken, "bare-hyper", Goal("ours", "<=", 25))


@figure("size")
def size(bench):
    """The stripped release binary."""
    yield Row("size", "MB", os.stat(bench.wh).st_size / 1e6, goal=Goal("ours", "<=", 9))


def number(value):
    """Three digits, or all of a large whole number."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def last_line(text):
    """The last line of a text, or a word where there is none."""
    return (text.strip().splitlines() or ["no message"])[-1]


def print_table(rows):
    """All rows under their headings, each column as wide as its widest cell."""
    cells = [["name", "ours", "peer", "goal", "ratio", "met?"], *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells)]
    for line in cells:
        print("  ".join(text.ljust(width) for text, width in zip(line, widths)).rstrip())


def build(manifest, target):
    """Builds a release as its lock file says; cargo explains itself where it fails."""
    command = ["cargo", "build", "--release", "--locked", "--quiet", "--manifest-path", str(manifest)]
    if subprocess.run(command, env=os.environ | {"CARGO_TARGET_DIR": str(target)}).returncode != 0:
        sys.exit(f"error: `{shlex.join(command)}` failed")


def measure(bench, names):
    """Takes the figures; gives their rows and whether all could run."""
    rows, complete = [], True
    for name in names:
        print(f"measuring {name}", file=sys.stderr)
        try:
            rows += FIGURES[name](bench)
        except (CannotRun, OSError, subprocess.SubprocessError, LookupError, ValueError) as reason:
            print(f"error: {name}: {reason}", file=sys.stderr)
            complete = False
    return rows, complete


def main():
    """Parses the arguments, builds, measures, prints."""
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="figures to take (default: all)")
    parser.add_argument("--list", action="store_true", help="list the figures")
    parser.add_argument("--quick", action="store_true", help="few runs: shows that everything works, measures nothing")
    parser.add_argument("--wh", type=pathlib.Path, metavar="FILE", help="measure this binary instead of a fresh build")
    args = parser.parse_args()
    if args.list:
        for name, function in FIGURES.items():
            print(f"{name:14}{function.__doc__}")
        return
    if unknown := [name for name in args.names if name not in FIGURES]:
        parser.error(f"no figure `{unknown[0]}`; there are {', '.join(FIGURES)}")

    build(HERE / "peers" / "Cargo.toml", TARGET / "bench-peers")
    if args.wh is None:
        build(ROOT / "Cargo.toml", TARGET)
    # Beside the build: on a disk, where a temporary directory may be memory.
    with tempfile.TemporaryDirectory(dir=TARGET) as work:
        bench = Bench((args.wh or TARGET / "release" / "wh").absolute(), pathlib.Path(work), args.quick)
        rows, complete = measure(bench, args.names or FIGURES)
    print_table(rows)
    sys.exit(0 if complete else 1)


if __name__ == "__main__":
    main()
