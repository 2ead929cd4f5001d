"""The figures of a listener that does more than take deliveries in: forwards, scripts, TLS, peers that stay."""

import contextlib
import socket
import statistics
import time
import urllib.parse

from frame import Goal, Row, figure, load, peak_of


def median(runs, what):
    """The median of one of the values of several runs."""
    return statistics.median(getattr(run, what) for run in runs)


def in_turn(bench, *commands, **options):
    """The runs of several listeners, A B A B; what the first one prints is counted."""
    seen = [[] for _ in commands]
    for _ in range(bench.load_rounds):
        for command, runs in zip(commands, seen):
            runs.append(load(bench, command, prints=command is commands[0], **options))
    return seen


@figure("forward")
def forward(bench):
    """`wh listen -f`, verified and recorded, into bare hyper: what it adds to the target's median, 16 connections."""
    through, alone = [], []
    for _ in range(bench.load_rounds):
        with bench.server(bench.bare_hyper(), "target") as (_, url, _log):
            command = [*bench.listen(), "--forward-to", url]
            through.append(load(bench, command, prints=True, connections=16))
        alone.append(load(bench, bench.bare_hyper(), connections=16))
    added = median(through, "p50") - median(alone, "p50")
    yield Row("forward, added to p50", "ms", added, goal=Goal("ours", "<=", 1.0))
    yield Row("forward p50", "ms", median(through, "p50"), median(alone, "p50"), "bare hyper, alone")
    yield Row("forward", "req/s", median(through, "rate"), median(alone, "rate"), "bare hyper, alone")


@figure("scripted")
def scripted(bench):
    """`wh listen --respond 200` beside `wh listen`, 64 connections."""
    seen = in_turn(bench, [*bench.listen(), "--respond", "200"], bench.listen())
    ours, plain = (median(runs, "rate") for runs in seen)
    yield Row("listen --respond 200", "req/s", ours, plain, "wh listen", Goal("ratio", ">=", 0.95))


@figure("tls")
def tls(bench):
    """`wh listen --tls` beside plain `wh listen`, 64 connections that stay open."""
    seen = in_turn(bench, [*bench.listen(), "--tls"], bench.listen())
    ours, plain = (median(runs, "rate") for runs in seen)
    yield Row("listen --tls", "req/s", ours, plain, "wh listen, plain", Goal("ratio", ">=", 0.7))


@figure("slow-peers")
def slow_peers(bench):
    """1,000 peers that send half a head and no more: what they take of memory."""
    count = 100 if bench.load_rounds == 1 else 1_000
    bench.forget()
    with bench.server(bench.listen()) as (process, url, _log), contextlib.ExitStack() as peers:
        place = urllib.parse.urlsplit(url)
        before = peak_of(process.pid)
        for _ in range(count):
            peer = peers.enter_context(socket.create_connection((place.hostname, place.port)))
            peer.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nX-Slow: ")
        answered = ask(place)
        taken = peak_of(process.pid) - before
    yield Row(f"{count:,} slow peers", "MiB", taken, goal=Goal("ours", "<=", 40))
    yield Row("an answer beside them", "ms", 1000 * answered)


def ask(place):
    """Seconds for a delivery of its own connection; when it is answered, all that came before it was read."""
    began = time.perf_counter()
    with socket.create_connection((place.hostname, place.port)) as peer:
        peer.sendall(b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}")
        if not peer.recv(64).startswith(b"HTTP/1.1 401"):
            raise ValueError("no answer beside the slow peers")
    return time.perf_counter() - began
