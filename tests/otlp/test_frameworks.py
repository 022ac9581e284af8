"""Runs as each framework writes them, and the conversation that comes of it."""

import json

import pytest

from apps.otlp import receiving
from apps.sessions.models import Event, Session, Thread
from tests import make
from tests.otlp.spans import span

pytestmark = pytest.mark.django_db

TALK = ("user.message", "agent.message", "agent.thinking", "agent.tool_use", "agent.tool_result")


def receive(*spans) -> None:
    receiving.receive(spans, workspace=make.workspace())


def talk() -> list[tuple[str, str]]:
    said = Event.objects.filter(type__in=TALK).in_order()
    return [(each.type.partition(".")[2], each.tool_name or each.text) for each in said]


ASKED_AND_ANSWERED = [
    ("message", "Weather in Rome?"),
    ("tool_use", "get_weather"),
    ("tool_result", "get_weather"),
    ("message", "Sunny."),
]


def lanes() -> list[str]:
    return [thread.agent_name for thread in Thread.objects.as_lanes()]


def tokens() -> tuple[int, int, int]:
    session = Session.objects.get()
    return session.input_tokens, session.output_tokens, session.cache_read_tokens


# ---- OpenInference ------------------------------------------------------------------------------


def flat(prefix: str, *messages: dict) -> dict[str, object]:
    """Messages as numbered attributes."""
    told: dict[str, object] = {}
    for number, message in enumerate(messages):
        for key, value in message.items():
            told[f"{prefix}.{number}.message.{key}"] = value
    return told


CALLED = {
    "role": "assistant",
    "tool_calls.0.tool_call.id": "call_1",
    "tool_calls.0.tool_call.function.name": "get_weather",
    "tool_calls.0.tool_call.function.arguments": '{"city":"Rome"}',
}


def oi(kind: str, **more) -> dict[str, object]:
    return {"openinference.span.kind": kind, **more}


def test_openai_agents_sdk_with_a_handoff():
    receive(
        span(1, at=(0, 9), name="Agent workflow", **oi("AGENT")),
        span(2, 1, (1, 4), "Triage", **oi("AGENT", **{"llm.system": "openai"})),
        span(
            3,
            2,
            (1, 2),
            "response",
            **oi("LLM", **{"llm.model_name": "gpt-5", "llm.token_count.prompt": 50}),
            **flat("llm.input_messages", {}, {"role": "user", "content": "Weather in Rome?"}),
            **flat("llm.output_messages", CALLED),
        ),
        span(
            4,
            2,
            (2, 3),
            "get_weather",
            **oi("TOOL", **{"tool.name": "get_weather", "input.value": '{"city": "Rome"}'}),
            output__value="Sunny, 22",
        ),
        span(5, 2, (3, 4), "handoff to Writer", **oi("TOOL")),
        span(6, 1, (5, 8), "Writer", **oi("AGENT")),
        span(
            7,
            6,
            (6, 7),
            "response",
            **oi("LLM", **{"llm.model_name": "gpt-5", "llm.token_count.completion": 5}),
            **flat(
                "llm.output_messages",
                {
                    "role": "assistant",
                    "contents.0.message_content.type": "text",
                    "contents.0.message_content.text": "Sunny.",
                },
            ),
        ),
    )

    assert lanes() == ["Triage", "Writer"]
    assert talk() == [
        *ASKED_AND_ANSWERED[:3],
        ("tool_use", "handoff to Writer"),
        ("tool_result", "handoff to Writer"),
        ("message", "Sunny."),
    ]
    assert tokens() == (50, 5, 0)


