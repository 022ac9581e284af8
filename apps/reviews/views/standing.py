"""Whether the reader may decide this proposal just now, and if not, why."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from apps.accounts.middleware import WorkspaceRequest
from apps.accounts.models import Member
from apps.accounts.rights import Right, Role
from apps.reviews.actions.claiming import claimant_of
from apps.reviews.models import Proposal
from apps.reviews.views.look import Look


@dataclass(frozen=True, slots=True)
class Standing:
    """Who holds it, and what the reader can do with it."""

    may_review: bool
    holder: str
    is_yours: bool
    until: datetime | None
    seconds: int
    is_own: bool
    conflicts: bool
    takes_two: bool
    has_approved: bool
    approved_by: str
    effect: str
    """What accepting does, as its button says it."""
    is_alone: bool
    """It takes somebody else, and nobody else here may review."""

    @property
    def why_taken(self) -> str:
        """Who else is looking at it; empty if nobody is."""
        return f"{self.holder} is looking at it." if self.holder and not self.is_yours else ""

    @property
    def why_not_accept(self) -> str:
        """In words; empty if it can be accepted."""
        return self.why_taken or self.why_never

    @property
    def why_never(self) -> str:
        """What speaks against their accepting it, whoever is looking."""
        if self.is_own:
            return "You proposed this yourself. Somebody else has to accept it."
        if self.has_approved:
            return "You have approved it. A second person is needed."
        return "It conflicts with what the memory says now." if self.conflicts else ""

    @property
    def verb(self) -> str:
        """What accepting is called: the first of two approvals writes nothing."""
        if self.takes_two and not self.approved_by:
            return "Approve"
        return "Accept"


def claim_of(request: WorkspaceRequest, proposal: Proposal) -> dict[str, object]:
    """Who holds it, and for how long."""
    now = timezone.now()
    holder = proposal.claimant_at(now)
    until = proposal.claimed_until if holder else None
    return {
        "holder": proposal.claimed_by_name if holder else "",
        "is_yours": bool(holder) and holder == claimant_of(request.actor).id,
        "until": until,
        "seconds": int((until - now).total_seconds()) if until else 0,
    }


def standing_of(request: WorkspaceRequest, proposal: Proposal, look: Look) -> Standing:
    is_first = look.takes_two and not proposal.approved_by_name
    return Standing(
        may_review=request.actor.may(Right.REVIEW),
        is_own=look.is_own,
        conflicts=bool(look.planned.obstacles),
        takes_two=look.takes_two,
        has_approved=look.has_approved,
        approved_by=proposal.approved_by_name,
        effect="the first of two" if is_first else look.effect,
        is_alone=(look.is_own or look.takes_two) and not _has_colleague(request),
        **claim_of(request, proposal),  # type: ignore[arg-type]
    )


def _has_colleague(request: WorkspaceRequest) -> bool:
    others = Member.objects.of(request.workspace).exclude(user=request.user)
    roles = [each for each in Role if Right.REVIEW in each.rights]
    return others.filter(role__in=roles, user__is_active=True).exists()
