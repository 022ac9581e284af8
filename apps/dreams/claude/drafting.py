"""Edits that a model asks for as drafts: what fits the store and its evidence, and nothing else.

Evidence comes from the patterns that an edit rests on, and its confidence from how often they were
seen; the model says neither.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from apps.core.masking import MASK
from apps.dreams.claude.answers import Edit, Edits
from apps.dreams.claude.shelving import Shelved, by_label
from apps.dreams.findings import Dropped, Pattern
from apps.dreams.local.curating.learning import confidence, quotes, support
from apps.memory import paths
from apps.reviews.drafting import Base, Draft, File, Kind, Quote

STAGE = "curate"
UNKNOWN_MEMORY = "it names a memory that was not shown"
UNKNOWN_PATTERN = "no pattern bears it out"
TAKEN = "another edit of this dream changes the same memory"
STANDS = "a memory stands at its path already"
MISFIT = "it does not fit its kind"
SAME = "it changes nothing"
SECRET = "it would write over what no model is shown"  # noqa: S105 -- a reason
NO_ANSWER = "the model said nothing of it"
TOGETHER = "proposed together with another pattern"
_FINDINGS = {
    Kind.MERGE: "duplicate",
    Kind.RETIRE: "outdated",
    Kind.UPDATE: "contradiction",
    Kind.RESTRUCTURE: "oversized",
    Kind.RENAME: "misplaced",
}
_LEARNED = {"high": 1.0, "medium": 0.85, "low": 0.6}
_TIDIED = {"high": 0.8, "medium": 0.6, "low": 0.35}
_LEAST = {Kind.CREATE: 0, Kind.MERGE: 2}
_MOST_QUOTES, _LONGEST_TITLE, _LONGEST_RATIONALE = 12, 200, 2_000
_MASK = MASK.partition("{kind}")[2]


class Unfit(Exception):
    """The edit goes no further; its text says why."""


@dataclass(slots=True)
class Desk:
    """The drafts of one run, and what may still be changed."""

    shelf: Sequence[Shelved]
    drafts: list[Draft] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    _taken: dict[str, str] = field(default_factory=dict)
    """Labels of memories in drafts, with their paths."""
    _paths: set[str] = field(default_factory=set)

    def taken(self) -> list[str]:
        """What another edit of the run changes or makes already."""
        return sorted({*self._taken.values(), *self._paths})

    def learn(
        self, answer: Edits, patterns: Mapping[str, Pattern], shown: Sequence[Shelved]
    ) -> None:
        """What is made of these patterns; every one of them ends as a draft or with a reason."""
        settled: dict[str, str] = {}
        for edit in answer.edits:
            on = [patterns[label] for label in _once(edit.patterns) if label in patterns]
            self._take(edit, shown, on, settled)
        for each in answer.skipped:
            if each.pattern in patterns:
                settled.setdefault(patterns[each.pattern].fingerprint, each.reason)
        for pattern in patterns.values():
            reason = settled.get(pattern.fingerprint, NO_ANSWER)
            if reason:
                self.dropped.append(Dropped(STAGE, reason, pattern.fingerprint))

    def tidy(self, answer: Edits, shown: Sequence[Shelved]) -> None:
        for edit in answer.edits:
            try:
                bases = self._bases(edit, shown)
                self._keep(_tidied(edit, bases), bases)
            except Unfit as unfit:
                self._leave_out(edit, unfit)

    def _take(
        self,
        edit: Edit,
        shown: Sequence[Shelved],
        on: Sequence[Pattern],
        settled: dict[str, str],
    ) -> None:
        """`settled` says of a pattern why it came to nothing, or with no reason that it did not."""
        if not on:
            self._leave_out(edit, Unfit(UNKNOWN_PATTERN))
            return
        on = sorted(on, key=lambda each: -each.sessions)
        try:
            bases = self._bases(edit, shown)
            self._keep(_learned(edit, bases, on, self._names()), bases)
        except Unfit as unfit:
            for each in on:
                settled.setdefault(each.fingerprint, str(unfit))
            return
        settled[on[0].fingerprint] = ""
        for each in on[1:]:
            if settled.get(each.fingerprint) != "":
                settled[each.fingerprint] = TOGETHER

    def _bases(self, edit: Edit, shown: Sequence[Shelved]) -> list[Shelved]:
        """The memories it changes. Raises Unfit."""
        known = by_label(shown)
        labels = _once(edit.memories)
        if edit.kind == Kind.UPDATE and not labels:
            labels = [label for label, each in known.items() if each.note.path == edit.path]
        if any(label not in known for label in labels):
            raise Unfit(UNKNOWN_MEMORY)
        if any(label in self._taken for label in labels):
            raise Unfit(TAKEN)
        fewest = _LEAST.get(edit.kind, 1)
        most = {Kind.CREATE: 0, Kind.MERGE: None, Kind.RESTRUCTURE: None}.get(edit.kind, 1)
        if len(labels) < fewest or (most is not None and len(labels) > most):
            raise Unfit(MISFIT)
        return [known[label] for label in labels]

    def _leave_out(self, edit: Edit, why: Unfit) -> None:
        self.dropped.append(Dropped(STAGE, str(why), _plain(edit.title) or edit.path))

    def _keep(self, draft: Draft, bases: Sequence[Shelved]) -> None:
        """Raises Unfit for what collides with the store or with an earlier draft."""
        _require_sense(draft, bases)
        own = {each.note.path for each in bases}
        stands = {each.note.path for each in self.shelf} - own
        wanted = {draft.path, *(each.path for each in draft.also)} - own
        if draft.kind != Kind.RETIRE and wanted & (stands | self._paths):
            raise Unfit(STANDS)
        self.drafts.append(draft)
        self._taken |= {each.label: each.note.path for each in bases}
        self._paths |= wanted

    def _names(self) -> set[str]:
        return {each.fingerprint for each in self.drafts}


def _learned(edit: Edit, bases: Sequence[Shelved], on: Sequence[Pattern], names: set[str]) -> Draft:
    first = on[0]
    told = dict(support(first))
    if len(on) > 1:
        told["patterns"] = len(on)
    sure = max(confidence(each) for each in on) * _LEARNED[edit.certainty]
    name = first.fingerprint if first.fingerprint not in names else f"{first.fingerprint}:also"
    return _draft(edit, bases, tuple(_evidence(on)), round(sure, 3), told, name)


def _tidied(edit: Edit, bases: Sequence[Shelved]) -> Draft:
    """What the store shows by itself changes what is there. Raises Unfit."""
    if not bases:
        raise Unfit(MISFIT)
    stands = sorted(f"{each.note.memory_id} {each.note.sha256}" for each in bases)
    digest = hashlib.sha256("\n".join(stands).encode()).hexdigest()[:24]
    told: dict[str, object] = {"finding": _FINDINGS[edit.kind]}
    return _draft(edit, bases, (), _TIDIED[edit.certainty], told, f"tidy:{edit.kind}:{digest}")


def _draft(
    edit: Edit,
    bases: Sequence[Shelved],
    evidence: tuple[Quote, ...],
    sure: float,
    told: Mapping[str, object],
    fingerprint: str,
) -> Draft:
    has_text = edit.kind not in {Kind.RENAME, Kind.RETIRE}
    keeps_path = edit.kind in {Kind.UPDATE, Kind.RETIRE}
    path = bases[0].note.path if keeps_path else _path(edit.path)
    also = edit.also if edit.kind == Kind.RESTRUCTURE else []
    return Draft(
        kind=edit.kind,
        path=path,
        content=_text(edit.content) if has_text else None,
        rationale=_plain(edit.rationale)[:_LONGEST_RATIONALE],
        bases=tuple(Base(each.note.memory_id, each.note.sha256) for each in bases),
        also=tuple(File(_path(each.path), _text(each.content)) for each in also),
        title=_plain(edit.title)[:_LONGEST_TITLE],
        evidence=evidence,
        confidence=sure,
        support=told,
        fingerprint=fingerprint,
    )


def _require_sense(draft: Draft, bases: Sequence[Shelved]) -> None:
    texts = [draft.content or "", *(each.content for each in draft.also)]
    if draft.content is not None and any(not each.strip() for each in texts):
        raise Unfit(MISFIT)
    if draft.content is not None and any(not each.is_whole for each in bases):
        raise Unfit(SECRET)
    if any(_MASK in each for each in texts):
        raise Unfit(SECRET)
    (base,) = bases if len(bases) == 1 else (None,)
    if base is None:
        return
    is_same = draft.kind == Kind.UPDATE and texts[0].strip() == base.note.content.strip()
    if is_same or (draft.kind == Kind.RENAME and draft.path == base.note.path):
        raise Unfit(SAME)


def _evidence(on: Iterable[Pattern]) -> Iterator[Quote]:
    """Of each of the patterns in turn, as many quotes as a reviewer looks at."""
    rows = [list(quotes(each)) for each in on]
    deepest = max(map(len, rows), default=0)
    found = [row[at] for at in range(deepest) for row in rows if at < len(row)]
    yield from list(dict.fromkeys(found))[:_MOST_QUOTES]


def _path(path: str) -> str:
    """Raises Unfit."""
    try:
        return paths.checked(path.strip())
    except paths.BadPath as bad:
        raise Unfit(bad.message) from None


def _text(text: str) -> str:
    return text.replace("\x00", "").strip() + "\n"


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())


def _once(labels: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each.strip() for each in labels))
