"""Measures `wh` beside its peers, A B A B, and prints one table of medians.

Units: seconds for times, MiB (2^20 bytes) for memory, MB (10^6 bytes) for files, requests a second for throughput.
Memory is the peak resident set. Machines are noisy: only the ratios of one run count. Linux only.

A figure is a function under `@figure(NAME)` that takes a `Bench` and yields `Row`s; its docstring is its line in
`--list`. Nothing is asserted: a missed goal says `no` in its row, and only what could not run makes the exit code 1.
"""

import argparse
import base64
import datetime
import json
import os
import pathlib
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

import answering  # noqa: F401 (its figures enter themselves)
import judging  # noqa: F401
import sending  # noqa: F401
from frame import (
    FIGURES,
    HERE,
    MIB,
    ROOT,
    TARGET,
    Bench,
    CannotRun,
    Goal,
    Row,
    figure,
    first_answer,
    free_port,
    load,
    number,
)


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
