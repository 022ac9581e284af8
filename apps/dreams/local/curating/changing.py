"""Where a note says the old of something that has changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.dreams.findings import Note
from apps.memory.likeness.texts import STOP, stem, words

_VALUE = re.compile(
    r"[\w.+-]+@[\w.-]+\w|https?://\S+\w|\b(?:[\w-]+\.)+[a-z]{2,}\b|\b\w*\d[\w.:-]*\b|\b\d+%?"
)
_CHANGES = frozenset(
    "now long anymor old new mov chang replac switch instead sinc former clos gon bounc".split()
)
_LEAST_SHARED = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A note, the words in it that are no longer so, and the text as it should be."""

    note: Note
    old: str
    text: str


def changed(saying: str, notes: Sequence[Note]) -> Change | None:
    """The statement that the saying overtakes; None where no note speaks of it.

    Where both name one value of the same form, the value is put in its place; else the statement
    gives way to what was said.
    """
    told = _VALUE.findall(saying)
    subject = _stems(_VALUE.sub(" ", saying))
    best: tuple[float, Note, str] | None = None
    for note in notes:
        for line in note.content.split("\n"):
            if line.startswith("#"):
                continue
            for sentence in re.split(r"(?<=[.!?])\s+", line):
                score = _about(sentence, subject, told)
                if score and (best is None or score > best[0]):
                    best = (score, note, sentence)
    if best is None:
        return None
    _, note, sentence = best
    mark = re.match(r"^[\s>*+-]*(?:\d+[.)]\s+)?", sentence)
    lead = mark[0] if mark else ""
    new = _swapped(sentence, told) or f"{lead}{saying}"
    return Change(note, sentence.strip(" -*"), note.content.replace(sentence, new, 1))


def _about(sentence: str, subject: frozenset[str], told: Sequence[str]) -> float:
    """How much of the subject a statement shares, if it says the old; 0 if it says the new."""
    values = set(_VALUE.findall(sentence))
    shared = subject & _stems(_VALUE.sub(" ", sentence))
    old = values & set(told)
    new = set(told) - values
    says_old = bool(old and new) or (not told and len(shared) > _LEAST_SHARED)
    overtaken = bool(values and new and not old and _same_form(values, new))
    if len(shared) < _LEAST_SHARED or not (says_old or overtaken or (new and not values)):
        return 0.0
    own = _stems(_VALUE.sub(" ", sentence))
    return len(shared) / max(1, len(own)) + (1.0 if old else 0.0)


def _same_form(one: set[str], other: set[str]) -> bool:
    return bool({_form(each) for each in one} & {_form(each) for each in other})


def _form(value: str) -> str:
    if "@" in value:
        return "address"
    return "number" if value[:1].isdigit() else "name"


def _swapped(sentence: str, told: Sequence[str]) -> str | None:
    """The sentence with the one new value for its one old value."""
    values = list(dict.fromkeys(_VALUE.findall(sentence)))
    new = [value for value in dict.fromkeys(told) if value not in values]
    if len(new) != 1 or not values:
        return None
    named = [value for value in values if value in told]
    alike = named or [value for value in values if _form(value) == _form(new[0])]
    return sentence.replace(alike[0], new[0]) if len(alike) == 1 else None


def _stems(text: str) -> frozenset[str]:
    found = (stem(word) for word in words(text) if word not in STOP)
    return frozenset(word for word in found if word not in _CHANGES)
