"""How a memory's life is written down: who wrote what into it, and when.

`{day:30}` in a text is the date thirty days before the anchor.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from apps.demo.words import vary

_DAY = re.compile(r"\{day:(\d+)\}")


@dataclass(frozen=True, slots=True)
class Plus:
    """More text at the end."""

    text: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Other words in the same place."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The same text at another path."""

    path: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """Nobody needs it any more."""


Change = str | Plus | Swap | Moved | Deleted


@dataclass(frozen=True, slots=True)
class Write:
    """One version. `by` is a session's key, or else a person, so many working days ago."""

    by: str
    change: Change
    age: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A memory from its first version on."""

    path: str
    writes: tuple[Write, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """A store and everything that was ever written into it."""

    name: str
    description: str
    notes: tuple[Note, ...]

    @property
    def slug(self) -> str:
        return self.name.lower().replace(" ", "-")


def note(path: str, by: str, age: int, text: Change, *later: tuple[str, int, Change]) -> Note:
    """A memory, and what became of it. Ages of sessions are their own."""
    first = Write(by, text, age)
    return Note(path, (first, *(Write(who, change, when) for who, when, change in later)))


def drawn(path: str, text: str, **facts: str) -> str:
    """The text with every choice made, the same each time for the same path."""
    rng = Random(f"agentsite demo memory {path}")  # noqa: S311 -- a play, not a secret
    return vary(rng, text, facts)


def dated(text: str, anchor: datetime) -> str:
    """The text with the dates that it names."""
    return _DAY.sub(lambda found: f"{anchor - timedelta(days=int(found[1])):%-d %B %Y}", text)


def changed(text: str, change: Change) -> str:
    """What the memory says after a change of its text."""
    if isinstance(change, Plus):
        return text + change.text
    if isinstance(change, Swap):
        if change.old not in text:
            raise ValueError(f"nothing says {change.old!r}")
        return text.replace(change.old, change.new)
    return change if isinstance(change, str) else text
