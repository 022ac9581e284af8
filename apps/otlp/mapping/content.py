"""Where a span keeps what was said to a model or an agent, and what came back."""

from typing import Any

from apps.otlp.decoding import RawSpan
from apps.otlp.mapping.attributes import Attributes, first, numbered, parsed, text
from apps.otlp.mapping.messages import ASSISTANT, SYSTEM, USER, Message, read_messages
from apps.sessions.formats.shapes import Json, object_of, text_of

_DETAILS = "gen_ai.client.inference.operation.details"
_INPUT = (
    "gen_ai.input.messages",
    "ai.prompt.messages",
    "ai.prompt",
    "gcp.vertex.agent.llm_request",
)
_NUMBERED_INPUT = ("llm.input_messages", "gen_ai.prompt")
_LATER_INPUT = ("gen_ai.prompt", "user_prompt", "input.value", "traceloop.entity.input")
_OUTPUT = ("gen_ai.output.messages", "gcp.vertex.agent.llm_response")
_NUMBERED_OUTPUT = ("llm.output_messages", "gen_ai.completion")
_LATER_OUTPUT = (
    "gen_ai.completion",
    "ai.response.object",
    "final_result",
    "output.value",
    "traceloop.entity.output",
    "response.model_output",
)
_SYSTEM = ("gen_ai.system_instructions", "ai.prompt.system", "gen_ai.request.instructions")
_ROLE_EVENTS = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.choice": "choice",
    "gen_ai.content.prompt": "user",
    "gen_ai.content.completion": "choice",
}
_CHOICE = "choice"
_NOTHING: tuple[Any, ...] = (None, "", "{}", "[]", "<REDACTED>", [], {})


def inputs(span: RawSpan) -> tuple[list[Message], str]:
    """What it was given, and the instructions it works by."""
    found = (
        _read(span.attributes, _INPUT, USER)
        or _read_numbered(span.attributes, _NUMBERED_INPUT, USER)
        or _read(_details(span), _INPUT, USER)
        or [each for is_answer, each in _in_events(span) if not is_answer]
        or _read(span.attributes, _LATER_INPUT, USER)
    )
    told = [each.text for each in found if each.role == SYSTEM]
    first_told = first(span.attributes | _details(span), _SYSTEM)
    if first_told is not None:
        told = [each.text for each in read_messages(_as_one(first_told), SYSTEM)]
    return [each for each in found if each.role != SYSTEM], "\n\n".join(filter(None, told))


def _as_one(instructions: Any) -> Any:
    value = parsed(instructions)
    return [{"role": "system", "parts": value}] if isinstance(value, list) else value


def outputs(span: RawSpan) -> list[Message]:
    """What came back."""
    return (
        _read(span.attributes, _OUTPUT, ASSISTANT)
        or _of_ai_sdk(span.attributes)
        or _read_numbered(span.attributes, _NUMBERED_OUTPUT, ASSISTANT)
        or _read(_details(span), _OUTPUT, ASSISTANT)
        or [each for is_answer, each in _in_events(span) if is_answer]
        or _read(span.attributes, _LATER_OUTPUT, ASSISTANT)
    )


def _read(attributes: Attributes, names: tuple[str, ...], role: str) -> list[Message]:
    for name in names:
        value = attributes.get(name)
        if value not in _NOTHING:
            return read_messages(value, role)
    return []


def _read_numbered(attributes: Attributes, prefixes: tuple[str, ...], role: str) -> list[Message]:
    for prefix in prefixes:
        if items := numbered(attributes, prefix):
            return read_messages(items, role)
    return []


def _of_ai_sdk(attributes: Attributes) -> list[Message]:
    said = text(attributes, "ai.response.text")
    calls = parsed(attributes.get("ai.response.toolCalls"))
    thought = text(attributes, "ai.response.reasoning")
    parts: list[Any] = [{"type": "reasoning", "text": thought}] if thought else []
    parts += [{"type": "text", "text": said}] if said else []
    if isinstance(calls, list):
        parts += [each | {"type": "tool-call"} for each in calls if isinstance(each, dict)]
    return read_messages([{"role": "assistant", "content": parts}], ASSISTANT) if parts else []


def _details(span: RawSpan) -> Attributes:
    return next((each.attributes for each in span.events if each.name == _DETAILS), {})


def _in_events(span: RawSpan) -> list[tuple[bool, Message]]:
    """One event per message, as the conventions had it before 1.37; or a list of those as text."""
    written = parsed(span.attributes.get("events"))
    listed = [(text(each, "event.name"), each) for each in _objects(written)]
    told = listed or [(each.name, each.attributes) for each in span.events]
    found: list[tuple[bool, Message]] = []
    for name, body in told:
        role = _ROLE_EVENTS.get(name)
        if role is not None:
            is_answer = role == _CHOICE
            messages = read_messages([_body(body, role)], ASSISTANT if is_answer else role)
            found += [(is_answer, each) for each in messages]
    return found


def _objects(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _body(given: Attributes, role: str) -> Json:
    """An event's attributes as a message; values that are no text were written as JSON."""
    body = {name.removeprefix("gen_ai.event."): parsed(value) for name, value in given.items()}
    for old in ("gen_ai.prompt", "gen_ai.completion"):
        if old in body:
            body["content"] = body.pop(old)
    if isinstance(body.get("message"), dict):
        return body | {"message": {"role": "assistant"} | body["message"]}
    if "message" in body:
        body["content"] = body.pop("message")
    return {"role": "assistant" if role == _CHOICE else role} | body


def history(span: RawSpan) -> list[Message]:
    """Some agents keep all that was said, with the answer at its end."""
    told = first(span.attributes, ("pydantic_ai.all_messages", "all_messages_events"))
    return [each for each in read_messages(told, USER) if each.role != SYSTEM]


def tool_output(span: RawSpan) -> str:
    """What a tool answered, where an event of its span says it."""
    told = (each.attributes for each in span.events if each.name == "tool.output")
    return next((text(each, "content", "output", "result") for each in told), "")


def documents(attributes: Attributes) -> str:
    """What a search found, one text after the other."""
    found = numbered(attributes, "retrieval.documents")
    texts = (text_of(object_of(each, "document"), "content") for each in _objects(found))
    return "\n\n".join(filter(None, texts))


def tools(attributes: Attributes) -> list[Json]:
    """The tools that a model may ask for, as an agent's definition lists them."""
    given = parsed(attributes.get("gen_ai.tool.definitions"))
    listed = _objects(given) or [
        parsed(object_of(each, "tool").get("json_schema"))
        for each in _objects(numbered(attributes, "llm.tools"))
    ]
    return [_tool(each) for each in _objects(listed)][:256]


def _tool(given: Json) -> Json:
    told = object_of(given, "function") or given
    schema = told.get("parameters") or told.get("input_schema") or {}
    return {
        "type": "custom",
        "name": text(told, "name"),
        "description": text(told, "description"),
        "input_schema": schema if isinstance(schema, dict) else {},
    }