def test_langgraph():
    history = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Weather in Rome?"},
    ]
    answer = {"role": "tool", "content": "22 degrees", "tool_call_id": "call_1"}
    node = {"metadata": json.dumps({"langgraph_node": "agent", "thread_id": "thread-1"})}
    model = oi("LLM", **{"llm.model_name": "gpt-5"})
    receive(
        span(1, at=(0, 9), name="LangGraph", **oi("CHAIN")),
        span(2, 1, (1, 3), "agent", **oi("AGENT", **node)),
        span(
            3,
            2,
            (1, 2),
            "ChatOpenAI",
            **model,
            **flat("llm.input_messages", *history),
            **flat("llm.output_messages", CALLED),
        ),
        span(
            4,
            1,
            (3, 4),
            "get_weather",
            **oi("TOOL", **{"tool.name": "get_weather", "input.value": "{'city': 'Rome'}"}),
            output__value=json.dumps({"type": "tool", "content": "22 degrees", "id": "x"}),
        ),
        span(5, 1, (5, 7), "agent", **oi("AGENT", **node)),
        span(
            6,
            5,
            (5, 6),
            "ChatOpenAI",
            **model,
            **flat("llm.input_messages", *history, CALLED, answer),
            **flat("llm.output_messages", {"role": "assistant", "content": "Sunny."}),
        ),
    )

    assert talk() == ASKED_AND_ANSWERED
    assert Event.objects.get(type="agent.tool_result").text == "22 degrees"
    session = Session.objects.get()
    assert session.external_id == "thread-1"
    assert session.agent_snapshot["system"] == "Be brief."
    assert lanes() == ["desk"]


def test_crewai():
    receive(
        span(1, at=(0, 20), name="Crew_1.kickoff", **oi("CHAIN", **{"output.value": "Done."})),
        span(
            2,
            1,
            (1, 9),
            "Researcher._execute_core",
            **oi("AGENT", **{"input.value": "Find facts", "output.value": "Three facts."}),
        ),
        span(
            3,
            2,
            (2, 3),
            "ToolUsage._use",
            **oi("TOOL", **{"tool.name": "search", "output.value": "facts"}),
            input__value='{"query": "facts"}',
        ),
        span(
            4,
            1,
            (10, 19),
            "Writer._execute_core",
            **oi("AGENT", **{"input.value": "Write", "output.value": "Done."}),
        ),
    )

    assert lanes() == ["Researcher", "Writer"]
    assert talk()[0] == ("message", "Find facts")
    received = Event.objects.filter(type="agent.thread_message_received").in_order()
    assert [each.text for each in received] == ["Write", "Done."]


def test_a_retriever_is_a_tool_that_finds_documents():
    receive(
        span(1, name="bot", **oi("AGENT", **{"agent.name": "bot"})),
        span(
            2,
            1,
            (1, 2),
            "VectorStore",
            **oi("RETRIEVER", **{"input.value": "refunds"}),
            **{f"retrieval.documents.{n}.document.content": f"page {n}" for n in (10, 2)},
        ),
    )

    assert talk() == [("tool_use", "VectorStore"), ("tool_result", "VectorStore")]
    assert Event.objects.get(type="agent.tool_result").text == "page 2\n\npage 10"


# ---- their own ----------------------------------------------------------------------------------


def test_pydantic_ai_with_parts():
    first = [{"role": "user", "parts": [{"type": "text", "content": "Weather in Rome?"}]}]
    call = {"type": "tool_call", "id": "c1", "name": "get_weather", "arguments": {"city": "Rome"}}
    asked = [{"role": "assistant", "parts": [call]}]
    result = {"type": "tool_call_response", "id": "c1", "name": "get_weather", "result": "22"}
    answered = [{"role": "user", "parts": [result]}]
    said = [{"role": "assistant", "parts": [{"type": "text", "content": "Sunny."}]}]
    chat = {"gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-5"}
    receive(
        span(
            1,
            at=(0, 9),
            name="invoke_agent weather",
            gen_ai__agent__name="weather",
            agent_name="weather",
            final_result="Sunny.",
            gen_ai__system_instructions=json.dumps([{"type": "text", "content": "Be brief."}]),
            pydantic_ai__all_messages=json.dumps([*first, *asked, *answered, *said]),
        ),
        span(
            2,
            1,
            (1, 2),
            "chat gpt-5",
            **chat,
            gen_ai__input__messages=json.dumps(first),
            gen_ai__output__messages=json.dumps(asked),
        ),
        span(3, 1, (2, 4), "running tools"),
        span(
            4,
            3,
            (2, 3),
            "execute_tool get_weather",
            gen_ai__tool__name="get_weather",
            gen_ai__tool__call__id="c1",
            gen_ai__tool__call__arguments='{"city":"Rome"}',
            gen_ai__tool__call__result="22",
        ),
        span(
            5,
            1,
            (5, 6),
            "chat gpt-5",
            **chat,
            gen_ai__input__messages=json.dumps([*first, *asked, *answered]),
            gen_ai__output__messages=json.dumps(said),
            gen_ai__usage__input_tokens=30,
            gen_ai__usage__details__cache_read_tokens=20,
        ),
    )

    assert talk() == ASKED_AND_ANSWERED
    assert tokens() == (10, 0, 20)
    assert Session.objects.get().agent_snapshot["system"] == "Be brief."


