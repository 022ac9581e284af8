"""What a reviewer is shown of one proposal, looked up once: text, evidence, what would happen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, prefetch_related_objects

from apps.accounts.acting import Actor
from apps.memory.merging import Kind as PieceKind
from apps.memory.merging import Piece
from apps.memory.models import MemoryVersion
from apps.memory.templatetags.memory import filename
from apps.reviews import applying, examining, picturing, planning, weighing
from apps.reviews.actions import deciding
from apps.reviews.drafting import Kind
from apps.reviews.examining import Exhibit
from apps.reviews.models import Changeset, Decision, Proposal, Source, StorePolicy
from apps.reviews.picturing import Sheet
from apps.reviews.planning import Effect, EffectKind, Plan
from apps.reviews.weighing import Flag

MOST_NAMED = 3
_SHOWN_ELSEWHERE = {Flag.TAINTED, Flag.LOSES_FACTS, Flag.SECRET}


@dataclass(frozen=True, slots=True)
class Note:
    """A line of what will happen."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Lines that somebody changed since, and what the proposal makes of them."""

    path: str
    words: str
    by: MemoryVersion | None
    pieces: Sequence[Piece]


@dataclass(frozen=True, slots=True)
class Look:
    """One proposal as it stands now."""

    proposal: Proposal
    sources: Sequence[Source]
    sheets: Sequence[Sheet]
    before: Sequence[Sheet]
    exhibit: Exhibit
    readers: int
    planned: Plan
    notes: Sequence[Note]
    clashes: Sequence[Clash]
    heads: Mapping[str, MemoryVersion]
    decisions: Sequence[Decision]
    effect: str
    """What accepting does, as a button says it: replaces 2 memories."""
    is_own: bool
    takes_two: bool
    has_approved: bool

    @property
    def takes_hunks(self) -> bool:
        """Whether it can be accepted in part."""
        is_update = self.proposal.kind == Kind.UPDATE and len(self.hunks) > 1
        return is_update and self.proposal.is_waiting

    @property
    def hunks(self) -> Sequence[picturing.DrawnHunk]:
        return self.sheets[0].hunks if self.sheets else ()

    @property
    def replaced(self) -> Sequence[str]:
        """Paths of what is merged, or is not there afterwards."""
        if self.proposal.kind == Kind.MERGE:
            return [each.path for each in self.sources]
        return [each.old_path for each in self.sheets if each.is_retired]

    @property
    def flags(self) -> Sequence[str]:
        """Those in words that no other check speaks of."""
        return [Flag(each).label for each in self.proposal.flags if each not in _SHOWN_ELSEWHERE]

    @property
    def why_two(self) -> str:
        """Why one person is too few, and what can be done about it."""
        flags = set(self.proposal.flags)
        if Flag.TAINTED in flags:
            return "It rests on what tools returned alone, which anybody may have written there."
        if flags & weighing.POISON:
            return "What is marked may be an attack on whoever reads it. Edited out, one is enough."
        if flags:
            return "This store asks for two people on whatever is flagged."
        return "More sessions read this memory than this store leaves to one person."

    @property
    def is_of_memories(self) -> bool:
        """Whether it was found in the memories themselves, so that nothing is there to quote."""
        is_found = self.proposal.changeset.origin == Changeset.Origin.DREAM
        return is_found and not self.exhibit.cards and bool(self.sources)

    @property
    def is_out_of_date(self) -> bool:
        return planning.is_out_of_date(self.sources)

    @property
    def path_marks(self) -> Sequence[str]:
        """What was found in the words of a path."""
        return [str(each["why"]) for each in self.proposal.marks if each.get("in") == "path"]

    @property
    def last(self) -> Decision | None:
        """The newest decision, if there is one."""
        return self.decisions[-1] if self.decisions else None


def look_at(actor: Actor, proposal: Proposal) -> Look:
    """The same number of queries whatever it holds."""
    sources = sorted(proposal.sources.all(), key=lambda each: each.position)
    sheets = picturing.sheets(proposal, sources)
    planned = planning.plan(proposal) if proposal.is_waiting else Plan((), ())
    numbers = _numbers(sources)
    heads = _heads(sources)
    paths = [each.path for each in sources] or [proposal.path]
    return Look(
        proposal=proposal,
        sources=sources,
        sheets=sheets,
        before=picturing.before(sources),
        exhibit=examining.exhibit(proposal),
        readers=examining.readers(proposal, paths),
        planned=planned,
        notes=list(_notes(proposal, sources, planned, numbers, heads)),
        clashes=list(_clashes(planned, heads)),
        heads=heads,
        decisions=_decisions(proposal),
        effect=_effect(proposal, sources, sheets, numbers),
        is_own=deciding.is_author(proposal, actor),
        takes_two=proposal.is_waiting and _takes_two(proposal, sources),
        has_approved=proposal.approved_by_id in deciding.identities(actor),
    )


