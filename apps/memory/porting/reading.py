"""What somebody brings: a folder, a zip, or single files, with what is wrong with each.

Nothing of a file is read beyond what a memory may hold, so what lies to about its size costs
nothing. Names stay as they are written; `planning` makes paths of them.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings

from apps.core.errors import DomainError
from apps.memory.writing import LARGEST

MOST_BYTES = 200_000_000
"""Of text that one import may hold, unpacked; all of it lies in memory at once."""

# What systems and tools leave in folders without anybody having written it.
_LEFT_OUT = {
    ".git": "kept by Git",
    ".hg": "kept by Mercurial",
    ".svn": "kept by Subversion",
    "__MACOSX": "kept by macOS",
    ".DS_Store": "kept by macOS",
    "Thumbs.db": "kept by Windows",
    "desktop.ini": "kept by Windows",
}


class NothingToImport(DomainError):
    """There is nothing to import: this holds no files."""


class ImportTooLarge(DomainError):
    """This holds more than one import may: 200 MB of text. Import its folders one by one."""


class TooManyFiles(DomainError):
    """This holds more files than a memory store may hold memories. Import a part of it."""


class CannotRead(DomainError):
    """This cannot be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file by its name inside of what was brought: its bytes, or why they are not wanted."""

    name: str
    data: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file or folder that is not looked into, and whose it is."""

    name: str
    why: str


@dataclass(slots=True)
class Bundle:
    """Everything that was brought. Exact is an export of a store: nothing is left out of it."""

    origin: str
    entries: list[Entry] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    is_exact: bool = False
    _bytes: int = 0

    def add(self, entry: Entry) -> None:
        """Raises TooManyFiles, ImportTooLarge."""
        self._bytes += len(entry.data)
        if len(self.entries) >= settings.MEMORIES_PER_STORE:
            raise TooManyFiles
        if self._bytes > MOST_BYTES:
            raise ImportTooLarge
        self.entries.append(entry)


def why_left_out(name: str) -> str:
    """Whose file this is, if it is nobody's text; empty if it may be."""
    for segment in name.split("/"):
        if segment in _LEFT_OUT:
            return _LEFT_OUT[segment]
        if segment.startswith("._"):
            return "kept by macOS"
    return ""


def read_text(name: str, source: IO[bytes]) -> Entry:
    """The file's bytes, unless they are more than a memory may hold."""
    data = source.read(LARGEST + 1)
    if len(data) > LARGEST:
        return Entry(name, problem=f"it has more than {LARGEST:,} bytes")
    return Entry(name, data)


def from_folder(folder: Path) -> Bundle:
    """Every file below, in order of names. Links are not followed.

    Raises CannotRead, NothingToImport, TooManyFiles, ImportTooLarge.
    """
    bundle = Bundle(folder.name or str(folder))
    for path, name in _below(folder, bundle.left_out):
        bundle.add(_entry(path, name))
    return required(bundle)


def from_files(files: Iterable[tuple[str, IO[bytes]]], origin: str) -> Bundle:
    """Single files by their names. Raises as from_folder."""
    bundle = Bundle(origin)
    for name, source in files:
        if why := why_left_out(name):
            bundle.left_out.append(LeftOut(name, why))
        else:
            bundle.add(read_text(name, source))
    return required(bundle)


def required(bundle: Bundle) -> Bundle:
    """Raises NothingToImport."""
    if not bundle.entries:
        raise NothingToImport
    return bundle


def _below(folder: Path, left_out: list[LeftOut]) -> Iterator[tuple[Path, str]]:
    for here, folders, files in os.walk(folder, onerror=_refuse):
        inside = Path(here).relative_to(folder)
        folders.sort()
        for name in list(folders):
            path = Path(here) / name
            if path.is_symlink():
                yield path, (inside / name).as_posix()
            elif why := why_left_out(name):
                left_out.append(LeftOut((inside / name).as_posix() + "/", why))
                folders.remove(name)
        for name in sorted(files):
            if why := why_left_out(name):
                left_out.append(LeftOut((inside / name).as_posix(), why))
            else:
                yield Path(here) / name, (inside / name).as_posix()


def _refuse(error: OSError) -> None:
    raise CannotRead(f"{error.filename} cannot be read: {error.strerror}.") from error


def _entry(path: Path, name: str) -> Entry:
    if path.is_symlink():
        return Entry(name, problem="it is a link, and links are not followed")
    if not path.is_file():
        return Entry(name, problem="it is no ordinary file")
    try:
        with path.open("rb") as source:
            return read_text(name, source)
    except OSError as error:
        return Entry(name, problem=f"it cannot be read: {error.strerror}")
