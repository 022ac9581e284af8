"""Clients that cost next to nothing: requests made beforehand, and one connection that stays open.

They run on the cores of the server that they measure, so they read of an answer what they must.
"""

import multiprocessing
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from tests.benchmarks.web import PATIENCE, Server

LONGEST = 1 << 20
_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length: "


@dataclass
class Work:
    """What one client did, by the machine's clock."""

    began: float
    ended: float
    cpu_seconds: float
    waits: list[float]
    statuses: list[int]
    bodies: list[bytes]


class Channel:
    """One connection to a web process."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """The answer's status and body."""
        self._socket.sendall(request)
        data = self._socket.recv(LONGEST)
        while (end := data.find(_END)) < 0:
            data += self._more()
        at = data.lower().index(_LENGTH, 0, end + 2) + len(_LENGTH)
        whole = end + len(_END) + int(data[at : data.index(b"\r", at)])
        while len(data) < whole:
            data += self._more()
        return int(data[9:12]), data[end + len(_END) :]

    def _more(self) -> bytes:
        data = self._socket.recv(LONGEST)
        if not data:
            raise SystemExit("The web process closed the connection.")
        return data

    def close(self) -> None:
        self._socket.close()


def request(secret: str, method: str, path: str, body: bytes = b"") -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def work(port: int, requests: Sequence[bytes]) -> Work:
    """Ask one after the other, whatever is answered."""
    channel = Channel(port)
    waits, answers = [], []
    cpu, began = time.process_time(), time.monotonic()
    for each in requests:
        started = time.monotonic()
        answers.append(channel.ask(each))
        waits.append(time.monotonic() - started)
    ended = time.monotonic()
    cpu = time.process_time() - cpu
    channel.close()
    return Work(began, ended, cpu, waits, [s for s, _ in answers], [b for _, b in answers])


def all_at_once(server: Server, requests: Sequence[Sequence[bytes]]) -> list[Work]:
    """One client, in a process of its own, for each list of requests. Each must be answered 200."""
    given = [(server.port(number), each) for number, each in enumerate(requests)]
    with multiprocessing.get_context("fork").Pool(len(requests)) as pool:
        done = pool.starmap(work, given, chunksize=1)
    for each in done:
        for status, body in zip(each.statuses, each.bodies, strict=True):
            if status != 200:
                raise SystemExit(f"{status}: {body[:500]!r}")
    return done
