"""Bodies as long as a client likes, to a real web process: streamed, flat in memory, resumable."""

import json
import re
import socket
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from agentsite.embedded import processes
from tests.stack.running import Up, connect, manage

PATIENCE = 60
PATH = "/v1/ingest/sessions"
BATCH = 2_000  # events that are kept together
SLACK = 600  # lines that fill the buffers on the way: some 64 kB are read at once


@pytest.fixture(scope="module")
def secret(up: Up) -> str:
    made = manage(up.folder, "create_api_key", "--name", "tests", "--scopes", "write")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def line(session: str, number: int, text: str = "") -> bytes:
    return (
        json.dumps(
            {
                "type": "user.message",
                "id": f"sevt_{number}",
                "session_id": session,
                "processed_at": "2026-11-02T09:00:00Z",
                "content": [{"type": "text", "text": f"{number} {text}"}],
            }
        ).encode()
        + b"\n"
    )


class Open:
    """A request whose body is sent in chunks, as slowly as the test likes."""

    def __init__(self, up: Up, secret: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", up.port), timeout=PATIENCE)
        self.socket.sendall(
            f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n"
            "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )

    def __enter__(self) -> "Open":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, lines: Iterable[bytes]) -> None:
        for data in _joined(lines):
            self.socket.sendall(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def answer(self) -> dict[str, dict[str, int]]:
        self.socket.sendall(b"0\r\n\r\n")
        told = b""
        while not told.rstrip().endswith(b"}"):
            told += self.socket.recv(65_536)
        assert told.startswith(b"HTTP/1.1 200"), told
        return json.loads(told.partition(b"\r\n\r\n")[2])


def _joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for each in lines:
        held += each
        if len(held) > 200_000:
            yield held
            held = b""
    if held:
        yield held


def count(up: Up, session: str) -> int:
    with connect(up.folder) as connection:
        found = connection.execute(
            "SELECT event_count FROM agent_sessions_session WHERE public_id = %s", [session]
        ).fetchone()
    return found[0] if found else 0


def peak_memory(pid: int) -> float:
    """MB, at most, since the process began."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def test_events_are_kept_while_the_rest_of_the_body_is_still_to_come(up, secret):
    with Open(up, secret) as body:
        body.send(line("sesn_slow", number) for number in range(BATCH + SLACK))
        assert processes.wait_until(lambda: count(up, "sesn_slow") == BATCH, seconds=PATIENCE)
        body.send(line("sesn_slow", number) for number in range(BATCH, BATCH + SLACK + 20))

        assert body.answer()["events"] == {"added": BATCH + SLACK + 20, "skipped": SLACK}


def test_a_client_that_goes_away_leaves_what_was_kept_and_sends_the_rest_again(up, secret):
    with Open(up, secret) as body:
        body.send(line("sesn_gone", number) for number in range(BATCH * 2 + SLACK))
        assert processes.wait_until(lambda: count(up, "sesn_gone") == BATCH * 2, seconds=PATIENCE)

    with Open(up, secret) as again:
        again.send(line("sesn_gone", number) for number in range(BATCH * 2 + SLACK))
        told = again.answer()["events"]

    assert told["added"] + told["skipped"] == BATCH * 2 + SLACK
    assert told["skipped"] >= BATCH * 2
    assert count(up, "sesn_gone") == BATCH * 2 + SLACK


def test_a_gigabyte_costs_no_memory(up, secret):
    web = up.child("agentsite.web")
    with Open(up, secret) as small:
        small.send(line("sesn_large", number) for number in range(BATCH))
        small.answer()
    before = peak_memory(web)

    text = "x" * 50_000
    with Open(up, secret) as large:
        large.send(line("sesn_large", number % BATCH, text) for number in range(20_000))

        assert large.answer()["events"] == {"added": 0, "skipped": 20_000}
    assert peak_memory(web) - before < 100


def test_the_real_exporter_sends_a_run_to_it(up, secret):
    exporter = OTLPSpanExporter(
        endpoint=f"http://127.0.0.1:{up.port}/v1/otlp/v1/traces",
        headers={"x-api-key": secret},
        compression=Compression.Gzip,
    )
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("tests")
    with tracer.start_as_current_span("invoke_agent desk") as run:
        run.set_attribute("gen_ai.operation.name", "invoke_agent")
        run.set_attribute("gen_ai.agent.name", "desk")
        run.set_attribute("gen_ai.conversation.id", "conversation")
        for _ in range(3):
            with tracer.start_as_current_span("chat") as request:
                request.set_attribute("gen_ai.operation.name", "chat")
                request.set_attribute("gen_ai.usage.input_tokens", 10)
    provider.shutdown()

    with connect(up.folder) as connection:
        found = connection.execute(
            "SELECT source, status, input_tokens, event_count FROM agent_sessions_session"
            " WHERE external_id = 'conversation'"
        ).fetchone()
    assert found == ("otlp", "idle", 30, 8)