def _decisions(proposal: Proposal) -> list[Decision]:
    """In order, with the versions that each wrote."""
    found = sorted(proposal.decisions.all(), key=lambda each: each.sequence)
    prefetch_related_objects(found, "written__version")
    return found


def _takes_two(proposal: Proposal, sources: Sequence[Source]) -> bool:
    policy = StorePolicy.objects.filter(store=proposal.store_id).first()
    return applying.wants_two(proposal, sources, policy or StorePolicy(store=proposal.store))


def _numbers(sources: Sequence[Source]) -> dict[str, int]:
    """How many versions each memory has."""
    ids = [each.memory_id for each in sources]
    found = MemoryVersion.objects.filter(memory__in=ids).order_by().values("memory_id")
    return {each["memory_id"]: each["count"] for each in found.annotate(count=Count("pk"))}


def _heads(sources: Sequence[Source]) -> dict[str, MemoryVersion]:
    """The version that each memory is at which has moved on, to say who wrote it."""
    moved = [each.memory.memory_version_id for each in sources if each.has_moved_on]
    found = MemoryVersion.objects.filter(pk__in=moved).defer("content")
    return {each.memory_id: each for each in found}


def _effect(
    proposal: Proposal,
    sources: Sequence[Source],
    sheets: Sequence[Sheet],
    numbers: Mapping[str, int],
) -> str:
    written = sum(not each.is_retired for each in sheets)
    gone = sum(each.is_retired for each in sheets)
    if proposal.kind == Kind.UPDATE and sources:
        return f"writes version {numbers.get(sources[0].memory_id, 0) + 1}"
    if proposal.kind == Kind.RESTRUCTURE:
        retired = f", retires {gone}" if gone else ""
        return f"writes {_memories(written)}{retired}"
    if proposal.kind == Kind.MERGE:
        return f"replaces {_memories(len(sources))}"
    verb = {Kind.CREATE: "creates", Kind.RENAME: "moves", Kind.RETIRE: "retires"}
    return f"{verb[Kind(proposal.kind)]} 1 memory"


def _memories(count: int) -> str:
    return "1 memory" if count == 1 else f"{count} memories"


def _notes(
    proposal: Proposal,
    sources: Sequence[Source],
    planned: Plan,
    numbers: Mapping[str, int],
    heads: Mapping[str, MemoryVersion],
) -> Iterator[Note]:
    if not proposal.is_waiting or planned.obstacles:
        return
    for each in planned.effects:
        yield _told(each, numbers)
    names = list(applying.siblings(proposal, planned).values_list("path", flat=True))
    if names:
        said = ", ".join(filename(each) for each in names[:MOST_NAMED])
        more = "…" if len(names) > MOST_NAMED else ""
        count = "1 other proposal" if len(names) == 1 else f"{len(names)} other proposals"
        yield Note("cross", f"Withdraws {count} on the same memory: {said}{more}.")
    for source in sources:
        head = heads.get(source.memory_id)
        if head is not None:
            who = head.actor_name or "Somebody"
            said = f"{who} changed {filename(source.path)} since this was drafted, in other lines."
            yield Note("clock", f"{said} Both changes are kept.")
    if not heads:
        yield Note("clock", "Nothing here has changed since it was drafted, so nothing conflicts.")


def _told(effect: Effect, numbers: Mapping[str, int]) -> Note:
    name, number = filename(effect.path), numbers.get(effect.memory_id, 0) + 1
    if effect.kind == EffectKind.DELETE:
        if effect.before is None:
            return Note("archive", f"{name} is gone already.")
        return Note("archive", f"Retires {name}. Its history stays.")
    if effect.kind == EffectKind.CREATE:
        return Note("plus", f"Creates {effect.path}.")
    if effect.changes_nothing:
        return Note("check", f"{name} says all this already.")
    if effect.path != effect.old_path:
        return Note(
            "arrow-right", f"Moves {effect.old_path} to {effect.path}, as version {number}."
        )
    return Note("edit", f"Writes version {number} of {name}. Version {number - 1} stays.")


def _clashes(planned: Plan, heads: Mapping[str, MemoryVersion]) -> Iterator[Clash]:
    for each in planned.obstacles:
        pieces = [piece for piece in each.pieces if piece.kind == PieceKind.CONFLICT]
        yield Clash(each.path, each.words, heads.get(each.memory_id), pieces)
