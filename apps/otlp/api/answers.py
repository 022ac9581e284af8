"""What an exporter reads: a response or a `google.rpc.Status`, in the encoding that it sent."""

from django.http import HttpResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse
from pydantic import BaseModel

from apps.core import payloads
from apps.otlp.decoding import Decoded


class Status(BaseModel):
    """`google.rpc.Status`: what every refusal is, in the encoding of the request."""

    code: int
    message: str


PROTOBUF = "application/x-protobuf"
JSON = "application/json"
RETRY_AFTER = 5

_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 413: 8, 415: 3, 429: 8, 503: 14}
"""The codes of gRPC that come nearest to these of HTTP."""
_INTERNAL = 13


def taken(decoded: Decoded, media_type: str) -> HttpResponse:
    """All of it is kept, but for the spans that were refused."""
    if media_type == JSON:
        partial = {"rejectedSpans": str(decoded.rejected), "errorMessage": decoded.reason}
        body = payloads.dump({"partialSuccess": partial} if decoded.rejected else {})
        return HttpResponse(body, content_type=JSON)
    answer = ExportTraceServiceResponse()
    if decoded.rejected:
        answer.partial_success.rejected_spans = decoded.rejected
        answer.partial_success.error_message = decoded.reason
    return HttpResponse(answer.SerializeToString(), content_type=PROTOBUF)


def refused(status: int, message: str, media_type: str) -> HttpResponse:
    """A status, as every answer of 4xx and 5xx must have for body."""
    code = _CODES.get(status, _INTERNAL)
    if media_type == JSON:
        body = payloads.dump({"code": code, "message": message}).encode()
    else:
        body = _status(code, payloads.storable(message).encode())
    return HttpResponse(body, status=status, content_type=media_type)


def _status(code: int, message: bytes) -> bytes:
    """`google.rpc.Status` by hand: field 1 is the code, field 2 the message."""
    return b"\x08" + _varint(code) + b"\x12" + _varint(len(message)) + message


def _varint(number: int) -> bytes:
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)
