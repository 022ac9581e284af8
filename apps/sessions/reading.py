"""Files as one stream of records, and how far the stream is in their bytes."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from apps.core.errors import DomainError
from apps.sessions.formats import AUTO, FORMATS, HEAD, UnknownFormat, detect, read_together
from apps.sessions.records import Record, Refusal

MOST_UNPACKED = 200
"""Text packs to a tenth, repetitive logs to a fiftieth. What unpacks to more is a trap."""
_SMALL_ENOUGH = 64 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_PIECE = 4096


class Trap(DomainError):
    """This file unpacks to far more than text ever does."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and the name that a reader knows it by."""

    path: Path
    name: str


class _Unpacked(gzip.GzipFile):
    """A packed file that refuses to grow without end."""

    def __init__(self, packed: BinaryIO, source: Source) -> None:
        super().__init__(fileobj=packed)
        self._packed = packed
        self._source = source

    def read(self, size: int | None = -1) -> bytes:
        return self._checked(super().read(size))

    def readline(self, size: int | None = -1) -> bytes:
        return self._checked(super().readline(size or -1))

    def _checked(self, data: bytes) -> bytes:
        unpacked = self.tell()
        if unpacked > _SMALL_ENOUGH and unpacked > MOST_UNPACKED * self._packed.tell():
            raise Trap(
                f"{self._source.name} unpacks to more than {MOST_UNPACKED} times its size,"
                " as no transcript does. Unpack it yourself if it really is one."
            )
        return data


def detect_format(file: BinaryIO, name: str) -> str:
    """Name the format of an open file and rewind it. Raises UnknownFormat."""
    try:
        head = _head(_text(file, Source(Path(), name)))
    except (OSError, EOFError, zlib.error) as error:
        raise UnknownFormat(f"{name} cannot be read: {error}") from error
    finally:
        file.seek(0)
    return detect(head, name)


class Reading:
    """The records of these files, and how far they are read.

    A session's file and those of its sub-agents are read side by side, in the order of time.
    A file that cannot be read is refused.
    """

    def __init__(self, sources: Sequence[Source], format: str = AUTO) -> None:  # noqa: A002 -- the option's name
        self._sources = sources
        self._format = format
        self._read_to: dict[Path, int] = {}
        self.bytes_total = sum(source.path.stat().st_size for source in sources)
        self.bytes_done = 0

    def __iter__(self) -> Iterator[Record]:
        yield from read_together(self._sources, self._one, lambda source: Path(source.name))

    def _one(self, source: Source) -> Iterator[Record]:
        with source.path.open("rb") as file:
            for record in _records(file, source, self._format):
                self._advance(source, file.tell())
                yield record
        self._advance(source, source.path.stat().st_size)

    def _advance(self, source: Source, position: int) -> None:
        """Some files are read twice, the first time for names alone; they count once."""
        before = self._read_to.get(source.path, 0)
        if position > before:
            self._read_to[source.path] = position
            self.bytes_done += position - before


def _records(file: BinaryIO, source: Source, format_: str) -> Iterator[Record]:
    try:
        yield from _read(file, source, format_)
    except UnknownFormat as unknown:
        yield Refusal(source.name, 1, unknown.message)
    except (OSError, EOFError, zlib.error) as error:
        yield Refusal(source.name, 1, f"cannot be read: {error}")


def _read(file: BinaryIO, source: Source, format_: str) -> Iterator[Record]:
    text = _text(file, source)
    head = _head(text)
    if not head.strip():
        return
    text.seek(0)
    name = detect(head, source.name) if format_ == AUTO else format_
    yield from FORMATS[name](text, name=source.name)


def _text(file: BinaryIO, source: Source) -> BinaryIO:
    packed = file.read(2) == _GZIP
    file.seek(0)
    return cast("BinaryIO", _Unpacked(file, source)) if packed else file


def _head(text: BinaryIO) -> bytes:
    """The beginning of a file; of a damaged one, as much of it as there is."""
    head = b""
    try:
        while len(head) < HEAD and (piece := text.read(_PIECE)):
            head += piece
    except (OSError, EOFError, zlib.error):
        if not head:
            raise
    return head
