"""By what rules one statement speaks against another. Each takes two clauses and knows no more.

A rule needs two things: something that only one of the two can have right, and that one of them is
about nothing which the other is not about. What merely differs is no contradiction.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from apps.memory.likeness import figures, texts
from apps.memory.likeness.texts import Statement, stem

_NEGATED = re.compile(
    r"\b(?:never|not|no longer|cannot|can't|don't|doesn't|mustn't)\b(?! only\b)"
    r"|(?:^|, |\bneeds? |\btakes? )no\b",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"\b(?:refused|forbidden|prohibited|not allowed|not permitted|may not|must not)\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:switched off|shut down|turned off|no longer|retired|withdrawn|deprecated|removed"
    r"|decommissioned|does not exist|discontinued|abandoned|gone for good|dead)\b",
    re.IGNORECASE,
)
_URGED = re.compile(
    r"\b(?:right away|at once|immediately|always|do it|just|yourself|directly)\b", re.IGNORECASE
)
_SCOPED = re.compile(
    r"\b(?:for this (?:one|client|text|customer)|only for|except|unless|otherwise"
    r"|fails?|lost|loses?|overwrites?)\b",
    re.IGNORECASE,
)
# What did not happen, or is not so, forbids nothing; what "is not used" is not to be.
_REPORTED = re.compile(
    r"\b(?:(?:did|was|were|has|had|have)\s+not|(?:is|are)\s+not(?!\s+\w+(?:ed|en|pt)\b))\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:no|not|never|nothing|nobody|none|nor|neither|nowhere|without|avoid|refrain|\w+n't)\b"
    r"(?! only\b)",
    re.IGNORECASE,
)
# How much at most, which is no ban.
_MEASURED = re.compile(r"\b(?:no|not) (?:\w+er|more|less) than\b", re.IGNORECASE)
# It names what is not to be used, and so does a ban of that.
_INSTEAD = re.compile(r"\b(?:instead of|in place of|rather than)\b", re.IGNORECASE)
# `Never without a key` is what `only with a key` says.
_BUT_FOR = re.compile(r"\b(?:without|unless|except)\b", re.IGNORECASE)
_ON_TERMS = re.compile(r"\b(?:only|if|when|once|after|provided)\b", re.IGNORECASE)
_ELLIPTIC = re.compile(r"(?:never|not)\b", re.IGNORECASE)
_LABEL = re.compile(r"[^:|.]{1,40}?(?=:\s| \| )")
NAME = re.compile(r"\b[a-z0-9][\w-]*(?:\.[\w-]+){1,}\b|\b[\w.-]+/[\w./<>-]+")
_SORTS = re.compile(
    r"\b(?:sort\w*|order\w*|first|list\w*|ascending|descending|rank\w*)\b", re.IGNORECASE
)
_ORDERS = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"most serious|by severity|by risk|most severe|most important|by contribution",
        r"by (?:\w+ )?numbers?|numerically",
        r"alphabetical(?:ly)?|by (?:\w+ )?names?",
        r"newest|latest first|most recent",
        r"oldest|earliest first|chronological(?:ly)?|by dates?",
        r"by size|largest|biggest",
    )
)
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
        "hourly|daily|weekly|monthly|yearly",
        "sign symbol figure|words",
        "upper uppercase|lower lowercase",
        "singular|plural",
        "tabs|spaces",
        "formal|informal",
        "automatic automatically|manual manually",
    )
)
_ROWS = tuple(enumerate(_OPPOSED))
_NO: frozenset[str] = frozenset()
_LIGHT = frozenset(
    stem(word)
    for word in "say write use make do be read go give keep put see tell want show fine okay good"
    " stand set lie hold last stay allow allowed ok never always not no longer don't doesn't"
    " cannot can't mustn't without only please must".split()
)
"""Words that a statement is not about."""


class Reason(StrEnum):
    """What it is that cannot both hold."""

    NUMBERS = "numbers"
    NEGATION = "negation"
    VALUES = "values"
    OPPOSED = "opposed"


@dataclass(frozen=True)
class Clause:
    """One thing said, with the statement that it is a part of."""

    text: str
    statement: Statement
    is_first: bool

    @property
    def stems(self) -> list[str]:
        return [stem(word) for word in texts.words(self.text)]

    @cached_property
    def subject(self) -> frozenset[str]:
        """What it is about: not its figures; if it names nothing itself, what stands above it."""
        told = {stem(word) for word in texts.words(self.text) if word not in texts.STOP}
        named = frozenset(t for t in told - _LIGHT - figures.NAMED.keys() if not t.isdigit())
        if named and _ELLIPTIC.match(self.text) and not self.is_first:
            return named | frozenset(Clause(self.statement.clauses[0], self.statement, True).head)
        # Mostly it is all of the statement: one set for both.
        terms = self.statement.terms
        return (terms if named == terms else named) or self.statement.context

    @property
    def head(self) -> list[str]:
        """Who or what it speaks of, roughly: its first words."""
        return [term for term in self.stems if term in self.subject][:2]

    @property
    def about(self) -> frozenset[str]:
        """What the whole statement is about, and so its subject too."""
        return self.statement.about

    @cached_property
    def instead(self) -> frozenset[str]:
        """`In the app, not on the ticket`: what is to be, where the other is not."""
        if self.is_first or not self.text.lower().startswith("not "):
            return _NO
        at = self.statement.clauses.index(self.text) - 1
        return Clause(self.statement.clauses[at], self.statement, not at).subject

    @cached_property
    def measures(self) -> figures.Measures:
        return figures.measured(self.statement) if self.is_first else figures.measures(self.text)

    @cached_property
    def sides(self) -> dict[int, frozenset[int]]:
        """Of each row of opposites that it has a word of, which of them."""
        stems = set(self.stems)
        rows = ((at, [n for n, side in enumerate(row) if side & stems]) for at, row in _ROWS)
        return {at: frozenset(found) for at, found in rows if found}

    @cached_property
    def names(self) -> frozenset[str]:
        """Hosts, files, paths."""
        return frozenset(NAME.findall(self.text)) or _NO

    @cached_property
    def gone(self) -> tuple[str, frozenset[str]]:
        """The word that says that something is no more, and what."""
        off = _GONE.search(self.text)
        return (off[0], frozenset(NAME.findall(self.text[: off.start()]))) if off else ("", _NO)

    @cached_property
    def order(self) -> tuple[int, str] | None:
        """By what it sorts, and the word that says so."""
        if not _SORTS.search(self.text):
            return None
        orders = ((number, words.search(self.text)) for number, words in enumerate(_ORDERS))
        return next(((number, found[0]) for number, found in orders if found), None)

    @cached_property
    def ban(self) -> str:
        found = _FORBIDDEN.search(self.statement.text)
        return found[0] if found else ""

    @cached_property
    def urge(self) -> str:
        found = _URGED.search(self.statement.text)
        return found[0] if found else ""

    @cached_property
    def is_scoped(self) -> bool:
        return bool(_SCOPED.search(self.statement.text))

    @cached_property
    def negation(self) -> str:
        """The word that forbids; what did not happen, or is not so, forbids nothing."""
        forbidden = _FORBIDDEN.search(self.text)
        found = forbidden or _NEGATED.search(_REPORTED.sub("", _MEASURED.sub("", self.text)))
        return found[0] if found else ""


def clauses(statement: Statement) -> list[Clause]:
    return [Clause(text, statement, not at) for at, text in enumerate(statement.clauses)]


@dataclass(frozen=True, slots=True)
class Opposition:
    """What in each clause speaks against the other, and what words are beside the point."""

    reason: Reason
    said_first: str
    said_second: str
    beside: frozenset[str] = frozenset()
    covered: float = 0.75
    """How much of the one's subject the other must have."""


