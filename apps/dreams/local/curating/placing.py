"""Where in a store something new belongs, by how the store is laid out already."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.dreams.findings import Kind, Note

LARGEST_TO_ADD_TO = 6_000
"""Bytes of a note from which on it gets no more sections."""
_NO_SLUG = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 48
# What folders for this kind of thing are called, the first being what we call ours.
_USUAL = {
    Kind.MISTAKE: ("tools", "how-to", "troubleshooting", "gotchas", "errors", "pitfalls"),
    Kind.WORKAROUND: ("tools", "how-to", "troubleshooting", "gotchas", "workarounds"),
    Kind.PREFERENCE: ("preferences", "style", "conventions", "policies", "rules"),
    Kind.WORKFLOW: ("workflows", "process", "processes", "how-to", "playbooks"),
    Kind.FACT: ("facts", "infrastructure", "reference"),
    Kind.ESCALATION: ("escalations", "escalation", "process", "policies"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A path, and the note that stands there already, if one does."""

    path: str
    note: Note | None = None


def place(kind: Kind, title: str, subjects: Sequence[str], notes: Sequence[Note]) -> Place:
    """A note about the same subject, or else a new path in the folder where such things are.

    `subjects` are names that stand for the thing itself (a tool, a program), most telling first.
    """
    note = about(subjects, notes)
    if note is not None:
        return Place(note.path, note)
    folder = _folder_of_subject(subjects, notes) or _usual_folder(kind, notes)
    return Place(_free(f"{folder}{slug(title)}", notes))


def about(subjects: Sequence[str], notes: Sequence[Note]) -> Note | None:
    """The small note whose name or title names a subject: that is what it is about."""
    for subject in subjects:
        named = [note for note in notes if _is_about(note, subject) and not _is_full(note)]
        if named:
            return min(named, key=lambda note: (len(note.path), note.path))
    return None


def slug(title: str) -> str:
    """A file's name that says the title, ending with a whole word."""
    words = _NO_SLUG.sub("-", title.lower()).strip("-")
    if len(words) > _LONGEST_NAME:
        words = words[: _LONGEST_NAME + 1].rpartition("-")[0] or words[:_LONGEST_NAME]
    return words or "note"


def _is_about(note: Note, subject: str) -> bool:
    wanted = slug(subject)
    name = note.path.rpartition("/")[2].removesuffix(".md").lower()
    return bool(wanted) and _NO_SLUG.sub("-", name).strip("-") == wanted


def _is_full(note: Note) -> bool:
    return len(note.content) > LARGEST_TO_ADD_TO


def _folder_of_subject(subjects: Sequence[str], notes: Iterable[Note]) -> str:
    """Where most of the notes lie that speak of it, if that is one place."""
    spoken = [
        re.compile(rf"(?<![\w-]){re.escape(each)}(?![\w-])", re.IGNORECASE) for each in subjects
    ]
    folders = Counter(
        note.path.rpartition("/")[0] + "/"
        for note in notes
        if any(each.search(note.content) for each in spoken)
    )
    if not folders:
        return ""
    folder, count = min(folders.items(), key=lambda each: (-each[1], each[0]))
    is_clear = count >= 2 and count * 2 > folders.total() and folder != "/"
    return folder if is_clear else ""


def _usual_folder(kind: Kind, notes: Iterable[Note]) -> str:
    there = {note.path.split("/")[1].lower() for note in notes if note.path.count("/") > 1}
    usual = _USUAL[kind]
    return f"/{next((name for name in usual if name in there), usual[0])}/"


def _free(path: str, notes: Iterable[Note]) -> str:
    taken = {note.path for note in notes}
    wanted, number = f"{path}.md", 2
    while wanted in taken:
        wanted, number = f"{path}-{number}.md", number + 1
    return wanted
