"""One message, in every shape that frameworks write it."""

import pytest

from apps.otlp.mapping.messages import (
    Call,
    Message,
    Result,
    Text,
    Thought,
    answer_text,
    arguments_of,
    read_messages,
)

CALL = Call("c1", "find", {"n": 1})


def only(value, role="user") -> Message:
    (message,) = read_messages(value, role)
    return message


@pytest.mark.parametrize(
    "value",
    [
        "Hi",
        ["Hi"],
        '["Hi"]',
        '{"role": "user", "content": "Hi"}',
        {"role": "user", "content": "Hi"},
        {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
        {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
        {"role": "user", "parts": [{"type": "text", "content": "Hi"}]},
        {"role": "user", "parts": [{"text": "Hi"}]},
        {"role": "human", "content": "Hi"},
        {"type": "human", "content": "Hi"},
        {"message": {"role": "user", "content": "Hi"}},
        {"message": {"role": "user", "contents": [{"message_content": {"text": "Hi"}}]}},
        {"messages": [{"role": "user", "content": "Hi"}]},
        {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]},
        {"prompt": "Hi"},
        {"input": "Hi"},
        [[{"role": "user", "content": "Hi"}]],
        {"id": ["langchain", "HumanMessage"], "kwargs": {"content": "Hi"}},
    ],
)
def test_what_a_person_said(value):
    assert only(value) == Message("user", (Text("Hi"),))


@pytest.mark.parametrize(
    "value",
    [
        {"parts": [{"type": "tool_call", "id": "c1", "name": "find", "arguments": {"n": 1}}]},
        {"tool_calls": [{"id": "c1", "function": {"name": "find", "arguments": '{"n": 1}'}}]},
        {"tool_calls": [{"id": "c1", "name": "find", "args": {"n": 1}}]},
        {
            "message": {
                "tool_calls": [
                    {"tool_call": {"id": "c1", "function": {"name": "find", "arguments": {"n": 1}}}}
                ]
            }
        },
        {"content": [{"type": "tool_use", "id": "c1", "name": "find", "input": {"n": 1}}]},
        {
            "content": [
                {"type": "tool-call", "toolCallId": "c1", "toolName": "find", "input": {"n": 1}}
            ]
        },
        {"parts": [{"function_call": {"id": "c1", "name": "find", "args": {"n": 1}}}]},
        {"parts": [{"functionCall": {"id": "c1", "name": "find", "args": {"n": 1}}}]},
        {"content": [{"toolUse": {"toolUseId": "c1", "name": "find", "input": {"n": 1}}}]},
        {"type": "function_call", "call_id": "c1", "name": "find", "arguments": '{"n": 1}'},
    ],
)
def test_what_a_model_asked_for(value):
    if "type" not in value and "message" not in value:
        value = {"role": "assistant", **value}

    assert only(value, "assistant") == Message("assistant", (CALL,))


@pytest.mark.parametrize(
    "value",
    [
        {"role": "tool", "tool_call_id": "c1", "content": "found"},
        {"role": "tool", "id": "c1", "content": "found"},
        {
            "role": "tool",
            "parts": [{"type": "tool_call_response", "id": "c1", "response": "found"}],
        },
        {
            "role": "user",
            "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "found"}],
        },
        {
            "role": "tool",
            "content": [
                {
                    "type": "tool-result",
                    "toolCallId": "c1",
                    "output": {"type": "text", "value": "found"},
                }
            ],
        },
        {"type": "function_call_output", "call_id": "c1", "output": "found"},
        {"content": [{"toolResult": {"toolUseId": "c1", "content": [{"text": "found"}]}}]},
        {"role": "user", "parts": [{"functionResponse": {"id": "c1", "response": "found"}}]},
    ],
)
def test_what_a_tool_answered(value):
    (part,) = only(value if "role" in value or "type" in value else {"role": "user", **value}).parts

    assert part == Result("c1", "found")


def test_a_failed_answer_says_so():
    failed = {"type": "tool_result", "tool_use_id": "c", "content": "no", "is_error": True}

    assert only({"role": "user", "content": [failed]}).parts == (Result("c", "no", True),)
    assert only({"role": "tool", "content": "no", "status": "error"}).parts == (
        Result("", "no", True),
    )


@pytest.mark.parametrize(
    "value",
    [
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm"}]},
        {"role": "assistant", "parts": [{"type": "reasoning", "content": "hm"}]},
        {"role": "assistant", "reasoning_content": "hm"},
        {"role": "model", "parts": [{"text": "hm", "thought": True}]},
        {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
    ],
)
def test_what_a_model_thought(value):
    assert only(value, "assistant").parts == (Thought("hm"),)


def test_a_call_that_is_told_twice_is_one():
    call = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": '{"n":1}'}}
    block = {"type": "tool_use", "id": "c1", "name": "find", "input": {"n": 1}}

    message = only({"role": "assistant", "content": [block], "tool_calls": [call]})

    assert message.parts == (CALL,)


def test_pictures_and_files_are_named_and_never_kept():
    parts = [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "blob", "mime_type": "audio/wav", "content": ""},
        {"inline_data": {"mime_type": "image/png", "data": "AAAA"}},
    ]

    texts = [part.text for part in only({"role": "user", "content": parts}).parts]

    assert texts[0].startswith("[image, image/png")
    assert texts[1] == "[blob, audio/wav]"
    assert "AAAA" not in "".join(texts)


@pytest.mark.parametrize(
    "value", [None, "", "  ", [], {}, 7, True, {"unknown": 1}, [None, 5], "{}"]
)
def test_what_says_nothing_is_no_message(value):
    assert read_messages(value, "user") == []


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ('{"a": 1}', {"a": 1}),
        ({"a": 1}, {"a": 1}),
        ("", {}),
        (None, {}),
        ("plain words", {"arguments": "plain words"}),
        ("[1, 2]", {"arguments": [1, 2]}),
        ("{broken", {"arguments": "{broken"}),
    ],
)
def test_arguments_are_an_object(given, read):
    assert arguments_of(given) == read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("plain", "plain"),
        ('"quoted"', "quoted"),
        ('[{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]', "a\nb"),
        ({"result": 5}, '{"result":5}'),
        ('{"result": 5}', '{"result": 5}'),
        (None, ""),
        (0, "0"),
    ],
)
def test_an_answer_is_text(given, read):
    assert answer_text(given) == read
