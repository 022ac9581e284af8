"""Accepting, rejecting, withdrawing a proposal, and proposing one again on what is there now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from apps.accounts.acting import Actor, NotAllowed
from apps.accounts.models import ApiKey
from apps.accounts.rights import Right
from apps.core import payloads
from apps.core.errors import Conflict, DomainError
from apps.memory import writing
from apps.memory.authors import Author
from apps.memory.models import MemoryVersion
from apps.reviews import applying, finding, planning, proposing, recording, weighing
from apps.reviews.actions.claiming import require_free
from apps.reviews.chaining import policy_of
from apps.reviews.drafting import File
from apps.reviews.models import Decision, Proposal, Reason, Verdict
from apps.reviews.recording import AlreadyDecided, Ruling


class OwnProposal(NotAllowed):
    """Nobody accepts what they proposed themselves. Somebody else has to look at it."""

    code = "own_proposal"


class NeedsSecondPerson(Conflict):
    """You have approved this already. It takes a second person, as it is flagged or widely read."""

    code = "needs_second_person"


class NoReason(DomainError):
    """reason: a rejection says why: wrong, trivial, stale, duplicate, private or other."""


class BadVerdict(DomainError):
    """verdict: accept, reject or withdraw."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided and what came of it. A first of two approvals writes nothing yet."""

    proposal: Proposal
    decision: Decision
    versions: Sequence[MemoryVersion] = field(default=())
    withdrawn: Sequence[Proposal] = field(default=())

    @property
    def needs_second(self) -> bool:
        """Whether another person has to say the same before anything happens."""
        return self.decision.verdict == Verdict.APPROVE


@transaction.atomic
def decide(
    *,
    proposal_id: str,
    verdict: str,
    by: Actor,
    hunks: Collection[int] | None = None,
    content: str | None = None,
    reason: str = "",
    note: str = "",
) -> Decided:
    """Say what becomes of a waiting proposal: `accept`, `reject`, or `withdraw` one's own.

    Accepting takes all of it, some of its hunks, or an edited text instead. Raises NotAllowed,
    NoSuchProposal, AlreadyDecided, ClaimedByOther, BadVerdict, NoReason, OwnProposal,
    NeedsSecondPerson, OutOfDate, HunksNotAllowed, and what writing a memory raises.
    """
    said: dict[str, Any] = {"note": payloads.storable(note)[:2000]}
    if verdict == Verdict.ACCEPT:
        said |= {"hunks": None if hunks is None else sorted(hunks), "content": content}
    by.require(Right.WRITE if verdict == Verdict.WITHDRAW else Right.REVIEW)
    proposal = finding.held(by.workspace, proposal_id)
    if not proposal.is_waiting:
        raise AlreadyDecided(proposal)
    if verdict == Verdict.WITHDRAW:
        return _withdraw(proposal, Ruling.of(by, **said))
    require_free(proposal, by)
    if verdict == Verdict.REJECT:
        if reason not in Reason.values:
            raise NoReason
        ruling = Ruling.of(by, reason=reason, **said)
        return Decided(proposal, recording.record(proposal, Verdict.REJECT, ruling))
    if verdict != Verdict.ACCEPT:
        raise BadVerdict
    return _accept(proposal, Ruling.of(by, **said))


def has_decided(proposal: Proposal, by: Actor, verdict: str, **said: Any) -> bool:
    """Whether this very decision of theirs stands already: what was sent twice counts once.

    `said` are the reason, the hunks and the content of it.
    """
    last = proposal.decisions.order_by("-sequence").first()
    if last is None or (last.by_id, last.verdict) != (Author.of(by).id, verdict):
        return False
    return all(getattr(last, name) == value for name, value in said.items())


@transaction.atomic
def repropose(*, proposal_id: str, by: Actor) -> Proposal:
    """Propose it again on what its memories say now, in the name of whoever proposed it first.

    One that waits is withdrawn for it; one that was undone may be decided otherwise so. Where both
    sides changed the same lines, the new one has both, one after the other: a person has to look.
    Raises NotAllowed, NoSuchProposal, AlreadyDecided, WaitsAgain, TextRedacted,
    NothingToRepropose.
    """
    by.require(Right.REVIEW)
    proposal = finding.held(by.workspace, proposal_id)
    if proposal.status == Proposal.Status.REVERTED:
        recording.require_room(proposal)
        return proposing.propose_again(proposal)
    if not proposal.is_waiting:
        raise AlreadyDecided(proposal)
    require_free(proposal, by)
    said = "Proposed again on what the memory says now."
    recording.record(proposal, Verdict.WITHDRAW, Ruling.of(by, note=said))
    return proposing.propose_again(proposal)


