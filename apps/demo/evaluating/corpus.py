"""Sessions and notes made from a seed, with the list of what was put into them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from types import ModuleType

from apps.demo.evaluating import chatter, habits, stores, traps
from apps.demo.evaluating.labels import Finding, Label
from apps.demo.evaluating.pools import (
    KEPT_FROM,
    habits_kept,
    habits_open,
    traps_kept,
    traps_open,
)
from apps.demo.evaluating.talk import Talk
from apps.dreams.findings import Note, Transcript

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
AGENTS = ("desk", "operations", "research", "billing")
USERS = ("ana", "bela", "chi", "dov", "eli", "fay", "gus", "hana")
Scene = Callable[[Talk, Random], None]


@dataclass(frozen=True, slots=True)
class Corpus:
    """What an engine is given, and what it should find. Decoys are there to be left alone."""

    seed: int
    transcripts: tuple[Transcript, ...]
    notes: tuple[Note, ...]
    labels: tuple[Label, ...]


@dataclass(slots=True)
class _Plan:
    """Scenes of each session, and of each label the sessions it is in."""

    scenes: list[list[Scene]]
    verdicts: list[bool | None]
    is_kept: bool
    labels: list[tuple[Finding, str, tuple[str, ...], list[int]]] = field(default_factory=list)

    @property
    def traps(self) -> tuple[traps.Trap, ...]:
        return traps_kept.TRAPS if self.is_kept else traps_open.TRAPS

    @property
    def pool(self) -> ModuleType:
        return habits_kept if self.is_kept else habits_open


def corpus(seed: int, *, sessions: int = 72) -> Corpus:
    """The same seed gives the same corpus."""
    chance = Random(seed)  # noqa: S311 -- a corpus, no secret
    plan = _Plan([[] for _ in range(sessions)], [None] * sessions, seed >= KEPT_FROM)
    _mistakes(plan, chance)
    _habits(plan, chance)
    _workflows(plan, chance)
    _anecdotes(plan, chance)
    ids = [f"sesn_{seed}_{number:03d}" for number in range(sessions)]
    transcripts = tuple(_session(plan, number, ids[number], chance) for number in range(sessions))
    kept, flaws = stores.store(chance, START + timedelta(days=sessions), seed=seed)
    labels = [
        Label(name, finding, signs, frozenset(ids[each] for each in where))
        for finding, name, signs, where in plan.labels
    ]
    return Corpus(seed, transcripts, kept, (*labels, *flaws))


def _session(plan: _Plan, number: int, session_id: str, chance: Random) -> Transcript:
    at = START + timedelta(days=number, minutes=chance.randrange(480))
    talk = Talk(session_id, chance.choice(AGENTS), chance.choice(USERS), at)
    chatter.opening(talk, chance)
    scenes = plan.scenes[number]
    chance.shuffle(scenes)
    for scene in scenes:
        scene(talk, chance)
        chatter.between(talk, chance)
    chatter.closing(talk, chance)
    return talk.transcript(succeeded=plan.verdicts[number])


def _somewhere(plan: _Plan, chance: Random, low: int, high: int) -> list[int]:
    """Sessions for something that recurs, the emptier ones first."""
    count = chance.randint(low, high)
    order = sorted(range(len(plan.scenes)), key=lambda n: (len(plan.scenes[n]), chance.random()))
    return order[:count]


def _mistakes(plan: _Plan, chance: Random) -> None:
    for trap in chance.sample(plan.traps, 7):
        where = _somewhere(plan, chance, 3, 7)
        for number in where:
            plan.scenes[number].append(trap.play)
        plan.labels.append((Finding.MISTAKE, trap.id, trap.signs, where))


def _habits(plan: _Plan, chance: Random) -> None:
    chosen = (
        (Finding.PREFERENCE, chance.sample(plan.pool.PREFERENCES, 5), (3, 6)),
        (Finding.ESCALATION, chance.sample(plan.pool.ESCALATIONS, 2), (3, 5)),
        (Finding.FACT, chance.sample(plan.pool.FACTS, 2), (3, 5)),
    )
    for finding, some, (low, high) in chosen:
        for habit in some:
            where = _somewhere(plan, chance, low, high)
            for number, wording in zip(where, _dealt(habit.wordings, chance), strict=False):
                plan.scenes[number].append(habit.scene(wording))
            plan.labels.append((finding, habit.id, habit.signs, where))


def _dealt(wordings: Sequence[str], chance: Random) -> list[str]:
    """Each wording once before any comes again."""
    some = list(wordings)
    chance.shuffle(some)
    return some * 2


def _workflows(plan: _Plan, chance: Random) -> None:
    for flow in chance.sample(plan.pool.WORKFLOWS, 2):
        free = [n for n in _somewhere(plan, chance, 60, 60) if plan.verdicts[n] is None]
        good, poor = free[:10], free[10:19]
        for number in good:
            plan.scenes[number].append(flow.done_well)
            plan.verdicts[number] = chance.random() < 0.93
        for number in poor:
            plan.scenes[number].append(flow.done_badly)
            plan.verdicts[number] = chance.random() < 0.15
        plan.labels.append((Finding.WORKFLOW, flow.id, flow.signs, good + poor))
    for number, verdict in enumerate(plan.verdicts):
        if verdict is None and chance.random() < 0.5:
            plan.verdicts[number] = chance.random() < 0.6


def _anecdotes(plan: _Plan, chance: Random) -> None:
    """What happened once is no pattern, nor is what changes nothing: to propose it is a mistake."""
    used = {name for _, name, _, _ in plan.labels}
    for trap in chance.sample([each for each in plan.traps if each.id not in used], 2):
        chance.choice(plan.scenes).append(trap.play)
    for wording in chance.sample(plan.pool.ANECDOTES, 6):
        chance.choice(plan.scenes).append(habits.said(wording))
    for wording, summary in chance.sample(plan.pool.ONE_OFF_HANDOVERS, 2):
        scene = habits.handed_over(wording, "transfer_to_human", {"summary": summary})
        chance.choice(plan.scenes).append(scene)
    for scenes in chance.sample(plan.scenes, 6):
        scenes.append(traps.glitch)
    routine = chance.choice(plan.pool.ROUTINES)
    for scenes in chance.sample(plan.scenes, 20):
        scenes.append(routine.done_either_way)
