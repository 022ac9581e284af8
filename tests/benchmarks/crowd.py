"""Generated sessions: text of real words, about 1.2 kB an event."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from apps.core import payloads
from apps.sessions.records import EventRecord, Record, SessionRecord, ThreadRecord
from tests import make

WORDS = (
    "agent tool result error session thread memory report draft clause build log cache retry file"
    " path line test review policy customer refund flight fare payment amount total method card"
    " reservation search update delete create model request token cost hour minute second because"
    " although however therefore before after during within without between across against under"
).split()

_BATCH = 100
_PER_SESSION = 1_000
_PER_RUN = 10


def text(chance: random.Random, words: int) -> str:
    return " ".join(
        chance.choices(WORDS, k=words - 6) + [f"{chance.random():.9f}" for _ in "abcdef"]
    )


def events(key: str, size: int, *, threads: int = 1) -> Iterator[EventRecord]:
    """`size` events (a multiple of 5), spread over the threads of a session."""
    chance = random.Random(key)
    for turn in range(size // 5):
        lane = turn % threads
        where = {"key": key, "thread": f"sthr_{key}_{lane}" if lane else ""}
        at = turn * 5.0
        yield make.event("agent.message", text(chance, 160), after=at, **where)
        yield from make.call(
            "bash",
            {"command": text(chance, 30)},
            text(chance, 220),
            after=at + 1,
            is_error=chance.random() < 0.03,
            **where,
        )
        yield from make.request(after=at + 3, tokens=(400, 90, 12_000, 300), **where)


def session(key: str, size: int, *, threads: int = 1) -> Iterator[Record]:
    yield SessionRecord(
        key=key,
        source="native",
        agent={"name": "benchmark"},
        title=f"Session of {size} events",
        created_at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
    )
    for lane in range(1, threads):
        yield ThreadRecord(key, f"sthr_{key}_{lane}", {"name": f"worker {lane}"}, parent="primary")
    yield from events(key, size, threads=threads)


def batches(key: str, size: int) -> list[bytes]:
    """Bodies of 100 lines each, as a client sends them while its agents run."""
    bodies = []
    for number in range(max(1, size // _PER_SESSION)):
        name = f"sesn_{key}-{number}".replace(" ", "_")
        lines = [
            {"session_id": name} | each.payload for each in events(name, min(size, _PER_SESSION))
        ]
        first = {"type": "session", "id": name, "agent": {"name": "benchmark"}}
        for start in range(0, len(lines), _BATCH):
            told = [first, *lines[start : start + _BATCH]] if not start else lines[start:][:_BATCH]
            bodies.append(b"".join(payloads.dump(each).encode() + b"\n" for each in told))
    return bodies


def traces(key: str, size: int) -> list[bytes]:
    """OTLP requests of 100 spans each: runs of ten spans, ten runs a conversation."""
    chance = random.Random(key)
    bodies = []
    for number in range(size // _BATCH):
        request = ExportTraceServiceRequest()
        spans = request.resource_spans.add().scope_spans.add().spans
        for _ in range(_BATCH // _PER_RUN):
            _run(spans, f"{key}-{number}", chance)
        bodies.append(request.SerializeToString())
    return bodies


def _run(spans: Any, conversation: str, chance: random.Random) -> None:
    """An agent that asks its model five times and uses four tools."""
    trace_id, root = chance.randbytes(16), chance.randbytes(8)
    began = 1_793_610_000_000_000_000 + chance.randrange(10**15)
    history = [_part("user", "text", content=text(chance, 60))]
    for turn in range(5):
        at = began + turn * 10**9
        call = {"id": chance.randbytes(6).hex(), "name": "bash"}
        given = {"command": text(chance, 30)}
        is_last = turn == 4
        answer = (
            _part("assistant", "text", content=text(chance, 160))
            if is_last
            else _part("assistant", "tool_call", **call, arguments=given)
        )
        chat = {
            "gen_ai.operation.name": "chat",
            "gen_ai.request.model": "claude-sonnet-4-5",
            "gen_ai.usage.input_tokens": 400,
            "gen_ai.usage.output_tokens": 90,
            "gen_ai.input.messages": payloads.dump(history),
            "gen_ai.output.messages": payloads.dump([answer]),
        }
        _span(spans, (trace_id, chance.randbytes(8), root), (at, at + 10**8), chat)
        if is_last:
            break
        found = text(chance, 220)
        tool = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": "bash",
            "gen_ai.tool.call.id": call["id"],
            "gen_ai.tool.call.arguments": payloads.dump(given),
            "gen_ai.tool.call.result": found,
        }
        times = (at + 2 * 10**8, at + 5 * 10**8)
        _span(spans, (trace_id, chance.randbytes(8), root), times, tool)
        history += [answer, _part("tool", "tool_call_response", id=call["id"], response=found)]
    agent = {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "benchmark",
        "gen_ai.conversation.id": conversation,
    }
    _span(spans, (trace_id, root, b""), (began, began + 6 * 10**9), agent)


def _part(role: str, kind: str, **body: Any) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": kind, **body}]}


def _span(
    spans: Any,
    ids: tuple[bytes, bytes, bytes],
    times: tuple[int, int],
    attributes: dict[str, Any],
) -> None:
    span = spans.add(
        trace_id=ids[0],
        span_id=ids[1],
        parent_span_id=ids[2],
        start_time_unix_nano=times[0],
        end_time_unix_nano=times[1],
    )
    for name, value in attributes.items():
        held = span.attributes.add(key=name).value
        if isinstance(value, int):
            held.int_value = value
        else:
            held.string_value = value
