"""A file's bytes on their way out: streamed, in parts where the client asks for one, never shown.

Whatever a file holds, a browser keeps it and does not open it.
"""

import re
from typing import IO

from django.http import FileResponse, HttpRequest, HttpResponseBase

from apps.core.errors import DomainError
from apps.files import storing
from apps.files.models import File

_PIECE = 64 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class UnsatisfiableRange(DomainError):
    """The file ends before this range begins."""

    status = 416


def content(request: HttpRequest, file: File) -> HttpResponseBase:
    """The answer that holds the file, or the part of it that the request wants.

    Raises UnsatisfiableRange.
    """
    wanted = _part(request.headers.get("range", ""), file.size_bytes)
    if wanted is not None and not wanted:
        raise UnsatisfiableRange
    span = wanted if wanted is not None else range(file.size_bytes)
    answer = FileResponse(
        _Span(storing.read(file), span),
        as_attachment=True,
        filename=file.filename,
        content_type=file.mime_type,
        status=200 if wanted is None else 206,
    )
    answer.block_size = _PIECE
    answer["Content-Length"] = str(len(span))
    answer["Content-Encoding"] = "identity"  # or the middleware would pack it, of unknown length
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "private"
    answer["X-Content-Type-Options"] = "nosniff"
    if wanted is not None:
        answer["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{file.size_bytes}"
    return answer


def _part(header: str, size: int) -> range | None:
    """The bytes that the header asks for, none where there are none; None for all of them."""
    match = _RANGE.fullmatch(header)
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match.groups()
    if not first:
        return range(max(0, size - int(last)), size)
    stop = min(int(last) + 1, size) if last else size
    return None if last and int(last) < int(first) else range(int(first), stop)


class _Span:
    """Some bytes of a file, as a file."""

    def __init__(self, file: IO[bytes], span: range) -> None:
        file.seek(span.start)
        self._file = file
        self._left = len(span)

    def read(self, size: int) -> bytes:
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._file.close()
