"""Deciding several proposals of one kind: a look at what would happen first, then one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.accounts.acting import Actor
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.reviews import finding, planning
from apps.reviews.actions import deciding
from apps.reviews.actions.claiming import require_free
from apps.reviews.actions.deciding import Decided
from apps.reviews.models import Proposal, Verdict

MOST = 200


class MixedKinds(DomainError):
    """proposals: a batch is of one kind, so that one look is enough for all of it."""


class TooMany(DomainError):
    """proposals: name one at least, and two hundred at most."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One that a batch leaves as it is, and why, in words."""

    proposal: Proposal
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch would decide, or what it has."""

    going: Sequence[Proposal] = field(default=())
    skipped: Sequence[Skipped] = field(default=())
    decided: Sequence[Decided] = field(default=())


def preview_batch(*, proposal_ids: Sequence[str], verdict: str, by: Actor) -> Batch:
    """What deciding these together would do now. Raises NoSuchProposal, MixedKinds, TooMany."""
    by.require(Right.REVIEW)
    proposals = _found(proposal_ids, verdict, by)
    skipped = [Skipped(each, why) for each in proposals if (why := _against(each, verdict, by))]
    left = {each.proposal.pk for each in skipped}
    return Batch([each for each in proposals if each.pk not in left], skipped)


def decide_batch(
    *, proposal_ids: Sequence[str], verdict: str, by: Actor, reason: str = "", note: str = ""
) -> Batch:
    """Decide them one by one, each whole or not at all; what cannot be is skipped and said so.

    Raises NotAllowed, NoSuchProposal, MixedKinds, TooMany, NoReason.
    """
    looked = preview_batch(proposal_ids=proposal_ids, verdict=verdict, by=by)
    decided, skipped = [], list(looked.skipped)
    for each in looked.going:
        try:
            done = deciding.decide(
                proposal_id=each.pk, verdict=verdict, by=by, reason=reason, note=note
            )
        except (deciding.NoReason, deciding.BadVerdict):
            raise
        except DomainError as refused:
            skipped.append(Skipped(each, refused.message))
        else:
            decided.append(done)
    return Batch([each.proposal for each in decided], skipped, decided)


def _found(proposal_ids: Sequence[str], verdict: str, by: Actor) -> list[Proposal]:
    if not 0 < len(set(proposal_ids)) <= MOST:
        raise TooMany
    proposals = finding.several(by.workspace, proposal_ids)
    if verdict == Verdict.ACCEPT and len({each.kind for each in proposals}) > 1:
        raise MixedKinds
    return proposals


def _against(proposal: Proposal, verdict: str, by: Actor) -> str:
    """Why it is left out; empty if nothing speaks against it."""
    if not proposal.is_waiting:
        return f"It is {proposal.status} already."
    try:
        require_free(proposal, by)
    except DomainError as refused:
        return refused.message
    return _against_accepting(proposal, by) if verdict == Verdict.ACCEPT else ""


def _against_accepting(proposal: Proposal, by: Actor) -> str:
    if proposal.flags:
        why = ", ".join(Proposal.Flag(each).label.lower() for each in proposal.flags)
        return f"It is flagged: {why}."
    if deciding.is_author(proposal, by):
        return "You proposed it yourself."
    if proposal.needs_two:
        return "It takes two people."
    planned = planning.plan(proposal)
    if planned.obstacles:
        return planned.obstacles[0].words
    if planning.is_out_of_date(planning.sources_of(proposal)):
        return "It is out of date: the memory has changed since."
    return ""
