"""How much of what was put in was proposed, and how much of what was proposed was put in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.demo.evaluating.labels import Finding, Label
from apps.reviews.drafting import Draft, Kind

_KINDS: Mapping[Finding, frozenset[Kind]] = {
    Finding.DUPLICATE: frozenset({Kind.MERGE}),
    # Two that speak against each other are no better when they stand in one memory.
    Finding.CONTRADICTION: frozenset({Kind.UPDATE, Kind.RETIRE}),
    Finding.OUTDATED: frozenset({Kind.RETIRE, Kind.UPDATE}),
    Finding.OVERSIZED: frozenset({Kind.RESTRUCTURE}),
}
# A mistake that has a way around it is the one as much as the other.
_SAME_AS = {"workaround": Finding.MISTAKE}


@dataclass(frozen=True, slots=True)
class Score:
    """Of one kind of finding."""

    finding: Finding
    planted: int
    found: int
    proposed: int
    right: int

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.finding,
            self.planted + other.planted,
            self.found + other.found,
            self.proposed + other.proposed,
            self.right + other.right,
        )


@dataclass(frozen=True, slots=True)
class Missed:
    """What was put in and not proposed, or proposed and not put in."""

    finding: str
    what: str


@dataclass(frozen=True, slots=True)
class Result:
    scores: tuple[Score, ...]
    missed: tuple[Missed, ...]
    invented: tuple[Missed, ...]
    duplicates: int
    """Drafts that say what another one says already."""


def scored(drafts: Sequence[Draft], labels: Sequence[Label], paths: Mapping[str, str]) -> Result:
    """Hold drafts against labels; `paths` are those of the memories, by id."""
    hits = {index: _hits(draft, labels, paths) for index, draft in enumerate(drafts)}
    found = {label.id for some in hits.values() for label in some}
    scores = []
    for finding in Finding:
        of_kind = [label for label in labels if label.finding == finding]
        proposed = [n for n, draft in enumerate(drafts) if finding_of(draft) == finding]
        scores.append(
            Score(
                finding,
                len(of_kind),
                sum(label.id in found for label in of_kind),
                len(proposed),
                sum(bool(hits[n]) for n in proposed),
            )
        )
    firsts = [some[0].id for some in hits.values() if some]
    return Result(
        tuple(scores),
        tuple(Missed(label.finding, label.id) for label in labels if label.id not in found),
        tuple(
            Missed(str(draft.support.get("finding")), f"{draft.kind} {draft.path}: {draft.title}")
            for n, draft in enumerate(drafts)
            if not hits[n]
        ),
        len(firsts) - len(set(firsts)),
    )


def finding_of(draft: Draft) -> Finding | None:
    named = str(draft.support.get("finding", ""))
    if named in _SAME_AS:
        return _SAME_AS[named]
    return Finding(named) if named in set(Finding) else None


def _hits(draft: Draft, labels: Iterable[Label], paths: Mapping[str, str]) -> list[Label]:
    return [label for label in labels if _says(draft, label, paths)]


def _says(draft: Draft, label: Label, paths: Mapping[str, str]) -> bool:
    if label.paths:
        touched = {paths.get(base.memory_id, "") for base in draft.bases}
        touched |= {str(against) for against in [draft.support.get("against")] if against}
        suits = draft.kind in _KINDS[label.finding]
        return suits and bool(touched & label.paths) and touched <= label.paths | {draft.path}
    cited = {quote.session_id for quote in draft.evidence}
    text = "\n".join((draft.title, draft.content or "", draft.rationale))
    mostly = bool(cited) and len(cited & label.sessions) * 2 > len(cited)
    return mostly and all(re.search(sign, text) for sign in label.signs)
