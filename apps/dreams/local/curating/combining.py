"""Making one note of several without losing what any of them says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.reviews.losing import lost

_HEADING = re.compile(r"^#{1,6}\s+(.*)$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class _Saying:
    """A statement, the heading it stands under, and whether it is an item of a list."""

    text: str
    heading: str
    is_item: bool


def combined(main: str, others: Sequence[str]) -> str:
    """The main text, and after it what only the others say, in their own words.

    What is left over goes under the heading of the same words if there is one, else to the end.
    """
    text = main if main.endswith("\n") else f"{main}\n"
    for other in others:
        for left in lost([other], text):
            text = _with(text, _placed(other, left.text), own=title(other))
    return text


def title(text: str) -> str:
    """The first heading of a text, or nothing."""
    found = (_HEADING.match(line) for line in text.split("\n"))
    return next((each[1].strip() for each in found if each), "")


def _placed(text: str, statement: str) -> _Saying:
    """Where in its own text a statement stands."""
    heading = ""
    for line in text.split("\n"):
        if found := _HEADING.match(line):
            heading = found[1].strip()
        elif statement in line:
            return _Saying(statement, heading, bool(_ITEM.match(line)))
    return _Saying(statement, "", is_item=False)


def _with(text: str, saying: _Saying, *, own: str) -> str:
    lines = text.rstrip("\n").split("\n")
    at = _end_of(lines, saying.heading) if saying.heading != own else None
    if at is None and saying.heading not in ("", own):
        return "\n".join([*lines, "", f"## {saying.heading}", "", _line(saying)]) + "\n"
    at = len(lines) if at is None else at
    before = lines[at - 1] if at else ""
    if _is_prose(before) and not saying.is_item:
        lines[at - 1] = f"{before} {saying.text}"
        return "\n".join(lines) + "\n"
    gap = [] if saying.is_item and _ITEM.match(before) else [""]
    return "\n".join([*lines[:at], *gap, _line(saying), *lines[at:]]) + "\n"


def _end_of(lines: Sequence[str], heading: str) -> int | None:
    """The line after the last that is said under this heading, or None where there is none."""
    wanted = heading.lower()
    for number, line in enumerate(lines):
        found = _HEADING.match(line)
        if found and found[1].strip().lower() == wanted:
            rest = range(number + 1, len(lines))
            end = next((at for at in rest if lines[at].startswith("#")), len(lines))
            while end > number + 1 and not lines[end - 1].strip():
                end -= 1
            return end
    return None


def _is_prose(line: str) -> bool:
    marks = ("#", "- ", "* ", "|", "```", ">", "    ")
    return not line.startswith(marks) and line.rstrip().endswith((".", "!", "?"))


def _line(saying: _Saying) -> str:
    return f"- {saying.text}" if saying.is_item else saying.text
