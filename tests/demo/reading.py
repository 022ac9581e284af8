"""The demo's records, made once, and the texts in them, for tests to search."""

import re
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from typing import Any

from apps.demo.planted import Pattern
from apps.demo.sessions import records
from apps.sessions.records import EventRecord, Record

NOW = datetime(2026, 11, 24, 15, 30, tzinfo=UTC)


@cache
def made() -> tuple[Record, ...]:
    return tuple(records(NOW))


@cache
def events() -> dict[str, list[EventRecord]]:
    """By session, in the order in which they are kept."""
    by_session: dict[str, list[EventRecord]] = defaultdict(list)
    for record in made():
        if isinstance(record, EventRecord):
            by_session[record.session].append(record)
    return dict(by_session)


def text_of(payload: dict[str, Any]) -> str:
    blocks = payload.get("content") or []
    return "\n".join(block["text"] for block in blocks if block["type"] == "text")


def words_of(session: str, where: str) -> str:
    """Everything of one kind that a session says, as `planted.Sign` has it."""
    texts = []
    for event in events()[session]:
        payload = event.payload
        if where == "user" and event.type == "user.message":
            texts.append(text_of(payload))
        elif where == "user" and event.type == "user.tool_confirmation":
            texts.append(payload.get("deny_message", ""))
        elif where == "error" and event.type == "agent.tool_result" and payload["is_error"]:
            texts.append(text_of(payload))
        elif where == "call" and event.type == "agent.tool_use":
            texts.append(" ".join(f"{value} {key}" for key, value in payload["input"].items()))
        elif where == "agent" and event.type == "agent.message":
            texts.append(text_of(payload))
        elif where == "grade" and event.type == "span.outcome_evaluation_end":
            texts.append(payload["explanation"])
    return "\n".join(texts)


def showing(pattern: Pattern) -> set[str]:
    """The sessions in which every sign of a pattern is found."""
    return {
        session
        for session in events()
        if all(re.search(sign.text, words_of(session, sign.where)) for sign in pattern.signs)
    }
