"""Which paths of mounted memory stores a tool's use reads or writes, told by what it was given.

A tool that names a path says so; of a command's words only what is plain is believed, and the rest
is a mention. Pure, and harmless on whatever a transcript holds.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from apps.memory import paths
from apps.sessions.commands import named_in
from apps.sessions.models.memory_use import UseKind
from apps.sessions.promoting import MEMORY_INPUTS, MEMORY_MOUNT

MOST_TOUCHED = 50
"""Paths of one tool's use. What names more is a listing."""
LONGEST_COMMAND = 20_000

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_WILD = re.compile(r"[*?\[{$]")
_READS = frozenset(
    ("read", "view", "cat", "get", "open", "fetch", "search", "grep", "glob", "list", "ls", "find")
)
_WRITES = frozenset(
    (
        *("write", "edit", "create", "update", "delete", "remove", "append", "insert", "replace"),
        *("rename", "move", "save", "put", "patch"),
    )
)


class Touch(NamedTuple):
    """A path below a mount: `/team/refunds.md`; a folder ends in '/'."""

    mount: str
    path: str
    kind: UseKind


def touches(payload: dict[str, Any]) -> list[Touch]:
    """What the use of a tool touches, each path once in each way."""
    given = payload.get("input")
    if not isinstance(given, dict):
        return []
    found = dict.fromkeys(_places(_named(str(payload.get("name") or ""), given)))
    return list(found)[:MOST_TOUCHED]


def _named(tool: str, given: dict[str, Any]) -> Iterator[tuple[str, UseKind]]:
    """Paths as they are written, and what is done there."""
    command = given.get("command")
    verb = tool
    if isinstance(command, str):
        if MEMORY_MOUNT in command:
            for path, kind in named_in(command[:LONGEST_COMMAND]):
                yield _without_wildcards(path), kind
        elif " " not in command:  # one tool that does many things: `view`, `str_replace`
            verb = command
    kind = _kind(verb)
    for key in MEMORY_INPUTS:
        value = given.get(key)
        if key != "command" and isinstance(value, str):
            yield _without_wildcards(value) if key == "pattern" else value, kind


def _kind(verb: str) -> UseKind:
    words = {word.lower() for word in _WORD.findall(verb[:128])}
    if words & _WRITES:
        return UseKind.WRITE
    return UseKind.READ if words & _READS else UseKind.MENTION


def _places(named: Iterable[tuple[str, UseKind]]) -> Iterator[Touch]:
    """Those below a mount that a memory or a folder could have."""
    for written, kind in named:
        place = _place(written)
        if place is not None:
            yield Touch(*place, kind)


def _place(written: str) -> tuple[str, str] | None:
    """The mount and the path in it. What leads out of memory, or is no path at all, is nothing."""
    if len(written) > 4 * paths.LONGEST:
        return None
    plain = written.strip().removeprefix("file://")
    whole = posixpath.normpath(plain)
    if not whole.startswith(MEMORY_MOUNT):
        return None
    name, _, rest = whole.removeprefix(MEMORY_MOUNT).partition("/")
    mount = MEMORY_MOUNT + name
    if not rest:
        return mount, "/"
    path = f"/{rest}"
    try:
        paths.checked(path)
    except paths.BadPath:
        return None
    return mount, f"{path}/" if plain.endswith("/") else path


def _without_wildcards(path: str) -> str:
    """`/team/*.md` is about the folder."""
    wild = _WILD.search(path)
    return path[: path.rfind("/", 0, wild.start()) + 1] if wild else path
