"""What a grader is shown of an artifact, and where in it the words stand that it quotes. Pure."""

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from apps.core import masking

_WORD = re.compile(r"\S+")


class Span(NamedTuple):
    """Characters of the artifact."""

    start: int
    end: int


class _Shift(NamedTuple):
    """A secret, and what stands in its place: where each begins and ends."""

    shown: Span
    real: Span


class Shown:
    """An artifact without its secrets. What is quoted of it is found in the artifact itself."""

    def __init__(self, artifact: str) -> None:
        self.artifact = artifact
        self._shifts: list[_Shift] = []
        parts, at, length = [], 0, 0
        for each in masking.secrets(artifact):
            mask = masking.MASK.format(kind=each.kind)
            parts += [artifact[at : each.start], mask]
            length += each.start - at
            self._shifts.append(
                _Shift(Span(length, length + len(mask)), Span(each.start, each.end))
            )
            length, at = length + len(mask), each.end
        self.text = "".join((*parts, artifact[at:]))

    def find(self, quote: str) -> Span | None:
        """Where the quote stands in the artifact; white space may differ. None: nowhere."""
        quote = quote.strip()
        if not quote:
            return None
        start = self.text.find(quote)
        found = Span(start, start + len(quote)) if start >= 0 else self._loosely(quote)
        return found and Span(self._real(found.start), self._real(found.end, is_end=True))

    def _loosely(self, quote: str) -> Span | None:
        words = quote.split()
        wanted = " ".join(words)
        at = self._collapsed.find(wanted)
        if at < 0:
            return None
        return Span(self._spread(at), self._spread(at + len(wanted) - 1) + 1)

    @cached_property
    def _words(self) -> list[Span]:
        return [Span(*found.span()) for found in _WORD.finditer(self.text)]

    @cached_property
    def _collapsed(self) -> str:
        """All words with one space between them."""
        return " ".join(self.text[start:end] for start, end in self._words)

    @cached_property
    def _beginnings(self) -> list[int]:
        """Where each word begins in the collapsed text."""
        return [0, *accumulate(end - start + 1 for start, end in self._words)]

    def _spread(self, at: int) -> int:
        """The place in the text of a character of a word in the collapsed text."""
        word = bisect_right(self._beginnings, at) - 1
        return self._words[word].start + at - self._beginnings[word]

    def _real(self, at: int, *, is_end: bool = False) -> int:
        """The place in the artifact; within a mask, where its secret begins or ends."""
        moved = 0
        for shown, real in self._shifts:
            if at <= shown.start:
                break
            if at < shown.end:
                return real.end if is_end else real.start
            moved = real.end - shown.end
        return at + moved
