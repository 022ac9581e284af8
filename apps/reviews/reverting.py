"""What taking an acceptance back would do, and what has come of it since.

Each memory that the acceptance wrote gets back what it said before, merged with what was written
since; where both touch the same lines, it is an obstacle. When nothing followed, the store says
afterwards byte for byte what it said before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.memory import chain, merging
from apps.memory.models import Memory, MemoryVersion, Operation
from apps.reviews import planning
from apps.reviews.models import Proposal, Verdict
from apps.reviews.planning import Effect, EffectKind, Obstacle, ObstacleKind, Plan
from apps.sessions import reaching
from apps.sessions.models import Session

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Consequences:
    """What was built on it: later versions, proposals that start from them, sessions that read it.

    Of each the first fifty; `session_count` counts all.
    """

    versions: Sequence[MemoryVersion]
    proposals: Sequence[Proposal]
    sessions: Sequence[Session]
    session_count: int

    @property
    def is_built_on(self) -> bool:
        """Whether somebody has to be shown this before."""
        return bool(self.versions or self.proposals)


@dataclass(frozen=True, slots=True)
class Undoing:
    """What undoing would do now. The token stands for it: it is refused if that is no more so."""

    proposal: Proposal
    plan: Plan
    consequences: Consequences
    token: str


def plan(proposal: Proposal) -> Undoing:
    """Of an accepted proposal. Its store must be as it is now: just loaded, or locked."""
    written = written_by(proposal)
    now = {each.pk: each for each in Memory.objects.filter(pk__in=[v.memory_id for v in written])}
    steps = [step for each in written for step in _back(each, now[each.memory_id])]
    effects = [each for each in steps if isinstance(each, Effect)]
    obstacles = [each for each in steps if isinstance(each, Obstacle)]
    going = {each.memory_id for each in effects if each.kind == EffectKind.DELETE}
    obstacles += planning.collisions(proposal.store_id, effects, going)
    found = _consequences(proposal, written)
    heads = sorted(each.memory_version_id for each in now.values())
    built = sorted(each.pk for each in found.proposals)
    token = chain.digest(proposal.pk, str(len(heads)), *heads, *built)
    return Undoing(proposal, Plan(tuple(effects), tuple(obstacles)), found, token)


def written_by(proposal: Proposal) -> list[MemoryVersion]:
    """The versions that accepting it wrote, in their order."""
    accepted = proposal.decisions.filter(verdict=Verdict.ACCEPT).order_by("-sequence").first()
    versions = MemoryVersion.objects.filter(written_by__decision=accepted)
    return list(versions.in_order()) if accepted is not None else []


def _back(written: MemoryVersion, now: Memory) -> Iterator[Effect | Obstacle]:
    """What brings one memory back to where it was before this version."""
    before = (
        MemoryVersion.objects.filter(memory=now, sequence__lt=written.sequence)
        .order_by("-sequence")
        .first()
    )
    if before is None:
        yield from _unmade(written, now)
    elif before.path is None or (written.path is None):
        yield Obstacle(ObstacleKind.REDACTED, now.path, now.pk)
    elif written.operation == Operation.DELETED:
        yield from _revived(before, now)
    else:
        yield from _unchanged(written, before, now)


def _unmade(written: MemoryVersion, now: Memory) -> Iterator[Effect | Obstacle]:
    """It was made by this: it goes, unless somebody has written in it since."""
    if now.deleted_at is not None:
        return
    if now.content_sha256 == written.content_sha256:
        yield Effect(
            EffectKind.DELETE, now.path, now.pk, written.content, now.content, None, now.path
        )
    else:
        pieces = merging.merge(written.content or "", now.content, "").pieces
        yield Obstacle(ObstacleKind.CHANGED, now.path, now.pk, pieces)


def _revived(before: MemoryVersion, now: Memory) -> Iterator[Effect | Obstacle]:
    """It was deleted by this: it comes back under its id, unless somebody brought it back since."""
    if now.deleted_at is None:
        return
    if before.content is None:
        yield Obstacle(ObstacleKind.REDACTED, now.path, now.pk)
        return
    yield Effect(EffectKind.CREATE, before.path or "", now.pk, None, None, before.content)


def _unchanged(
    written: MemoryVersion, before: MemoryVersion, now: Memory
) -> Iterator[Effect | Obstacle]:
    """It was changed by this: what came since stays, where it touches other lines."""
    if now.deleted_at is not None:
        yield Obstacle(ObstacleKind.DELETED, now.path, now.pk)
        return
    moved = before.path != written.path and now.path == written.path
    path = (before.path if moved else now.path) or now.path
    if now.content_sha256 == written.content_sha256:
        after = before.content
    else:
        merged = merging.merge(written.content or "", now.content, before.content or "")
        after = merged.text
        if after is None:
            yield Obstacle(ObstacleKind.CHANGED, now.path, now.pk, merged.pieces)
            return
    yield Effect(EffectKind.UPDATE, path, now.pk, written.content, now.content, after, now.path)


def _consequences(proposal: Proposal, written: Sequence[MemoryVersion]) -> Consequences:
    later = MemoryVersion.objects.none()
    for each in written:
        later |= MemoryVersion.objects.filter(memory=each.memory_id, sequence__gt=each.sequence)
    kept = [each for each in written if each.operation != Operation.DELETED]
    built = Proposal.objects.filter(
        sources__memory__in=[each.memory_id for each in kept],
        sources__base_version__sequence__gte=min((v.sequence for v in kept), default=0),
    ).exclude(pk=proposal.pk)
    live = built.filter(status__in=(Proposal.Status.PENDING, Proposal.Status.ACCEPTED))
    read = Session.objects.none()
    for each in kept:
        read |= reaching.that_read(each, or_later=True)
    return Consequences(
        list(later.defer("content").order_by("-sequence")[:SHOWN]),
        list(live.distinct().order_by("-created_at", "-pk")[:SHOWN]),
        list(read.order_by("-created_at", "-pk")[:SHOWN]),
        read.count() if kept else 0,
    )