def _withdraw(proposal: Proposal, ruling: Ruling) -> Decided:
    """Whoever proposed it takes it back; an admin may, whosever it is."""
    if not (ruling.actor.may(Right.ADMIN) or is_author(proposal, ruling.actor)):
        raise NotAllowed("Only who proposed it may withdraw it. Reject it instead.")
    return Decided(proposal, recording.record(proposal, Verdict.WITHDRAW, ruling))


def _accept(proposal: Proposal, ruling: Ruling) -> Decided:
    if is_author(proposal, ruling.actor):
        raise OwnProposal
    first = _first_approval(proposal)
    if first is not None and ruling.hunks is None and ruling.content is None:
        said = {"hunks": first.hunks, "content": first.content}
        ruling = Ruling.of(ruling.actor, note=ruling.note, **said)
    if _takes_two(proposal, ruling) and not _is_second(first, ruling):
        _require_other(first, ruling)
        _require_possible(proposal, ruling)
        return Decided(proposal, recording.approve(proposal, ruling))
    applied = applying.apply(proposal, ruling)
    return Decided(proposal, applied.decision, applied.versions, applied.withdrawn)


def _takes_two(proposal: Proposal, ruling: Ruling) -> bool:
    """By the store's rules as they are now, for the text that would be written."""
    flags = set(proposal.flags)
    if ruling.content is not None:
        writing.checked_size(ruling.content)
        edited = [File(proposal.path, ruling.content), *(File(**each) for each in proposal.also)]
        flags -= weighing.OF_TEXT
        flags |= {str(each["flag"]) for each in weighing.marks_of(edited)}
    sources = planning.sources_of(proposal)
    return applying.wants_two(proposal, sources, policy_of(proposal.store), flags)


def _require_possible(proposal: Proposal, ruling: Ruling) -> None:
    """Nobody approves what could not be written. Raises OutOfDate."""
    planned = planning.plan(proposal, hunks=ruling.hunks, content=ruling.content)
    if planned.obstacles:
        raise planning.OutOfDate(planned.obstacles)


def _first_approval(proposal: Proposal) -> Decision | None:
    """The standing one: a proposal that was put back into the queue begins anew."""
    if not proposal.approved_by_name:
        return None
    approvals = proposal.decisions.filter(verdict=Verdict.APPROVE)
    return approvals.order_by("-sequence").first()


def _is_second(first: Decision | None, ruling: Ruling) -> bool:
    """Whether another person has approved exactly this."""
    if first is None or (first.hunks, first.content) != (ruling.hunks, ruling.content):
        return False
    return not _people_of(first) & identities(ruling.actor)


def _require_other(first: Decision | None, ruling: Ruling) -> None:
    """Raises NeedsSecondPerson where one person says the same again."""
    if first is None or (first.hunks, first.content) != (ruling.hunks, ruling.content):
        return
    if _people_of(first) & identities(ruling.actor):
        raise NeedsSecondPerson


def identities(actor: Actor) -> frozenset[str]:
    """Everything that this actor is: a key is also the person who made it."""
    ids: set[str] = set()
    if actor.user is not None:
        ids.add(actor.user.public_id)
    if actor.api_key is not None:
        ids.add(actor.api_key.pk)
        if actor.api_key.created_by is not None:
            ids.add(actor.api_key.created_by.public_id)
    return frozenset(ids) or frozenset({"system"})


def _people_of(decision: Decision) -> frozenset[str]:
    ids = {decision.by_id or "system"}
    key = ApiKey.objects.filter(pk=decision.by_id).select_related("created_by").first()
    if key is not None and key.created_by is not None:
        ids.add(key.created_by.public_id)
    return frozenset(ids)


def is_author(proposal: Proposal, by: Actor) -> bool:
    """Whether they have proposed it, themselves or through a key of theirs."""
    changeset = proposal.changeset
    return bool({changeset.author_id, changeset.on_behalf_of} & identities(by))
