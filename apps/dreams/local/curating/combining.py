"""Making one note of several without losing what any of them says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.memory.likeness import figures, meaning
from apps.memory.likeness.texts import STOP, stem, words
from apps.reviews.losing import Statement, lost, statements

_HEADING = re.compile(r"^#{1,6}\s+(.*)$")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class _Saying:
    """A statement, the heading it stands under, and whether it is an item of a list."""

    text: str
    heading: str
    is_item: bool


_RULES = {"(not)", "(only)"}
_LEAST_SAID = 0.5
_LEAST_ALIKE = 0.4
_LEAST_NEAR = 0.25


def combined(main: str, others: Sequence[str]) -> str:
    """The main text with what only the others say, in their own words, where it belongs.

    That is under the heading of the same words, else beside what it is most about, else at the end.
    """
    text = main if main.endswith("\n") else f"{main}\n"
    for other in others:
        known = dict(restated(text, other))
        last = ""
        # One at a time: what is put between two sentences may part what they said together.
        while left := next((e for e in lost([other], text) if e.text not in known), None):
            text = _with(text, _placed(other, left.text), own=title(other), last=last)
            last = left.text
    return text


def restated(main: str, other: str) -> list[tuple[str, str]]:
    """What the other says and the main text says too, in other words: each with those words.

    Such a statement has the same facts, forbids what the other forbids, and no word that has no
    counterpart there.
    """
    said = list(statements(main))
    left = {each.text for each in lost([other], main)}
    found = []
    for each in statements(other):
        if each.text in left:
            known = next((one.text for one in said if _says(one, each)), None)
            if known is not None:
                found.append((each.text, known))
    return found


def _says(one: Statement, wanted: Statement) -> bool:
    rules = wanted.facts & _RULES
    stems, there = _stems(wanted.text), _stems(one.text)
    told = {_plain(fact) for fact in one.facts} | there
    return (
        rules == one.facts & _RULES
        and {_plain(fact) for fact in wanted.facts - _RULES} <= told
        and len(stems) > 1
        and len(stems & there) >= _LEAST_SAID * len(stems)
        and _are_meant(wanted.text, one.text)
    )


def _are_meant(wanted: str, there: str) -> bool:
    """Each word of the one stands in the other, in some form, or one that means about the same."""
    known = _stems(there)
    ours = [word for word in _told(wanted) if stem(word) not in known]
    theirs = _told(there)
    if not ours or not theirs:
        return not ours
    alike = meaning.of_words(ours) @ meaning.of_words(theirs).T
    return bool((alike.max(axis=1) >= _LEAST_ALIKE).all())


def _told(text: str) -> list[str]:
    return [word for word in words(figures.in_digits(text)) if word not in STOP]


def _plain(fact: str) -> str:
    return figures.NAMED.get(fact, fact)


def _stems(text: str) -> set[str]:
    return {stem(word) for word in _told(text)}


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


def _with(text: str, saying: _Saying, *, own: str, last: str) -> str:
    """`last` is what was put in before of the same text: they stay together."""
    lines = text.rstrip("\n").split("\n")
    at = _end_of(lines, saying.heading) if saying.heading != own else None
    if at is None and saying.heading not in ("", own):
        return "\n".join([*lines, "", f"## {saying.heading}", "", _line(saying)]) + "\n"
    if at is None:
        at = _beside(lines, saying.text, last)
    before = lines[at - 1] if at else ""
    if at and _is_prose(before) and not saying.is_item:
        lines[at - 1] = f"{before} {saying.text}"
        return "\n".join(lines) + "\n"
    if at and (item := _ITEM.match(before)):
        return "\n".join([*lines[:at], f"{_mark(item[0])}{saying.text}", *lines[at:]]) + "\n"
    goes_on = saying.is_item and _ITEM.match(lines[-1])
    return "\n".join([*lines, *([] if goes_on else [""]), _line(saying)]) + "\n"


def _beside(lines: Sequence[str], text: str, last: str) -> int:
    """The line after what is most about the same, or after what came last; 0 for neither."""
    wanted = _stems(text)
    near = {
        number: len(wanted & _stems(line)) / max(1, len(wanted))
        for number, line in enumerate(lines, 1)
        if _is_prose(line) or _ITEM.match(line)
    }
    best = max(near, key=lambda number: near[number], default=0)
    if best and near[best] >= _LEAST_NEAR:
        return best
    return next((number for number, line in enumerate(lines, 1) if last and last in line), 0)


def _mark(item: str) -> str:
    """Of the item after this one."""
    number = re.search(r"\d+", item)
    return item.replace(number[0], str(int(number[0]) + 1), 1) if number else item


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
