"""Where in a memory the words stand: pieces of plain text, and no marks of any language in them."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from apps.memory import matching
from apps.memory.models import Memory
from apps.memory.searching import stemming
from apps.memory.searching.asking import Query
from apps.memory.searching.ranking import Found, Way

MOST_LINES = 3
LONGEST_LINE = 240
_BEFORE = 60
_WORD = re.compile(r"[^\W_]+")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text, and whether it was looked for."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a memory, shortened around what was looked for."""

    number: int
    pieces: list[Piece]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Marker:
    """Finds what was looked for in a text."""

    spans: Callable[[str], list[Span]]

    def pieces(self, text: str) -> list[Piece]:
        return list(_cut(text, self.spans(text)))

    def excerpts(self, content: str) -> list[Line]:
        """The lines that say most of it, in their order; if none does, the first that says much."""
        lines = [matching.split_end(line)[0] for line in matching.lines(content)]
        marked = [(number, self.spans(line)) for number, line in enumerate(lines, 1) if line]
        hits = [(number, spans) for number, spans in marked if spans]
        best = sorted(hits, key=lambda hit: -_told(lines[hit[0] - 1], hit[1]))[:MOST_LINES]
        chosen = sorted(best) or [(number, []) for number, _ in marked[:1]]
        return [Line(number, _shortened(lines[number - 1], spans)) for number, spans in chosen]


def marker(query: Query, found: Found, memories: Iterable[Memory]) -> Marker:
    if found.way is Way.LETTERS:
        letters = re.compile(re.escape(query.typed.strip('"')), re.IGNORECASE)
        return Marker(lambda text: [each.span() for each in letters.finditer(text)])
    if found.way is Way.BEGINNINGS:
        wanted = query.words
        return Marker(lambda text: _spans(text, lambda word: word.startswith(wanted)))
    forms = _of_these(query, found, memories)
    if not forms:
        return Marker(lambda _: [])
    whole = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, forms))})(?![^\W_])")
    return Marker(lambda text: [each.span() for each in whole.finditer(text)])


def _spans(text: str, is_wanted: Callable[[str], bool]) -> list[Span]:
    return [each.span() for each in _WORD.finditer(text) if is_wanted(each[0].lower())]


def _of_these(query: Query, found: Found, memories: Iterable[Memory]) -> list[str]:
    """Which words of these texts are forms of what was looked for: what has one of its stems.

    Of all the words only those are looked at that begin alike.
    """
    begins = tuple(word[:2] for word in (found.lexemes or query.words))
    there = set[str]().union(
        *(_WORD.findall(text) for each in memories for text in (each.path, each.content))
    )
    alike = [word for word in there if word.lower().startswith(begins)]
    stems = stemming.stems({*query.words, *map(str.lower, alike)})
    wanted = set(found.lexemes).union(*(stems[word] for word in query.words))
    return [word for word in alike if not wanted.isdisjoint(stems[word.lower()])]


def _told(line: str, spans: list[Span]) -> int:
    """How many different words are marked in it."""
    return len({line[start:end].lower() for start, end in spans})


def _shortened(line: str, spans: list[Span]) -> list[Piece]:
    if len(line) <= LONGEST_LINE:
        return list(_cut(line, spans))
    start = max(0, (spans[0][0] if spans else 0) - _BEFORE)
    end = start + LONGEST_LINE
    inside = [(a - start, min(b, end) - start) for a, b in spans if start <= a < end]
    pieces = list(_cut(line[start:end], inside))
    before = [Piece("…", is_match=False)] if start else []
    after = [Piece("…", is_match=False)] if end < len(line) else []
    return [*before, *pieces, *after]


def _cut(text: str, spans: list[Span]) -> Iterator[Piece]:
    at = 0
    for start, end in spans:
        if start > at:
            yield Piece(text[at:start], is_match=False)
        yield Piece(text[start:end], is_match=True)
        at = end
    if at < len(text):
        yield Piece(text[at:], is_match=False)
