"""The loss guard: what memories said and a new text does not say any more. Pure.

It reads by statements: a line of a list or a table, or a sentence. A statement is still said if the
new text has it, in whatever order, or has all of its facts and most of its words. Facts are what
nobody can guess from the rest: numbers, names, paths, commands, addresses, codes, and whether it
is a rule that forbids. It rather tells too much than too little.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from apps.memory.likeness.texts import stem

LEAST_WORDS = 0.6
"""How many of a statement's words one passage of the new text must have for it to be still said."""

_FENCE = re.compile(r"^\s*(```|~~~)")
_LEAD = re.compile(r"^\s*(?:[-*+•>]\s+|\d{1,3}[.)]\s+|#{1,6}\s+|\|)?\s*(?:\[[ xX]\]\s+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?;])[\"')\]]*\s+(?=[A-Z0-9`\"'(\[*_/])")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_FACTS = re.compile(
    r"""
      (?P<code>`[^`\n]+`)
    | (?P<address>https?://[^\s)>\]]+ | [\w.+-]+@[\w-]+\.[\w.]+)
    | (?P<path>(?<![\w])[~.]{0,2}/[\w@%+=:,.{}-]+(?:/[\w@%+=:,.{}-]*)* | \b[\w-]+(?:/[\w.-]+)+ )
    | (?P<option>(?<!\S)--?[A-Za-z][\w-]*)
    | (?P<number>[$€£#]?\d[\d.,:_]*\d%? | [$€£#]?\d%?)
    | (?P<name>\b\w*[a-z0-9]_\w+ | \b[a-z]+[A-Z]\w* | \b[A-Z][A-Z0-9_]+\b | \b[A-Za-z]+\d\w*)
    """,
    re.VERBOSE,
)
_PROPER = re.compile(r"(?<=[a-z0-9,;:)] )[A-Z][a-z]+(?:[A-Z]\w*)?")
_RULES = {
    "not": {"not", "never", "no", "none", "cannot", "dont", "don't", "doesn't", "isn't", "can't",
            "won't", "mustn't", "shouldn't", "without", "nor", "neither", "avoid", "forbidden"},
    "only": {"only", "unless", "except", "exclusively"},
}  # fmt: skip
_FILLERS = frozenset(
    "a an and are as at be been by can do does for from has have if in into is it its of on or our"
    " so that the their them then there these they this to was we were when which while will with"
    " you your".split()
)
_FORBIDS = "(not)"
_EDGES = "`*_\"'.,;:!?()[]<>|"


@dataclass(frozen=True, slots=True)
class Statement:
    """Something a text says, with its facts and its words in one form."""

    text: str
    key: str
    facts: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lost:
    """A statement that is not made any more, and those of its facts that are nowhere."""

    text: str
    facts: tuple[str, ...]


def lost(said: Iterable[str], now: str) -> list[Lost]:
    """What these texts said and the new one does not, in their order, each thing once."""
    present = list(statements(now))
    keys = {each.key for each in present}
    everything = frozenset().union(*(each.facts for each in present)) if present else frozenset()
    found: dict[str, Lost] = {}
    for text in said:
        for each in statements(text):
            if each.key in keys or each.key in found or _is_said(each, present):
                continue
            found[each.key] = Lost(each.text, tuple(sorted(each.facts - everything)))
    return list(found.values())


def unmentioned(losses: Sequence[Lost], explanation: str) -> list[Lost]:
    """Those that the explanation does not speak of: it names all their facts, or their words."""
    spoken = list(statements(explanation))
    facts = frozenset().union(*(each.facts for each in spoken)) if spoken else frozenset()
    words = frozenset().union(*(each.words for each in spoken)) if spoken else frozenset()
    return [each for each in losses if not _is_spoken_of(each, facts, words)]


def statements(text: str) -> Iterator[Statement]:
    """Line by line, and inside of a line sentence by sentence; headings and rules say nothing."""
    in_code = False
    for line in unicodedata.normalize("NFC", text).split("\n"):
        if _FENCE.match(line):
            in_code = not in_code
            continue
        if in_code:
            parts = [line.strip()]
        elif line.lstrip().startswith("#"):
            continue
        else:
            parts = _SENTENCE_END.split(_LEAD.sub("", line, count=1))
        yield from filter(None, map(_statement, parts))


@lru_cache(maxsize=4096)
def _statement(part: str) -> Statement | None:
    text = part.strip().strip("|").strip()
    words = frozenset(each.lower() for each in _WORD.findall(text))
    if not words:
        return None
    key = " ".join(_WORD.findall(text.lower())) + "\n" + "\n".join(sorted(_facts(text, words)))
    return Statement(text, key, _facts(text, words), _stems(words))


def _stems(words: Iterable[str]) -> frozenset[str]:
    """Forms of one word are one word, and what denies is told as a fact."""
    return frozenset(stem(word) for word in words if word not in _FILLERS | _RULES["not"])


def _facts(text: str, words: frozenset[str]) -> frozenset[str]:
    found = {match.group().strip(_EDGES) for match in _FACTS.finditer(text)}
    found |= {match.group() for match in _PROPER.finditer(text)}
    found |= {f"({rule})" for rule, signs in _RULES.items() if words & signs}
    return frozenset(each.lower() for each in found if each)


def _is_said(wanted: Statement, present: Sequence[Statement]) -> bool:
    """Whether one passage, two statements long at most, has its facts and most of its words."""
    for at, each in enumerate(present):
        if (_FORBIDS in each.facts) != (_FORBIDS in wanted.facts):
            continue  # what is allowed now was forbidden, or the other way round
        following = present[at + 1] if at + 1 < len(present) else each
        for facts, words in (
            (each.facts, each.words),
            (each.facts | following.facts, each.words | following.words),
        ):
            if wanted.facts <= facts and _share(wanted.words, words) >= LEAST_WORDS:
                return True
    return False


def _share(wanted: frozenset[str], words: frozenset[str]) -> float:
    return len(wanted & words) / len(wanted) if wanted else 1.0


def _is_spoken_of(each: Lost, facts: frozenset[str], words: frozenset[str]) -> bool:
    if each.facts:
        return frozenset(each.facts) <= facts
    own = _stems(word.lower() for word in _WORD.findall(each.text))
    return _share(own, words) >= LEAST_WORDS
