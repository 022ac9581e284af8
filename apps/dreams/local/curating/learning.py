"""What patterns teach, held against what the store says already."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.core.rates import Rate
from apps.dreams.findings import Curated, Dropped, Kind, Note, Pattern
from apps.dreams.local.curating.changing import changed
from apps.dreams.local.curating.lessons import Lesson, lesson
from apps.dreams.local.curating.placing import Place, place
from apps.dreams.local.words import NUMBER, content
from apps.reviews import drafting
from apps.reviews.drafting import Base, Draft, Quote
from apps.reviews.losing import lost

KNOWN = "known already"
NOTHING_TO_DO = "nothing that could be done otherwise"
_NO_WORD = re.compile(r"[^A-Za-z]+")
_NEAR = 0.7
"""Of the words of what is new, so many stand in a note that is told of as near."""
_MOST_SESSIONS, _MOST_QUOTES = 6, 2


@dataclass(slots=True)
class _Shelf:
    """The store as it will be: two lessons about one thing do not write into it twice."""

    notes: list[Note]
    open: list[Note]
    """Those that may be added to."""
    drafts: list[Draft]

    def take(self, draft: Draft) -> None:
        """Nobody else changes that note in the same run: their edits would cross."""
        self.drafts.append(draft)
        taken = {base.memory_id for base in draft.bases}
        self.open = [note for note in self.open if note.memory_id not in taken]


def learned(
    patterns: Sequence[Pattern], open_notes: Sequence[Note], notes: Sequence[Note]
) -> Curated:
    """A draft for each pattern that says something new, and why the others are left out."""
    shelf = _Shelf(list(notes), list(open_notes), [])
    dropped: list[Dropped] = []
    for pattern in patterns:
        told = lesson(pattern)
        if told is None:
            dropped.append(Dropped("curate", NOTHING_TO_DO, pattern.fingerprint))
        elif any(is_known(told, note.content) for note in notes) or _is_drafted(told, shelf):
            dropped.append(Dropped("curate", KNOWN, pattern.fingerprint))
        else:
            shelf.take(_draft(pattern, told, shelf))
    return Curated(tuple(shelf.drafts), tuple(dropped))


def is_known(told: Lesson, text: str) -> bool:
    """Whether a text says it: with all of its names, or nearly in its words."""
    names = {*told.terms, told.message} if len(told.terms) == 1 else told.terms
    if not all(_is_named(name, text) for name in names):
        return False
    return len(told.terms) > 1 or not lost([told.core], text)


def _is_named(name: str, text: str) -> bool:
    return re.search(rf"(?i)(?<![\w-]){re.escape(name)}(?!\w)", text) is not None


def _is_drafted(told: Lesson, shelf: _Shelf) -> bool:
    return any(is_known(told, draft.content or "") for draft in shelf.drafts)


def _draft(pattern: Pattern, told: Lesson, shelf: _Shelf) -> Draft:
    if pattern.kind == Kind.FACT and (change := changed(told.core, shelf.open)):
        rationale = f"{told.core} The memory still says “{change.old}”. {told.body[-1]}"
        return _of(pattern, told, Place(change.note.path, change.note), change.text, rationale)
    at = place(pattern.kind, told.title, told.subjects, shelf.open)
    if at.note is None:
        at = place(pattern.kind, told.title, (), [*shelf.notes, *_drafted(shelf)])
        text = told.text
        rationale = f"{_not_said(told, shelf.notes)} {told.body[-1]}"
    else:
        text = at.note.content.rstrip("\n") + f"\n\n{told.section}"
        rationale = f"The memory about this does not say so yet. {told.body[-1]}"
    return _of(pattern, told, at, text, rationale)


def _not_said(told: Lesson, notes: Sequence[Note]) -> str:
    """With the note that comes nearest, so that a reviewer need not look for it."""
    wanted = set(content(told.core)) - {NUMBER}
    near = {
        note.path: (
            len(wanted & set(content(note.content))),
            len(wanted & set(content(_NO_WORD.sub(" ", note.path)))),
        )
        for note in notes
    }
    best = max(sorted(near), key=near.__getitem__, default="")
    if best and near[best][0] >= max(1, _NEAR * len(wanted)):
        return f"Nothing in the store says so in these words; {best} comes nearest."
    return "Nothing in the store says so."


def _drafted(shelf: _Shelf) -> Iterator[Note]:
    """Paths that drafts of this run are going to take."""
    for draft in shelf.drafts:
        if not draft.bases:
            at = max(note.updated_at for note in shelf.notes) if shelf.notes else None
            if at is not None:
                yield Note("", draft.path, "", "", at)


def _of(pattern: Pattern, told: Lesson, at: Place, text: str, rationale: str) -> Draft:
    note = at.note
    return Draft(
        kind=drafting.Kind.UPDATE if note else drafting.Kind.CREATE,
        path=at.path,
        content=text,
        rationale=rationale,
        bases=(Base(note.memory_id, note.sha256),) if note else (),
        title=told.title,
        evidence=tuple(quotes(pattern)),
        confidence=confidence(pattern),
        support=support(pattern),
        fingerprint=pattern.fingerprint,
    )


def quotes(pattern: Pattern) -> Iterator[Quote]:
    """The words of a few sessions, the newest first: each shows it at the very event."""
    newest = sorted(pattern.seen, key=lambda seen: (seen.at is not None, seen.at), reverse=True)
    for seen in newest[:_MOST_SESSIONS]:
        for span in seen.observation.spans[:_MOST_QUOTES]:
            yield Quote(seen.session_id, span.event_id, span.start, span.end, span.quote, span.role)


def confidence(pattern: Pattern) -> float:
    """From the number of sessions alone, less where the way out did not always help."""
    sure = 1 - 1 / (1 + 0.5 * pattern.sessions)
    details = pattern.details
    if details.get("what") == "error" and details.get("fix"):
        sure *= 0.7 + 0.3 * int(details["fixed_sessions"]) / pattern.sessions
    elif details.get("what") == "error":
        sure *= 0.75  # what does not help is known, what does is not
    if details.get("what") == "handover" and details.get("wishes"):
        wanted = (int(line.rpartition("\t")[2]) for line in details["wishes"].splitlines())
        sure *= min(1.0, sum(wanted) / int(details["looked_at"]))
    if details.get("what") == "workflow":
        sure *= 0.6 + 0.4 * _apart(pattern.success, pattern.others)
    return round(sure, 3)


def _apart(one: Rate, other: Rate) -> float:
    """1 where the intervals do not meet, and less the more they do."""
    gap = max(one.low - other.high, other.low - one.high)
    return 1.0 if gap >= 0 else max(0.0, 1 + gap)


def support(pattern: Pattern) -> dict[str, object]:
    return {
        "finding": str(pattern.kind),
        "sessions": pattern.sessions,
        "of_sessions": int(pattern.details.get("of_sessions", "0")) or None,
        "agents": pattern.agents,
        "users": pattern.users,
        "first_seen": pattern.first_at.isoformat() if pattern.first_at else None,
        "last_seen": pattern.last_at.isoformat() if pattern.last_at else None,
        "success": _told(pattern.success),
        "others": _told(pattern.others),
    }


def _told(rate: Rate) -> dict[str, object] | None:
    if not rate.tries:
        return None
    return {
        "successes": rate.successes,
        "tries": rate.tries,
        "low": round(rate.low, 3),
        "high": round(rate.high, 3),
    }
