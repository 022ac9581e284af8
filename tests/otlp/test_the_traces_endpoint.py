"""`POST /v1/otlp/v1/traces`: both encodings, and every refusal as the protocol has it."""

import gzip
import json

import pytest
from django.db import OperationalError, connection
from django.test import Client
from opentelemetry import trace as api
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from apps.sessions.models import Event, Session
from tests import make
from tests.otlp.spans import agent, as_json, chat, said

URL = "/v1/otlp/v1/traces"
PROTOBUF = "application/x-protobuf"
SPANS = as_json(agent(1), chat(2, 1, (1, 2), [said("user", "Hi")], [said("assistant", "Hello")]))


def protobuf() -> bytes:
    request = ExportTraceServiceRequest()
    for number, (parent, operation) in enumerate([("", "invoke_agent"), ("1", "chat")], 1):
        span = request.resource_spans.add().scope_spans.add().spans.add()
        span.trace_id = bytes(15) + b"\x01"
        span.span_id = bytes(7) + bytes([number])
        span.parent_span_id = bytes(7) + b"\x01" if parent else b""
        span.start_time_unix_nano = number
        span.end_time_unix_nano = 9
        attribute = span.attributes.add(key="gen_ai.operation.name")
        attribute.value.string_value = operation
    return request.SerializeToString()


def status(answer) -> tuple[int, str]:
    """A google.rpc.Status of few bytes, read by hand."""
    body = answer.content
    assert body[0] == 0x08
    assert body[2] == 0x12
    return body[1], body.partition(b"\x12")[2][1:].decode("utf-8", "replace")


@pytest.mark.django_db
def test_protobuf_is_taken_and_answered_in_protobuf():
    answer = make.api("write").post(URL, data=protobuf(), content_type=PROTOBUF)

    assert (answer.status_code, answer["content-type"]) == (200, PROTOBUF)
    assert ExportTraceServiceResponse.FromString(answer.content) == ExportTraceServiceResponse()
    assert Session.objects.get().event_count == 4


@pytest.mark.django_db
@pytest.mark.parametrize("packed", [False, True])
def test_json_is_taken_and_answered_in_json(packed):
    body = json.dumps(SPANS).encode()
    headers = {"content-encoding": "gzip"} if packed else {}

    answer = make.api("write").post(
        URL,
        data=gzip.compress(body) if packed else body,
        content_type="application/json; charset=utf-8",
        headers=headers,
    )

    assert (answer.status_code, answer.json()) == (200, {})
    assert list(Event.objects.values_list("text", flat=True).filter(type="agent.message")) == [
        "Hello"
    ]


@pytest.mark.django_db
def test_a_key_may_come_in_the_other_header():
    _, secret = make.key("write")

    answer = Client(headers={"x-api-key": secret}).post(
        URL, data=SPANS, content_type="application/json"
    )

    assert answer.status_code == 200


@pytest.mark.django_db
def test_spans_without_usable_ids_are_refused_alone():
    broken = as_json(agent(1), agent(2))
    broken["resourceSpans"][1]["scopeSpans"][0]["spans"][0]["traceId"] = "0" * 32

    answer = make.api("write").post(URL, data=broken, content_type="application/json")

    assert answer.status_code == 200
    assert answer.json()["partialSuccess"]["rejectedSpans"] == "1"
    assert "trace id" in answer.json()["partialSuccess"]["errorMessage"]
    assert Session.objects.count() == 1


