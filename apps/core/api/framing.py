"""Bytes to values and back, as the contract has it and Django REST Framework does not."""

import re
from collections.abc import Mapping
from json import JSONDecodeError
from typing import IO, Any, ClassVar, Never

import orjson
from django.conf import settings
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from apps.core import payloads
from apps.core.api.errors import InvalidRequest, TooLarge

# NUL, and surrogates: most are halves of a pair, which is fine, but worth a look.
_ESCAPES = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class IgnoreAccept(BaseContentNegotiation):
    """The client asks for `application/json` even of a stream, and `application/binary` of a file:
    what is sent depends on the address alone.
    """

    def select_parser(self, request: Request, parsers: list[BaseParser]) -> BaseParser | None:  # type: ignore[override]
        kind = request.content_type.partition(";")[0].strip().lower()
        named = (each for each in parsers if each.media_type == kind)
        return next(named, parsers[0])

    def select_renderer(  # type: ignore[override]
        self, request: Request, renderers: list[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], str(renderers[0].media_type)


class JSONParser(BaseParser):
    """A JSON object of at most 32 MB; nothing at all counts as an empty one.

    What comes out, a database can keep: no NUL, no half of a surrogate pair, no endless number.
    """

    media_type = "application/json"
    is_mending: ClassVar[bool] = True

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
            raise TooLarge(f"The body is larger than {limit} MB.")
        if not body.strip():
            return {}
        try:
            value = _values(body, is_mending=self.is_mending)
        except NotJSON as broken:
            raise NotJSON(f"{broken.message} {_advice(media_type or '')}".strip()) from broken
        if not isinstance(value, dict):
            raise NotJSON("The body must be a JSON object.")
        return value


class VerbatimJSONParser(JSONParser):
    """As it came: for what must be kept to the byte, or refused by whoever takes it."""

    is_mending = False


class NotJSON(InvalidRequest):
    """The body is not JSON."""


def _values(body: bytes, *, is_mending: bool) -> Any:
    try:
        value = payloads.load(body, constant=_refuse)
    except payloads.TooDeep as deep:
        raise NotJSON(str(deep)) from deep
    except JSONDecodeError as broken:
        where = f"line {broken.lineno}, column {broken.colno}"
        raise NotJSON(f"The body is not JSON: {broken.msg} at {where}.") from broken
    except UnicodeDecodeError as broken:
        raise NotJSON("The body is not UTF-8.") from broken
    except ValueError as broken:
        raise NotJSON("The body holds a number of thousands of digits.") from broken
    return payloads.storable_all(value) if is_mending and _ESCAPES.search(body) else value


def _refuse(number: str) -> Never:
    raise NotJSON(f"The body holds a number that is none: {number[:20]}.")


def _advice(media_type: str) -> str:
    """What to say to whoever sent something else, and says so."""
    kind = media_type.partition(";")[0].strip().lower()
    if not kind or kind.endswith("json"):
        return ""
    return f"It came as {kind}; send JSON, with Content-Type: application/json."


class JSONRenderer(BaseRenderer):
    """JSON by orjson; `verbatim` puts text in that is JSON already."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else _dump(data)


def _dump(data: Any) -> bytes:
    try:
        return orjson.dumps(data)
    except TypeError:  # text that is no valid Unicode
        return payloads.dump(data).encode()


def verbatim(text: str) -> orjson.Fragment:
    """JSON text to stand in an answer as it is."""
    return orjson.Fragment(text)
