"""The local engine over corpora made from seeds, and what it came to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from apps.demo.evaluating.corpus import START, Corpus, corpus
from apps.demo.evaluating.labels import Finding
from apps.demo.evaluating.scoring import Missed, Result, Score, scored
from apps.dreams.connecting import connect
from apps.dreams.findings import Note, Seen
from apps.dreams.local.curating import curate
from apps.dreams.local.observing import observe
from apps.reviews.drafting import Draft, Kind
from apps.reviews.losing import lost, unmentioned

GOALS = {
    Finding.MISTAKE: 0.9,
    Finding.DUPLICATE: 0.9,
    Finding.PREFERENCE: 0.8,
    Finding.WORKFLOW: 0.8,
    Finding.ESCALATION: 0.8,
    Finding.FACT: 0.8,
    Finding.CONTRADICTION: 0.8,
    Finding.OUTDATED: 0.8,
    Finding.OVERSIZED: 0.8,
}
"""Of recall and of precision alike."""


@dataclass(slots=True)
class Evaluation:
    """Sums over all corpora."""

    scores: dict[Finding, Score] = field(default_factory=dict)
    proposals: int = 0
    merges: int = 0
    right_merges: int = 0
    facts_lost: int = 0
    """What a memory said, the new text does not, and the rationale does not speak of."""
    duplicates: int = 0
    broken_quotes: int = 0
    quotes: int = 0
    missed: list[Missed] = field(default_factory=list)
    invented: list[Missed] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """Everything that falls short, in words."""
        found = [
            f"{score.finding}: {name} {value:.2f}, and at least {GOALS[score.finding]:.2f} is asked"
            for score in self.scores.values()
            for name, value in (("recall", score.recall), ("precision", score.precision))
            if value < GOALS[score.finding]
        ]
        if self.facts_lost:
            found.append(f"{self.facts_lost} facts lost without a word")
        if self.broken_quotes:
            found.append(f"{self.broken_quotes} quotes that are not their event's words")
        return found


def evaluate(seeds: Iterable[int]) -> Evaluation:
    whole = Evaluation()
    for seed in seeds:
        made = corpus(seed)
        drafts = proposed(made)
        _add(whole, made, drafts, scored(drafts, made.labels, _paths(made.notes)))
    return whole


def proposed(made: Corpus) -> Sequence[Draft]:
    """What the engine comes to, from first reading to drafts."""
    seen = (
        Seen(each.session_id, each.agent, each.user, each.succeeded, each.at, said)
        for each in made.transcripts
        for said in observe(each)
    )
    today = START + timedelta(days=len(made.transcripts) + 1)
    return curate(connect(seen), made.notes, today=today.date()).drafts


def _add(whole: Evaluation, made: Corpus, drafts: Sequence[Draft], result: Result) -> None:
    for score in result.scores:
        sofar = whole.scores.get(score.finding)
        whole.scores[score.finding] = sofar + score if sofar else score
    whole.proposals += len(drafts)
    whole.duplicates += result.duplicates
    whole.missed.extend(result.missed)
    whole.invented.extend(result.invented)
    twins = [label.paths for label in made.labels if label.finding == Finding.DUPLICATE]
    paths = _paths(made.notes)
    for draft in drafts:
        whole.facts_lost += _lost(draft, made.notes)
        if draft.kind == Kind.MERGE:
            whole.merges += 1
            whole.right_merges += {paths[base.memory_id] for base in draft.bases} in twins
    texts = {turn.event_id: turn.text for each in made.transcripts for turn in each.turns}
    for draft in drafts:
        for quote in draft.evidence:
            whole.quotes += 1
            whole.broken_quotes += texts[quote.event_id][quote.start : quote.end] != quote.quote


def _lost(draft: Draft, notes: Sequence[Note]) -> int:
    """A memory that is retired says why, and is read by whoever decides."""
    if draft.content is None:
        return 0
    replaced = {base.memory_id for base in draft.bases}
    before = [note.content for note in notes if note.memory_id in replaced]
    now = "\n".join((draft.content, *(file.content for file in draft.also)))
    return len(unmentioned(lost(before, now), draft.rationale))


def _paths(notes: Iterable[Note]) -> dict[str, str]:
    return {note.memory_id: note.path for note in notes}
