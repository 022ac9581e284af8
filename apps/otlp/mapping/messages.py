"""Messages of every shape, as one: who speaks, and what parts it has.

Read are the parts of OpenTelemetry, chat completions, Responses items, content blocks as Anthropic,
Bedrock, Gemini and the AI SDK write them, and the numbered attributes of OpenInference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from apps.core import payloads
from apps.otlp.mapping.attributes import parsed
from apps.sessions.formats.content import blocks_of, left_out, plain
from apps.sessions.formats.shapes import Json, list_of, text_of

USER, ASSISTANT, SYSTEM, TOOL = "user", "assistant", "system", "tool"


@dataclass(frozen=True, slots=True)
class Text:
    """What was said; a picture or file is a text that names it."""

    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    """What a model thought before it spoke."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A model asks for a tool."""

    id: str
    name: str
    arguments: Json


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool answered."""

    id: str
    text: str
    is_error: bool = False
    name: str = ""
    """The tool's, where the answer says it."""


Part = Text | Thought | Call | Result


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: str
    parts: tuple[Part, ...] = field(default=())

    @property
    def text(self) -> str:
        """What it says, without calls and thoughts."""
        return "\n".join(part.text for part in self.parts if isinstance(part, Text))


_ROLES = {
    "user": USER,
    "human": USER,
    "humanmessage": USER,
    "assistant": ASSISTANT,
    "ai": ASSISTANT,
    "aimessage": ASSISTANT,
    "aimessagechunk": ASSISTANT,
    "model": ASSISTANT,
    "system": SYSTEM,
    "developer": SYSTEM,
    "systemmessage": SYSTEM,
    "tool": TOOL,
    "function": TOOL,
    "toolmessage": TOOL,
}
_HOLDERS = ("messages", "contents", "input", "prompt", "output", "choices", "candidates", "content")


def read_messages(value: Any, role: str) -> list[Message]:
    """Every message in it, whatever holds them. `role` speaks where none is named."""
    return [each for each in _messages(parsed(value), role) if each.parts]


def _messages(value: Any, role: str) -> Iterator[Message]:
    if isinstance(value, str):
        yield Message(role, (Text(value),) if value.strip() else ())
    elif isinstance(value, list):
        for each in value:
            yield from _messages(each, role)
    elif isinstance(value, dict):
        yield from _of_object(value, role)


def _of_object(value: Json, role: str) -> Iterator[Message]:
    if isinstance(value.get("message"), dict):
        yield from _of_object(value["message"], role)
    elif isinstance(value.get("kwargs"), dict):  # a LangChain object, as it writes itself
        names = list_of(value, "id")
        named = {"role": str(names[-1])} if names else {}
        yield from _of_object(named | value["kwargs"], role)
    elif _is_message(value):
        yield _message(value, role)
    else:
        if text_of(value, "system"):
            yield Message(SYSTEM, (Text(value["system"]),))
        held = next((value[key] for key in _HOLDERS if value.get(key)), None)
        if held is not None:
            yield from _messages(held, role)


def _is_message(value: Json) -> bool:
    return bool(
        text_of(value, "role").lower() in _ROLES
        or isinstance(value.get("parts"), list)
        or text_of(value, "type") in _ITEMS
        or text_of(value, "type") in _ROLES
        or value.get("tool_calls")
        or "text" in value
    )


def _message(value: Json, role: str) -> Message:
    named = text_of(value, "role") or text_of(value, "type")
    role = _ROLES.get(named.lower(), role)
    if text_of(value, "type") in _ITEMS:
        return Message(_ITEMS[value["type"]] or role, tuple(_parts([value])))
    body = value.get("parts") or value.get("contents") or value.get("content")
    if body is None and "text" in value:
        body = value["text"]
    parts = list(_parts(body if isinstance(body, list) else [body]))
    if role == TOOL:
        parts = [_answer(value, parts)]
    thought = next((value[k] for k in ("reasoning_content", "reasoning") if text_of(value, k)), "")
    calls = [_call(each) for each in list_of(value, "tool_calls") if isinstance(each, dict)]
    if isinstance(value.get("function_call"), dict) and not calls:
        calls = [_call(value["function_call"])]
    thoughts: list[Part] = [Thought(thought)] if thought else []
    return Message(role, (*thoughts, *parts, *_new(calls, parts)))


def _new(calls: list[Call], parts: list[Part]) -> list[Call]:
    """Some write a call both among the parts and beside them."""
    known = {part.id for part in parts if isinstance(part, Call)}
    return [call for call in calls if not call.id or call.id not in known]


