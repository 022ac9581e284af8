"""What accepting a proposal does to its store as it is now: a plan, then the plan as versions.

Every text that is there already is merged three ways: what it said when the proposal was drafted,
what is proposed, and what it says now. Where both sides touched the same lines it is an obstacle,
shown and never guessed; and a memory that changed is not deleted, as nobody has read it then.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from apps.core.errors import Conflict, DomainError
from apps.memory import diffing, matching, merging, paths
from apps.memory.merging import Piece
from apps.memory.models import Memory
from apps.memory.writing import Pen
from apps.reviews.drafting import File, Kind
from apps.reviews.models import Proposal, Source


class EffectKind(StrEnum):
    """What happens to one file."""

    CREATE = "create"  # with a memory's id: one that was deleted comes back
    UPDATE = "update"  # it may move as well
    DELETE = "delete"


class ObstacleKind(StrEnum):
    """Why it cannot happen."""

    CHANGED = "changed"  # both sides touched the same lines, or what is to go says something else
    DELETED = "deleted"
    MOVED = "moved"
    PATH_TAKEN = "path_taken"
    REDACTED = "redacted"


@dataclass(frozen=True, slots=True)
class Effect:
    """One file as it is now and as it will be; None is not there. `base` is what was drafted on."""

    kind: EffectKind
    path: str
    memory_id: str
    base: str | None
    before: str | None
    after: str | None
    old_path: str = ""

    @property
    def changes_nothing(self) -> bool:
        """It says all this already."""
        return self.before == self.after and self.path == self.old_path

    @property
    def hunks(self) -> list[diffing.Hunk]:
        """From what is there now to what will be."""
        return diffing.diff(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why not: where both sides touched the same lines, `pieces` has the text of all three."""

    kind: ObstacleKind
    path: str
    memory_id: str
    pieces: tuple[Piece, ...] = ()
    in_the_way: str = ""

    @property
    def words(self) -> str:
        """In a sentence."""
        return _WORDS[self.kind].format(path=self.path, in_the_way=self.in_the_way)


