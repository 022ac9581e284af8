"""What is read out of a payload."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.engine.pricing import Usage
from apps.sessions.models import Kind
from apps.sessions.promoting import promote

_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
_names = st.sampled_from(
    ["content", "input", "name", "model", "model_usage", "usage", "error", "tool_use_id", "type"]
)


def text(*parts):
    return [{"type": "text", "text": part} for part in parts]


@pytest.mark.parametrize(
    ("kind", "payload", "expected"),
    [
        ("user.message", {"content": text("one", "two")}, "one\ntwo"),
        ("user.message", {"content": "plain"}, "plain"),
        ("user.message", {"content": [{"type": "image", "source": {}}]}, "[image]"),
        ("agent.tool_use", {"name": "bash", "input": {"command": "ls -la"}}, "ls -la"),
        ("agent.tool_use", {"name": "x", "input": {"a": 1, "b": "two"}}, "a: 1\nb: two"),
        (
            "agent.tool_result",
            {"content": [{"type": "search_result", "content": text("hit")}]},
            "hit",
        ),
        ("session.error", {"error": {"type": "unknown_error", "message": "gone"}}, "gone"),
        ("agent.thinking", {"thinking": "hm"}, "hm"),
        ("span.outcome_evaluation_end", {"explanation": "fits"}, "fits"),
        ("session.updated", {"title": "New title"}, "New title"),
    ],
)
def test_the_text_is_what_a_reader_would_look_for(kind, payload, expected):
    assert promote(kind, payload).text == expected


def test_a_memory_path_anywhere_in_the_input_makes_it_a_memory_event():
    shell = {"name": "bash", "input": {"command": "cat /mnt/memory/team/a.md"}}

    assert promote("agent.tool_use", shell).kind == Kind.MEMORY
    assert promote("agent.tool_use", {"name": "bash", "input": {}}).kind == Kind.TOOL


def test_an_event_of_a_type_that_nobody_knows_is_kept_as_status():
    assert promote("future.thing", {"content": text("x")}).kind == Kind.STATUS


def test_a_sessions_own_sum_is_not_counted_as_usage():
    payload = {"type": "session.usage", "usage": {"input_tokens": 5}}

    assert promote("session.usage", payload).usage is None


def test_usage_is_read_as_whole_numbers():
    usage = {"input_tokens": 5, "output_tokens": -1, "cache_read_input_tokens": "many"}

    assert promote("span.model_request_end", {"model_usage": usage}).usage == Usage(5, 0, 0, 0)


@given(st.dictionaries(_names, _anything))
def test_no_payload_is_too_strange(payload):
    for kind in ("agent.tool_use", "user.message", "session.error", "span.model_request_end"):
        promote(kind, payload)