def _answer(value: Json, parts: list[Part]) -> Part:
    told = next((part for part in parts if isinstance(part, Result)), None)
    if told is not None:
        return told
    said = "\n".join(part.text for part in parts if isinstance(part, Text))
    call_id = text_of(value, "tool_call_id") or text_of(value, "call_id") or text_of(value, "id")
    return Result(call_id, said, value.get("status") == "error", text_of(value, "name"))


_ITEMS = {"function_call": ASSISTANT, "function_call_output": TOOL, "reasoning": ASSISTANT}
_KEYED = ("function_call", "functionCall", "toolUse", "tool_call")
_ANSWERED = ("function_response", "functionResponse", "toolResult")
_CALLS = {"tool_call", "tool-call", "tool_use", "function_call", "server_tool_use"}
_RESULTS = {"tool_call_response", "tool-result", "tool_result", "function_call_output"}
_THOUGHTS = {"reasoning", "thinking"}
_SAID = ("text", "content", "refusal")


def _parts(items: Iterable[Any]) -> Iterator[Part]:
    for item in items:
        part = _part(item) if isinstance(item, dict) else _said(item)
        if part is not None:
            yield part


def _said(item: Any) -> Part | None:
    if item is None or item == "":
        return None
    return Text(item if isinstance(item, str) else payloads.dump(item))


def _part(item: Json) -> Part | None:
    if isinstance(item.get("message_content"), dict):
        return _part(item["message_content"])
    kind = text_of(item, "type")
    call = item if kind in _CALLS else _under(item, _KEYED)
    if call is not None:
        return _call(call)
    answer = item if kind in _RESULTS else _under(item, _ANSWERED)
    if answer is not None:
        return _result(answer)
    if kind in _THOUGHTS or item.get("thought") is True:
        return _thought(item)
    said = next((item[key] for key in _SAID if text_of(item, key)), "")
    return Text(said) if said else _named(item, kind)


def _under(item: Json, keys: Iterable[str]) -> Json | None:
    return next((item[key] for key in keys if isinstance(item.get(key), dict)), None)


def _named(item: Json, kind: str) -> Part | None:
    """Pictures, files and what is not known: a text that names it, never its bytes."""
    if kind == "text" or not item:
        return None
    block = left_out(item)
    if block is not None:
        return Text(block["text"])
    media = text_of(item, "mime_type") or text_of(item, "modality") or text_of(item, "mediaType")
    return Text(f"[{', '.join(filter(None, (kind or next(iter(item)), media)))}]")


def _thought(item: Json) -> Part | None:
    told = next((item[k] for k in ("content", "text", "thinking", "reasoning") if item.get(k)), "")
    if not told:
        told = item.get("summary") or ""
    said = told if isinstance(told, str) else plain(blocks_of(told))
    return Thought(said) if said else None


def _call(item: Json) -> Call:
    if isinstance(item.get("tool_call"), dict):
        item = item["tool_call"]
    function = item.get("function")
    told = function if isinstance(function, dict) else item
    given = next((told[k] for k in ("arguments", "args", "input") if told.get(k) is not None), None)
    return Call(
        id=next((item[k] for k in _CALL_IDS if text_of(item, k)), ""),
        name=next((told[k] for k in ("name", "toolName") if text_of(told, k)), ""),
        arguments=arguments_of(given),
    )


_CALL_IDS = ("call_id", "toolCallId", "toolUseId", "tool_use_id", "tool_call_id", "id")


def _result(item: Json) -> Result:
    names = ("response", "result", "output", "content")
    given = next((item[key] for key in names if item.get(key) is not None), "")
    failed = item.get("is_error") is True or item.get("isError") is True
    failed = failed or item.get("status") == "error"
    call_id = next((item[k] for k in _CALL_IDS if text_of(item, k)), "")
    name = text_of(item, "name") or text_of(item, "toolName")
    return Result(call_id, answer_text(given), failed, name)


def arguments_of(given: Any) -> Json:
    """A call's arguments as an object; what is none is kept whole, under one name."""
    value = parsed(given)
    if value in (None, ""):
        return {}
    return value if isinstance(value, dict) else {"arguments": value}


def answer_text(given: Any) -> str:
    """A tool's answer as text: content blocks joined, other values as JSON."""
    if isinstance(given, str):
        value = parsed(given)
        return value if isinstance(value, str) else _blocks_text(value) or given
    return _blocks_text(given) or ("" if given is None else payloads.dump(given))


def _blocks_text(value: Any) -> str:
    """The text of what is nothing but text in some wrapping."""
    if isinstance(value, dict) and set(value) <= {"type", "text", "value"}:
        return text_of(value, "text") or text_of(value, "value")
    if isinstance(value, list) and value and all(_is_text(each) for each in value):
        return plain(value)
    return ""


def _is_text(block: Any) -> bool:
    return isinstance(block, dict) and isinstance(block.get("text"), str)
