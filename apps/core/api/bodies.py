"""The body of a request as a file: read as it comes in, unpacked, and never more than is allowed.

For what is too large to lie in memory, and for clients that do not know its size beforehand. A body
that breaks off is an EOFError or an OSError to whoever reads it, never an early end.
"""

import io
import zlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from apps.core.api.errors import TooLarge
from apps.core.errors import DomainError

_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class UnknownEncoding(DomainError):
    """content-encoding: this takes `gzip`, or nothing."""

    status = 415


class Body(io.BufferedReader):
    """A body, unpacked, for one reader."""

    def __init__(self, pieces: "_Limited") -> None:
        super().__init__(pieces, _CHUNK)
        self._pieces = pieces

    def tell(self) -> int:
        """How many bytes of it have come so far."""
        return self._pieces.count


def opened(request: HttpRequest, *, limit: int) -> Body:
    """The body of the request. Reading beyond `limit` bytes raises TooLarge.

    Raises UnknownEncoding, and TooLarge at once where the client says its size.
    """
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding not in {"", "identity", "gzip", "x-gzip"}:
        raise UnknownEncoding
    chunked = request.META.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked"
    told = "" if chunked else request.META.get("CONTENT_LENGTH", "")
    size = int(told) if told.isdecimal() else 0
    if size > limit:
        raise _too_large(limit)
    given = _Given(request, None if chunked else size)
    unpack = given.read if encoding in {"", "identity"} else _Gzip(given.read).read
    return Body(_Limited(unpack, limit))


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body is larger than {limit // 2**20} MB, unpacked.")


class _Given:
    """What the client sends: as many bytes as it said, or chunks up to the last one."""

    def __init__(self, request: HttpRequest, size: int | None) -> None:
        # Django reads nothing of a body whose length it does not know; the server marks its end.
        self._source: Any = request.META["wsgi.input"] if size is None else request
        self._missing = size

    def read(self) -> bytes:
        if self._missing is None:
            return bytes(self._source.read(_CHUNK))
        data = bytes(self._source.read(min(_CHUNK, self._missing))) if self._missing else b""
        if self._missing and not data:
            raise EOFError(f"{self._missing} bytes are missing")
        self._missing -= len(data)
        return data


class _Gzip:
    """Unpacks members one after the other, a bounded piece at a time."""

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read
        self._member: Any = None
        self._ahead = b""

    def read(self) -> bytes:
        """The next piece; nothing at the end. Raises zlib.error and EOFError."""
        data = b""
        while not data:
            packed = self._ahead or self._read()
            if not packed:
                if self._member is not None:
                    raise EOFError("the packed body ends too early")
                break
            self._member = self._member or zlib.decompressobj(_GZIP)
            data = self._member.decompress(packed, _CHUNK)
            self._ahead = self._member.unconsumed_tail
            if self._member.eof:
                self._ahead = self._member.unused_data
                self._member = None
        return data


class _Limited(io.RawIOBase):
    """Pieces as a file, counted."""

    def __init__(self, read: Callable[[], bytes], limit: int) -> None:
        self._pieces = read
        self._limit = limit
        self.count = 0
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._piece:
            self._piece = memoryview(self._pieces())
            self.count += len(self._piece)
            if self.count > self._limit:
                raise _too_large(self._limit)
        size = min(len(buffer), len(self._piece))
        buffer[:size] = self._piece[:size]
        self._piece = self._piece[size:]
        return size
