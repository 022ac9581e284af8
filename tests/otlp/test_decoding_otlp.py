"""Bytes of both encodings become the same spans."""

import json

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from apps.otlp.decoding import RawSpan, Undecodable, from_json, from_protobuf
from tests.otlp.spans import TRACE


def protobuf() -> bytes:
    request = ExportTraceServiceRequest()
    spans = request.resource_spans.add()
    spans.resource.attributes.add(key="service.name").value.string_value = "desk"
    spans.resource.attributes.add(key="host.name").value.string_value = "left out"
    span = spans.scope_spans.add().spans.add(
        trace_id=bytes.fromhex(TRACE),
        span_id=bytes.fromhex("00000000000000ab"),
        name="chat",
        start_time_unix_nano=2**63,
        end_time_unix_nano=5,
    )
    span.attributes.add(key="count").value.int_value = -7
    listed = span.attributes.add(key="list").value.array_value.values
    listed.add().bool_value = True
    listed.add().bytes_value = b"\x00\x01"
    inner = span.attributes.add(key="map").value.kvlist_value.values
    inner.add(key="half").value.double_value = 0.5
    inner.add(key="nothing")
    span.events.add(name="exception").attributes.add(key="k").value.string_value = "v"
    span.status.code = 2
    span.status.message = "no"
    return request.SerializeToString()


JSON = {
    "resourceSpans": [
        {
            "resource": {
                "attributes": [
                    {"key": "service.name", "value": {"stringValue": "desk"}},
                    {"key": "host.name", "value": {"stringValue": "left out"}},
                ]
            },
            "schemaUrl": "unknown keys are ignored",
            "scopeSpans": [
                {
                    "spans": [
                        {
                            "traceId": TRACE.upper(),
                            "spanId": "00000000000000AB",
                            "name": "chat",
                            "startTimeUnixNano": str(2**63),
                            "endTimeUnixNano": 5,
                            "attributes": [
                                {"key": "count", "value": {"intValue": "-7"}},
                                {
                                    "key": "list",
                                    "value": {
                                        "arrayValue": {
                                            "values": [{"boolValue": True}, {"bytesValue": "AAE="}]
                                        }
                                    },
                                },
                                {
                                    "key": "map",
                                    "value": {
                                        "kvlistValue": {
                                            "values": [
                                                {"key": "half", "value": {"doubleValue": 0.5}},
                                                {"key": "nothing"},
                                            ]
                                        }
                                    },
                                },
                            ],
                            "events": [
                                {
                                    "name": "exception",
                                    "attributes": [{"key": "k", "value": {"stringValue": "v"}}],
                                }
                            ],
                            "status": {"code": 2, "message": "no"},
                        }
                    ]
                }
            ],
        }
    ]
}


def test_both_encodings_say_the_same():
    from_bytes = from_protobuf(protobuf()).spans
    from_text = from_json(json.dumps(JSON).encode()).spans

    assert from_bytes == from_text
    (span,) = from_text
    assert (span.trace_id, span.span_id, span.parent_id) == (TRACE, "00000000000000ab", "")
    assert (span.start, span.end, span.failed, span.status_message) == (2**63, 5, True, "no")
    assert span.resource == {"service.name": "desk"}
    assert span.attributes == {
        "count": -7,
        "list": [True, "AAE="],
        "map": {"half": 0.5, "nothing": None},
    }


def test_a_span_is_kept_and_read_back():
    (span,) = from_protobuf(protobuf()).spans

    assert RawSpan.load(json.loads(json.dumps(span.dump()))) == span


def test_nothing_at_all_is_an_empty_request():
    assert from_protobuf(b"").spans == from_json(b"{}").spans == []


@pytest.mark.parametrize(
    "value",
    [
        {"resourceSpans": 5},
        {"resourceSpans": [None, {"scopeSpans": [{"spans": [7, None]}]}]},
        {"resourceSpans": [{"resource": [], "scopeSpans": {}}]},
    ],
)
def test_what_is_no_list_of_objects_holds_no_spans(value):
    assert from_json(json.dumps(value).encode()).spans == []


@pytest.mark.parametrize(
    "span",
    [
        {},
        {"traceId": "0" * 32, "spanId": "1" * 16},
        {"traceId": "1" * 32, "spanId": "1" * 15},
        {"traceId": "1" * 32, "spanId": "zz" * 8},
        {"traceId": 5, "spanId": None},
    ],
)
def test_a_span_without_usable_ids_is_counted(span):
    decoded = from_json(
        json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()
    )

    assert (decoded.spans, decoded.rejected) == ([], 1)
    assert "id must be" in decoded.reason


def test_odd_values_are_nothing_rather_than_a_failure():
    span = {
        "traceId": TRACE,
        "spanId": "1" * 16,
        "name": ["no text"],
        "startTimeUnixNano": "soon",
        "endTimeUnixNano": 1e400,
        "attributes": [{"key": 5}, {"value": {"intValue": "x"}}, {"key": "a", "value": {"b": 1}}],
        "status": [],
    }

    (read,) = from_json(
        json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).encode()
    ).spans

    assert (read.name, read.start, read.end, read.failed) == ("", 0, 0, False)
    assert read.attributes == {"": 0, "a": None}


@pytest.mark.parametrize("body", [b"\x0a\xff", b"<html>"])
def test_other_bytes_are_refused(body):
    with pytest.raises(Undecodable):
        from_protobuf(body)
    with pytest.raises(Undecodable):
        from_json(body)
