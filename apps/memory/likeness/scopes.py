"""For what a memory holds: for everything, or for one client, one format, one machine.

What differs between two clients is no contradiction, and neither is an exception to what is usual.
"""

from collections import Counter
from collections.abc import Sequence, Set

from apps.memory.likeness.texts import STOP, Note, stem, words

_KINDS = frozenset(
    "clients customers partners accounts tenants guests patients users people projects"
    " matters products brands formats genres texts channels teams sites branches regions countries"
    " cities servers hosts nodes machines rigs devices environments releases versions labs rooms"
    " vehicles".split()
)
"""Folders of these names hold a memory for each one of the kind."""
_ANYTHING = frozenset(
    stem(word)
    for word in "basics general guide method misc notes other overview process rules tips".split()
)
"""Names that a memory about anything may have."""
Scope = frozenset[str]
EVERYTHING: Scope = frozenset()


class Scopes:
    """Of each memory what it holds for, in these memories together."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._own = {note.key: _own(note) for note in notes}
        self._named = {frozenset(name): name for name in self._own.values() if name}
        self._of = {note.key: self._own[note.key] or self._elsewhere(note) for note in notes}
        self._says = {note.key: note.vocabulary for note in notes}
        names = Counter(term for note in notes for term in set(_name(note)))
        self._common = {term for term, count in names.items() if count * 10 > len(notes) + 10}

    def are_apart(self, first: Note, second: Note) -> bool:
        """One holds where the other does not."""
        ours, theirs = self._of[first.key], self._of[second.key]
        return not (ours & theirs) if ours or theirs else False

    def are_siblings(self, first: Note, second: Note) -> bool:
        """Beside each other, each about what it is called, which the other does not speak of."""
        if first.folder != second.folder or first.folder == "/":
            return False
        ours, theirs = (set(_name(note)) - self._common for note in (first, second))
        if ours <= _ANYTHING or theirs <= _ANYTHING:
            return False
        return self._is_unknown(ours - theirs, second) and self._is_unknown(theirs - ours, first)

    def are_two_of_a_kind(self, first: Note, second: Note) -> bool:
        """So beside each other, or with titles of one pattern: `Linting Python`, `Linting Go`."""
        if self.are_siblings(first, second):
            return True
        ours, theirs = words(first.title), words(second.title)
        apart = [pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]]
        if len(ours) != len(theirs) or len(ours) < 2 or len(apart) != 1:
            return False
        mine, yours = ({stem(word)} for word in apart[0])
        return self._is_unknown(mine, second) and self._is_unknown(yours, first)

    def _is_unknown(self, terms: Set[str], there: Note) -> bool:
        return not terms & self._says[there.key]

    def _elsewhere(self, note: Note) -> Scope:
        """`/alpine-club.md` holds for the club, as `/clients/alpine-club.md` does."""
        name = _name(note)
        return next(
            (own for own in self._named if name and (name <= own or own <= name)), frozenset()
        )


def _own(note: Note) -> Scope:
    kinds = set(words(note.folder)) & _KINDS
    # `/clients/contact.md`, "Reaching clients": of all of them.
    is_general = kinds & set(words(note.title))
    return EVERYTHING if not kinds or is_general else _name(note)


def _name(note: Note) -> Scope:
    return frozenset(stem(word) for word in words(note.name) if word not in STOP)
