"""The JSON values in a file, one at a time, however large the file is.

A file is one value per line, or one array (or several, one after the other) whose items are the
values, or one pretty-printed document. Lines and items are cut out without parsing the rest, so
memory holds one value and a value that is broken costs only itself.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from apps.core import payloads

LIMIT = 64 * 1024 * 1024
"""No single value may be larger, in bytes: memory stays flat whatever the file holds."""

_CHUNK = 64 * 1024
_BOM = b"\xef\xbb\xbf"
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+", re.DOTALL)
_TO_COMMA = re.compile(rb'(?:[^"\[\]{},]++|' + _STRING + rb")*+", re.DOTALL)
_STRING_REST = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a file, and where it stood."""

    line: int
    """Its line; in a file that is one document, the number of the item."""
    value: Any
    document: int = 0
    """Which of the file's arrays it was an item of, counted from 1; 0 is none."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A line or item that is not a value, and why not."""

    line: int
    reason: str


class Unreadable(ValueError):
    """These bytes are not JSON."""


def parse(data: bytes) -> Any:
    """Parse one value, lone surrogates and NaN included, which strict parsers refuse."""
    try:
        return payloads.load(data)
    except UnicodeDecodeError as error:
        raise Unreadable(f"not valid UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"not valid JSON: {error.msg} (character {error.pos + 1})") from None
    except (ValueError, RecursionError):
        raise Unreadable("not valid JSON: nested too deeply, or a number too long") from None


def read_values(file: BinaryIO) -> Iterator[Value | Broken]:
    """Read every value of a file, in order; damage to the file itself ends it with a Broken."""
    source = _Source(file)
    try:
        yield from _read_values(source)
    except (OSError, EOFError, zlib.error) as error:
        yield Broken(source.line + 1, f"the file is damaged or cut off here: {error}")


def _read_values(source: "_Source") -> Iterator[Value | Broken]:
    head = source.first()
    whole_line = head.endswith(b"\n")
    text = head.strip()
    if text.startswith(b"[") and not (whole_line and _is_json(text) and source.goes_on()):
        yield from _read_arrays(source, head)
    elif whole_line and text.endswith((b"{", b"[", b",")):
        yield from _read_document(source, head)
    else:
        yield from _read_lines(source, head)


def _is_json(text: bytes) -> bool:
    try:
        parse(text)
    except Unreadable:
        return False
    return True


class _Source:
    """A file read by line or by chunk, which counts its lines."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._ahead = b""
        self.line = 0

    def first(self) -> bytes:
        """Return the beginning of the first line that is not blank; `line` then is its number."""
        self.line = 1
        piece = self._file.readline(_CHUNK).removeprefix(_BOM)
        while piece and not piece.strip():
            self.line += piece.endswith(b"\n")
            piece = self._file.readline(_CHUNK)
        return piece

    def goes_on(self) -> bool:
        """Whether more lines follow the first."""
        self._ahead = self._file.readline(_CHUNK)
        return bool(self._ahead.strip())

    def rest_of_line(self, beginning: bytes = b"") -> bytes | None:
        """Return the whole line that begins so; None if it is too long, and is skipped."""
        if not beginning:
            beginning, self._ahead = self._ahead, b""
        if beginning.endswith(b"\n"):
            return beginning
        line = beginning + self._file.readline(LIMIT - len(beginning) + 1)
        if len(line) <= LIMIT:
            return line
        while line and not line.endswith(b"\n"):
            line = self._file.readline(_CHUNK)
        return None

    def chunks(self, beginning: bytes) -> Iterator[bytes]:
        yield beginning + self._ahead
        while chunk := self._file.read(_CHUNK):
            yield chunk

    def rest(self, beginning: bytes) -> bytes | None:
        """Return all that is left, or None if that is too much."""
        data = beginning + self._file.read(LIMIT)
        return data if len(data) <= LIMIT else None


def _read_lines(source: _Source, head: bytes) -> Iterator[Value | Broken]:
    line = source.rest_of_line(head)
    while line != b"":
        if line is None:
            yield Broken(source.line, _too_large("line"))
        elif text := line.strip():
            yield from _expand(source.line, text, source.line)
        line = source.rest_of_line()
        source.line += 1


def _expand(number: int, text: bytes, document: int) -> Iterator[Value | Broken]:
    """Read one line's value; the items of a list are values of their own."""
    try:
        value = parse(text)
    except Unreadable as error:
        yield Broken(number, str(error))
        return
    if isinstance(value, list):
        yield from (Value(number, item, document) for item in value)
    else:
        yield Value(number, value)


def _read_document(source: _Source, head: bytes) -> Iterator[Value | Broken]:
    data = source.rest(head)
    if data is None:
        yield Broken(1, _too_large("document"))
    elif _is_lines(data):
        for number, line in enumerate(data.split(b"\n"), source.line):
            if text := line.strip():
                yield from _expand(number, text, number)
    else:
        yield from _expand(1, data, 1)


def _is_lines(data: bytes) -> bool:
    """Whether it only looked like one document, because its first line is broken."""
    second = data.split(b"\n", 2)[1].strip()
    return second.startswith(b"{") and _is_json(second)


def _read_arrays(source: _Source, head: bytes) -> Iterator[Value | Broken]:
    splitter = Splitter()
    for chunk in source.chunks(head):
        for item in splitter.feed(chunk):
            yield _value_of(item)
    for item in splitter.end():
        yield _value_of(item)


def _too_large(what: str) -> str:
    return f"the {what} is larger than {LIMIT // 1024 // 1024} MB"


def _value_of(item: "Item") -> Value | Broken:
    if item.broken:
        return Broken(item.number, item.broken)
    try:
        return Value(item.number, parse(item.data), item.document)
    except Unreadable as error:
        return Broken(item.number, str(error))


@dataclass(frozen=True, slots=True)
class Item:
    """The bytes of one item of an array."""

    number: int
    document: int
    data: bytes = b""
    broken: str = ""


@dataclass(slots=True)
class Splitter:
    """Cuts JSON arrays into their items as the bytes come in, by brackets and quotes alone."""

    _depth: int = 0
    _open_string: bool = False
    _escaped: bool = False
    _in_object: bool = False
    _piece: bytearray = field(default_factory=bytearray)
    _oversize: bool = False
    _number: int = 0
    _document: int = 0

    def feed(self, chunk: bytes) -> Iterator[Item]:
        """Take more bytes; yield every item that they complete."""
        at = start = self._leave_string(chunk)
        self._keep(chunk[:at])
        while at < len(chunk):
            at = self._skip(chunk, at)
            if self._open_string or at == len(chunk):
                break
            sign = chunk[at : at + 1]
            at += 1
            if self._is_boundary(sign):
                self._keep(chunk[start : at if self._in_object else at - 1])
                yield from self._cut(sign)
                start = at
            elif self._opens(sign):
                self._keep(chunk[start : at - 1])
                yield from self._outside()
                start = at - 1 if self._in_object else at
        self._keep(chunk[start:])

    def end(self) -> Iterator[Item]:
        """Say what is missing, if the file ended too early."""
        if self._depth or self._open_string:
            self._number += 1
            yield Item(self._number, self._document, broken="the file ends before the array does")
        else:
            yield from self._outside()

    def _leave_string(self, chunk: bytes) -> int:
        """Return where the string that the last chunk left open ends, or else this chunk."""
        if not self._open_string:
            return 0
        found = _STRING_REST.match(chunk, 1 if self._escaped else 0)
        if found:
            self._open_string = self._escaped = False
            return found.end()
        self._escaped = _ends_escaped(chunk, already=self._escaped)
        return len(chunk)

    def _skip(self, chunk: bytes, at: int) -> int:
        """Return where the next sign that matters stands; notice a string left open."""
        pattern = _TO_COMMA if self._depth == 1 and not self._in_object else _TO_BRACKET
        found = pattern.match(chunk, at)
        at = found.end() if found else at
        if chunk[at : at + 1] == b'"':
            self._open_string = True
            self._escaped = _ends_escaped(chunk[at + 1 :], already=False)
        return at

    def _opens(self, sign: bytes) -> bool:
        """Count a bracket; say whether it opened something at the top."""
        if sign in (b"[", b"{"):
            self._depth += 1
            if self._depth == 1:
                self._in_object = sign == b"{"
                self._document += 1
                return True
        elif self._depth:
            self._depth -= 1
        return False

    def _is_boundary(self, sign: bytes) -> bool:
        return self._depth == 1 and sign in (b",", b"]", b"}")

    def _cut(self, sign: bytes) -> Iterator[Item]:
        """End an item, and the array with its last one."""
        if sign != b",":
            self._depth = 0
            self._in_object = False
        data, oversize = bytes(self._piece).strip(), self._oversize
        self._piece.clear()
        self._oversize = False
        if not data and not oversize and sign != b",":
            return
        self._number += 1
        broken = _too_large("item") if oversize else "" if data else "there is no item here"
        yield Item(self._number, self._document, data, broken)

    def _outside(self) -> Iterator[Item]:
        """Report what stood between two arrays and belongs to none."""
        stray = bytes(self._piece).strip(b" \t\r\n,")
        self._piece.clear()
        if stray:
            self._number += 1
            yield Item(self._number, self._document, broken="there is text outside of the array")

    def _keep(self, data: bytes) -> None:
        if len(self._piece) + len(data) > LIMIT:
            self._oversize = True
            self._piece.clear()
        elif not self._oversize:
            self._piece += data


def _ends_escaped(data: bytes, *, already: bool) -> bool:
    """Whether the byte that follows, inside a string, is escaped."""
    backslashes = len(data) - len(data.rstrip(b"\\"))
    if already and backslashes == len(data):
        backslashes += 1
    return backslashes % 2 == 1
