"""Bringing a proposal into its store, by a person's word or by the store's policy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet

from apps.core.errors import DomainError
from apps.memory import writing
from apps.memory.authors import Author
from apps.memory.models import MemoryVersion
from apps.reviews import planning, recording, weighing
from apps.reviews.drafting import Kind
from apps.reviews.models import Decision, Proposal, Source, StorePolicy, Verdict
from apps.reviews.models.proposal import HIGH
from apps.reviews.recording import Ruling
from apps.sessions import reaching

LATELY = 30
"""Days of reading that count as how widely a memory is read."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of an acceptance."""

    decision: Decision
    versions: Sequence[MemoryVersion]
    withdrawn: Sequence[Proposal] = field(default=())


def wants_two(
    proposal: Proposal,
    sources: Iterable[Source],
    policy: StorePolicy,
    flags: Iterable[str] | None = None,
) -> bool:
    """Whether one person's word is not enough. `flags` are those of an edited text instead."""
    found = set(proposal.flags if flags is None else flags)
    if found & weighing.POISON or (policy.two_for_flagged and found):
        return True
    most = policy.two_over_sessions
    return most is not None and any(
        reaching.count_readers(proposal.store, each.path, days=LATELY) > most for each in sources
    )


def apply(proposal: Proposal, ruling: Ruling) -> Applied:
    """Write what it says, and withdraw what that leaves nothing of. The store must be locked.

    Raises AlreadyDecided, OutOfDate, HunksNotAllowed, StoreArchived, and what a pen raises.
    """
    author = Author() if ruling.is_automatic else Author.of(ruling.actor)
    said = f"Proposal {proposal.pk}: {proposal.title}"[:500]
    with writing.writing(
        proposal.store_id, by=author, within=proposal.workspace, reason=said
    ) as pen:
        planned = planning.plan(proposal, hunks=ruling.hunks, content=ruling.content)
        planning.carry_out(planned, pen)
    decision = recording.record(proposal, Verdict.ACCEPT, ruling, pen.versions)
    return Applied(decision, pen.versions, _withdraw_siblings(proposal, planned, decision, ruling))


def apply_by_policy(proposal: Proposal, policy: StorePolicy) -> Applied | None:
    """Apply it if the store's policy lets it; what cannot be written waits for a person."""
    if not _lets_through(policy, proposal):
        return None
    try:
        with transaction.atomic():
            return apply(proposal, Ruling.by_policy(proposal, policy.mode))
    except DomainError:
        return None


def _lets_through(policy: StorePolicy, proposal: Proposal) -> bool:
    """Nothing that is flagged or takes something away, whatever the policy.

    The cautious policy takes additions alone: nothing may be said no longer, and it must be sure.
    """
    if policy.mode == StorePolicy.Mode.REVIEW or proposal.flags or proposal.needs_two:
        return False
    if proposal.kind in weighing.DESTRUCTIVE:
        return False
    if policy.mode == StorePolicy.Mode.AUTO:
        return True
    is_sure = proposal.confidence_value >= HIGH
    return proposal.kind in weighing.ADDITIVE and is_sure and not proposal.no_longer_said


def siblings(proposal: Proposal, planned: planning.Plan) -> QuerySet[Proposal]:
    """Those that change what will be gone, or replace what this one replaces."""
    gone = [e.memory_id for e in planned.effects if e.kind == planning.EffectKind.DELETE]
    touched = [each.memory_id for each in planned.effects if each.memory_id]
    waiting = Proposal.objects.waiting().filter(store=proposal.store_id)
    found = waiting.filter(sources__memory__in=gone)
    if proposal.kind in weighing.DESTRUCTIVE:
        replacing = [Kind.MERGE, Kind.RETIRE, Kind.RESTRUCTURE]
        found |= waiting.filter(sources__memory__in=touched, kind__in=replacing)
    return found.exclude(pk=proposal.pk).distinct().order_by("pk")


def _withdraw_siblings(
    proposal: Proposal, planned: planning.Plan, decision: Decision, ruling: Ruling
) -> list[Proposal]:
    withdrawn = list(siblings(proposal, planned).select_related("store", "workspace"))
    said = f"{proposal.title} was accepted, which replaces the same memory."
    for each in withdrawn:
        because = Ruling(
            ruling.actor,
            ruling.by,
            note=said[:2000],
            is_automatic=True,
            because_of=decision.pk,
        )
        recording.record(each, Verdict.WITHDRAW, because)
    return withdrawn