def _fact(reason: Reason, said: tuple[str, str]) -> Opposition:
    """Of what is so: for everybody, whatever else the two are about."""
    return Opposition(reason, said[0], said[1], covered=0)


def oppositions(first: Clause, second: Clause) -> Iterator[Opposition]:
    for rule in _RULES:
        if found := rule(first, second):
            yield found


def are_labelled_apart(first: Statement, second: Statement) -> bool:
    """What stands behind a label, or in a row of a table, is about that: the other is not."""
    for one, other in ((first, second), (second, first)):
        found = _LABEL.match(one.text)
        label = {stem(word) for word in texts.words(found[0])} - texts.STOP if found else set()
        if label and not label & other.about:
            return True
    return False


def kinds(clause: Clause) -> Iterator[str]:
    """Clauses that have none of these in common are opposed by no rule, but that of bans."""
    yield from (f"count {unit}" for unit in clause.measures)
    yield from (f"name {name}" for name in clause.names)
    yield from (f"row {at}" for at in clause.sides)
    if clause.order:
        yield "order"


def _numbers(first: Clause, second: Clause) -> Opposition | None:
    for unit in sorted(first.measures.keys() & second.measures.keys()):
        ours, theirs = first.measures[unit], second.measures[unit]
        told_too = ours & figures.digits(second.statement) or theirs & figures.digits(
            first.statement
        )
        if not told_too and not _both_know(first, second, ours | theirs):
            said = figures.told(unit, ours), figures.told(unit, theirs)
            return Opposition(Reason.NUMBERS, *said, frozenset({unit}))
    return None


