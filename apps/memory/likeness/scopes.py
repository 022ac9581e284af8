"""For what a memory holds: for everything, or for one client, one format, one machine.

What differs between two clients is no contradiction, and neither is an exception to what is usual.
"""

from collections import Counter
from collections.abc import Sequence

from apps.memory.likeness.texts import STOP, Note, stem, words

_KINDS = frozenset(
    "clients customers partners accounts tenants guests patients users people projects"
    " matters products brands formats genres texts channels teams sites branches regions countries"
    " cities servers hosts nodes machines rigs devices environments releases versions labs rooms"
    " vehicles".split()
)
"""Folders of these names hold a memory for each one of the kind."""
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
        return not ((ours - theirs) & self._says[second.key]) and not (
            (theirs - ours) & self._says[first.key]
        )

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
