"""The figures of sending: loads, retries that wait, replays."""

import json
import pathlib
import signal
import sqlite3
import statistics
import subprocess
import time
import uuid

from frame import CannotRun, Goal, Row, figure, last_line


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


@figure("replay")
def replay(bench):
    """`wh replay --timings once -c 64` of 10,000 recorded deliveries, beside sending as many and recording them."""
    count = 500 if bench.load_rounds == 1 else 10_000
    store = bench.work / "replay.db"
    sent, again = [], []
    for _ in range(bench.load_rounds):
        for file in bench.work.glob("replay.db*"):
            file.unlink()
        with bench.server(bench.bare_hyper()) as (_, url, _log):
            began = time.perf_counter()
            bench.call(bench.send(url, "-n", count, "-c", 64, store=store))
            sent.append(count / (time.perf_counter() - began))
            words = ["replay", "--last", count, "--timings", "once", "-c", 64, "--yes", "--quiet", "--store", store]
            began = time.perf_counter()
            bench.call([bench.wh, *map(str, words), "--secret-file", str(bench.secret)])
            again.append(count / (time.perf_counter() - began))
    ours, peer = statistics.median(again), statistics.median(sent)
    yield Row("replay --timings once", "req/s", ours, peer, "wh send, recorded", Goal("ratio", ">=", 0.6))


def unfinished(bench, store, url, count, spread):
    """Fills a store with retries that an ended run has left, due within `spread` seconds; gives when the first is due."""
    for file in bench.work.glob("pending.db*"):
        file.unlink()
    # One that is real: to a port where nobody listens, killed while it waits for its second attempt.
    dead = bench.send("http://127.0.0.1:1/", "--retry", "--json", store=store)
    with subprocess.Popen(dead, env=bench.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        process.stdout.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGKILL)
    first = time.time() + (5 if count < 10_000 else 15)
    with sqlite3.connect(store) as base:
        base.execute("UPDATE deliveries SET endpoint = ?", [url])
        queued = base.execute("SELECT * FROM queue").description
        names = [column[0] for column in queued]
        row = dict(zip(names, base.execute("SELECT * FROM queue").fetchone()))
        body = base.execute("SELECT hash, coding, data FROM bodies LIMIT 1").fetchone()
        base.execute("DELETE FROM queue")
        for nth in range(count):
            other = str(uuid.uuid4())
            insert = "INSERT INTO deliveries (id, direction, provider, endpoint, webhook_id, attempts) VALUES (?, 1, 'cepro', ?, ?, 1)"
            number = base.execute(insert, [uuid.uuid4().bytes, url, other]).lastrowid
            kept = base.execute("INSERT INTO bodies (hash, coding, data) VALUES (?, ?, ?)", body).lastrowid
            due = int((first + spread * nth / count) * 1e6)
            row |= {"place": nth + 1, "delivery": number, "body": kept, "due": due, "wait": 600_000_000, "begun": None}
            places = ", ".join("?" for _ in names)
            base.execute(f"INSERT INTO queue ({', '.join(names)}) VALUES ({places})", [row[name] for name in names])
    return first


def settled(process):
    """Waits until a process has done nothing for a moment; gives the seconds that it was at work, and its memory in MiB."""
    began = quiet = time.perf_counter()
    stat = pathlib.Path(f"/proc/{process.pid}/stat")
    before = None
    while time.perf_counter() < quiet + 0.3:
        if process.poll() is not None:
            raise CannotRun("`wh replay --resume` ended early")
        now = stat.read_text().rsplit(") ", 1)[1].split()[11:13]
        if now != before:
            before, quiet = now, time.perf_counter()
        time.sleep(0.01)
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return quiet - began, int(status.split("VmRSS:")[1].split()[0]) / 1024


@figure("pending")
def pending(bench):
    """100,000 retries that wait: taken up by `wh replay --resume`, memory over one that waits, how late each is made."""
    few = bench.load_rounds == 1
    count, spread = (2_000, 4) if few else (100_000, 60)
    store = bench.work / "pending.db"
    words = ["replay", "--resume", "--unordered", "-c", "64", "--quiet", "--store", str(store)]
    command = [bench.wh, *words, "--secret-file", str(bench.secret)]
    seen = []
    with bench.server(bench.bare_hyper()) as (_, url, _log):
        for waiting in (1, count):
            first = unfinished(bench, store, url, waiting, spread)
            with subprocess.Popen(command, env=bench.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
                seen.append(settled(process))
                errors = process.stderr.read()
                if process.wait() != 0:
                    raise CannotRun(f"`wh replay --resume` failed: {last_line(errors)}")
    (_, idle), (took, memory) = seen
    yield Row("pending, taken up", "s", took, goal=Goal("ours", "<=", 2))
    yield Row("pending, memory over one", "MiB", memory - idle, goal=Goal("ours", "<=", 24))
    with sqlite3.connect(store) as base:
        made = base.execute("SELECT delivery, at FROM attempts WHERE status = 200 ORDER BY delivery").fetchall()
    late = sorted(at / 1e6 - (first + spread * nth / count) for nth, (_, at) in enumerate(made))
    if len(made) != count:
        raise CannotRun(f"{len(made)} of {count} were delivered")
    yield Row(f"pending, late by, p99 over {spread} s", "ms", 1000 * late[int(len(late) * 0.99)], goal=Goal("ours", "<=", 10))
