"""From role messages to events: what was said, which tools were called, what they answered."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from apps.sessions.formats.content import blocks_of, plain
from apps.sessions.formats.documents import Unreadable, parse
from apps.sessions.formats.failures import is_marked, reports_failure
from apps.sessions.formats.shapes import (
    Json,
    count_of,
    event_id,
    list_of,
    make_event,
    model_usage,
    moment,
    object_of,
    text_of,
)
from apps.sessions.records import EventRecord

_TIMES = ("timestamp", "created_at", "created", "time")
_REASONING = ("reasoning_content", "reasoning", "thinking")
_ROLES = ("system", "developer", "user", "assistant", "tool", "function")


def time_of(value: Json) -> datetime | None:
    """When a message, or an item, says that it was."""
    return next(filter(None, (moment(value.get(key)) for key in _TIMES)), None)


def text_in(message: Json) -> str:
    """What a message says, as text."""
    return plain(blocks_of(message.get("content")))


def request(
    session: str, source: str, at: datetime | None, usage: Json, model: str
) -> tuple[EventRecord, EventRecord]:
    """A model request's start and end, from what a message says of the tokens that it took."""
    start = event_id(session, source, "start")
    body = {
        "model_request_start_id": start,
        "model_usage": model_usage(_in_our_names(usage)),
        "is_error": False,
        "model": model,
    }
    end = event_id(session, source, "end")
    return (
        make_event(session, "span.model_request_start", start, at, {"model": model}),
        make_event(session, "span.model_request_end", end, at, body),
    )


def _in_our_names(usage: Json) -> Json:
    if "prompt_tokens" not in usage:
        return usage
    cached = count_of(object_of(usage, "prompt_tokens_details"), "cached_tokens")
    return {
        "input_tokens": max(0, count_of(usage, "prompt_tokens") - cached),
        "cache_read_input_tokens": cached,
        "output_tokens": count_of(usage, "completion_tokens"),
    }


class Conversation:
    """One session's messages on their way through, in order."""

    def __init__(self, session: str, at: datetime | None) -> None:
        self._session = session
        self._calls: dict[str, tuple[str, str]] = {}
        self.at = at

    def take(self, number: int, message: Json) -> Iterator[EventRecord]:
        """Yield what a message becomes. Its number in the conversation makes the ids."""
        if self.at is not None:
            self.at = time_of(message) or self.at
        role = message.get("role")
        if role == "assistant":
            yield from self._assistant(str(number), message)
        elif role in ("tool", "function"):
            yield self._answer(str(number), message)
        else:
            yield self._said(str(number), message)

    def _event(self, kind: str, source: tuple[str, ...], body: Json) -> EventRecord:
        return make_event(self._session, kind, event_id(self._session, *source), self.at, body)

    def _said(self, number: str, message: Json) -> EventRecord:
        """By a person; or by nobody that we know, which only a system message can be."""
        kind = "user.message" if message.get("role") == "user" else "system.message"
        body: Json = {"content": blocks_of(message.get("content"))}
        if message.get("role") not in _ROLES:
            body["role"] = str(message.get("role"))
        if text_of(message, "name"):
            body["name"] = message["name"]
        return self._event(kind, (number,), body)

    def _assistant(self, number: str, message: Json) -> Iterator[EventRecord]:
        spans: tuple[EventRecord, ...] = ()
        if usage := object_of(message, "usage"):
            spans = request(self._session, number, self.at, usage, text_of(message, "model"))
        yield from spans[:1]
        thought = next((message[key] for key in _REASONING if text_of(message, key)), "")
        if thought:
            yield self._event("agent.thinking", (number, "thinking"), {"thinking": thought})
        content = blocks_of(message.get("content") or message.get("refusal"))
        if any(text_of(block, "text").strip() for block in content):
            yield self._event("agent.message", (number,), {"content": content})
        for index, call in enumerate(_calls_of(message)):
            yield self._use(number, index, call)
        yield from spans[1:]

    def _use(self, number: str, index: int, call: Json) -> EventRecord:
        function = object_of(call, "function") or object_of(call, "custom") or call
        name = text_of(function, "name")
        given = function.get("arguments", function.get("input"))
        body = {"name": name, "input": _arguments(given)}
        event = self._event("agent.tool_use", (number, "call", str(index)), body)
        self._calls[text_of(call, "id") or f"{number}/{index}"] = (event.public_id, name)
        return event

    def _answer(self, number: str, message: Json) -> EventRecord:
        content = blocks_of(message.get("content"))
        failed = is_marked({**message, "error": None}) or reports_failure(plain(content))
        use = self._answered(text_of(message, "tool_call_id"), text_of(message, "name"))
        body = {"tool_use_id": use, "content": content, "is_error": failed}
        return self._event("agent.tool_result", (number,), body)

    def _answered(self, call_id: str, name: str) -> str:
        """The use that an answer is to: by its id, else by its tool's name, else the oldest."""
        if call_id not in self._calls:
            same_name = (key for key, (_use, tool) in self._calls.items() if tool == name)
            nameless = iter(self._calls) if not call_id else iter(())
            call_id = next(same_name, "") or next(nameless, "")
        return self._calls.pop(call_id, ("", ""))[0]


def _calls_of(message: Json) -> list[Json]:
    calls = [call for call in list_of(message, "tool_calls") if isinstance(call, dict)]
    legacy = object_of(message, "function_call")
    return [*calls, legacy] if legacy else calls


def _arguments(given: Any) -> Json:
    """A call's arguments as an object; what is none is kept whole, under one name."""
    value = given
    if isinstance(given, str):
        try:
            value = parse(given.encode("utf-8", "surrogatepass")) if given.strip() else {}
        except Unreadable:
            return {"arguments": given}
    if value is None:
        return {}
    return value if isinstance(value, dict) else {"arguments": given}
