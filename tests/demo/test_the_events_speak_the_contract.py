"""Shapes, order and volume of what the demo yields."""

import json
import statistics
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from apps.sessions.records import EventRecord, SessionRecord, ThreadRecord
from tests.demo.reading import events, made

SPEC = Path(__file__).parents[3] / "shared/spec/sdk-2.12.0-response-schemas.json"

REQUIRED = {
    "user.message": {"content"},
    "user.interrupt": set(),
    "user.tool_confirmation": {"tool_use_id", "result"},
    "user.define_outcome": {"outcome_id", "description", "rubric"},
    "agent.message": {"content"},
    "agent.thinking": set(),
    "agent.tool_use": {"name", "input"},
    "agent.tool_result": {"tool_use_id"},
    "agent.thread_message_sent": {"to_session_thread_id", "content"},
    "agent.thread_message_received": {"from_session_thread_id", "content"},
    "agent.thread_context_compacted": set(),
    "session.status_running": set(),
    "session.status_idle": {"stop_reason"},
    "session.status_rescheduled": set(),
    "session.status_terminated": set(),
    "session.usage": {"usage"},
    "session.error": {"error"},
    "session.thread_created": {"agent_name", "session_thread_id"},
    "session.thread_status_running": {"agent_name", "session_thread_id"},
    "session.thread_status_idle": {"agent_name", "session_thread_id", "stop_reason"},
    "span.model_request_start": set(),
    "span.model_request_end": {"model_request_start_id", "model_usage"},
    "span.outcome_evaluation_start": {"outcome_id", "iteration"},
    "span.outcome_evaluation_ongoing": {"outcome_id", "iteration"},
    "span.outcome_evaluation_end": {
        "outcome_evaluation_start_id", "outcome_id", "iteration", "result", "explanation", "usage",
    },
}  # fmt: skip


def _threads() -> dict[str, list[ThreadRecord]]:
    threads: dict[str, list[ThreadRecord]] = defaultdict(list)
    for record in made():
        if isinstance(record, ThreadRecord):
            threads[record.session].append(record)
    return threads


def _all() -> list[EventRecord]:
    return [event for happened in events().values() for event in happened]


def test_every_type_occurs_and_carries_what_it_must():
    assert {event.type for event in _all()} == set(REQUIRED)
    for event in _all():
        assert {"id", "type", "processed_at"} | REQUIRED[event.type] <= set(event.payload)
        assert (event.payload["id"], event.payload["type"]) == (event.public_id, event.type)


def _resolve(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rsplit("/", 1)[-1]]
    return schema


def _complaints(value: Any, schema: dict[str, Any], defs: dict[str, Any]) -> list[str]:
    """What does not fit: missing and unknown keys, wrong constants; unions by their best member."""
    schema = _resolve(schema, defs)
    if union := schema.get("anyOf") or schema.get("oneOf"):
        return min((_complaints(value, one, defs) for one in union), key=len)
    if schema.get("type") == "array" and isinstance(value, list):
        return [bad for item in value for bad in _complaints(item, schema.get("items", {}), defs)]
    if "properties" in schema and isinstance(value, dict):
        return _object_complaints(value, schema, defs)
    return _plain_complaints(value, schema)


def _object_complaints(
    value: dict[str, Any], schema: dict[str, Any], defs: dict[str, Any]
) -> list[str]:
    known = schema["properties"]
    bad = [f"lacks {key}" for key in schema.get("required", []) if key not in value]
    bad += [f"has unknown {key}" for key in value if key not in known]
    for key in known.keys() & value.keys():
        bad += [f"{key}: {one}" for one in _complaints(value[key], known[key], defs)]
    return bad


_KINDS = {
    "string": str, "integer": int, "boolean": bool, "null": type(None),
    "number": (int, float), "object": dict, "array": list,
}  # fmt: skip


def _plain_complaints(value: Any, schema: dict[str, Any]) -> list[str]:
    allowed = [schema["const"]] if "const" in schema else schema.get("enum", [value])
    fits = isinstance(value, _KINDS.get(schema.get("type", ""), object)) and value in allowed
    return [] if fits else [f"{value!r} does not fit {schema}"]


@pytest.mark.skipif(not SPEC.exists(), reason="the machine-readable contract is not here")
def test_every_event_and_agent_fits_the_schema():
    schema = json.loads(SPEC.read_text())["BetaManagedAgentsSessionEvent"]
    defs = schema["$defs"]
    by_type = {}
    for one in defs.values():
        name = one.get("properties", {}).get("type", {})
        by_type[name.get("const")] = one
    for event in _all():
        assert _complaints(event.payload, by_type[event.type], defs) == [], event
    for record in made():
        if isinstance(record, SessionRecord):
            agent = defs["BetaManagedAgentsSessionAgent"]
            assert _complaints(record.agent, agent, defs) == [], record.key
        elif isinstance(record, ThreadRecord):
            agent = defs["BetaManagedAgentsSessionThreadAgent"]
            assert _complaints(record.agent, agent, defs) == [], record.public_id


