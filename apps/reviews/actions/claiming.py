"""Taking one proposal to oneself for a while, so that two people do not read the same one."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor
from apps.accounts.rights import Right
from apps.core.errors import Conflict
from apps.memory.authors import Author
from apps.reviews import announcing, finding
from apps.reviews.models import LEASE, Proposal
from apps.reviews.recording import AlreadyDecided


class ClaimedByOther(Conflict):
    """Somebody else is looking at this proposal. Take it over, or look at another one."""

    code = "claimed"

    def __init__(self, proposal: Proposal) -> None:
        until = proposal.claimed_until.isoformat() if proposal.claimed_until else None
        super().__init__(
            f"{proposal.claimed_by_name} is looking at this proposal.",
            claimed_by=proposal.claimed_by_name,
            claimed_until=until,
        )


@transaction.atomic
def claim(*, proposal_id: str, by: Actor, take_over: bool = False) -> Proposal:
    """Take it for fifteen minutes, or for fifteen more; whatever else one holds is let go.

    Raises NotAllowed, NoSuchProposal, AlreadyDecided, and ClaimedByOther unless it is taken over.
    """
    by.require(Right.REVIEW)
    proposal = finding.proposal(by.workspace, proposal_id)
    claimant, now = claimant_of(by), timezone.now()
    rows = Proposal.objects.filter(pk=proposal.pk)
    free = rows.waiting() if take_over else rows.claimable_by(claimant.id, now)
    taken = free.update(
        claimed_by_type=claimant.type,
        claimed_by_id=claimant.id,
        claimed_by_name=claimant.name,
        claimed_until=now + LEASE,
    )
    proposal.refresh_from_db()
    if not taken:
        raise AlreadyDecided(proposal) if not proposal.is_waiting else ClaimedByOther(proposal)
    others = Proposal.objects.visible_in(by.workspace).waiting().filter(claimed_by_id=claimant.id)
    _let_go(list(others.exclude(pk=proposal.pk).values_list("pk", flat=True)), by)
    announcing.changed(by.workspace.pk, proposal.pk)
    return proposal


@transaction.atomic
def release(*, proposal_id: str, by: Actor) -> Proposal:
    """Let it go; what one does not hold stays as it is. Raises NotAllowed, NoSuchProposal."""
    by.require(Right.REVIEW)
    proposal = finding.proposal(by.workspace, proposal_id)
    if proposal.claimed_by_id == claimant_of(by).id:
        _let_go([proposal.pk], by)
        proposal.refresh_from_db()
    return proposal


def require_free(proposal: Proposal, by: Actor) -> None:
    """Raises ClaimedByOther if somebody else holds it just now."""
    if proposal.claimant_at(timezone.now()) not in {"", claimant_of(by).id}:
        raise ClaimedByOther(proposal)


def claimant_of(by: Actor) -> Author:
    """Whoever acts, under an id; the system itself has one here, too."""
    author = Author.of(by)
    return author if author.id else Author("", "system", by.name)


def _let_go(proposal_ids: list[str], by: Actor) -> None:
    Proposal.objects.filter(pk__in=proposal_ids).update(
        claimed_by_type="", claimed_by_id="", claimed_by_name="", claimed_until=None
    )
    for each in proposal_ids:
        announcing.changed(by.workspace.pk, each)
