"""A zip from anywhere: what it says of itself is not believed, and nothing is put on the disk.

An archive that tries something is refused as a whole. One that merely holds things that are no
text is read, and those are refused one by one.
"""

import stat
import zipfile
import zlib
from collections.abc import Sequence
from typing import IO

from django.conf import settings

from apps.core.errors import DomainError
from apps.memory.porting import reading
from apps.memory.porting.reading import Bundle, Entry, LeftOut, TooManyFiles

MARK = b"agentsite memory store"
"""The comment of an export: its names are paths as they are."""

MOST_DIRECTORY_BYTES = 16_000_000
"""Of the list of entries, which has to be read as a whole before one of them is known."""
SUSPICIOUS_BYTES = 20_000_000
MOST_TIMES_PACKED = 200
"""Text packs to a tenth or so; what unpacks to so many times its size is a bomb."""

_ENCRYPTED = 0x1
_UTF8 = 0x800
_END = b"PK\x05\x06"
_BEGINNINGS = (b"PK\x03\x04", _END)
_LONGEST_END = 22 + 0xFFFF
_BROKEN = (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, ValueError)
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class BadArchive(DomainError):
    """This is no zip file that can be read."""


def is_zip(source: IO[bytes]) -> bool:
    """By its first bytes; the source is where it was afterwards."""
    at = source.tell()
    beginning = source.read(4)
    source.seek(at)
    return beginning in _BEGINNINGS


def from_zip(source: IO[bytes], origin: str) -> Bundle:
    """Every file in it, in order of names.

    Raises BadArchive, NothingToImport, TooManyFiles, ImportTooLarge.
    """
    _require_small_directory(source)
    try:
        with zipfile.ZipFile(source) as archive:
            return reading.required(_read(archive, origin))
    except _BROKEN as broken:
        raise BadArchive(f"This zip file is damaged: {broken}.") from broken


def _require_small_directory(source: IO[bytes]) -> None:
    """Raises BadArchive, TooManyFiles."""
    source.seek(0, 2)
    source.seek(max(0, source.tell() - _LONGEST_END))
    _, mark, end = source.read().rpartition(_END)
    source.seek(0)
    if not mark or len(end) < 18:
        raise BadArchive("This is no zip file, or its end is missing.")
    if int.from_bytes(end[8:12], "little") > MOST_DIRECTORY_BYTES:
        raise TooManyFiles


def _read(archive: zipfile.ZipFile, origin: str) -> Bundle:
    bundle = Bundle(origin, is_exact=archive.comment == MARK)
    named = sorted(
        (_name(each, is_exact=bundle.is_exact), each.header_offset, each)
        for each in archive.infolist()
        if each.filename and not each.is_dir()
    )
    wanted = []
    for name, _, info in named:
        if not bundle.is_exact and (why := reading.why_left_out(name)):
            bundle.left_out.append(LeftOut(name, why))
        else:
            wanted.append((name, info))
    _require_harmless(wanted, is_exact=bundle.is_exact)
    for name, info in wanted:
        bundle.add(_entry(archive, name, info))
    return bundle


def _name(info: zipfile.ZipInfo, *, is_exact: bool) -> str:
    """As it was meant: many tools write UTF-8 and do not say so, some part folders by `\\`."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode()
        except UnicodeError:
            name = info.filename
    return name if is_exact else name.replace("\\", "/")


def _require_harmless(wanted: Sequence[tuple[str, zipfile.ZipInfo]], *, is_exact: bool) -> None:
    """Raises BadArchive, TooManyFiles."""
    if len(wanted) > settings.MEMORIES_PER_STORE:
        raise TooManyFiles
    seen: set[str] = set()
    for name, info in wanted:
        if _leads_out(name, is_exact=is_exact):
            raise BadArchive(f"This zip file has a name that leads out of it: {name[:200]!r}.")
        if name in seen:
            raise BadArchive(f"This zip file has two files of the same name: {name[:200]!r}.")
        if info.flag_bits & _ENCRYPTED:
            raise BadArchive("This zip file is encrypted. Pack it again without a password.")
        if info.compress_type not in _METHODS:
            raise BadArchive(f"{name[:200]!r} is packed in an unusual way. Pack it with deflate.")
        seen.add(name)
    packed = sum(info.compress_size for _, info in wanted)
    unpacked = sum(info.file_size for _, info in wanted)
    if unpacked > SUSPICIOUS_BYTES and unpacked > MOST_TIMES_PACKED * packed:
        raise BadArchive("This zip file unpacks to far more than text does. It is not opened.")


def _leads_out(name: str, *, is_exact: bool) -> bool:
    """An export may have a folder called `C:`; anybody else's zip means a disk by that."""
    is_on_disk = name[1:3] == ":/" and not is_exact
    return name.startswith("/") or is_on_disk or ".." in name.split("/")


def _entry(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Entry:
    if stat.S_ISLNK(info.external_attr >> 16):
        return Entry(name, problem="it is a link, and links are not followed")
    with archive.open(info) as source:
        return reading.read_text(name, source)
