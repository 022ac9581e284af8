"""Transcripts are hostile: a field may hold anything."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.sessions.formats import FORMATS
from tests.sessions.formats.transcripts import (
    SESSION,
    assistant,
    line,
    result,
    text,
    use,
    user,
)

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
GOOD = {
    "claude-code": [
        user("u1", 0, [text("Hi"), {"type": "image", "source": {"data": "QUJD"}}]),
        assistant("a1", 1, text("Yes"), use("t1", "Task", prompt="Look")),
        user("u2", 2, [result("t1", [text("agentId: a1")])], toolUseResult={"agentId": "a1"}),
        line("system", "s1", 3, subtype="api_error", error={"error": {"error": {}}}),
        line("system", "s2", 4, subtype="compact_boundary", compactMetadata={}),
        line("attachment", "q1", 5, attachment={"type": "queued_command", "prompt": "x"}),
        line("progress", "p1", 6, data={"agentId": "a1"}, parentToolUseID="t1"),
        {"type": "summary", "summary": "x", "leafUuid": "u1"},
        {**user("c1", 7, "Look"), "isSidechain": True},
        {**user("f1", 8, "Go on"), "forkedFrom": {"sessionId": "other"}},
    ],
    "native": [
        {
            "type": "session",
            "id": "s",
            "agent": {},
            "metadata": {"a": 1},
            "created_at": "2026-11-02T09:00:00Z",
        },
        {"type": "session_thread", "id": "t", "session_id": "s", "agent": {}, "status": "idle"},
        {"type": "agent.message", "id": "e", "session_thread_id": "t", "processed_at": None},
        {"data": [{"type": "user.message"}]},
    ],
    "chat": [
        {
            "id": "x",
            "reward": 1,
            "info": {"task": {"instruction": "x"}},
            "usage": {"prompt_tokens": 1, "prompt_tokens_details": {}},
            "metadata": {"a": 1},
            "created": 1,
            "messages": [
                {"role": "system", "content": "x"},
                {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]},
                {
                    "role": "assistant",
                    "content": None,
                    "usage": {},
                    "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}],
                },
                {"role": "tool", "tool_call_id": "c", "name": "f", "content": "{}"},
            ],
        }
    ],
}


def spoil(value, path, odd):
    """The value with whatever lies at the end of a path replaced."""
    if not path or not isinstance(value, (dict, list)) or not value:
        return odd
    step, *rest = path
    if isinstance(value, list):
        at = step % len(value)
        return [*value[:at], spoil(value[at], rest, odd), *value[at + 1 :]]
    key = sorted(value)[step % len(value)]
    return {**value, key: spoil(value[key], rest, odd)}


@pytest.mark.parametrize("format_", GOOD)
@settings(max_examples=300)
@given(
    spoilt=st.lists(st.tuples(st.lists(st.integers(0, 9), max_size=6), ANYTHING), max_size=4),
)
def test_any_field_may_hold_anything(format_, spoilt):
    lines = GOOD[format_]
    for path, odd in spoilt:
        lines = spoil(lines, path, odd)
    lines = lines if isinstance(lines, list) else [lines]
    data = b"".join(json.dumps(each).encode() + b"\n" for each in lines)

    first = list(FORMATS[format_](io.BytesIO(data), name=f"{SESSION}.jsonl"))
    again = list(FORMATS[format_](io.BytesIO(data), name=f"{SESSION}.jsonl"))

    assert repr(first) == repr(again)
