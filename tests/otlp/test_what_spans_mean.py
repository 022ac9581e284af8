"""Kinds, names, tokens and errors, whoever wrote the span; and that no span breaks the reader."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.otlp.decoding import RawSpan, SpanEvent
from apps.otlp.mapping.attributes import numbered
from apps.otlp.mapping.meaning import Kind, conversation_of, kind_of, person_of, read
from apps.otlp.mapping.usage import usage_of
from apps.otlp.placing import Arrival, Placing
from apps.otlp.telling import Teller
from tests.otlp.spans import TRACE, span


@pytest.mark.parametrize(
    ("name", "attributes", "kind"),
    [
        ("x", {"gen_ai.operation.name": "invoke_agent"}, Kind.AGENT),
        ("x", {"gen_ai.operation.name": "invoke_workflow"}, Kind.AGENT),
        ("x", {"gen_ai.operation.name": "create_agent"}, Kind.NOTHING),
        ("x", {"gen_ai.operation.name": "text_completion"}, Kind.MODEL),
        ("x", {"gen_ai.operation.name": "embeddings"}, Kind.MODEL),
        ("x", {"gen_ai.operation.name": "retrieval"}, Kind.TOOL),
        ("x", {"gen_ai.operation.name": "somethingnew"}, Kind.NOTHING),
        ("x", {"openinference.span.kind": "agent"}, Kind.AGENT),
        ("x", {"openinference.span.kind": "CHAIN", "llm.model_name": "m"}, Kind.NOTHING),
        ("x", {"openinference.span.kind": "GUARDRAIL"}, Kind.NOTHING),
        ("x", {"traceloop.span.kind": "workflow"}, Kind.NOTHING),
        ("x", {"traceloop.span.kind": "tool"}, Kind.TOOL),
        ("x", {"ai.operationId": "ai.generateObject"}, Kind.AGENT),
        ("x", {"ai.operationId": "ai.embedMany.doEmbed"}, Kind.MODEL),
        ("x", {"ai.operationId": "ai.embedMany"}, Kind.NOTHING),
        ("call_llm", {"gen_ai.request.model": "gemini"}, Kind.MODEL),
        ("agent run", {"agent_name": "a"}, Kind.AGENT),
        ("running tool", {"gen_ai.tool.name": "t"}, Kind.TOOL),
        ("x", {"gen_ai.request.model": "m", "gen_ai.usage.input_tokens": 1}, Kind.MODEL),
        ("x", {"gen_ai.request.model": "m"}, Kind.NOTHING),
        ("GET /", {"http.request.method": "GET"}, Kind.NOTHING),
    ],
)
def test_kinds(name, attributes, kind):
    assert kind_of(span(1, name=name, **attributes)) == kind


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (span(1, name="invoke_agent a", gen_ai__operation__name="invoke_agent"), ""),
        (span(1, 2, name="Writer", openinference__span__kind="AGENT"), "Writer"),
        (span(1, name="Agent workflow", openinference__span__kind="AGENT"), ""),
        (span(1, openinference__span__kind="AGENT", agent__name="a\x00b"), "a␀b"),
        (
            span(1, gen_ai__operation__name="invoke_workflow", gen_ai__workflow__name="crew"),
            "crew",
        ),
    ],
)
def test_names_of_agents(made, name):
    assert read(made).name == name


@pytest.mark.parametrize(
    ("attributes", "counts"),
    [
        ({"gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2}, (10, 2, 0, 0)),
        (
            {
                "gen_ai.usage.input_tokens": 100,
                "gen_ai.usage.cache_read.input_tokens": 80,
                "gen_ai.usage.cache_creation.input_tokens": 5,
            },
            (15, 0, 80, 5),
        ),
        # Against the conventions, cached ones are not part of the input.
        (
            {"gen_ai.usage.input_tokens": 3, "gen_ai.usage.cache_read_input_tokens": 80},
            (3, 0, 80, 0),
        ),
        ({"llm.token_count.prompt": 9, "llm.token_count.completion": 1}, (9, 1, 0, 0)),
        ({"input_tokens": 2, "cache_read_tokens": 9}, (2, 0, 9, 0)),
        ({"gen_ai.usage.output_tokens": "7"}, (0, 7, 0, 0)),
        ({"gen_ai.usage.output_tokens": 7.0}, (0, 7, 0, 0)),
    ],
)
def test_tokens(attributes, counts):
    assert tuple(usage_of(attributes).values()) == counts


@pytest.mark.parametrize("value", [None, -1, True, float("nan"), 1e300, "many", [5], {}])
def test_what_is_no_count_counts_nothing(value):
    assert usage_of({"gen_ai.usage.input_tokens": value}) is None


def test_an_exception_says_more_than_a_status():
    told = ("exception", {"exception.type": "TimeoutError", "exception.message": "too slow"})

    assert read(span(1, error="failed", events=(told,))).error == "TimeoutError: too slow"
    assert read(span(1, error="said")).error == "said"
    assert read(span(1, events=(told,))).error == ""


def test_the_conversation_is_found_where_frameworks_put_it():
    assert conversation_of(span(1, gen_ai__conversation__id="a")) == "a"
    assert conversation_of(span(1, session__id="b")) == "b"
    assert conversation_of(span(1, metadata='{"thread_id": "c"}')) == "c"
    assert conversation_of(span(1, metadata="not json")) == ""
    assert person_of(span(1, user__id="ines")) == "ines"


def test_tools_of_a_definition_are_the_agents():
    tool = '[{"type": "function", "name": "find", "parameters": {"type": "object"}}]'

    about = read(span(1, gen_ai__operation__name="chat", gen_ai__tool__definitions=tool)).about

    assert about["tools"] == [
        {
            "type": "custom",
            "name": "find",
            "description": "",
            "input_schema": {"type": "object"},
        }
    ]


def test_numbered_attributes_cost_what_is_there_and_not_what_they_count_to():
    assert numbered({"a.999999999.b": 1, "a.2.b": 0, "a.x": 5}, "a") == [{"b": 0}, {"b": 1}]
    assert numbered({"a." + "0." * 500 + "b": 1}, "a")


NAMES = st.sampled_from(
    [
        "gen_ai.operation.name",
        "gen_ai.input.messages",
        "gen_ai.output.messages",
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "gen_ai.tool.call.arguments",
        "gen_ai.usage.input_tokens",
        "gen_ai.agent.name",
        "openinference.span.kind",
        "llm.input_messages.0.message.role",
        "llm.input_messages.0.message.tool_calls.0.tool_call.function.name",
        "llm.input_messages.0.message",
        "llm.input_messages.0",
        "llm.tools.0.tool.json_schema",
        "retrieval.documents.0.document",
        "ai.operationId",
        "ai.prompt",
        "ai.response.toolCalls",
        "events",
        "metadata",
        "input.value",
        "output.value",
        "gcp.vertex.agent.llm_request",
        "pydantic_ai.all_messages",
        "session.id",
    ]
)
WORDS = st.sampled_from(
    ["invoke_agent", "chat", "execute_tool", "AGENT", "LLM", "TOOL", "ai.toolCall", "ai.streamText"]
)
KEYS = st.sampled_from(
    [
        *("role", "content", "parts", "type", "text", "tool_calls", "function", "id", "message"),
        *("name", "arguments", "messages", "kwargs", "input", "function_call", "thought", "data"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
SPANS = st.builds(
    RawSpan,
    trace_id=st.just(TRACE),
    span_id=st.sampled_from("abcdefgh"),
    parent_id=st.sampled_from(["", *"abcdefgh"]),
    name=st.text(max_size=9),
    start=st.integers(0, 2**64 - 1),
    end=st.integers(0, 2**64 - 1),
    attributes=st.dictionaries(NAMES, VALUES | VALUES.map(str) | WORDS, max_size=6),
    events=st.lists(
        st.builds(
            SpanEvent,
            st.sampled_from(["gen_ai.choice", "gen_ai.user.message", "exception"]),
            st.dictionaries(KEYS, VALUES, max_size=3),
        ),
        max_size=2,
    ),
    failed=st.booleans(),
    status_message=st.text(max_size=5),
)


@given(st.lists(SPANS, max_size=6, unique_by=lambda each: each.span_id))
def test_no_span_breaks_the_reader(spans):
    placing = Placing({}, {})
    placing.place([Arrival(each, read(each)) for each in spans], overdue=True)
    teller = Teller("key", TRACE, {})
    teller.tell(placing.placed)

    assert len(placing.placed) == len(spans)
    for memory in teller.memories.values():
        assert type(memory).load(memory.dump()).dump() == memory.dump()
