"""A file may be larger than memory."""

import io
import json
import tracemalloc
from collections.abc import Iterator

import pytest

from apps.sessions.formats import FORMATS
from tests.sessions.formats.transcripts import SESSION, assistant, result, text, use, user

SIZE = 50_000_000
MOST = 20_000_000


class Endless(io.RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        given, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


def claude_code() -> Iterator[bytes]:
    for n in range(SIZE // 9_000):
        lines = [
            user(f"u{n}", n * 10, f"Step {n}"),
            assistant(f"a{n}", n * 10 + 1, text("y" * 2_000), id=f"m{n}"),
            assistant(f"b{n}", n * 10 + 2, use(f"t{n}", "Bash", command="make"), id=f"m{n}"),
            user(f"r{n}", n * 10 + 3, [result(f"t{n}", "z" * 5_000)]),
        ]
        yield b"".join(json.dumps(each).encode() + b"\n" for each in lines)


def native() -> Iterator[bytes]:
    yield json.dumps({"type": "session", "id": SESSION, "agent": {"name": "a"}}).encode() + b"\n"
    for n in range(SIZE // 8_000):
        content = [{"type": "text", "text": "y" * 8_000}]
        yield json.dumps({"type": "agent.message", "id": f"e{n}", "content": content}).encode()
        yield b"\n"


def chat() -> Iterator[bytes]:
    messages = [{"role": "user", "content": 'y\\"[{' * 1_000}] * 10
    for n in range(SIZE // 70_000):
        yield b"[" if not n else b","
        yield json.dumps({"id": f"conversation-{n:08}", "messages": messages}).encode()
    yield b"]"


@pytest.mark.parametrize(
    ("format_", "pieces"), [("claude-code", claude_code), ("native", native), ("chat", chat)]
)
def test_reading_holds_one_value_at_a_time(format_, pieces):
    file = io.BufferedReader(Endless(pieces()))
    count = 0
    tracemalloc.start()
    try:
        for _record in FORMATS[format_](file, name=f"{SESSION}.jsonl"):
            count += 1
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count > 5_000
    assert peak < MOST
