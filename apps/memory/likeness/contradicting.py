"""Pairs of statements that cannot both be followed: other numbers, other values, yes and no.

Two statements are compared only if they share rare words, their headings and memory's name counted.
A rule needs something that both say (a unit, a frame, a word) and something that only one can have
right; what merely differs is no contradiction.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations

from apps.memory.likeness import ageing, texts
from apps.memory.likeness.texts import Note, Statement, stem

MOST_SHARING = 40
"""Statements with one word in common, beyond which the word tells nothing."""
_LEAST = 0.5
FEW_SHARING = 16
"""Up to which it is enough to have one word in common."""
MOST_COMPARED = 30_000
"""Pairs of statements that are compared, those with the rarest words in common first."""
_NUMBERS = {
    name: str(number)
    for number, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90", "hundred": "100"}
_HUNDREDS = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine) (hundred|thousand)\b", re.IGNORECASE
)
_MEASURE = re.compile(r"(?<![\w.,:/-])(\d+(?:[.,]\d+)*)\s*(%|[A-Za-z]+)?(?: ([A-Za-z]+))?")
_SECTION = re.compile(r"^\d+(?:\.\d+)+ |\bversion \d[\d.]*", re.IGNORECASE)
_BARE = re.compile(r"^(\w+) (?:on|for|at|in|per) ", re.IGNORECASE)
_NO_UNIT = frozenset("and or to of in on at for the a an is are per by from as than".split())
_NEGATED = re.compile(
    r"\b(?:never|not|no longer|cannot|don't|doesn't|mustn't|can't)\b(?! only\b)",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:switched off|shut down|turned off|no longer|retired|withdrawn|deprecated|removed"
    r"|decommissioned|does not exist|discontinued|abandoned|gone for good|dead)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:refused|forbidden|not allowed|may not|must not|cannot|prohibited|never"
    r"|needs? an? \w+[ -]\w+)\b",
    re.IGNORECASE,
)
_URGED = re.compile(
    r"\b(?:right away|at once|immediately|always|do it|just|yourself|directly)\b",
    re.IGNORECASE,
)
_SCOPED = re.compile(r"\b(?:for this one|only for|except|unless)\b", re.IGNORECASE)
_FAILS = re.compile(r"\b(?:fails?|lost|loses?|overwrites?|each other)\b", re.IGNORECASE)
_WHO = frozenset({"all", "each"})
_SORTS = re.compile(r"\b(?:sort\w*|order\w*|first|ascending|descending|rank\w*)\b", re.IGNORECASE)
_ORDERS = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"most serious|by severity|by risk|most severe|most important",
        r"by (?:\w+ )?numbers?|numerically",
        r"alphabetical(?:ly)?|by (?:\w+ )?names?",
        r"newest|latest first|most recent",
        r"oldest|earliest first|chronological(?:ly)?",
        r"by size|largest|biggest",
    )
)
_COMMON = frozenset(
    stem(word)
    for word in "say write use make do be read go give keep put see tell need want show".split()
)
_NAME = re.compile(r"\b[a-z0-9][\w-]*(?:\.[\w-]+){1,}\b|\b[\w.-]+/[\w./<>-]+")
_OPPOSED = tuple(
    tuple(frozenset(stem(word) for word in side.split()) for side in pair.split("|"))
    for pair in (
        "british|american",
        "ascending|descending",
        "always|never",
        "separate own each|common shared all",
        "allowed|forbidden",
        "required mandatory|optional",
        "enable enabled|disable disabled",
        "accept|reject",
        "include|exclude",
        "public|private",
        "daily|weekly monthly",
        "sign symbol figure|words",
        "upper uppercase|lower lowercase",
        "singular|plural",
        "tabs|spaces",
        "formal|informal",
        "automatic automatically|manual manually",
    )
)


class Reason(StrEnum):
    """What it is that cannot both hold."""

    NUMBERS = "numbers"
    NEGATION = "negation"
    VALUES = "values"
    OPPOSED = "opposed"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements, what in each speaks against the other, and how sure it is, 0 to 1."""

    first: Statement
    second: Statement
    reason: Reason
    said_first: str
    said_second: str
    score: float


Finding = tuple[Reason, str, str, float]


def contradictions(notes: Sequence[Note]) -> list[Contradiction]:
    """One for each pair of memories, the surest; the surest pair first."""
    told = [note for note in notes if len(note.content) <= texts.LONGEST]
    kin = texts.families(told)
    rules = _Rules(told)
    best: dict[tuple[str, str], Contradiction] = {}
    for first, second in rules.candidates():
        keys = (first.note.key, second.note.key)
        if kin.get(keys[0]) or kin.get(keys[1]):
            continue  # a record of one case is no rule
        for reason, said_first, said_second, score in rules.judged(first, second):
            if keys not in best or score > best[keys].score:
                found = Contradiction(
                    first, second, reason, said_first, said_second, round(score, 3)
                )
                best[keys] = found
    return sorted(best.values(), key=lambda c: (-c.score, c.first.note.path, c.second.note.path))


