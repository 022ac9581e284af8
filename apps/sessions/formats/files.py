"""From what a person names, files and folders, to the records in them."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from apps.core.errors import DomainError
from apps.sessions.formats import chat, claude_code, native
from apps.sessions.formats.interleaving import in_time, introduce
from apps.sessions.records import Record, ThreadRecord

AUTO = "auto"

File = TypeVar("File")

_SUFFIX = re.compile(r"\.(?:jsonl|ndjson|json)(?:\.gz)?", re.IGNORECASE)
_NOT_TRANSCRIPTS = re.compile(r".*\.meta\.json|sessions-index\.json|journal\.jsonl")
_FOLDER_OF_RESULTS = "tool-results"
_FOLDER_OF_AGENTS = "subagents"
_MOST_SIDE_BY_SIDE = 100
"""Each is an open file."""


class Reader(Protocol):
    """What a format is: a file becomes records."""

    def __call__(self, file: BinaryIO, *, name: str) -> Iterator[Record]: ...


FORMATS: dict[str, Reader] = {
    native.SOURCE: native.read,
    claude_code.SOURCE: claude_code.read,
    chat.SOURCE: chat.read,
}


class NothingThere(DomainError):
    """There is no such file or folder."""

    status = 404
    type = "not_found_error"


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the named files, and below the named folders every transcript, sub-agents' last."""
    for path in paths:
        if path.is_dir():
            found = (each for each in path.rglob("*") if _is_transcript(each.relative_to(path)))
            yield from sorted(filter(Path.is_file, found), key=_place)
        elif path.exists():
            yield path
        else:
            raise NothingThere(f"There is no file or folder {path}.")


def _is_transcript(path: Path) -> bool:
    suffix = "".join(path.suffixes[-2:] if path.suffix.lower() == ".gz" else path.suffixes[-1:])
    return bool(
        _SUFFIX.fullmatch(suffix)
        and not _NOT_TRANSCRIPTS.fullmatch(path.name)
        and _FOLDER_OF_RESULTS not in path.parts
    )


def _place(path: Path) -> tuple[str, str, bool, str]:
    """A session's file comes before its sub-agents', wherever those lie."""
    is_agent = path.name.startswith("agent-")
    folder, session = path.parent, path.name.split(".")[0]
    if _FOLDER_OF_AGENTS in folder.parts:
        depth = folder.parts.index(_FOLDER_OF_AGENTS)
        folder, session = Path(*folder.parts[: depth - 1]), folder.parts[depth - 1]
    elif is_agent:
        session = "\U0010ffff"
    return str(folder), session, is_agent, str(path)


def read_together(
    files: Iterable[File], read: Callable[[File], Iterator[Record]], path_of: Callable[[File], Path]
) -> Iterator[Record]:
    """Read each of these files, in the order of `find_files`, whatever stands for a file.

    A session's file and those of its sub-agents are read side by side, in the order of time. The
    session's is read once before, for what it calls them: their threads come right after it.
    """
    for _session, group in groupby(files, key=lambda file: _place(path_of(file))[:2]):
        first, *others = group
        if not others:
            yield from read(first)
            continue
        threads = [each for each in read(first) if _is_child(each)]
        streams = [introduce(read(first), threads)]
        streams += [read(each) for each in others[:_MOST_SIDE_BY_SIDE]]
        yield from in_time(streams)
        for each in others[_MOST_SIDE_BY_SIDE:]:
            yield from read(each)


def _is_child(record: Record) -> bool:
    return isinstance(record, ThreadRecord) and bool(record.parent)
