"""A webhook receiver to start from: verify, store, answer, and only then work. Python 3.9 or newer, no packages.

SECRET=… PLATFORM=cepro PORT=3000 python reference.py
"""

import hashlib
import hmac
import http.client
import json
import os
import re
import signal
import sqlite3
import sys
import threading
import time
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

http.client._MAXHEADERS = 200  # by itself http.server takes 99 header lines

SECRET = os.environ["SECRET"]
DATABASE = os.environ.get("DATABASE", "webhooks.db")
LIMIT = 5 * 1024 * 1024  # bytes of a body
SECONDS = 30  # for a whole body, and for each wait, so that a client that stalls is let go

# What stands before the signature, and where the id is. Without an id, equal bodies are one delivery.
PLATFORM = {
    "cepro": {"prefix": "", "id": lambda headers, _event: only(headers, "X-Webhook-ID")},
    "cepro-inbound": {"bearer": True},  # a token instead of a signature, and a body of any kind
    "wlcro": {"prefix": "sha256=", "id": lambda _headers, event: event.get("id"), "tolerance": 300},  # seconds
    "tenant": {"prefix": "", "id": lambda headers, _event: only(headers, "X-Webhook-ID")},
    "orgjobs": {"prefix": "sha256="},
}[os.environ.get("PLATFORM", "cepro")]


def work(key, body):
    """Replace this: it is called once per delivery, and again where it failed or the program ended meanwhile."""
    print(f"working on {key}: {len(body)} bytes", flush=True)


def only(headers, name):
    """A header that came exactly once: of two, nobody knows which one the sender meant."""
    values = headers.get_all(name, [])
    return values[0] if len(values) == 1 else None


def is_genuine(headers, body):
    if "bearer" in PLATFORM:
        token = only(headers, "Authorization") or ""
        return is_equal(re.sub("^(?i:bearer) ", "Bearer ", token), f"Bearer {SECRET}")  # in any letter case
    mac = hmac.new(SECRET.encode(), digestmod=hashlib.sha256)
    if "tolerance" in PLATFORM:
        timestamp = only(headers, "X-Webhook-Timestamp") or ""
        if not re.fullmatch("[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > PLATFORM["tolerance"]:
            return False
        mac.update(f"{timestamp}.".encode())
    mac.update(body)
    return is_equal(only(headers, "X-Webhook-Signature"), PLATFORM["prefix"] + mac.hexdigest())


def is_equal(received, expected):
    """In constant time. Bytes are compared because compare_digest raises on text that is not ASCII."""
    return received is not None and hmac.compare_digest(received.encode(), expected.encode())


def key_of(headers, body):
    """What tells a delivery from others; a ValueError or RecursionError where the body is not JSON."""
    event = None if "bearer" in PLATFORM else json.loads(body.decode())
    named = PLATFORM["id"](headers, event if isinstance(event, dict) else {}) if "id" in PLATFORM else None
    is_id = isinstance(named, (str, int))
    return json.dumps(named) if is_id else hashlib.sha256(body).hexdigest()


def connect():
    db = sqlite3.connect(DATABASE, timeout=SECONDS)
    db.execute("PRAGMA synchronous = FULL")  # some builds of SQLite do less by themselves
    return closing(db)


def store(key, body):
    """On disk when it returns; of equal deliveries at once only one is new."""
    with connect() as db, db:
        db.execute("INSERT INTO deliveries (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, body))
    arrived.set()


arrived = threading.Event()


def work_off():
    with connect() as db:  # for good: whenever the last connection closes, SQLite locks readers out
        while True:
            arrived.clear()
            with suppress(sqlite3.Error):
                for (key,) in db.execute("SELECT id FROM deliveries WHERE worked = 0 ORDER BY rowid").fetchall():
                    work_on(db, key)
            arrived.wait(10)  # what failed is tried again then


def work_on(db, key):
    try:
        (body,) = db.execute("SELECT body FROM deliveries WHERE id = ?", (key,)).fetchone()
        work(key, body)
        with db:
            db.execute("UPDATE deliveries SET worked = worked + 1 WHERE id = ?", (key,))
    except Exception as error:
        print(f"{key}: {error!r}", file=sys.stderr)


class Receiver(BaseHTTPRequestHandler):
    timeout = SECONDS

    def do_POST(self):
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers or not re.fullmatch("[0-9]{1,12}", length):
            return self.answer(411, "Content-Length is needed")
        body, is_whole = self.read(int(length))
        if not is_whole:
            return self.log_error("the body was cut short")
        if int(length) > LIMIT:
            return self.answer(413, "too large")
        if not is_genuine(self.headers, body):
            return self.answer(401, "not genuine")
        try:
            key = key_of(self.headers, body)
        except (ValueError, RecursionError):
            return self.answer(400, "not JSON")
        try:
            store(key, body)
        except sqlite3.Error as error:
            self.log_error("%r", error)
            return self.answer(503, "try again later")
        return self.answer(200, "stored")

    def refuse(self):
        self.answer(405, "POST only")

    do_GET = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = refuse  # http.server answers 501

    def read(self, length):
        """The raw bytes, none where they are too many. Those are read too, or the sender would not see the answer."""
        body, left, deadline = bytearray(), length, time.monotonic() + SECONDS
        with suppress(OSError):
            while left and time.monotonic() < deadline and (chunk := self.rfile.read1(min(left, 65536))):
                left -= len(chunk)
                if length <= LIMIT:
                    body += chunk
        return bytes(body), left == 0

    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Allow", "POST")
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(f"{text}\n".encode())


class Server(ThreadingHTTPServer):
    daemon_threads = False  # so that the end waits for those who are being answered
    request_queue_size = 128


def main():
    os.umask(0o077)  # the deliveries are nobody else's to read
    with connect() as db, db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, body BLOB, worked INTEGER DEFAULT 0)")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit())
    with Server(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver) as server:
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        threading.Thread(target=work_off, daemon=True).start()
        server.serve_forever()


if __name__ == "__main__":
    main()
