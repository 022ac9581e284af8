"""One event in full, for the inspector."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.core import payloads
from apps.core.templatetags.ui import duration, money, number
from apps.sessions.models.event import CONFIRMATION, Kind
from apps.sessions.promoting import plain
from apps.sessions.trace.entries import (
    ICONS,
    RECEIVED,
    RESULTS,
    SENT,
    TONES,
    USES,
    Entry,
    took,
)
from apps.sessions.trace.lanes import Lanes
from apps.sessions.trace.verdicts import criteria
from apps.sessions.trace.words import GRADES

LONGEST_SHOWN = 200_000

_TITLES = {
    "user.message": "User message",
    "user.interrupt": "Interrupt",
    CONFIRMATION: "Tool confirmation",
    "user.define_outcome": "Outcome asked for",
    "system.message": "System message",
    "agent.message": "Message",
    "agent.thinking": "Thinking",
    "agent.thread_context_compacted": "Context compacted",
    SENT: "Message to a thread",
    RECEIVED: "Message from a thread",
    "session.thread_created": "Thread created",
    "session.error": "Session error",
    "span.model_request_start": "Model request",
    "span.model_request_end": "Model request",
    "span.outcome_evaluation_start": "Grading",
    "span.outcome_evaluation_end": "Grading",
    **dict.fromkeys(USES, "Tool call"),
    **dict.fromkeys(RESULTS, "Tool result"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    mono: bool = False
    at: datetime | None = None
    event: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A text of the event, shown as it is."""

    id: str
    label: str
    text: str
    mono: bool = True
    cut: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the tab Event shows."""

    id: str
    sequence: int
    title: str
    icon: str
    tone: str
    peek: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    usage: tuple[tuple[str, str], ...] = ()
    offset: float | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """An event with its payload, and the other halves of what it is part of."""

    entry: Entry
    payload: dict[str, Any]
    start: Entry | None = None
    start_payload: dict[str, Any] = field(default_factory=dict)
    end: Entry | None = None
    end_payload: dict[str, Any] = field(default_factory=dict)
    counterpart: Entry | None = None
    """The other half of a message between threads."""


def card(whole: Whole, lanes: Lanes, began: datetime | None) -> Card:
    """Say what one event is."""
    entry = whole.entry
    failed = entry.is_error or (whole.end is not None and whole.end.is_error)
    is_tool = entry.type in USES or entry.type in RESULTS
    title = "Tool error" if failed and is_tool else _title(entry)
    span = took(whole.start or entry, whole.end or entry)
    return Card(
        id=entry.id,
        sequence=entry.sequence,
        title=title,
        icon="error" if failed else ICONS.get(Kind(entry.kind), "info"),
        tone="error" if failed else TONES.get(Kind(entry.kind), "quiet"),
        peek=" · ".join(filter(None, [entry.tool, duration(span) if span else ""])),
        facts=tuple(_facts(whole, lanes, timed=began is not None)),
        sections=tuple(_sections(whole)),
        usage=_usage(whole),
        offset=(entry.at - began).total_seconds() if began else None,
    )


def _title(entry: Entry) -> str:
    words = entry.type.partition(".")[2].replace("_", " ").capitalize()
    return _TITLES.get(entry.type, words or entry.type)


def _facts(whole: Whole, lanes: Lanes, *, timed: bool) -> list[Fact]:
    entry = whole.entry
    lane, peer = lanes.get(entry.thread), lanes.get(entry.peer)
    span = took(whole.start or entry, whole.end or entry)
    payload = whole.payload
    facts = [
        Fact("Tool", entry.tool, mono=True),
        Fact("Model", entry.model, mono=True),
        Fact("Thread", lane.label if lane else "", thread=lane.id if lane else ""),
        Fact(_peer_label(entry), peer.label if peer else "", thread=peer.id if peer else ""),
        Fact("Result", _result(whole)),
        Fact("Permission", _text(payload.get("evaluated_permission"))),
        Fact("At", precisely(entry.at) if timed else f"event {entry.sequence}", at=entry.at),
        Fact("Took", duration(span) if span else ""),
        Fact("Type", entry.type, mono=True),
        Fact("Event", entry.id, mono=True),
    ]
    for label, other in (("Begun by", whole.start), ("Ended by", whole.end)):
        if other is not None:
            facts.append(Fact(label, other.type, mono=True, event=other.id))
    if whole.counterpart is not None:
        label = "Heard as" if entry.type == SENT else "Sent as"
        facts.append(Fact(label, whole.counterpart.type, mono=True, event=whole.counterpart.id))
    return [fact for fact in facts if fact.value]


def precisely(moment: datetime) -> str:
    """22 Nov 2026, 13:53:07.208."""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y, %H:%M:%S}.{local.microsecond // 1000:03}"


def _peer_label(entry: Entry) -> str:
    return {SENT: "To", RECEIVED: "From"}.get(entry.type, "Other thread")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _result(whole: Whole) -> str:
    told = whole.end_payload or whole.payload
    result = _text(told.get("result"))
    iteration = told.get("iteration")
    said = GRADES.get(result, result)
    return f"{said}, iteration {iteration + 1}" if said and isinstance(iteration, int) else said


def _usage(whole: Whole) -> tuple[tuple[str, str], ...]:
    told = whole.end if whole.end is not None and whole.end.usage else whole.entry
    usage = told.usage
    if usage is None:
        return ()
    cost: Decimal | None = told.cost
    return (
        ("Input", number(usage.input)),
        ("Cache read", number(usage.cache_read)),
        ("Cache write", number(usage.cache_write)),
        ("Output", number(usage.output)),
        ("Cost at list price", money(cost) if cost is not None else "no list price"),
    )


def _sections(whole: Whole) -> list[Section]:
    entry = whole.entry
    if entry.type in USES or entry.type in RESULTS:
        return _tool_sections(whole)
    text = said(whole.payload) or said(whole.end_payload)
    sections = [_section("text", "Text", text, mono=False)] if text else []
    error = whole.payload.get("error")
    if isinstance(error, dict):
        sections.append(_section("error", "Error", pretty(error), failed=True))
    if judged := criteria(whole.end_payload or whole.payload):
        sections.append(_section("criteria", "Criteria", judged, mono=False))
    rubric = whole.payload.get("rubric")
    if rubric:
        sections.append(_section("rubric", "Rubric", plain(rubric) or pretty(rubric), mono=False))
    return sections


def _tool_sections(whole: Whole) -> list[Section]:
    entry = whole.entry
    is_use = entry.type in USES
    use = whole.payload if is_use else whole.start_payload
    result = whole.end_payload if is_use else whole.payload
    failed = result.get("is_error") is True
    sections = []
    if "input" in use:
        sections.append(_section("input", "Input", pretty(use["input"])))
    if result:
        text = plain(result.get("content")) or pretty(result.get("content"))
        sections.append(_section("output", "Output", text, failed=failed))
    return sections


def said(payload: dict[str, Any]) -> str:
    """The text of a payload, whichever key holds it."""
    for key in ("content", "thinking", "explanation", "description", "deny_message", "text"):
        if text := plain(payload.get(key)):
            return text
    return ""


def _section(
    id: str,  # noqa: A002 -- becomes the element's id
    label: str,
    text: str,
    *,
    mono: bool = True,
    failed: bool = False,
) -> Section:
    return Section(id, label, text[:LONGEST_SHOWN], mono, len(text) > LONGEST_SHOWN, failed)


def pretty(value: Any) -> str:
    """JSON as a person reads it; very long strings and all."""
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except (TypeError, ValueError):
        return payloads.dump(value)


def raw(text: str) -> Section:
    """The payload as it was kept, laid out unless it is too long for that."""
    if len(text) > LONGEST_SHOWN:
        return _section("raw", "Payload", text)
    return _section("raw", "Payload", payloads.storable(pretty(payloads.load(text))))
