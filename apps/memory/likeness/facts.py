"""What nobody can guess from the rest of a memory: figures, names, commands."""

import re
from collections.abc import Iterator, Set

from apps.memory.likeness import figures, texts
from apps.memory.likeness.opposing import NAME
from apps.memory.likeness.texts import Note, stem

_PROPER = re.compile(r"(?<=[a-z0-9,;)] )[A-Z][a-z]{2,}")
_CODE = re.compile(r"`([^`\n]+)`")
_FIGURE = re.compile(r"\b[A-Za-z]{0,3}\d+(?:[.,:]\d+)*")
_UNIT = re.compile(r"(?<=\b\d)(?=[A-Za-z])|(?<=\d\d)(?=[A-Za-z])")


def named(note: Note) -> frozenset[str]:
    """Each as words in a row; `one` is as often an article, and a title is no statement."""
    told = (each.text for each in note.statements if each.text != note.title)
    return frozenset(fact for text in told for fact in of_text(text))


def of_text(text: str) -> frozenset[str]:
    return frozenset(_named(text)) - {"", "1"}


def share(facts: Set[str], note: Note) -> float:
    """How many of these the memory names too."""
    return 1 - len(unknown(facts, note)) / len(facts)


def unknown(facts: Set[str], note: Note) -> frozenset[str]:
    """Those that the memory does not name."""
    there = f" {_row(figures.in_digits(f'{note.name} {note.content[: texts.LONGEST]}'))} "
    return frozenset(fact for fact in facts if f" {fact} " not in there)


def names(note: Note) -> frozenset[str]:
    """Files, hosts and the like: what is called so in two memories is one thing."""
    return frozenset(
        name for statement in note.statements for name in NAME.findall(statement.text.lower())
    )


def _named(text: str) -> Iterator[str]:
    for found in (_CODE, NAME, _PROPER):
        yield from map(_row, found.findall(text))
    yield from map(_row, _FIGURE.findall(figures.in_digits(_CODE.sub(" ", text))))


def _row(text: str) -> str:
    """`2s` is said as `2 s` is."""
    return " ".join(stem(word) for word in texts.words(_UNIT.sub(" ", text)))
