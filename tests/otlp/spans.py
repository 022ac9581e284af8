"""Spans as frameworks write them, in a few words."""

import json
from typing import Any

from apps.otlp.decoding import RawSpan, SpanEvent

BEGAN = 1_793_610_000  # 2 November 2026, 9:00 UTC
TRACE = "0af7651916cd43dd8448eb211c80319c"


def span(
    id: int,  # noqa: A002 -- as everywhere
    parent: int = 0,
    at: tuple[float, float] = (0, 1),
    name: str = "span",
    *,
    trace: str = TRACE,
    error: str = "",
    events: tuple[tuple[str, dict[str, Any]], ...] = (),
    service: str = "desk",
    **attributes: Any,
) -> RawSpan:
    """A span from second `at[0]` to `at[1]`; `a__b` stands for the attribute `a.b`."""
    begun, ended = at
    return RawSpan(
        trace_id=trace,
        span_id=f"{id:016x}",
        parent_id=f"{parent:016x}" if parent else "",
        name=name,
        start=int((BEGAN + begun) * 1e9),
        end=int((BEGAN + ended) * 1e9),
        attributes={key.replace("__", "."): value for key, value in attributes.items()},
        events=[SpanEvent(*each) for each in events],
        failed=bool(error),
        status_message=error,
        resource={"service.name": service} if service else {},
    )


def said(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"type": "text", "content": text}]}


def asked(call_id: str, name: str, **arguments: Any) -> dict[str, Any]:
    call = {"type": "tool_call", "id": call_id, "name": name, "arguments": arguments}
    return {"role": "assistant", "parts": [call]}


def answered(call_id: str, text: str) -> dict[str, Any]:
    part = {"type": "tool_call_response", "id": call_id, "response": text}
    return {"role": "tool", "parts": [part]}


def agent(
    id: int,  # noqa: A002
    parent: int = 0,
    at: tuple[float, float] = (0, 10),
    name: str = "support",
    **more: Any,
) -> RawSpan:
    named = {"gen_ai.agent.name": name} if name else {}
    attributes = {"gen_ai.operation.name": "invoke_agent", **named, **more}
    return span(id, parent, at, f"invoke_agent {name}".strip(), **attributes)


def chat(
    id: int,  # noqa: A002
    parent: int = 0,
    at: tuple[float, float] = (1, 2),
    given: list[dict[str, Any]] | None = None,
    answer: list[dict[str, Any]] | None = None,
    *,
    usage: tuple[int, int] = (100, 20),
    **more: Any,
) -> RawSpan:
    attributes = {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.input.messages": json.dumps(given or []),
        "gen_ai.output.messages": json.dumps(answer or []),
        "gen_ai.usage.input_tokens": usage[0],
        "gen_ai.usage.output_tokens": usage[1],
        **more,
    }
    return span(id, parent, at, "chat claude-sonnet-4-5", **attributes)


def tool(
    id: int,  # noqa: A002
    parent: int,
    at: tuple[float, float],
    name: str,
    given: dict[str, Any],
    answer: str,
    call_id: str = "",
    **more: Any,
) -> RawSpan:
    attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.call.arguments": json.dumps(given),
        "gen_ai.tool.call.result": answer,
        **({"gen_ai.tool.call.id": call_id} if call_id else {}),
        **more,
    }
    return span(id, parent, at, f"execute_tool {name}", **attributes)


def as_json(*spans: RawSpan) -> dict[str, Any]:
    """An ExportTraceServiceRequest, in OTLP's JSON."""
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": _pairs(each.resource)},
                "scopeSpans": [{"spans": [_one(each)]}],
            }
            for each in spans
        ]
    }


def _one(span: RawSpan) -> dict[str, Any]:
    return {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "parentSpanId": span.parent_id,
        "name": span.name,
        "startTimeUnixNano": str(span.start),
        "endTimeUnixNano": str(span.end),
        "attributes": _pairs(span.attributes),
        "events": [{"name": e.name, "attributes": _pairs(e.attributes)} for e in span.events],
        "status": {"code": 2, "message": span.status_message} if span.failed else {},
    }


def _pairs(attributes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": _value(value)} for key, value in attributes.items()]


def _value(value: Any) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(each) for each in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": _pairs(value)}}
    return {"stringValue": str(value)}
