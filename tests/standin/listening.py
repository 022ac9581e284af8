"""HTTP: a thread per connection, the key, and every way in which a connection can end."""

import json
import os
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tests.standin import addresses, composing
from tests.standin.asked import Asked, Rejected, invalid
from tests.standin.faults import Fault, Json

if TYPE_CHECKING:
    from tests.standin.server import StandIn

_NOTHING = Fault("")


class Listening(ThreadingHTTPServer):
    """Has its port from when it is made; answers from `start` on."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, there: "StandIn", host: str, port: int) -> None:
        super().__init__((host, port), Connection)
        self.there = there
        self.url = f"http://{host}:{self.server_port}"
        self.stopping = threading.Event()
        self.numbers = count(1)

    def server_bind(self) -> None:
        """Without the lookup of a name that the library does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.server_address[:2]

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """Only a client that is gone comes to this: all else is answered as a 500."""


class Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet per answer
    server: Listening

    def do_GET(self) -> None:
        self._serve("GET")

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def log_message(self, *_: object) -> None:
        pass

    # ---- one request ----------------------------------------------------------------------------

    def _serve(self, method: str) -> None:
        self.request_id = f"req_standin{next(self.server.numbers):012}"
        url = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        try:
            self._check_who()
            operation, public_id = addresses.operation(method, url.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = self.server.there.came_in(operation, _json(raw), headers)
            self._answer(asked, public_id, dict(parse_qsl(url.query)))
        except Rejected as rejected:
            self._reject(rejected)
        except ConnectionError:
            raise
        except Exception as error:  # noqa: BLE001 -- who asks must see a responder's mistake
            self._reject(Rejected(500, "api_error", repr(error), is_final=True))

    def _check_who(self) -> None:
        bearer = (self.headers.get("authorization") or "").removeprefix("Bearer ")
        if (self.headers.get("x-api-key") or bearer) != self.server.there.key:
            raise Rejected(401, "authentication_error", "invalid x-api-key")
        if not self.headers.get("anthropic-version"):
            raise invalid("anthropic-version: header is required")

    def _answer(self, asked: Asked, public_id: str, query: dict[str, str]) -> None:
        fault = asked.fault or _NOTHING
        asked.status = fault.status
        try:
            if fault.ends == "reset":
                self._reset()
            elif fault.status:
                self._reject(Rejected(fault.status, fault.type, fault.name), fault.retry_after)
            elif asked.operation == "messages":
                self._message(asked, fault)
            else:
                self._document(addresses.answer(self.server.there, asked, public_id, query), fault)
        except Rejected as rejected:
            asked.status = rejected.status
            raise

    def _message(self, asked: Asked, fault: Fault) -> None:
        answer = self.server.there.answer(asked)
        if asked.body.get("stream"):
            self._stream(asked, answer, fault)
        else:
            self.server.stopping.wait(fault.seconds)
            if not fault.ends:
                self.server.there.bill(asked)
            self._document(answer, fault)

    # ---- bytes ----------------------------------------------------------------------------------

    def _document(self, body: Any, fault: Fault) -> None:
        if isinstance(body, list):
            data = b"".join(_bytes(each) + b"\n" for each in body)
            self._head(200, "application/x-jsonl", {"content-length": str(len(data))})
        else:
            data = _bytes(body)
            self._head(200, "application/json", {"content-length": str(len(data))})
        self.wfile.write(data[: int(len(data) * fault.sends)] if fault.ends else data)
        self.close_connection = self.close_connection or bool(fault.ends)

    def _stream(self, asked: Asked, answer: Json, fault: Fault) -> None:
        events = list(composing.events(answer))
        if fault.ends:
            events = events[: max(1, int(len(events) * fault.sends))]
        if fault.ends == "error":
            events.append(composing.error(Rejected(529, fault.type, fault.name), self.request_id))
        self._head(200, "text/event-stream; charset=utf-8", {"transfer-encoding": "chunked"})
        for number, each in enumerate(events, 1):
            if fault.seconds:
                self.wfile.flush()
                self.server.stopping.wait(fault.seconds / len(events))
            if fault.seconds or number == len(events):  # before who reads it looks at the bill
                self.server.there.bill(asked, events[:number])
            self._chunk(f"event: {each['type']}\ndata: {json.dumps(each)}\n\n".encode())
        if fault.ends == "silence":
            self.wfile.flush()
            self.server.stopping.wait()
        if fault.ends in {"cut", "silence"}:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def _head(self, status: int, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        always = {"content-type": kind, "request-id": self.request_id}
        for name, value in (always | headers).items():
            self.send_header(name, value)
        self.end_headers()

    def _reject(self, why: Rejected, retry_after: float | None = None) -> None:
        data = _bytes(composing.error(why, self.request_id))
        headers = {"content-length": str(len(data))}
        if retry_after is not None:
            headers["retry-after"] = f"{retry_after:g}"
        if why.is_final:
            headers["x-should-retry"] = "false"
        self._head(why.status, "application/json", headers)
        self.wfile.write(data)

    def _reset(self) -> None:
        """Not closed: gone, as when a machine between the two dies."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())


def _json(raw: bytes) -> Json:
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise invalid("The request body is not valid JSON") from error
    if not isinstance(body, dict):
        raise invalid("The request body is not a JSON object")
    return body


def _bytes(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
