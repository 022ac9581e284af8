"""Where the sessions say what a dream has added, word for word or nearly.

The vendor's dreams give no evidence for their edits. So each statement that an edit adds is looked
for in what was said in the sessions that the dream was given. It bears a statement out if a
sentence there has nearly all of its words, every number, and the same negations. What is found is
a quote as any other, and what is not found is said to be not found: nothing is guessed.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from apps.reviews.drafting import Quote, Role

LEAST_WORDS = 4
"""Fewer say too little to be looked for."""
LEAST_SHARE = 0.8
"""Of the statement's words, that the sentence must have."""
LONGEST_QUOTE = 600
QUOTES_OF_A_STATEMENT = 3
MOST_QUOTES = 12
READ = frozenset(
    {
        "user.message",
        "agent.message",
        "agent.tool_result",
        "agent.mcp_tool_result",
        "user.tool_result",
        "user.custom_tool_result",
        "agent.thread_message_received",
    }
)
"""Events that say something."""
_SENTENCE = re.compile(r"[^\n.!?;]+(?:[.!?;](?!\s|$)[^\n.!?;]*)*[.!?;]*")
_WORD = re.compile(r"\w+")
_NO_WORDS = frozenset(
    "a an and are as at be been by for from has have in is it its of on or that the their this to"
    " was were will with you your we our they he she i if then than so do does".split()
)
_NEGATIONS = frozenset("no not never none nor cannot without don doesn didn isn aren won".split())


@dataclass(frozen=True, slots=True)
class Said:
    """The text of one event."""

    session_id: str
    event_id: str
    type: str
    text: str


@dataclass(slots=True)
class Statement:
    """Something that an edit adds, and the quotes that bear it out."""

    text: str
    words: frozenset[str]
    quotes: list[Quote] = field(default_factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.quotes) >= QUOTES_OF_A_STATEMENT

    def is_said_by(self, words: frozenset[str]) -> bool:
        """Whether a sentence of these words says it."""
        if len(self.words & words) < LEAST_SHARE * len(self.words):
            return False
        if self.words & _NEGATIONS and not words & _NEGATIONS:
            return False
        if words & _NEGATIONS and not self.words & _NEGATIONS:
            return False
        return all(each in words for each in self.words if not each.isalpha())

    def add(self, quote: Quote) -> None:
        """One of each session."""
        if quote.session_id not in {each.session_id for each in self.quotes}:
            self.quotes.append(quote)


def statements(lines: Iterable[str]) -> list[Statement]:
    """The sentences of these lines that say enough to be looked for; headings say nothing."""
    found = []
    for line in lines:
        if line.startswith("#"):
            continue
        for match in _SENTENCE.finditer(line):
            words = words_of(match.group())
            if len(words) >= LEAST_WORDS:
                found.append(Statement(match.group().strip(), words))
    return found


def look(wanted: Sequence[Statement], said: Iterable[Said]) -> None:
    """Give each statement the first places that say it."""
    by_word: Mapping[str, list[int]] = _index(wanted)
    for each in said:
        for start, end, words in _sentences(each.text):
            shared = Counter(number for word in words for number in by_word.get(word, ()))
            for number, count in shared.items():
                statement = wanted[number]
                enough = count >= LEAST_SHARE * len(statement.words)
                if enough and not statement.is_full and statement.is_said_by(words):
                    statement.add(_quote(each, start, end))


def quotes(found: Sequence[Statement]) -> tuple[Quote, ...]:
    """Of all of them, each place once: as many as a proposal needs."""
    places = {
        (each.session_id, each.event_id, each.start): each
        for statement in found
        for each in statement.quotes
    }
    return tuple(list(places.values())[:MOST_QUOTES])


def words_of(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower())) - _NO_WORDS


def _index(wanted: Sequence[Statement]) -> Mapping[str, list[int]]:
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for number, statement in enumerate(wanted):
        for word in statement.words:
            by_word[word].append(number)
    return by_word


def _sentences(text: str) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Where each begins and ends, and its words."""
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        start = match.start() + len(sentence) - len(sentence.lstrip())
        end = start + len(sentence.strip())
        if 0 < end - start <= LONGEST_QUOTE:
            yield start, end, words_of(sentence)


def _quote(said: Said, start: int, end: int) -> Quote:
    role = Role.STATES_PREFERENCE if said.type == "user.message" else Role.STATES_FACT
    return Quote(said.session_id, said.event_id, start, end, said.text[start:end], role)
