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
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100"}
_HUNDREDS = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine) (hundred|thousand)\b", re.IGNORECASE
)
_MEASURE = re.compile(r"(?<![\w.,:/-])(\d+(?:[.,:]\d+)*)\s*(%|[A-Za-z]+)?(?: ([A-Za-z]+))?")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b(?!\d)")
_SECTION = re.compile(r"^\d+(?:\.\d+)+ |\bversion \d[\d.]*", re.IGNORECASE)
_INSTEAD = re.compile(r"\binstead of\b.*?(?=[,.;]|$)")
_BARE = re.compile(r"^(\w+) (?:on|for|at|in|per) ", re.IGNORECASE)
_NO_UNIT = frozenset("and or to of in on at for the a an is are per by from as than".split())
Measures = dict[str, set[str]]


@lru_cache(maxsize=65_536)
def measures(text: str) -> Measures:
    """Numbers by what they count: `25 words` is 25 of `word`; a time of day is of the `clock`."""
    plain = _HUNDREDS.sub(
        lambda found: NAMED[found[1].lower()] + ("00" if found[2].lower() == "hundred" else "000"),
        text,
    )
    plain = re.sub(r"\b[A-Za-z]+\b", lambda found: NAMED.get(found[0].lower(), found[0]), plain)
    plain = _INSTEAD.sub("", _SECTION.sub("", ageing.without_days(plain)))
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
