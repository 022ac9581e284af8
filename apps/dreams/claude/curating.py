"""What Claude would change in the store: the questions, one after the other.

A large store and many patterns take several. Each is told what the earlier ones came to, so that
no two edits of a dream change the same memory; and since they come in one order, a dream that is
taken up again asks the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from apps.core.masking import masked
from apps.dreams.claude import prompts, shelving
from apps.dreams.claude.answers import Edits
from apps.dreams.claude.costing import usage_of
from apps.dreams.claude.drafting import Desk
from apps.dreams.claude.fencing import fence_for
from apps.dreams.claude.presenting import presented
from apps.dreams.claude.shelving import Shelved
from apps.dreams.engines import Assignment, Written
from apps.dreams.findings import Curated, Note, Pattern
from apps.engine.asking import Answer, Question

PATTERNS_AT_ONCE = 20
MOST_TOKENS = 16_000
LEARN, TIDY = "dreams.curate", "dreams.tidy"
_LEAST_TO_TIDY = 2


@dataclass(slots=True)
class _Curating:
    """One run: what was answered so far, and what came of it."""

    work: Assignment
    model: str
    shelf: list[Shelved]
    desk: Desk
    answers: list[Answer[Edits]] = field(default_factory=list)

    def ask(self, purpose: str, shared: str, text: str) -> Edits:
        question = Question(
            purpose=purpose,
            model=self.model,
            system=prompts.CURATE,
            shared=shared,
            text=text,
            answer=Edits,
            max_tokens=MOST_TOKENS,
        )
        answer = self.work.door.ask(question)
        self.answers.append(answer)
        return answer.value


def curate(
    patterns: Sequence[Pattern], notes: Sequence[Note], work: Assignment, model: str
) -> Written:
    """Drafts, and why of each pattern that none is made of. Raises EngineError, EngineBusy."""
    shelf = shelving.shelved(notes)
    run = _Curating(work, model, shelf, Desk(shelf))
    for first in range(0, len(patterns), PATTERNS_AT_ONCE):
        _learn(run, patterns[first : first + PATTERNS_AT_ONCE], first)
    if len(notes) >= _LEAST_TO_TIDY:
        for some in [shelf] if shelving.fits(shelf) else shelving.slices(shelf):
            _tidy(run, some)
    return Written(Curated(tuple(run.desk.drafts), tuple(run.desk.dropped)), usage_of(run.answers))


def _learn(run: _Curating, patterns: Sequence[Pattern], first: int) -> None:
    labelled = {f"p{first + number}": each for number, each in enumerate(patterns, 1)}
    told, border = presented(labelled)
    is_whole = shelving.fits(run.shelf)
    shown = run.shelf if is_whole else shelving.nearest(run.shelf, _sayings(patterns))
    fence = shelving.fence(shown)
    store = shelving.told(shown, fence)
    parts = [] if is_whole else [shelving.index(run.shelf), store]
    # What is to be done comes after what it is about: so it is followed best.
    parts += [_ours(fence, border), told, prompts.LEARN, *_steered(run)]
    answer = run.ask(LEARN, store if is_whole else "", "\n\n".join(parts))
    run.desk.learn(answer, labelled, shown)


def _sayings(patterns: Sequence[Pattern]) -> Iterator[str]:
    for each in patterns:
        yield each.title
        yield from (seen.observation.statement for seen in each.seen)


def _tidy(run: _Curating, some: Sequence[Shelved]) -> None:
    fence = shelving.fence(some)
    task = prompts.TIDY.format(today=run.work.today)
    text = "\n\n".join((task, *_steered(run), _ours(fence)))
    run.desk.tidy(run.ask(TIDY, shelving.told(some, fence), text), some)


def _ours(*fences: str) -> str:
    return f"Only a line that begins with {' or '.join(fences)} is ours."


def _steered(run: _Curating) -> Iterator[str]:
    """How the person who asked steers it, and what is taken already."""
    if run.work.instructions:
        steer = masked(run.work.instructions)
        fence = fence_for([steer])
        yield f"The steer, up to the line {fence}:\n{steer}\n{fence}"
    if taken := run.desk.taken():
        yield f"Already in other edits of this dream, so leave alone: {', '.join(taken)}."
