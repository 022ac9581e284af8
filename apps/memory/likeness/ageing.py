"""What is told with a day that has passed, and what is too long to be read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from apps.memory.likeness.texts import Note, Statement

CHECK_HOLDS = timedelta(days=365)
"""How long what was looked up may be taken for true."""
LARGE = 16_000
_MONTHS = "january february march april may june july august september october november december"
_MONTH = {name[:3]: number for number, name in enumerate(_MONTHS.split(), 1)}
_DAY = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
    r"|(?P<d2>\d{1,2})\.? (?P<name>[A-Z][a-z]{2,8}) (?P<y2>\d{4})"
    r"|(?P<name3>[A-Z][a-z]{2,8}) (?P<d3>\d{1,2}), (?P<y3>\d{4})"
)
# What stands right before a day that something is to end on.
_ENDS = re.compile(
    r"\b(?:until|till|to|by|through|(?<!from )before|valid to|(?:expires?|ends?|due)(?: on)?)\s*$"
    r"|\b(?:until|till)\b[^.;]{1,24}\bon\s*$",
    re.IGNORECASE,
)
_CHECKED = re.compile(
    r"\b(checked|as of|as at|last (?:checked|verified|updated|reviewed))[\s:]*(?:on )?$",
    re.IGNORECASE,
)
# What was over when it was written down is history, and stays true.
_PAST = re.compile(r"\b(?:was|were|had|ran|lasted|held)\b[^.;]*$", re.IGNORECASE)
_SINCE = re.compile(r"\bsince\s*$", re.IGNORECASE)
_BACK = re.compile(
    r"\b(back|again|expected|fixed|return\w*|done|ready)\b.{0,20}?\b(?:in|within)"
    r"\s+(?P<n>\d+|an?|one|two|three|four|five|six)\s+(?P<unit>day|week|month)",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "week": 7, "month": 30}
_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


@dataclass(frozen=True, slots=True)
class Dated:
    """A statement that held until a day, and the day has passed."""

    statement: Statement
    ended_on: date
    why: str


@dataclass(frozen=True, slots=True)
class Oversized:
    """A memory far longer than the others of its store."""

    note: Note
    size: int
    usual: int


def dated(notes: Sequence[Note], *, today: date) -> list[Dated]:
    """What ended longest ago comes first; of a list of days in one memory, only the last one."""
    found = []
    for note in notes:
        ended = [each for statement in note.statements for each in _ended(statement, today)]
        ahead = [
            day for statement in note.statements for day, _ in _days(statement.text) if day >= today
        ]
        if ended and not ahead:
            found.append(max(ended, key=lambda each: each.ended_on))
    return sorted(found, key=lambda each: (each.ended_on, each.statement.note.path))


def oversized(notes: Sequence[Note]) -> list[Oversized]:
    """Longer than 16,000 bytes and than ten usual memories of these together, the longest first."""
    sizes = [(len(note.content.encode("utf-8", "replace")), note) for note in notes]
    usual = int(median(size for size, _ in sizes)) if sizes else 0
    large = [each for each in sizes if each[0] > max(LARGE, 10 * usual)]
    return [
        Oversized(note, size, usual)
        for size, note in sorted(large, key=lambda each: (-each[0], each[1].path))
    ]


def without_days(text: str) -> str:
    return _DAY.sub(" ", text)


def _ended(statement: Statement, today: date) -> Iterator[Dated]:
    text = statement.text
    for day, at in _days(text):
        before = text[:at]
        back = _BACK.search(text[at:])
        if _ENDS.search(before) and not _PAST.search(before) and day < today:
            yield Dated(statement, day, "held until a day that has passed")
        elif _CHECKED.search(before) and day + CHECK_HOLDS < today:
            yield Dated(statement, day + CHECK_HOLDS, "was checked more than a year ago")
        elif _SINCE.search(before) and back:
            number = _SMALL.get(back["n"].lower()) or int(back["n"])
            end = day + timedelta(days=number * _DAYS[back["unit"].lower()])
            if end < today:
                yield Dated(statement, end, "was to be over by now")


def _days(text: str) -> Iterator[tuple[date, int]]:
    for found in _DAY.finditer(text):
        name = (found["name"] or found["name3"] or "")[:3].lower()
        year = found["y"] or found["y2"] or found["y3"]
        month = int(found["m"]) if found["m"] else _MONTH.get(name, 0)
        try:
            yield (
                date(int(year), month, int(found["d"] or found["d2"] or found["d3"])),
                found.start(),
            )
        except ValueError:  # no such day
            continue
