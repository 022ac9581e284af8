"""Bringing together what two people made of one text: each one's changes, and no guesses.

Pure functions over texts, by line. Where both changed the same lines, or lines right beside each
other, in different ways, it is a conflict: somebody has to look.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.memory import matching
from apps.memory.matching import Edit


class Kind(StrEnum):
    """Who changed a stretch of the text."""

    SAME = "same"
    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of whole lines, as each of the three has it."""

    kind: Kind
    base: str
    ours: str
    theirs: str

    @property
    def text(self) -> str | None:
        """What it becomes; None where that is for somebody to say."""
        return None if self.kind == Kind.CONFLICT else _chosen(self)


@dataclass(frozen=True, slots=True)
class Merge:
    """Each of the three texts is its part of the pieces, put together."""

    pieces: tuple[Piece, ...]

    @property
    def has_conflicts(self) -> bool:
        return any(piece.kind == Kind.CONFLICT for piece in self.pieces)

    @property
    def text(self) -> str | None:
        """The merged text; None if there are conflicts."""
        texts = [piece.text for piece in self.pieces if piece.text is not None]
        return "".join(texts) if len(texts) == len(self.pieces) else None

    def marked(self, ours: str = "ours", theirs: str = "theirs") -> str:
        """The text with conflicts between markers, as git writes them, to be edited by hand."""
        return "".join(
            _between_markers(piece, ours, theirs) if piece.text is None else piece.text
            for piece in self.pieces
        )


def merge(base: str, ours: str, theirs: str) -> Merge:
    """Both sides' changes of what they started from."""
    texts = matching.lines(base), matching.lines(ours), matching.lines(theirs)
    our_edits = matching.edits(texts[0], texts[1])
    their_edits = matching.edits(texts[0], texts[2])
    return Merge(tuple(_pieces(texts, our_edits, their_edits)))


def _pieces(
    texts: tuple[list[str], list[str], list[str]],
    our_edits: Sequence[Edit],
    their_edits: Sequence[Edit],
) -> Iterator[Piece]:
    at = our_shift = their_shift = 0  # in the base, and from there to either side
    for ours, theirs in _stretches(our_edits, their_edits):
        start = min(edit.old.start for edit in (*ours, *theirs))
        end = max(edit.old.stop for edit in (*ours, *theirs))
        if start > at:
            text = "".join(texts[0][at:start])
            yield Piece(Kind.SAME, text, text, text)
        our_end = our_shift + _growth(ours)
        their_end = their_shift + _growth(theirs)
        yield _piece(
            "".join(texts[0][start:end]),
            "".join(texts[1][start + our_shift : end + our_end]),
            "".join(texts[2][start + their_shift : end + their_end]),
        )
        at, our_shift, their_shift = end, our_end, their_end
    if at < len(texts[0]):
        text = "".join(texts[0][at:])
        yield Piece(Kind.SAME, text, text, text)


def _stretches(
    our_edits: Sequence[Edit], their_edits: Sequence[Edit]
) -> Iterator[tuple[list[Edit], list[Edit]]]:
    """Edits of either side that overlap or touch, together."""
    found = sorted(
        [(edit.old.start, edit.old.stop, 0, edit) for edit in our_edits]
        + [(edit.old.start, edit.old.stop, 1, edit) for edit in their_edits],
        key=lambda each: each[:3],
    )
    together: tuple[list[Edit], list[Edit]] = ([], [])
    reach = -1
    for start, stop, side, edit in found:
        if start > reach >= 0:
            yield together
            together = ([], [])
        together[side].append(edit)
        reach = max(reach, stop)
    if reach >= 0:
        yield together


def _growth(found: Sequence[Edit]) -> int:
    return sum(len(edit.new) - len(edit.old) for edit in found)


def _piece(base: str, ours: str, theirs: str) -> Piece:
    if ours == theirs:
        kind = Kind.BOTH
    elif theirs == base:
        kind = Kind.OURS
    else:
        kind = Kind.THEIRS if ours == base else Kind.CONFLICT
    return Piece(kind, base, ours, theirs)


def _chosen(piece: Piece) -> str:
    return piece.theirs if piece.kind == Kind.THEIRS else piece.ours


def _between_markers(piece: Piece, ours: str, theirs: str) -> str:
    sides = (
        f"<<<<<<< {ours}\n",
        _ended(piece.ours),
        "=======\n",
        _ended(piece.theirs),
        f">>>>>>> {theirs}\n",
    )
    return "".join(sides)


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"
