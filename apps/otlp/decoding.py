"""OTLP's bytes as spans: protobuf, or JSON by OTLP's own rules. Pure.

Those rules (hex ids, numbers as text, `lowerCamelCase`, enums as numbers, unknown keys ignored) are
not protobuf's own for JSON, so both encodings are read by hand into the same plain values.
"""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from apps.core import payloads

Attributes = dict[str, Any]

_ERROR = 2  # Status.StatusCode
_KEPT_OF_RESOURCE = ("service.name", "session.id", "user.id")


class Undecodable(ValueError):
    """The body is no ExportTraceServiceRequest."""


@dataclass(slots=True)
class SpanEvent:
    """Something that happened during a span."""

    name: str
    attributes: Attributes


@dataclass(slots=True)
class RawSpan:
    """A span as it was sent. Ids are lower-case hex; times are nanoseconds since 1970, or 0."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    start: int
    end: int
    attributes: Attributes
    events: list[SpanEvent] = field(default_factory=list)
    failed: bool = False
    status_message: str = ""
    resource: Attributes = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """As JSON can keep it."""
        return asdict(self)

    @classmethod
    def load(cls, kept: dict[str, Any]) -> "RawSpan":
        """Read what `dump` wrote."""
        return cls(**kept | {"events": [SpanEvent(**each) for each in kept["events"]]})


@dataclass(slots=True)
class Decoded:
    """The spans of a request, how many were refused, and why the first of those was."""

    spans: list[RawSpan] = field(default_factory=list)
    rejected: int = 0
    reason: str = ""

    def take(self, span: RawSpan) -> None:
        """Keep the span, or count it as refused."""
        problem = _problem(span)
        if problem:
            self.rejected += 1
            self.reason = self.reason or problem
        else:
            self.spans.append(span)


def _problem(span: RawSpan) -> str:
    for name, value, length in (("trace", span.trace_id, 32), ("span", span.span_id, 16)):
        if len(value) != length or not value.strip("0"):
            return f"a {name} id must be {length // 2} bytes that are not all zero: {value[:40]!r}"
    return ""


def from_protobuf(body: bytes) -> Decoded:
    """Raises Undecodable."""
    try:
        request = ExportTraceServiceRequest.FromString(body)
    except DecodeError as error:
        raise Undecodable(f"The body is no ExportTraceServiceRequest: {error}") from error
    decoded = Decoded()
    for resource_spans in request.resource_spans:
        resource = _of_resource(_attributes(resource_spans.resource.attributes))
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                decoded.take(_span(span, resource))
    return decoded


def _span(span: Any, resource: Attributes) -> RawSpan:
    return RawSpan(
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        name=span.name,
        start=span.start_time_unix_nano,
        end=span.end_time_unix_nano,
        attributes=_attributes(span.attributes),
        events=[SpanEvent(each.name, _attributes(each.attributes)) for each in span.events],
        failed=span.status.code == _ERROR,
        status_message=span.status.message,
        resource=resource,
    )


def _attributes(pairs: Iterable[Any]) -> Attributes:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: Any) -> Any:
    """Protobuf itself refuses what is nested deeper than 100 levels."""
    kind = value.WhichOneof("value")
    if kind is None:
        return None
    given = getattr(value, kind)
    if kind == "array_value":
        return [_value(each) for each in given.values]
    if kind == "kvlist_value":
        return _attributes(given.values)
    if kind == "bytes_value":
        return base64.b64encode(given).decode()
    return given


def from_json(body: bytes) -> Decoded:
    """Raises Undecodable."""
    try:
        request = payloads.load(body)
    except ValueError as error:
        raise Undecodable(f"The body is not JSON: {error}") from error
    if not isinstance(request, dict):
        raise Undecodable("The body is no JSON object.")
    decoded = Decoded()
    for resource_spans in _objects(request, "resourceSpans"):
        given = resource_spans.get("resource")
        resource = _of_resource(_json_attributes(given if isinstance(given, dict) else {}))
        for scope_spans in _objects(resource_spans, "scopeSpans"):
            for span in _objects(scope_spans, "spans"):
                decoded.take(_json_span(span, resource))
    return decoded


def _json_span(span: dict[str, Any], resource: Attributes) -> RawSpan:
    status = span.get("status")
    status = status if isinstance(status, dict) else {}
    return RawSpan(
        trace_id=_hex(span.get("traceId")),
        span_id=_hex(span.get("spanId")),
        parent_id=_hex(span.get("parentSpanId")),
        name=_text(span.get("name")),
        start=_int(span.get("startTimeUnixNano")),
        end=_int(span.get("endTimeUnixNano")),
        attributes=_json_attributes(span),
        events=[
            SpanEvent(_text(each.get("name")), _json_attributes(each))
            for each in _objects(span, "events")
        ],
        failed=status.get("code") in (_ERROR, str(_ERROR), "STATUS_CODE_ERROR"),
        status_message=_text(status.get("message")),
        resource=resource,
    )


def _objects(value: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    found = value.get(key)
    return (each for each in (found if isinstance(found, list) else ()) if isinstance(each, dict))


def _json_attributes(holder: dict[str, Any]) -> Attributes:
    return {
        _text(pair.get("key")): _json_value(pair.get("value"))
        for pair in _objects(holder, "attributes")
    }


def _json_value(value: Any) -> Any:
    if not isinstance(value, dict):
        return None
    for kind, given in value.items():
        match kind:
            case "stringValue" | "boolValue" | "doubleValue" | "bytesValue":
                return given
            case "intValue":
                return _int(given)
            case "arrayValue" if isinstance(given, dict):
                return [_json_value(each) for each in _objects(given, "values")]
            case "kvlistValue" if isinstance(given, dict):
                return _json_attributes({"attributes": given.get("values")})
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _hex(value: Any) -> str:
    text = _text(value).lower()
    return text if not text.strip("0123456789abcdef") else ""


def _int(value: Any) -> int:
    try:
        return int(value) if isinstance(value, str | int | float) else 0
    except (ValueError, OverflowError):
        return 0


def _of_resource(attributes: Attributes) -> Attributes:
    return {name: attributes[name] for name in _KEPT_OF_RESOURCE if name in attributes}
