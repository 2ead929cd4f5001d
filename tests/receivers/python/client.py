"""Sends stdin as one webhook with Python's own clients: `python client.py KIND URL`. See ../README.md."""

import base64
import gzip
import http.client
import json
import os
import socket
import sys
from urllib.parse import urlsplit

import requests

TIMEOUT = 30
GIVEN = json.loads(os.environ.get("HEADERS", "[]"))
JSON = {"Content-Type": "application/json"}


def with_requests(url, defaults, body, stream=None):
    """One requests.post; a `stream` of the body makes it chunked."""
    headers = requests.structures.CaseInsensitiveDict()
    for name, value in GIVEN:
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    session = requests.Session()
    session.trust_env = False  # no proxy, no .netrc
    response = session.post(
        url, data=stream or body, headers={**defaults, **headers}, timeout=TIMEOUT, allow_redirects=False
    )
    return response.status_code, response.content, body


def with_continue(url, body):
    """One http.client request that holds its body back until the server says 100 Continue."""
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname, target.port, timeout=TIMEOUT)
    connection.putrequest("POST", target._replace(scheme="", netloc="", fragment="").geturl() or "/")
    names = {name.lower() for name, _ in GIVEN}
    defaults = [pair for pair in JSON.items() if pair[0].lower() not in names]
    for name, value in [*defaults, *GIVEN, ("Content-Length", str(len(body))), ("Expect", "100-continue")]:
        connection.putheader(name, value)
    connection.endheaders()
    # Only looked at: getresponse steps over the 100 by itself.
    asked = connection.sock.recv(12, socket.MSG_PEEK | socket.MSG_WAITALL).endswith(b" 100")
    if asked:
        connection.send(body)
    response = connection.getresponse()
    return response.status, response.read(), body if asked else b""


def thirds(body):
    """The body in three pieces at most, none of them empty."""
    size = -(-len(body) // 3) or 1
    return (body[start : start + size] for start in range(0, len(body), size))


KINDS = {
    "json": lambda url, body: with_requests(url, JSON, body),
    "form": lambda url, body: with_requests(url, {"Content-Type": "application/x-www-form-urlencoded"}, body),
    "binary": lambda url, body: with_requests(url, {"Content-Type": "application/octet-stream"}, body),
    "empty": lambda url, _: with_requests(url, {}, b""),
    "chunked": lambda url, body: with_requests(url, JSON, body, thirds(body)),
    "gzip": lambda url, body: with_requests(url, {**JSON, "Content-Encoding": "gzip"}, gzip.compress(body)),
    "expect": with_continue,
}


def die(code, message):
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


def main():
    if len(sys.argv) != 3 or sys.argv[1] not in KINDS:
        die(2, f"usage: client.py {'|'.join(KINDS)} URL")
    try:
        status, answer, sent = KINDS[sys.argv[1]](sys.argv[2], sys.stdin.buffer.read())
    except (OSError, http.client.HTTPException) as error:
        die(1, error)
    print(json.dumps({"status": status, "body": answer.decode(errors="replace"), "sent_b64": base64.b64encode(sent).decode()}))


main()
