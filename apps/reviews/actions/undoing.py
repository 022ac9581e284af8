"""Taking a decision back: an acceptance by new versions, a rejection by putting it back."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import transaction

from apps.accounts.acting import Actor
from apps.accounts.rights import Right
from apps.core import payloads
from apps.core.errors import Conflict
from apps.memory import writing
from apps.memory.authors import Author
from apps.memory.models import MemoryVersion
from apps.reviews import finding, planning, recording, reverting
from apps.reviews.models import Decision, Proposal, Verdict
from apps.reviews.recording import Ruling
from apps.reviews.reverting import Undoing


class NothingToUndo(Conflict):
    """There is no decision to take back here."""


class LookFirst(Conflict):
    """Something was built on this since. Look at what that is, then undo it with the token."""

    code = "consequences"

    def __init__(self, undoing: Undoing) -> None:
        found = undoing.consequences
        super().__init__(
            token=undoing.token,
            memory_version_ids=[each.pk for each in found.versions],
            proposal_ids=[each.pk for each in found.proposals],
            session_count=found.session_count,
        )
        self.undoing = undoing


class NoLongerSo(Conflict):
    """What undoing this does is not what you were shown: somebody wrote meanwhile. Look again."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, the versions it wrote, and what waits again."""

    proposal: Proposal
    decision: Decision
    versions: Sequence[MemoryVersion] = field(default=())
    reopened: Sequence[Proposal] = field(default=())


def preview_undo(*, proposal_id: str, by: Actor) -> Undoing:
    """What undoing an acceptance would do, and what was built on it.

    Raises NotAllowed, NoSuchProposal, NothingToUndo.
    """
    by.require(Right.REVIEW)
    proposal = finding.proposal(by.workspace, proposal_id)
    if proposal.status != Proposal.Status.ACCEPTED:
        raise NothingToUndo
    return reverting.plan(proposal)


@transaction.atomic
def undo(*, proposal_id: str, by: Actor, token: str = "", note: str = "") -> Undone:
    """Take the last decision back. What an acceptance withdrew waits again, as far as it can.

    Raises NotAllowed, NoSuchProposal, NothingToUndo, LookFirst, NoLongerSo, WaitsAgain,
    TextRedacted, OutOfDate where somebody has changed the same lines since, StoreArchived, and what
    writing raises.
    """
    by.require(Right.REVIEW)
    proposal = finding.held(by.workspace, proposal_id)
    ruling = Ruling.of(by, note=payloads.storable(note)[:2000])
    if proposal.status == Proposal.Status.ACCEPTED:
        return _undo_acceptance(proposal, ruling, token)
    if proposal.status in {Proposal.Status.REJECTED, Proposal.Status.WITHDRAWN}:
        return Undone(proposal, recording.reopen(proposal, ruling), reopened=(proposal,))
    raise NothingToUndo


def _undo_acceptance(proposal: Proposal, ruling: Ruling, token: str) -> Undone:
    undoing = reverting.plan(proposal)
    if token and token != undoing.token:
        raise NoLongerSo
    if undoing.consequences.is_built_on and not token:
        raise LookFirst(undoing)
    accepted = proposal.decisions.filter(verdict=Verdict.ACCEPT).latest("sequence")
    said = f"Undid proposal {proposal.pk}: {proposal.title}"[:500]
    with writing.writing(
        proposal.store_id, by=Author.of(ruling.actor), within=proposal.workspace, reason=said
    ) as pen:
        planning.carry_out(undoing.plan, pen)
    decision = recording.undo(proposal, ruling, pen.versions)
    return Undone(proposal, decision, pen.versions, _reopened(accepted, decision, ruling))


def _reopened(accepted: Decision, undone: Decision, ruling: Ruling) -> list[Proposal]:
    """Those that the acceptance withdrew."""
    because = Proposal.objects.filter(
        status=Proposal.Status.WITHDRAWN,
        decisions__verdict=Verdict.WITHDRAW,
        decisions__because_of=accepted.pk,
    )
    opened = []
    again = Ruling(ruling.actor, ruling.by, is_automatic=True, because_of=undone.pk)
    for each in because.select_related("store", "workspace").order_by("pk"):
        with suppress(recording.WaitsAgain, recording.TextRedacted):
            recording.reopen(each, again)
            opened.append(each)
    return opened
