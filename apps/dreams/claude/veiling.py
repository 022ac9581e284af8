"""Texts as they are sent, without secrets and not at any length, and the way back from a quote."""

from dataclasses import dataclass

from apps.core.masking import MASK, secrets

LONGEST = 8_000
"""Characters of one text that are sent; of a longer one its beginning and its end."""
_HEAD = 6_000
_CUT = "[… {count} characters left out …]"


class NotThere(Exception):
    """a quote is not what its event says"""


class Hidden(Exception):
    """a quote goes over something that was not sent"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that were sent as they are: where they stand now, and where they stood."""

    at: int
    origin: int
    length: int


@dataclass(frozen=True, slots=True)
class Veiled:
    """What is sent of a text."""

    text: str
    pieces: tuple[Piece, ...]

    def origin(self, quote: str) -> tuple[int, int]:
        """Where in the original the quote stands first. Raises NotThere, Hidden."""
        at = self.text.find(quote) if quote else -1
        if at < 0:
            raise NotThere
        while at >= 0:
            for piece in self.pieces:
                if piece.at <= at and at + len(quote) <= piece.at + piece.length:
                    start = piece.origin + at - piece.at
                    return start, start + len(quote)
            at = self.text.find(quote, at + 1)
        raise Hidden


def veil(text: str, longest: int = LONGEST) -> Veiled:
    """The text without its secrets, and without its middle where it is too long."""
    parts: list[str] = []
    pieces: list[Piece] = []
    origin = length = 0
    for start, end, label in (*_gaps(text, longest), (len(text), len(text), "")):
        if start > origin:
            pieces.append(Piece(length, origin, start - origin))
        parts += [text[origin:start], label]
        length += start - origin + len(label)
        origin = end
    return Veiled("".join(parts), tuple(pieces))


def _gaps(text: str, longest: int) -> list[tuple[int, int, str]]:
    """What is not sent, in order, and what stands in its place; none overlaps another."""
    found = secrets(text)
    gaps = [(each.start, each.end, MASK.format(kind=each.kind)) for each in found]
    if len(text) <= longest:
        return gaps
    head = min(_HEAD, longest * 3 // 4)
    start, end = head, len(text) - (longest - head)
    # A secret that the cut would go through falls into it as a whole.
    start = min((each.start for each in found if each.start < start < each.end), default=start)
    end = max((each.end for each in found if each.start < end < each.end), default=end)
    kept = [each for each in gaps if each[1] <= start or each[0] >= end]
    return sorted([*kept, (start, end, _CUT.format(count=f"{end - start:,}"))])
