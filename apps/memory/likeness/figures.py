"""What a statement counts: numbers by their units, read from digits and from words."""

import re
from collections import defaultdict
from functools import lru_cache

from apps.memory.likeness import ageing, texts
from apps.memory.likeness.texts import Statement, stem

NAMED = {
    name: str(number)
    for number, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {
    name: str(number)
    for number, name in zip(
        range(30, 101, 10),
        "thirty forty fifty sixty seventy eighty ninety hundred".split(),
        strict=True,
    )
}
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_HUNDREDS = re.compile(rf"\b({_ONES}) (hundred|thousand)\b", re.IGNORECASE)
_TENS = re.compile(rf"\b(\w+ty)-({_ONES})\b", re.IGNORECASE)
_PARTS_OF_AN_HOUR = (
    (re.compile(r"\b(?:a )?quarter of an hour\b", re.IGNORECASE), "15 minutes"),
    (re.compile(r"\bhalf (?:an )?hour\b", re.IGNORECASE), "30 minutes"),
)
_MEASURE = re.compile(r"(?<![\w.,:/-])(\d+(?:[.,:]\d+)*)\s*(%|[A-Za-z]+)?(?: ([A-Za-z]+))?")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b(?!\d)")
_SECTION = re.compile(r"^\d+(?:\.\d+)+ |\bversion \d[\d.]*", re.IGNORECASE)
_INSTEAD = re.compile(r"\binstead of\b.*?(?=[,.;]|$)")
_BARE = re.compile(r"^(\w+) (?:on|for|at|in|per) ", re.IGNORECASE)
_NO_UNIT = frozenset("and or to of in on at for the a an is are per by from as than".split())
Measures = dict[str, set[str]]


def in_digits(text: str) -> str:
    """The same with its numbers as figures: `twenty-eight` is 28, half an hour 30 minutes."""
    for told, minutes in _PARTS_OF_AN_HOUR:
        text = told.sub(minutes, text)
    text = _HUNDREDS.sub(
        lambda found: NAMED[found[1].lower()] + ("00" if found[2].lower() == "hundred" else "000"),
        text,
    )
    text = _TENS.sub(_sum, text)
    return re.sub(r"\b[A-Za-z]+\b", lambda found: NAMED.get(found[0].lower(), found[0]), text)


def _sum(found: re.Match[str]) -> str:
    tens = NAMED.get(found[1].lower())
    return str(int(tens) + int(NAMED[found[2].lower()])) if tens else found[0]


@lru_cache(maxsize=65_536)
def measures(text: str) -> Measures:
    """Numbers by what they count: `25 words` is 25 of `word`; a time of day is of the `clock`."""
    plain = _INSTEAD.sub("", _SECTION.sub("", ageing.without_days(in_digits(text))))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for hour, minute in _CLOCK.findall(plain):
        found["clock"].add(f"{int(hour)}:{minute}")
    for number, *units in _MEASURE.findall(_CLOCK.sub(" ", plain)):
        for unit in units if units[0].lower() not in _NO_UNIT else ():
            if unit and unit.lower() not in _NO_UNIT | texts.STOP:
                plain_number = number.rstrip(".,").replace(",", "")
                found["%" if unit == "%" else stem(unit.lower())].add(plain_number)
    return dict(found)


def measured(statement: Statement) -> Measures:
    """A number without a unit counts what its heading names: `Two on std-16` of link jobs."""
    found = dict(measures(statement.text))
    bare = _BARE.match(statement.text)
    named = [word for word in texts.words(statement.heading) if word not in texts.STOP]
    number = NAMED.get(bare[1].lower(), bare[1]) if bare else ""
    if number.isdigit() and named:
        found.setdefault(stem(named[-1]), set()).add(number)
    return found


def digits(statement: Statement) -> set[str]:
    """Every number that it names, whatever of."""
    counted = {number for numbers in measured(statement).values() for number in numbers}
    return counted | set(re.findall(r"\d+(?:\.\d+)?", statement.text.replace(",", "")))


def told(unit: str, numbers: set[str]) -> str:
    """As a reader would have it."""
    joined = unit == "%"
    if unit == "clock":
        return ", ".join(sorted(numbers))
    return ", ".join(f"{n}{unit}" if joined else f"{n} {unit}" for n in sorted(numbers))
