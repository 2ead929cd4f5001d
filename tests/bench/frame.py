"""What the figures share: rows and goals, the binaries and peers, servers, loads."""

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
    def server(self, command, name="server"):
        """Runs a server; gives its process, its URL and the file of its output. It is drained before this ends."""
        log, errors = self.work / f"{name}.out", self.work / f"{name}.err"
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
    """What one run of the load generator saw: answers a second and in all, percentiles in ms, the server's peak in MiB."""

    rate: float
    p50: float
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
    rate = seen["requests"] / seen["duration_us"] * 1e6
    return Load(rate, seen["p50_us"] / 1000, seen["p99_us"] / 1000, peak, seen["requests"])


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


def number(value):
    """Three digits, or all of a large whole number."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def last_line(text):
    """The last line of a text, or a word where there is none."""
    return (text.strip().splitlines() or ["no message"])[-1]
