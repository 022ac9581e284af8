"""The note that leads through a store: where it is missing, and where it leads nowhere."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Sequence

from apps.dreams.findings import Note
from apps.dreams.local.curating.combining import title
from apps.reviews.drafting import File

LEAST_NOTES = 20
"""Fewer are read as a list of paths."""
_MOST_NAMED = 12
"""Notes of one folder that are named; of more, the folder is."""
_NAMES = ("/readme.md", "/index.md", "/memory.md", "/claude.md", "/contents.md")
_LINK = re.compile(r"\[[^\]\n]*\]\((?!https?:|mailto:|#)([^)\s]+)\)")


def index_of(notes: Sequence[Note]) -> File | None:
    """A README for a store that has nothing of the kind, and needs it."""
    if len(notes) < LEAST_NOTES or any(note.path.lower() in _NAMES for note in notes):
        return None
    folders: defaultdict[str, list[Note]] = defaultdict(list)
    for note in sorted(notes, key=lambda note: note.path):
        top = note.path.split("/")[1]
        folders["" if note.path.count("/") == 1 else top].append(note)
    parts = ["# What is where\n"]
    parts.extend(_line(note) for note in folders.pop("", ()))
    for name, held in folders.items():
        parts.append(f"\n## {name}\n")
        parts.extend(_line(note) for note in held[:_MOST_NAMED])
        if len(held) > _MOST_NAMED:
            parts.append(f"- and {len(held) - _MOST_NAMED} more in /{name}/")
    return File("/README.md", "\n".join(parts) + "\n")


def without_dangling(note: Note, notes: Sequence[Note]) -> tuple[str, tuple[str, ...]]:
    """The text without items that link to memories that are not there, and what they linked to."""
    there = {other.path for other in notes}
    gone: list[str] = []
    lines = []
    for line in note.content.split("\n"):
        targets = [_target(note.path, found) for found in _LINK.findall(line)]
        missing = [each for each in targets if each.endswith(".md") and each not in there]
        if missing and len(missing) == len(targets) and line.lstrip().startswith(("-", "*", "|")):
            gone.extend(missing)
        else:
            lines.append(line)
    return "\n".join(lines), tuple(gone)


def _target(path: str, link: str) -> str:
    folder = posixpath.dirname(path)
    return posixpath.normpath(posixpath.join(folder, link.partition("#")[0]))


def _line(note: Note) -> str:
    name = note.path.removeprefix("/")
    told = title(note.content)
    return f"- [{name}]({name}): {told}" if told else f"- [{name}]({name})"
