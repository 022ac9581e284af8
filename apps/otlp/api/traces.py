"""`POST /v1/otlp/v1/traces`: where an exporter's OTEL_EXPORTER_OTLP_ENDPOINT leads to."""

import zlib
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseBase
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api import bodies
from apps.core.api.documenting import documented
from apps.core.api.errors import InvalidRequest
from apps.core.errors import DomainError
from apps.otlp import decoding, receiving
from apps.otlp.api import answers

_DECODERS = {answers.PROTOBUF: decoding.from_protobuf, answers.JSON: decoding.from_json}


class UnknownMediaType(DomainError):
    """content-type: OTLP is `application/x-protobuf` or `application/json`."""

    status = 415


class TryAgain(DomainError):
    """The database does not answer just now. Nothing is lost if you send it again."""

    status = 503
    type = "api_error"


class Traces(Endpoint):
    """Takes ExportTraceServiceRequest."""

    @documented(
        "otlp_export_traces",
        tag="Ingest",
        request={
            "application/x-protobuf": {"type": "string", "format": "binary"},
            "application/json": {"type": "object"},
        },
        answer={
            "type": "object",
            "properties": {"partialSuccess": {"type": "object"}},
        },
        errors=(415, 503),
        refusal=answers.Status,
    )
    def post(self, request: ApiRequest) -> HttpResponse:
        """Take spans of OpenTelemetry.

        `ExportTraceServiceRequest` of OTLP 1.x, as protobuf or JSON, packed with gzip or not. Spans
        of GenAI and OpenInference conventions become sessions, threads and events; others only
        connect them. Errors are a `google.rpc.Status` in the encoding of the request.
        """
        media_type = _media_type(request)
        decode = _DECODERS.get(media_type)
        if decode is None:
            raise UnknownMediaType
        body = bodies.opened(request._request, limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)  # noqa: SLF001 -- the framework's name for it
        try:
            decoded = decode(body.read())
        except (decoding.Undecodable, OSError, EOFError, zlib.error) as error:
            raise InvalidRequest(str(error)) from error
        try:
            receiving.receive(decoded.spans, workspace=request.workspace)
        except (OperationalError, InterfaceError) as error:
            raise TryAgain from error
        return answers.taken(decoded, media_type)

    def finalize_response(
        self, request: Any, response: HttpResponseBase, *args: Any, **kwargs: Any
    ) -> Any:
        """A refusal is told as the protocol wants it."""
        if isinstance(response, Response) and response.status_code >= HTTPStatus.BAD_REQUEST:
            media_type = _media_type(request)
            known = media_type if media_type in _DECODERS else answers.JSON
            said = str(response.data["error"]["message"]) if response.data else ""
            told = answers.refused(response.status_code, said, known)
            for name in ("retry-after", "www-authenticate"):
                if name in response.headers:
                    told[name] = response.headers[name]
            if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
                told["retry-after"] = str(answers.RETRY_AFTER)
            response = told
        return super().finalize_response(request, response, *args, **kwargs)


def _media_type(request: ApiRequest) -> str:
    return str(request.content_type or "").partition(";")[0].strip().lower()