def test_time_never_runs_backwards():
    for happened in events().values():
        times = [event.occurred_at for event in happened]
        assert times == sorted(times)


def test_what_refers_to_an_earlier_event_finds_it_in_the_same_thread():
    for happened in events().values():
        seen: dict[str, tuple[str, str]] = {}
        for event in happened:
            for key, type_ in (
                ("tool_use_id", "agent.tool_use"),
                ("model_request_start_id", "span.model_request_start"),
                ("outcome_evaluation_start_id", "span.outcome_evaluation_start"),
            ):
                if key in event.payload:
                    assert seen[event.payload[key]] == (type_, event.thread)
            seen[event.public_id] = (event.type, event.thread)


def test_every_tool_use_is_answered_once_unless_the_session_still_runs():
    for record in made():
        if isinstance(record, SessionRecord) and record.status == "idle":
            happened = events()[record.key]
            uses = {event.public_id for event in happened if event.type == "agent.tool_use"}
            answers = [e.payload["tool_use_id"] for e in happened if e.type == "agent.tool_result"]
            assert Counter(answers) == Counter(dict.fromkeys(uses, 1))


def test_messages_between_threads_are_sent_and_received():
    for happened in events().values():
        primary = next(t.public_id for t in _threads()[happened[0].session] if not t.parent)
        sent = Counter(
            (event.thread or primary, event.payload["to_session_thread_id"])
            for event in happened
            if event.type == "agent.thread_message_sent"
        )
        received = Counter(
            (event.payload["from_session_thread_id"], event.thread or primary)
            for event in happened
            if event.type == "agent.thread_message_received"
        )
        assert sent == received


def test_threads_are_known_before_their_events_and_sessions_before_both():
    known: set[str] = {""}
    for record in made():
        if isinstance(record, SessionRecord):
            known.add(record.key)
        elif isinstance(record, ThreadRecord):
            assert record.session in known
            assert record.parent in known
            known.add(record.public_id)
        elif isinstance(record, EventRecord):
            assert {record.session, record.thread} <= known


def test_within_a_thread_the_cache_is_read_and_grows():
    grown = 0
    for happened in events().values():
        last: dict[str, int] = {}
        for event in happened:
            if event.type == "span.model_request_end":
                read = event.payload["model_usage"]["cache_read_input_tokens"]
                grown += read > last.get(event.thread, 0) > 0
                last[event.thread] = read
    assert grown > 3_000


def test_the_volumes_are_those_of_a_busy_team():
    sizes = sorted(len(happened) for happened in events().values())
    assert 55 <= len(sizes) <= 65
    assert 15_000 <= sum(sizes) <= 25_000
    assert 80 <= statistics.median(sizes) <= 150
    assert 7_000 <= sizes[-1] <= 9_500
    assert sum(size >= 1_000 for size in sizes) >= 4
    assert sum(len(threads) >= 20 for threads in _threads().values()) >= 2
    assert max(map(len, _threads().values())) <= 26


def test_sessions_end_in_all_the_ways_there_are():
    states = Counter(record.status for record in made() if isinstance(record, SessionRecord))
    assert states == {"idle": 57, "running": 3, "terminated": 1, "rescheduling": 1}


def test_outcomes_end_in_all_the_ways_there_are():
    graded = {
        key: [e.payload["result"] for e in happened if e.type == "span.outcome_evaluation_end"]
        for key, happened in events().items()
    }
    ends = Counter(verdicts[-1] for verdicts in graded.values() if verdicts)
    assert set(ends) == {"satisfied", "max_iterations_reached", "failed"}
    assert 15 <= sum(ends.values()) <= 30


def test_people_follow_up_interrupt_refuse_and_sleep_over_it():
    seen = Counter(event.type for event in _all())
    assert seen["user.interrupt"] >= 3
    refusals = [e for e in _all() if e.payload.get("result") == "deny"]
    assert len(refusals) >= 3
    turns = [sum(e.type == "user.message" for e in happened) for happened in events().values()]
    assert sum(count > 1 for count in turns) > 25
    overnight = 0
    for happened in events().values():
        messages = [e.occurred_at.date() for e in happened if e.type == "user.message"]
        overnight += len(set(messages)) > 1
    assert overnight >= 5