def _both_know(first: Clause, second: Clause, numbers: set[str]) -> bool:
    """Each memory names all of them somewhere: it is not these that they differ in."""
    return all(
        numbers <= set().union(*(figures.digits(each) for each in note.statements))
        for note in (first.statement.note, second.statement.note)
    )


def _gone(first: Clause, second: Clause) -> Opposition | None:
    """One names what the other says is no more."""
    for one, other, turned in ((first, second, False), (second, first, True)):
        off, names = one.gone
        named = names & other.names
        if named and not other.gone[0]:
            said = (f"{min(named)} {off}", min(named))
            return _fact(Reason.VALUES, said[::-1] if turned else said)
    return None


def _negated(first: Clause, second: Clause) -> Opposition | None:
    """One forbids what the other tells, and all that the ban names is named in the other."""
    if bool(first.negation) == bool(second.negation):
        return None
    ban, told = (first, second) if first.negation else (second, first)
    if ban.instead and ban.instead <= told.statement.terms:
        return None
    # `Nobody hands over there` is no opposite of a ban of it.
    if _NEGATIVE.search(told.statement.text):
        return None
    if _INSTEAD.search(told.text) or (_BUT_FOR.search(ban.text) and _ON_TERMS.search(told.text)):
        return None
    return Opposition(Reason.NEGATION, _banned(first), _banned(second))


def _banned(clause: Clause) -> str:
    """`Never translate`; of what is not banned, all of it."""
    if not clause.negation:
        return clause.text
    after = texts.words(clause.text.partition(clause.negation)[2])[:1]
    return " ".join((clause.negation.strip(" ,"), *after))


def _urged(first: Clause, second: Clause) -> Opposition | None:
    """One says that it is refused, the other to do it right away."""
    for one, other in ((first, second), (second, first)):
        if one.ban and other.urge and not other.ban:
            said = (one.ban, other.urge) if one is first else (other.urge, one.ban)
            return _fact(Reason.NEGATION, said)
    return None


def _ordered(first: Clause, second: Clause) -> Opposition | None:
    """The same things are to stand in two orders."""
    ours, theirs = first.order, second.order
    if ours and theirs and ours[0] != theirs[0]:
        beside = frozenset(stem(w) for said in (ours, theirs) for w in texts.words(said[1]))
        return Opposition(Reason.OPPOSED, ours[1], theirs[1], beside, 0.2)
    return None


def _opposed(first: Clause, second: Clause) -> Opposition | None:
    """The same is said with words that are each other's opposites."""
    if first.is_scoped or second.is_scoped:
        return None
    for at in sorted(first.sides.keys() & second.sides.keys()):
        if first.sides[at] & second.sides[at]:
            continue
        row = _OPPOSED[at]
        mine = min(row[min(first.sides[at])] & set(first.stems))
        yours = min(row[min(second.sides[at])] & set(second.stems))
        if {mine, yours} <= first.statement.note.vocabulary & second.statement.note.vocabulary:
            continue
        is_of_one = _after(first, mine) & _after(second, yours) & first.statement.terms
        beside = frozenset().union(*row)
        return Opposition(Reason.OPPOSED, mine, yours, beside, 0.2 if is_of_one else 0.75)
    return None


def _after(clause: Clause, term: str) -> set[str]:
    """What this word is said of: `each writer`, `all writers`."""
    at = clause.stems.index(term)
    return set(clause.stems[at + 1 : at + 2])


_RULES: tuple[Callable[[Clause, Clause], Opposition | None], ...] = (
    _numbers,
    _gone,
    _negated,
    _urged,
    _ordered,
    _opposed,
)
