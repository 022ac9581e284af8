"""A multipart body through the API: the one part called `file`, and the fields beside it.

Django's own parser takes a part without a filename for a field and holds it in memory; the
vendor's client sends bytes that way.
"""

import errno
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import (
    FIELD,
    FILE,
    ChunkIter,
    LazyStream,
    MultiPartParserError,
    Parser,
)

from apps.core.api.bodies import opened
from apps.core.api.errors import InvalidRequest
from apps.files.models import StorageQuotaExceeded
from apps.files.receiving import Incoming, length_of, require_disk, too_large

AROUND = 2**20
"""Bytes that a body may have beside those of its file."""
LONGEST_FIELD = 1000
LONGEST_BOUNDARY = 200
_CHUNK = 64 * 1024
_AS_THEY_ARE = {"", "binary", "8bit", "7bit"}


@dataclass
class Form:
    """What came along. The file is None where none did."""

    file: Incoming | None = None
    fields: QueryDict = field(default_factory=lambda: QueryDict(mutable=True))


@contextmanager
def received(request: HttpRequest, fields: frozenset[str]) -> Iterator[tuple[Incoming, QueryDict]]:
    """The file of the body and its fields; what lies on the disk meanwhile is gone afterwards.

    Raises InvalidRequest, TooLarge, StorageQuotaExceeded.
    """
    size = length_of(request)
    if size > settings.FILE_LIMIT + AROUND:
        raise too_large()
    require_disk(size)
    with ExitStack() as stack:
        form = _read(request, fields, stack)
        if form.file is None:
            raise InvalidRequest("file: this part is required")
        form.file.finish()
        yield form.file, form.fields


def _read(request: HttpRequest, fields: frozenset[str], stack: ExitStack) -> Form:
    boundary = _boundary(request)
    body = opened(request, limit=settings.FILE_LIMIT + AROUND)
    form = Form()
    is_whole = False
    try:
        for kind, headers, content in Parser(LazyStream(ChunkIter(body, _CHUNK)), boundary):
            is_whole = kind not in {FIELD, FILE}  # behind the last part there is one that is none
            if not is_whole:
                _take(form, fields, headers, content, stack)
    except MultiPartParserError as broken:
        raise InvalidRequest(f"This is no multipart/form-data: {broken}") from broken
    except (EOFError, OSError) as broken:
        if isinstance(broken, OSError) and broken.errno == errno.ENOSPC:
            raise StorageQuotaExceeded("The server's disk is full.") from broken
        raise InvalidRequest("The body broke off.") from broken
    if not is_whole:
        raise InvalidRequest("The body broke off, or is no multipart/form-data.")
    return form


def _boundary(request: HttpRequest) -> bytes:
    boundary = (request.content_params or {}).get("boundary", "")
    if request.content_type != "multipart/form-data" or not 0 < len(boundary) <= LONGEST_BOUNDARY:
        raise InvalidRequest("This takes multipart/form-data, with a boundary.")
    return boundary.encode("ascii", "replace")


def _take(
    form: Form,
    fields: frozenset[str],
    headers: Mapping[str, Any],
    content: LazyStream,
    stack: ExitStack,
) -> None:
    """One part into the form."""
    disposition = headers["content-disposition"][1]
    name = disposition.get("name", b"").decode()
    if name in fields:
        form.fields.appendlist(name, content.read(LONGEST_FIELD).decode("utf-8", "replace"))
    elif name != "file":
        raise InvalidRequest(f"{name}: unknown field")
    elif form.file is not None:
        raise InvalidRequest("file: this takes one part of this name.")
    else:
        form.file = _incoming(disposition.get("filename", b"").decode(), headers)
        stack.callback(form.file.close)
        for chunk in content:
            form.file.add(chunk)


def _incoming(filename: str, headers: Mapping[str, Any]) -> Incoming:
    encoding = headers.get("content-transfer-encoding", ("",))[0].strip().lower()
    if encoding not in _AS_THEY_ARE:
        raise InvalidRequest("file: send its bytes as they are, without a transfer encoding.")
    return Incoming(filename, headers.get("content-type", ("",))[0].strip())