@pytest.mark.django_db
def test_refused_spans_are_told_in_protobuf_too():
    request = ExportTraceServiceRequest()
    request.resource_spans.add().scope_spans.add().spans.add(trace_id=b"short")

    answer = make.api("write").post(
        URL, data=request.SerializeToString(), content_type="application/x-protobuf"
    )

    told = ExportTraceServiceResponse.FromString(answer.content).partial_success
    assert (told.rejected_spans, "trace id" in told.error_message) == (1, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "media_type", "encoding"),
    [
        (b"\xff\xff\xff", PROTOBUF, ""),
        (b"{", "application/json", ""),
        (b"[]", "application/json", ""),
        (b"[" * 500 + b"]" * 500, "application/json", ""),
        (b"not packed", PROTOBUF, "gzip"),
        (gzip.compress(b"x" * 100, mtime=0)[:-4], PROTOBUF, "gzip"),
    ],
)
def test_garbage_is_a_400_with_a_status(body, media_type, encoding):
    headers = {"content-encoding": encoding} if encoding else {}

    answer = make.api("write").post(URL, data=body, content_type=media_type, headers=headers)

    assert (answer.status_code, answer["content-type"]) == (400, media_type)
    code = status(answer)[0] if media_type == PROTOBUF else answer.json()["code"]
    assert code == 3


@pytest.mark.django_db
def test_who_may_not_is_told_so_in_the_protocols_words():
    unknown = Client().post(URL, data=protobuf(), content_type=PROTOBUF)
    reader = make.api("read").post(URL, data=protobuf(), content_type=PROTOBUF)

    assert (unknown.status_code, status(unknown)[0]) == (401, 16)
    assert (reader.status_code, status(reader)[0]) == (403, 7)
    assert "takes 'write'" in status(reader)[1]


@pytest.mark.django_db
def test_too_much_and_too_often(settings):
    settings.API_WRITES_PER_MINUTE = 2
    client = make.api("write")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    bomb = gzip.compress(b"\0" * 2**22)

    large = client.post(URL, bomb, PROTOBUF, headers={"content-encoding": "gzip"})
    other = client.post(URL, data=b"{}", content_type="text/plain")
    often = client.post(URL, data=b"{}", content_type="application/json")

    assert (large.status_code, status(large)[0]) == (413, 8)
    assert (other.status_code, other.json()["code"]) == (415, 3)
    assert (often.status_code, often.json()["code"]) == (429, 8)
    assert int(often["retry-after"]) > 0


@pytest.mark.django_db
def test_while_the_database_is_away_an_exporter_is_asked_to_come_back():
    def away(execute, sql, *rest):
        if "otlp_trace" in sql:
            raise OperationalError("the server closed the connection unexpectedly")
        return execute(sql, *rest)

    client = make.api("write")
    with connection.execute_wrapper(away):
        answer = client.post(URL, data=SPANS, content_type="application/json")

    assert (answer.status_code, answer["retry-after"]) == (503, "5")


@pytest.mark.django_db(transaction=True)
def test_the_real_exporter_sends_a_run(live_server):
    make.workspace()
    _, secret = make.key("write")
    exporter = OTLPSpanExporter(
        endpoint=f"{live_server.url}{URL}",
        headers={"authorization": f"Bearer {secret}"},
        compression=Compression.Gzip,
    )
    provider = TracerProvider(resource=Resource.create({"service.name": "desk"}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("tests")
    answer = [{"role": "assistant", "parts": [{"type": "text", "content": "On its way."}]}]

    with tracer.start_as_current_span("invoke_agent support") as run:
        run.set_attributes(
            {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support"}
        )
        with tracer.start_as_current_span("chat") as request:
            request.set_attributes(
                {
                    "gen_ai.operation.name": "chat",
                    "gen_ai.request.model": "claude-sonnet-4-5",
                    "gen_ai.usage.input_tokens": 11,
                    "gen_ai.output.messages": json.dumps(answer),
                }
            )
        with tracer.start_as_current_span("execute_tool pay") as paid:
            paid.set_attributes(
                {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "pay"}
            )
            paid.record_exception(ValueError("declined"))
            paid.set_status(api.Status(api.StatusCode.ERROR, "declined"))
    provider.shutdown()

    session = Session.objects.get()
    assert (session.agent.name, session.input_tokens, session.error_count) == ("support", 11, 1)
    assert Event.objects.get(type="agent.tool_result").text == "ValueError: declined"
    assert session.status == "idle"