_WORDS = {
    ObstacleKind.CHANGED: "{path} has changed since in the same lines.",
    ObstacleKind.DELETED: "{path} was deleted since.",
    ObstacleKind.MOVED: "{path} was moved to {in_the_way} since.",
    ObstacleKind.REDACTED: "What {path} said was redacted since.",
    ObstacleKind.PATH_TAKEN: "{in_the_way} is in the way of {path}.",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be written, if nothing is in the way."""

    effects: tuple[Effect, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def writes(self) -> list[Effect]:
        return [each for each in self.effects if not each.changes_nothing]


class OutOfDate(Conflict):
    """What this proposal changes has changed since. Propose it again against the current memory."""

    code = "proposal_conflict"

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        conflicts = [told(each) for each in obstacles]
        super().__init__(f"{obstacles[0].words} {self.__doc__}", conflicts=conflicts)
        self.obstacles = tuple(obstacles)


class HunksNotAllowed(DomainError):
    """hunks: only what changes the text of one memory can be taken in part."""


def plan(
    proposal: Proposal, *, hunks: Collection[int] | None = None, content: str | None = None
) -> Plan:
    """What accepting it would do now: all of it, some of its hunks, or an edited text instead.

    Its store must be as it is now: loaded in this request, or locked. Raises HunksNotAllowed.
    """
    sources = sources_of(proposal)
    wanted = _wanted(proposal, sources, hunks, content)
    steps = list(_steps(proposal, sources, wanted))
    effects = [each for each in steps if isinstance(each, Effect)]
    obstacles = [each for each in steps if isinstance(each, Obstacle)]
    going = {each.memory_id for each in effects if each.kind == EffectKind.DELETE}
    obstacles += collisions(proposal.store_id, effects, going)
    return Plan(tuple(effects), tuple(obstacles))


def carry_out(planned: Plan, pen: Pen) -> None:
    """Write it; what goes makes room for what comes. Raises OutOfDate, and what a pen raises."""
    if planned.obstacles:
        raise OutOfDate(planned.obstacles)
    for kind in (EffectKind.DELETE, EffectKind.UPDATE, EffectKind.CREATE):
        for each in planned.writes:
            if each.kind == kind:
                _write(each, pen)


def _write(effect: Effect, pen: Pen) -> None:
    if effect.kind == EffectKind.DELETE:
        pen.delete(effect.memory_id)
    elif effect.kind == EffectKind.UPDATE:
        pen.update(effect.memory_id, content=effect.after, path=effect.path)
    elif effect.memory_id:
        gone = Memory.objects.get(pk=effect.memory_id)
        pen.revive(gone, path=effect.path, content=effect.after or "")
    else:
        pen.create(effect.path, effect.after or "")


def sources_of(proposal: Proposal) -> list[Source]:
    """In order, with what each said then and says now."""
    found = proposal.sources.select_related("memory", "base_version").order_by("position")
    return list(found)


def is_out_of_date(sources: Sequence[Source]) -> bool:
    """Whether something that it was drafted against says something else now."""
    return any(each.has_moved_on for each in sources)


def proposed_hunks(proposal: Proposal, sources: Sequence[Source]) -> list[diffing.Hunk]:
    """What it changes of what it was drafted against: the numbers of `hunks` count these."""
    if proposal.redacted_at is not None:
        return []
    base = _base_of_target(proposal, sources)
    return [hunk for hunk in diffing.diff(base, proposal.content) if hunk.lines]


def united(proposal: Proposal, live: Sequence[Source]) -> str | None:
    """Its text with what its target says by now; lines that both changed stand there twice."""
    source = next((each for each in live if each.memory_id == proposal.memory_id), None)
    base = _said(source) if source else None
    if proposal.content is None or source is None or base is None:
        return proposal.content
    merged = merging.merge(base, source.memory.content, proposal.content)
    return "".join(_both(piece) if piece.text is None else piece.text for piece in merged.pieces)


def _both(piece: Piece) -> str:
    ours = piece.ours if piece.ours.endswith("\n") or not piece.ours else f"{piece.ours}\n"
    return ours + piece.theirs


def chosen(base: str, proposed: str, hunks: Collection[int]) -> str:
    """The base with these of the proposed hunks, and no others."""
    old, new = matching.lines(base), matching.lines(proposed)
    parts: list[str] = []
    at = 0
    found = (hunk for hunk in diffing.diff(base, proposed) if hunk.lines)
    for number, hunk in enumerate(found):
        start, end = _span(hunk, "old_number", at)
        parts += old[at:start]
        is_taken = number in hunks
        new_start, new_end = _span(hunk, "new_number", 0)
        parts += new[new_start:new_end] if is_taken else old[start:end]
        at = end
    return "".join(parts + old[at:])


def _span(hunk: diffing.Hunk, side: str, nothing: int) -> tuple[int, int]:
    numbers = [n for n in (getattr(line, side) for line in hunk.lines) if n is not None]
    return (numbers[0] - 1, numbers[-1]) if numbers else (nothing, nothing)


def _wanted(
    proposal: Proposal,
    sources: Sequence[Source],
    hunks: Collection[int] | None,
    content: str | None,
) -> dict[str, str]:
    """Paths and what is to stand there; none where only a path changes, or something goes."""
    if hunks is not None:
        if proposal.kind != Kind.UPDATE or content is not None:
            raise HunksNotAllowed
        base, proposed = _base_of_target(proposal, sources) or "", proposal.content or ""
        count = sum(1 for hunk in diffing.diff(base, proposed) if hunk.lines)
        if not hunks or not set(hunks) <= set(range(count)):
            raise HunksNotAllowed(f"hunks: name some of 0 to {count - 1}.")
        return {proposal.path: chosen(base, proposed, hunks)}
    if proposal.content is None:
        if content is not None:
            raise HunksNotAllowed("content: this proposal writes no text.")
        return {}
    text = proposal.content if content is None else content
    return {proposal.path: text} | {each["path"]: each["content"] for each in proposal.also}


def _steps(
    proposal: Proposal, sources: Sequence[Source], wanted: Mapping[str, str]
) -> Iterator[Effect | Obstacle]:
    stays_alone = len(sources) == 1 and proposal.kind in {Kind.UPDATE, Kind.RENAME}
    taken = set()
    for source in sources:
        path = proposal.path if stays_alone else source.path
        if stays_alone or path in wanted:
            taken.add(path)
            yield _kept(source, path, wanted.get(path))
        else:
            yield _gone(source)
    for path, content in wanted.items():
        if path not in taken:
            yield Effect(EffectKind.CREATE, path, "", None, None, content)


def _kept(source: Source, path: str, content: str | None) -> Effect | Obstacle:
    """It says something else afterwards, or lies elsewhere."""
    memory = source.memory
    if memory.deleted_at is not None:
        return Obstacle(ObstacleKind.DELETED, source.path, memory.pk)
    target = path if path != source.path else memory.path
    if path != source.path and memory.path not in {source.path, path}:
        return Obstacle(ObstacleKind.MOVED, source.path, memory.pk, in_the_way=memory.path)
    base = _said(source)
    if content is None:
        after: str | None = memory.content
    elif memory.content_sha256 == source.base_sha256:
        after = content
    else:
        merged = merging.merge(base or "", memory.content, content)
        after = merged.text if base is not None else None
        if after is None:
            return Obstacle(ObstacleKind.CHANGED, memory.path, memory.pk, merged.pieces)
    return Effect(EffectKind.UPDATE, target, memory.pk, base, memory.content, after, memory.path)


def _gone(source: Source) -> Effect | Obstacle:
    """It is not there afterwards. That it is gone already is no obstacle."""
    memory = source.memory
    if memory.deleted_at is not None:
        return Effect(
            EffectKind.DELETE, source.path, memory.pk, _said(source), None, None, source.path
        )
    if memory.content_sha256 != source.base_sha256:
        pieces = merging.merge(_said(source) or "", memory.content, "").pieces
        return Obstacle(ObstacleKind.CHANGED, memory.path, memory.pk, pieces)
    return Effect(
        EffectKind.DELETE, memory.path, memory.pk, _said(source), memory.content, None, memory.path
    )


def _said(source: Source) -> str | None:
    """What it said then; None if that was redacted since."""
    return source.base_version.content


def _base_of_target(proposal: Proposal, sources: Sequence[Source]) -> str | None:
    found = next((each for each in sources if each.memory_id == proposal.memory_id), None)
    return _said(found) if found else None


def collisions(
    store_id: str, effects: Sequence[Effect], going: Collection[str]
) -> Iterator[Obstacle]:
    """What lies where something is to be put, or above or below it."""
    for each in effects:
        if each.kind == EffectKind.DELETE or each.path == each.old_path:
            continue
        at = Q(path__in=[each.path, *paths.ancestors(each.path)])
        below = Q(path__gte=f"{each.path}/", path__lt=paths.after(f"{each.path}/"))
        live = Memory.objects.live().filter(at | below, store=store_id)
        found = live.exclude(pk__in=[*going, each.memory_id]).values_list("path", flat=True).first()
        if found is not None:
            yield Obstacle(ObstacleKind.PATH_TAKEN, each.path, each.memory_id, in_the_way=found)


def told(obstacle: Obstacle) -> dict[str, object]:
    """As the API tells it."""
    return {
        "kind": obstacle.kind.value,
        "path": obstacle.path,
        "memory_id": obstacle.memory_id or None,
        "in_the_way": obstacle.in_the_way or None,
        "message": obstacle.words,
        "pieces": [
            {"kind": each.kind.value, "base": each.base, "ours": each.ours, "theirs": each.theirs}
            for each in obstacle.pieces
        ],
    }


def files_of(proposal: Proposal) -> list[File]:
    """Every text that it wants written."""
    if proposal.content is None:
        return []
    return [File(proposal.path, proposal.content), *(File(**each) for each in proposal.also)]
