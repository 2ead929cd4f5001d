"""Serves one platform's own Python sample as a webhook receiver: `python serve.py cepro`. See ../README.md."""

import base64
import http.client
import io
import json
import os
import queue
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.dont_write_bytecode = True  # no cache beside the samples
http.client._MAXHEADERS = 200  # by itself http.server takes 99 header lines
SECRET = os.environ.get("SECRET")
TO_FAIL = iter(range(int(os.environ.get("FAIL_FIRST", "0"))))
FAILING = "failing as FAIL_FIRST asks"
LINES = queue.SimpleQueue()


def cepro():
    from samples.cepro_000 import verify_cepro_webhook as verify

    return plain(lambda body, signature: verify(body, signature, SECRET))


def cepro_001():
    from samples.cepro_001 import verify_webhook_signature as verify

    # This sample takes the body as a str. What is no UTF-8 must not fail here already.
    return plain(lambda body, signature: verify(body.decode(errors="replace"), signature, SECRET))


def wlcro():
    from flask import Response, request
    from samples.wlcro_002 import app
    from werkzeug.exceptions import HTTPException
    from werkzeug.serving import WSGIRequestHandler, make_server
    from werkzeug.wsgi import get_input_stream

    class Handler(Quiet, WSGIRequestHandler):
        def make_environ(self):
            # Kept beside the environ, which folds the case of header names and joins repeated ones.
            return super().make_environ() | {"receiver.path": self.path, "receiver.headers": self.headers.items()}

    @app.errorhandler(Exception)
    def answer_thrown(error):
        # Flask answers its own refusals (404, 415, ...); the rest is the sample's.
        if isinstance(error, HTTPException):
            return error
        request.environ["receiver.thrown"].append(thrown(error))
        return Response(thrown(error), 500, mimetype="text/plain")

    def recorded(environ, start_response):
        body = get_input_stream(environ).read()
        environ["wsgi.input"] = io.BytesIO(body)
        # A list, for the app works on a copy of the environ.
        errors = environ["receiver.thrown"] = []
        if must_fail():
            response = Response(FAILING, 500, mimetype="text/plain")
        else:
            response = Response.from_app(app, environ, buffered=True)
        head = environ["receiver.path"], environ["receiver.headers"]
        record(*head, body, response.status_code, next(iter(errors), None))
        return response(environ, start_response)

    return make_server("127.0.0.1", 0, recorded, threaded=True, request_handler=Handler)


RECEIVERS = {"cepro": cepro, "cepro-001": cepro_001, "wlcro": wlcro}


class Quiet:
    """A request handler that leaves the request log to `record`."""

    def log_request(self, *_):
        pass


def plain(verified):
    """A server of the standard library that answers by what `verified(body, signature)` returns."""

    class Handler(Quiet, BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, text, error = self.outcome(body)
            record(self.path, self.headers.items(), body, status, error)
            content = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def refuse(self):
            self.close_connection = True  # a body, if there is one, is left unread
            self.send_error(405)

        do_GET = do_HEAD = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = refuse  # by itself it answers 501

        def outcome(self, body):
            """The status, the text and what was thrown."""
            if "Transfer-Encoding" in self.headers:  # which this server cannot read
                self.close_connection = True
                return 411, "Length Required", None
            if must_fail():
                return 500, FAILING, None
            try:
                # Of two lines none is dropped: they count as one, as HTTP has it.
                lines = self.headers.get_all("X-Webhook-Signature")
                signature = ", ".join(lines) if lines else None
                return (200, "OK", None) if verified(body, signature) else (401, "Invalid signature", None)
            except Exception as error:
                return 500, thrown(error), thrown(error)

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    return Server(("127.0.0.1", 0), Handler)


def must_fail():
    """Whether this request is one of the first `FAIL_FIRST`."""
    return next(TO_FAIL, None) is not None


def thrown(error):
    return f"{type(error).__name__}: {error}"


def record(path, headers, body, status, error):
    """Queues the request's line just before it is answered: an answered request has its line, and none waits for a reader."""
    body_b64 = base64.b64encode(body).decode()
    LINES.put({"path": path, "headers": headers, "body_b64": body_b64, "status": status, "thrown": error})


def write_lines(out):
    for line in iter(LINES.get, None):
        print(json.dumps(line), file=out, flush=True)


def die(message):
    print(f"error: {message}", file=sys.stderr)
    sys.exit(2)


def main():
    name = sys.argv[1] if len(sys.argv) == 2 else None
    if name not in RECEIVERS:
        die(f"name one receiver: {', '.join(RECEIVERS)}")
    if not SECRET:
        die("`SECRET` is not set")
    writer = threading.Thread(target=write_lines, args=[sys.stdout], daemon=True)
    writer.start()
    sys.stdout = sys.stderr  # what a sample prints must not mix with the lines
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))
    server = RECEIVERS[name]()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    LINES.put({"ready": True, "port": server.server_address[1]})
    sys.stdin.buffer.read()
    LINES.put(None)
    writer.join()
    os._exit(0)


main()
