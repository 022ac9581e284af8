"""Small transcripts, written the way their programs write them."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.sessions.formats import FORMATS, claude_code
from apps.sessions.records import EventRecord, Record, Refusal, SessionRecord, ThreadRecord

SESSION = "0f1c2d3e-1111-4222-8333-444455556666"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
MODEL = "claude-sonnet-4-5-20250929"
USAGE = {
    "input_tokens": 4,
    "cache_creation_input_tokens": 120,
    "cache_read_input_tokens": 9_000,
    "output_tokens": 37,
}


def at(seconds: float) -> str:
    """An instant as Claude Code writes it."""
    instant = START + timedelta(seconds=seconds)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def line(kind: str, uuid: str, after: float, **fields: Any) -> dict[str, Any]:
    return {
        "parentUuid": None,
        "isSidechain": False,
        "userType": "external",
        "cwd": "/home/ines/ledger",
        "sessionId": SESSION,
        "version": "2.1.12",
        "gitBranch": "main",
        "type": kind,
        "uuid": uuid,
        "timestamp": at(after),
        **fields,
    }


def user(uuid: str, after: float, content: Any, **fields: Any) -> dict[str, Any]:
    message = {"role": "user", "content": content}
    return line("user", uuid, after, message=message, **fields)


def assistant(
    uuid: str,
    after: float,
    *content: dict[str, Any],
    id: str = "",  # noqa: A002 -- the source's name
    stop: str | None = "tool_use",
    usage: dict[str, Any] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    message = {
        "id": id or f"msg_{uuid}",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": list(content),
        "stop_reason": stop,
        "usage": USAGE if usage is None else usage,
    }
    return line("assistant", uuid, after, message=message, requestId=f"req_{uuid}", **fields)


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


def use(id: str, name: str, **given: Any) -> dict[str, Any]:  # noqa: A002 -- the source's name
    return {"type": "tool_use", "id": id, "name": name, "input": given}


def result(use_id: str, content: Any, **fields: Any) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": use_id, "content": content, **fields}


def ndjson(lines: list[Any]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in lines)


def read(data: bytes | list[Any], *, format: str, name: str = "sample.jsonl") -> list[Record]:  # noqa: A002 -- the option's name
    given = data if isinstance(data, bytes) else ndjson(data)
    return list(FORMATS[format](io.BytesIO(given), name=name))


def read_claude(
    lines: list[Any], *, name: str = f"{SESSION}.jsonl", now: datetime | None = None
) -> list[Record]:
    """Read as if right after the last line was written."""
    stamps = [each["timestamp"] for each in lines if "timestamp" in each]
    last = datetime.fromisoformat(max(stamps)) if stamps else START
    return list(claude_code.read(io.BytesIO(ndjson(lines)), name=name, now=now or last))


def events(records: list[Record]) -> list[EventRecord]:
    return [each for each in records if isinstance(each, EventRecord)]


def sessions(records: list[Record]) -> list[SessionRecord]:
    return [each for each in records if isinstance(each, SessionRecord)]


def children(records: list[Record]) -> list[ThreadRecord]:
    return [each for each in records if isinstance(each, ThreadRecord) and each.parent]


def refusals(records: list[Record]) -> list[Refusal]:
    return [each for each in records if isinstance(each, Refusal)]


def types(records: list[Record]) -> list[str]:
    return [each.type for each in events(records)]


def of_type(records: list[Record], kind: str) -> list[dict[str, Any]]:
    return [each.payload for each in events(records) if each.type == kind]


def the(records: list[Record], kind: str) -> dict[str, Any]:
    """The payload of the only event of this type."""
    (only,) = of_type(records, kind)
    return only


def said(payload: dict[str, Any]) -> str:
    return "\n".join(block["text"] for block in payload["content"])


def prefixes(lines: list[Any]) -> Iterator[list[Any]]:
    yield from (lines[:end] for end in range(1, len(lines)))


# A session that delegated once, and the sub-agent's own lines.

AGENT = "a17b2c3d4"
TASK = use(
    "toolu_t",
    "Task",
    subagent_type="Explore",
    description="Find the parser",
    prompt="Where is the parser?",
)
CALL = [
    user("u1", 0, "Fix the parser"),
    assistant("a1", 2, text("I will look for it."), TASK, stop="tool_use"),
]
TOTALS = {
    "status": "completed",
    "agentId": AGENT,
    "totalTokens": 9_161,
    "totalDurationMs": 8_000,
    "totalToolUseCount": 1,
    "usage": {"input_tokens": 1, "output_tokens": 2},
}
REPORTED = user(
    "u2",
    12,
    [
        {
            "type": "tool_result",
            "tool_use_id": "toolu_t",
            "content": [text("In parse.py."), text(f"agentId: {AGENT} (use SendMessage …)")],
        }
    ],
    toolUseResult=TOTALS,
)
DONE = assistant("a2", 14, text("It is in parse.py."), stop="end_turn")
MAIN = [*CALL, REPORTED, DONE]


def side(given: dict, agent: str = AGENT) -> dict:
    return {**given, "isSidechain": True, **({"agentId": agent} if agent else {})}


CHILDS = [
    side(user("c1", 3, "Where is the parser?")),
    side(assistant("c2", 5, use("toolu_c", "Grep", pattern="def parse"))),
    side(user("c3", 6, [{"type": "tool_result", "tool_use_id": "toolu_c", "content": "parse.py"}])),
    side(assistant("c4", 11, text("In parse.py."), stop="end_turn")),
]