class _Rules:
    """The rules, with how rare each word is in these memories."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self.statements = [each for note in notes for each in note.statements if not each.is_code]
        self.spread = texts.rarity(notes)
        self.total = max(len(notes), 2)

    def weight(self, term: str) -> float:
        """0 for what every memory says, 1 for what one alone does."""
        return math.log(self.total / max(1, self.spread[term])) / math.log(self.total)

    def candidates(self) -> Iterator[tuple[Statement, Statement]]:
        """Statements that one rule may set against each other, and that share a rare word or two.

        Only those of a kind are held together: most statements are of none.
        """
        verbs = {verb for each in self.statements for verb in _negated_verbs(each)}
        holding: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for at, statement in enumerate(self.statements):
            for kind in _kinds(statement, verbs):
                for term in statement.about:
                    holding[kind, term].append(at)
        shared: Counter[tuple[int, int]] = Counter()
        for places in sorted(holding.values(), key=len):
            if len(places) > MOST_SHARING or len(shared) > MOST_COMPARED:
                break
            counts = 2 if len(places) <= FEW_SHARING else 1
            shared.update(dict.fromkeys(combinations(places, 2), counts))
        for (a, b), count in shared.items():
            first, second = self.statements[a], self.statements[b]
            if first.note.key != second.note.key and count >= 2:
                yield first, second

    def judged(self, first: Statement, second: Statement) -> Iterator[Finding]:
        sameness = self._sameness(first, second)
        if sameness < _LEAST:
            return
        for rule in (_numbers, _gone, _negated, _refused, _ordered, _opposed):
            found = rule(first, second)
            if found is None:
                continue
            reason, said_first, said_second, needed = found
            if sameness >= needed:
                yield reason, said_first, said_second, min(1.0, 0.5 + sameness / 4)

    def _sameness(self, first: Statement, second: Statement) -> float:
        """How much the two are about one thing: their shared words, the rare ones counting most."""
        shared = (first.about & second.about) - _NUMBERS.keys()
        return sum(self.weight(term) for term in shared if not term.isdigit())


@lru_cache(maxsize=65_536)
def measures(text: str) -> dict[str, set[str]]:
    """Numbers by what they count: `25 words` is 25 of `word`; words of number are read too."""
    plain = _HUNDREDS.sub(
        lambda found: str(
            int(_NUMBERS[found[1].lower()]) * (100 if found[2].lower() == "hundred" else 1000)
        ),
        text,
    )
    plain = re.sub(r"\b[A-Za-z]+\b", lambda found: _NUMBERS.get(found[0].lower(), found[0]), plain)
    plain = _SECTION.sub("", ageing.without_days(plain))
    plain = re.sub(r"\binstead of\b.*?(?=[,.;]|$)", "", plain)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number, *units in _MEASURE.findall(plain):
        for unit in units if units[0].lower() not in _NO_UNIT else ():
            if unit and unit.lower() not in _NO_UNIT | texts.STOP:
                found["%" if unit == "%" else stem(unit.lower())].add(number.rstrip(".,"))
    return dict(found)


def _measured(statement: Statement) -> dict[str, set[str]]:
    """A number without a unit counts what its heading names: `Two on std-16` of link jobs."""
    found = dict(measures(statement.text))
    bare = _BARE.match(statement.text)
    named = [word for word in texts.words(statement.heading) if word not in texts.STOP]
    number = _NUMBERS.get(bare[1].lower(), bare[1]) if bare else ""
    if number.isdigit() and named:
        found.setdefault(stem(named[-1]), set()).add(number)
    return found


def _numbers(first: Statement, second: Statement) -> tuple[Reason, str, str, float] | None:
    ours, theirs = _measured(first), _measured(second)
    shared = {term for term in first.about & second.about if not term.isdigit()}
    for unit in sorted(ours.keys() & theirs.keys()):
        told_too = ours[unit] & _digits(second) or theirs[unit] & _digits(first)
        if not told_too and shared - {unit} and _same_row(first, second):
            told = [
                ", ".join(
                    f"{n}{unit}" if unit == "%" else f"{n} {unit}" for n in sorted(each[unit])
                )
                for each in (ours, theirs)
            ]
            return Reason.NUMBERS, told[0], told[1], 1.0
    return None


def _digits(statement: Statement) -> set[str]:
    """Every number that it names, whatever of."""
    counted = {number for numbers in _measured(statement).values() for number in numbers}
    return counted | set(re.findall(r"\d+(?:\.\d+)?", statement.text))


def _same_row(first: Statement, second: Statement) -> bool:
    """What stands in a table is about the first cell of its row."""
    for row, other in ((first, second), (second, first)):
        cell, bar, _ = row.text.partition(" | ")
        if bar and not {stem(word) for word in texts.words(cell)} & other.about:
            return False
    return True


def _gone(first: Statement, second: Statement) -> tuple[Reason, str, str, float] | None:
    """One names what the other says is no more."""
    for one, other, turned in ((first, second, False), (second, first, True)):
        off = _GONE.search(one.text)
        names = set(_NAME.findall(one.text[: off.start()])) if off else set()
        named = names & set(_NAME.findall(other.text))
        if off and named and not _GONE.search(other.text):
            said = (f"{min(named)} {off[0]}", min(named))
            return Reason.VALUES, *(said[::-1] if turned else said), 0.5
    return None


def _negated(first: Statement, second: Statement) -> tuple[Reason, str, str, float] | None:
    """One says not to do what the other says to do."""
    for one, other, turned in ((first, second, False), (second, first, True)):
        if _NEGATED.search(other.text):
            continue
        for verb, (no, word) in _negated_verbs(one).items():
            if verb in other.terms:
                said = (f"{no} {word}", word)
                needed = 1.4 if verb in _COMMON else 0.6
                return Reason.NEGATION, *(said[::-1] if turned else said), needed
    return None


def _negated_verbs(statement: Statement) -> dict[str, tuple[str, str]]:
    """What it says not to do: by stem, the negation and the word."""
    found = {}
    for no in _NEGATED.finditer(statement.text):
        after = texts.words(statement.text[no.end() : no.end() + 40])[:1]
        is_told = no[0].lower() == "not" and _did(statement.text[: no.start()])
        if after and after[0] not in texts.STOP and not is_told:
            found[stem(after[0])] = (no[0], after[0])
    return found


def _kinds(statement: Statement, verbs: Set[str]) -> Iterator[str]:
    """Which rules it may be set against another by."""
    yield from (f"count {unit}" for unit in _measured(statement))
    yield from (f"verb {verb}" for verb in statement.terms & verbs)
    stems = set(_stems(statement))
    yield from (f"pair {at}" for at, sides in enumerate(_OPPOSED) if any(s & stems for s in sides))
    if _REFUSED.search(statement.text) or _URGED.search(statement.text):
        yield "refused"
    if _order(statement):
        yield "order"
    yield from (f"name {name}" for name in set(_NAME.findall(statement.text)))


def _did(before: str) -> bool:
    """What did not happen, or is not so, forbids nothing."""
    ends = (" did", " was", " were", " has", " had", " have", " is", " are")
    return before.rstrip().lower().endswith(ends)


def _refused(first: Statement, second: Statement) -> tuple[Reason, str, str, float] | None:
    """One says that it is refused, the other to do it right away."""
    for one, other, turned in ((first, second, False), (second, first, True)):
        no, go = _REFUSED.search(one.text), _URGED.search(other.text)
        if no and go and not _REFUSED.search(other.text) and not _URGED.search(one.text):
            return Reason.NEGATION, *((go[0], no[0]) if turned else (no[0], go[0])), 0.7
    return None


def _ordered(first: Statement, second: Statement) -> tuple[Reason, str, str, float] | None:
    """The same things are to stand in two orders."""
    ours, theirs = _order(first), _order(second)
    if ours and theirs and ours[0] != theirs[0]:
        return Reason.OPPOSED, ours[1], theirs[1], 0.5
    return None


def _order(statement: Statement) -> tuple[int, str] | None:
    """By what it sorts, and the word that says so."""
    for number, words in enumerate(_ORDERS):
        if found := words.search(statement.text):
            return (number, found[0]) if _SORTS.search(statement.text) else None
    return None


def _opposed(first: Statement, second: Statement) -> tuple[Reason, str, str, float] | None:
    """The same is said with words that are each other's opposites."""
    if any(_SCOPED.search(each.text) or _FAILS.search(each.text) for each in (first, second)):
        return None
    here, there = _stems(first), _stems(second)
    for left, right in _OPPOSED:
        for mine, yours in ((left, right), (right, left)):
            ours, theirs = mine & set(here), yours & set(there)
            if ours and theirs and not (yours & _all(first)) and not (mine & _all(second)):
                one, other = min(ours), min(theirs)
                is_beside = bool(_beside(here, one) & _beside(there, other) & first.terms)
                return Reason.OPPOSED, one, other, 0.5 if is_beside else 1.2
    return None


def _stems(statement: Statement) -> list[str]:
    """Its words in order; `all` and `each` only where they say of whom it is told."""
    stems = [stem(word) for word in texts.words(statement.text)]
    return [term for at, term in enumerate(stems) if at < 2 or term not in _WHO]


def _all(statement: Statement) -> set[str]:
    return {stem(word) for word in texts.words(statement.text)}


def _beside(stems: list[str], term: str) -> set[str]:
    at = stems.index(term)
    return set(stems[max(0, at - 1) : at] + stems[at + 1 : at + 2])