def test_pydantic_ai_with_events_in_an_attribute():
    call = {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    events = [
        {"event.name": "gen_ai.user.message", "role": "user", "content": "Weather in Rome?"},
        {"event.name": "gen_ai.assistant.message", "role": "assistant", "tool_calls": [call]},
        {"event.name": "gen_ai.tool.message", "role": "tool", "id": "c1", "content": "22"},
        {
            "event.name": "gen_ai.choice",
            "index": 0,
            "message": {"role": "assistant", "content": "Sunny."},
        },
    ]
    receive(
        span(1, at=(0, 9), name="agent run", agent_name="weather"),
        span(
            2,
            1,
            (1, 2),
            "chat gpt-5",
            gen_ai__operation__name="chat",
            gen_ai__request__model="gpt-5",
        ),
        with_attribute(span(3, 1, (3, 4), "chat gpt-5", gen_ai__operation__name="chat"), events),
    )

    assert talk() == ASKED_AND_ANSWERED


def with_attribute(made, events):
    made.attributes["events"] = json.dumps(events)
    return made


def test_messages_as_events_of_a_span():
    call = [
        {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    ]
    receive(
        span(
            1,
            name="chat gpt-4o",
            gen_ai__operation__name="chat",
            events=(
                ("gen_ai.system.message", {"content": "Be brief."}),
                ("gen_ai.user.message", {"content": "Weather in Rome?"}),
                ("gen_ai.assistant.message", {"tool_calls": json.dumps(call)}),
                ("gen_ai.tool.message", {"id": "c1", "content": "22"}),
                ("gen_ai.choice", {"index": 0, "message": json.dumps({"content": "Sunny."})}),
            ),
        )
    )

    assert talk() == ASKED_AND_ANSWERED
    assert Session.objects.get().agent_snapshot["system"] == "Be brief."


def test_messages_in_the_event_of_the_details():
    receive(
        span(
            1,
            name="chat gpt-5",
            gen_ai__operation__name="chat",
            events=(
                (
                    "gen_ai.client.inference.operation.details",
                    {
                        "gen_ai.input.messages": [
                            {"role": "user", "parts": [{"type": "text", "content": "Hi"}]}
                        ],
                        "gen_ai.output.messages": [
                            {"role": "assistant", "parts": [{"type": "text", "content": "Hello"}]}
                        ],
                    },
                ),
            ),
        )
    )

    assert talk() == [("message", "Hi"), ("message", "Hello")]


def test_openllmetry():
    receive(
        span(1, at=(0, 9), name="desk.agent", traceloop__span__kind="agent", **entity("desk")),
        span(
            2,
            1,
            (1, 2),
            "openai.chat",
            llm__request__type="chat",
            gen_ai__request__model="gpt-5",
            gen_ai__usage__prompt_tokens=12,
            gen_ai__usage__completion_tokens=3,
            **{
                "gen_ai.prompt.0.role": "user",
                "gen_ai.prompt.0.content": "Weather in Rome?",
                "gen_ai.completion.0.role": "assistant",
                "gen_ai.completion.0.tool_calls.0.id": "c1",
                "gen_ai.completion.0.tool_calls.0.name": "get_weather",
                "gen_ai.completion.0.tool_calls.0.arguments": "{}",
            },
        ),
        span(
            3, 1, (2, 3), "get_weather.tool", traceloop__span__kind="tool", **entity("get_weather")
        ),
        span(
            4,
            1,
            (4, 5),
            "openai.chat",
            llm__request__type="chat",
            **{
                "gen_ai.prompt.0.role": "user",
                "gen_ai.prompt.0.content": "Weather in Rome?",
                "gen_ai.prompt.1.role": "assistant",
                "gen_ai.prompt.1.tool_calls.0.id": "c1",
                "gen_ai.prompt.1.tool_calls.0.name": "get_weather",
                "gen_ai.prompt.1.tool_calls.0.arguments": "{}",
                "gen_ai.prompt.2.role": "tool",
                "gen_ai.prompt.2.tool_call_id": "c1",
                "gen_ai.prompt.2.content": "22",
                "gen_ai.completion.0.role": "assistant",
                "gen_ai.completion.0.content": "Sunny.",
            },
        ),
    )

    assert talk() == ASKED_AND_ANSWERED
    assert (lanes(), tokens()) == (["desk"], (12, 3, 0))


def entity(name: str) -> dict[str, str]:
    return {"traceloop.entity.name": name}


def test_vercel_ai_sdk():
    user = {"role": "user", "content": [{"type": "text", "text": "Weather in Rome?"}]}
    call = {"toolCallId": "c1", "toolName": "get_weather", "input": {"city": "Rome"}}
    used = {"role": "assistant", "content": [{"type": "tool-call", **call}]}
    output = {"type": "text", "value": "22"}
    got = {"role": "tool", "content": [{"type": "tool-result", **call, "output": output}]}
    about = {"ai.telemetry.functionId": "weather", "ai.telemetry.metadata.sessionId": "chat-1"}
    step = {"ai.operationId": "ai.streamText.doStream", "gen_ai.request.model": "gpt-5", **about}
    receive(
        span(
            1,
            at=(0, 9),
            name="ai.streamText weather",
            ai__operationId="ai.streamText",
            ai__prompt=json.dumps({"system": "Be brief.", "messages": [user]}),
            ai__response__text="Sunny.",
            ai__usage__inputTokens=999,
            **about,
        ),
        span(
            2,
            1,
            (1, 2),
            "ai.streamText.doStream",
            ai__prompt__messages=json.dumps([{"role": "system", "content": "Be brief."}, user]),
            ai__response__toolCalls=json.dumps([call]),
            ai__usage__inputTokens=40,
            ai__usage__cachedInputTokens=30,
            **step,
        ),
        span(
            3,
            1,
            (2, 3),
            "ai.toolCall",
            ai__operationId="ai.toolCall",
            ai__toolCall__id="c1",
            ai__toolCall__name="get_weather",
            ai__toolCall__args='{"city":"Rome"}',
            ai__toolCall__result='"22"',
        ),
        span(
            4,
            1,
            (4, 5),
            "ai.streamText.doStream",
            ai__prompt__messages=json.dumps([user, used, got]),
            ai__response__text="Sunny.",
            **step,
        ),
    )

    assert talk() == ASKED_AND_ANSWERED
    assert tokens() == (10, 0, 30)
    assert (lanes(), Session.objects.get().external_id) == (["weather"], "chat-1")
    assert Event.objects.get(type="agent.tool_result").text == "22"


def test_google_adk():
    contents = [{"role": "user", "parts": [{"text": "Weather in Rome?"}]}]
    call = {"function_call": {"name": "get_weather", "args": {"city": "Rome"}}}
    got = {"function_response": {"name": "get_weather", "response": {"result": "22"}}}
    later = [
        *contents,
        {"role": "model", "parts": [call]},
        {"role": "user", "parts": [got]},
    ]
    config = {"system_instruction": "Be brief."}
    receive(
        span(1, at=(0, 9), name="invocation"),
        span(
            2,
            1,
            (0, 9),
            "invoke_agent weather",
            gen_ai__operation__name="invoke_agent",
            gen_ai__agent__name="weather",
            gen_ai__conversation__id="s-1",
        ),
        adk_request(3, 2, (1, 4), contents, {"role": "model", "parts": [call]}, config),
        span(
            4,
            3,
            (2, 3),
            "execute_tool get_weather",
            gen_ai__operation__name="execute_tool",
            gen_ai__tool__name="get_weather",
            gcp__vertex__agent__tool_call_args='{"city": "Rome"}',
            gcp__vertex__agent__tool_response='{"result": "22"}',
            gcp__vertex__agent__llm_request="{}",
        ),
        span(
            5,
            3,
            (3, 3.5),
            "execute_tool (merged)",
            gen_ai__operation__name="execute_tool",
            gen_ai__tool__name="(merged tools)",
        ),
        adk_request(6, 2, (5, 6), later, {"role": "model", "parts": [{"text": "Sunny."}]}, config),
    )

    assert [each[0] for each in talk()] == [each[0] for each in ASKED_AND_ANSWERED]
    assert lanes() == ["weather"]
    assert tokens() == (14, 0, 0)


def adk_request(id, parent, at, contents, answer, config):  # noqa: A002
    request = {"model": "gemini", "config": config, "contents": contents}
    return span(
        id,
        parent,
        at,
        "call_llm",
        gen_ai__system="gcp.vertex.agent",
        gen_ai__request__model="gemini",
        gcp__vertex__agent__session_id="s-1",
        gcp__vertex__agent__llm_request=json.dumps(request),
        gcp__vertex__agent__llm_response=json.dumps({"content": answer}),
        gen_ai__usage__input_tokens=7,
    )


def test_claude_agent_sdk():
    receive(
        span(
            1,
            at=(0, 9),
            name="claude_code.interaction",
            session__id="cc-1",
            user_prompt="Weather in Rome?",
        ),
        span(
            2,
            1,
            (1, 2),
            "claude_code.llm_request",
            session__id="cc-1",
            model="claude-opus-5",
            input_tokens=2,
            output_tokens=100,
            cache_read_tokens=8_000,
        ),
        span(
            3,
            1,
            (2, 5),
            "claude_code.tool",
            session__id="cc-1",
            tool_name="get_weather",
            tool_use_id="toolu_1",
            events=(("tool.output", {"content": "22"}),),
        ),
        span(4, 3, (3, 4), "claude_code.tool.execution", tool_use_id="toolu_1"),
        span(5, at=(10, 11), name="claude_code.interaction", user_prompt="<REDACTED>"),
    )

    assert talk() == ASKED_AND_ANSWERED[:3]
    assert Event.objects.get(type="agent.tool_result").text == "22"
    assert (lanes(), tokens()) == (["Claude Code"], (2, 100, 8_000))


def test_strands():
    receive(
        span(
            1,
            at=(0, 9),
            name="invoke_agent desk",
            gen_ai__operation__name="invoke_agent",
            gen_ai__agent__name="desk",
            events=(
                ("gen_ai.user.message", {"content": json.dumps([{"text": "Weather in Rome?"}])}),
                ("gen_ai.choice", {"message": "Sunny.", "finish_reason": "end_turn"}),
            ),
        ),
        span(
            2,
            1,
            (1, 2),
            "chat",
            gen_ai__operation__name="chat",
            events=(
                ("gen_ai.user.message", {"content": json.dumps([{"text": "Weather in Rome?"}])}),
                (
                    "gen_ai.choice",
                    {
                        "finish_reason": "tool_use",
                        "message": json.dumps(
                            [{"toolUse": {"toolUseId": "t1", "name": "get_weather", "input": {}}}]
                        ),
                    },
                ),
            ),
        ),
        span(
            3,
            1,
            (2, 3),
            "execute_tool get_weather",
            gen_ai__operation__name="execute_tool",
            gen_ai__tool__name="get_weather",
            gen_ai__tool__call__id="t1",
            events=(
                ("gen_ai.tool.message", {"role": "tool", "content": "{}", "id": "t1"}),
                ("gen_ai.choice", {"message": json.dumps([{"text": "22"}]), "id": "t1"}),
            ),
        ),
    )

    assert talk() == ASKED_AND_ANSWERED
