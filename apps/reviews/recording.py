"""Writing a decision down: its row, the proposal's status, the log, the outbox, the news.

All of it lies in the transaction that holds the store: nothing of a decision is there without the
rest. Whoever calls has locked the store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.core.errors import Conflict
from apps.memory.authors import Author
from apps.memory.models import MemoryVersion
from apps.reviews import announcing, chaining
from apps.reviews.models import Decision, Proposal, Verdict, WrittenVersion
from apps.webhooks.publishing import publish

Status = Proposal.Status
_AFTER = {
    Verdict.ACCEPT: Status.ACCEPTED,
    Verdict.REJECT: Status.REJECTED,
    Verdict.WITHDRAW: Status.WITHDRAWN,
}
_UNDECIDED = {
    "decided_at": None,
    "decided_by_type": "",
    "decided_by_id": "",
    "decided_by_name": "",
}
_UNCLAIMED = {
    "claimed_by_type": "",
    "claimed_by_id": "",
    "claimed_by_name": "",
    "claimed_until": None,
}
_UNAPPROVED = {"approved_by_id": "", "approved_by_name": ""}


class AlreadyDecided(Conflict):
    """Somebody else was faster."""

    code = "already_decided"

    def __init__(self, proposal: Proposal) -> None:
        super().__init__(
            f"{proposal.decided_by_name or 'Somebody else'} was faster: this proposal is "
            f"{proposal.status} already.",
            status=proposal.status,
            decided_by=proposal.decided_by_name,
        )
        self.proposal = proposal


class WaitsAgain(Conflict):
    """The same finding was proposed again meanwhile and waits: decide that one."""


class TextRedacted(Conflict):
    """What this proposal said was redacted: it cannot wait again."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who decides, and what they said."""

    actor: Actor
    by: Author
    reason: str = ""
    note: str = ""
    hunks: Sequence[int] | None = None
    content: str | None = None
    is_automatic: bool = False
    because_of: str = ""

    @classmethod
    def of(cls, actor: Actor, **said: Any) -> "Ruling":
        """A person's or a program's; the system's own goes by its name."""
        author = Author.of(actor)
        return cls(actor, author if author.name else Author(name=actor.name), **said)

    @classmethod
    def by_policy(cls, proposal: Proposal, mode: str) -> "Ruling":
        author = Author("policy", mode, f"Policy {mode}")
        return cls(Actor.system(proposal.workspace), author, is_automatic=True)


def record(
    proposal: Proposal,
    verdict: Verdict,
    ruling: Ruling,
    versions: Sequence[MemoryVersion] = (),
) -> Decision:
    """Decide a waiting proposal. Raises AlreadyDecided."""
    status = _AFTER[verdict]
    changed = Proposal.objects.waiting().filter(pk=proposal.pk)
    if not changed.update(status=status, **_decided(ruling), **_UNCLAIMED, **_UNAPPROVED):
        proposal.refresh_from_db()
        raise AlreadyDecided(proposal)
    decision = _kept(proposal, verdict, ruling, versions)
    _tell(proposal, str(status), decision, versions)
    return decision


def approve(proposal: Proposal, ruling: Ruling) -> Decision:
    """Note the first of two acceptances; the proposal goes on waiting."""
    decision = _kept(proposal, Verdict.APPROVE, ruling)
    Proposal.objects.filter(pk=proposal.pk).update(
        approved_by_id=ruling.by.id, approved_by_name=ruling.by.name, **_UNCLAIMED
    )
    _tell(proposal, "approved", decision)
    return decision


def undo(proposal: Proposal, ruling: Ruling, versions: Sequence[MemoryVersion]) -> Decision:
    """Note that an acceptance was taken back. Raises AlreadyDecided."""
    accepted = Proposal.objects.filter(pk=proposal.pk, status=Status.ACCEPTED)
    if not accepted.update(status=Status.REVERTED, **_decided(ruling)):
        proposal.refresh_from_db()
        raise AlreadyDecided(proposal)
    decision = _kept(proposal, Verdict.REVERT, ruling, versions)
    _tell(proposal, "reverted", decision, versions)
    return decision


def require_room(proposal: Proposal) -> None:
    """What was decided may only wait again if nothing like it does. Its store is locked.

    Raises WaitsAgain, TextRedacted.
    """
    if proposal.redacted_at is not None:
        raise TextRedacted
    same = Proposal.objects.waiting().filter(
        ~Q(fingerprint=""), store=proposal.store_id, fingerprint=proposal.fingerprint
    )
    if same.exists():
        raise WaitsAgain


def reopen(proposal: Proposal, ruling: Ruling) -> Decision:
    """Let one wait again that was rejected or withdrawn.

    Raises AlreadyDecided, WaitsAgain, TextRedacted.
    """
    require_room(proposal)
    refused = Proposal.objects.filter(pk=proposal.pk)
    refused = refused.filter(status__in=(Status.REJECTED, Status.WITHDRAWN))
    if not refused.update(status=Status.PENDING, **_UNDECIDED):
        proposal.refresh_from_db()
        raise AlreadyDecided(proposal)
    decision = _kept(proposal, Verdict.REVERT, ruling)
    _tell(proposal, "reopened", decision)
    return decision


def _decided(ruling: Ruling) -> dict[str, Any]:
    return {
        "decided_at": timezone.now(),
        "decided_by_type": ruling.by.type,
        "decided_by_id": ruling.by.id,
        "decided_by_name": ruling.by.name,
    }


def _kept(
    proposal: Proposal,
    verdict: Verdict,
    ruling: Ruling,
    versions: Sequence[MemoryVersion] = (),
) -> Decision:
    decision = chaining.append(
        Decision(
            workspace=proposal.workspace,
            store=proposal.store,
            proposal=proposal,
            verdict=verdict,
            reason=ruling.reason if verdict == Verdict.REJECT else "",
            note=ruling.note,
            hunks=None if ruling.hunks is None else list(ruling.hunks),
            content=ruling.content,
            is_automatic=ruling.is_automatic,
            because_of=ruling.because_of,
            by_type=ruling.by.type,
            by_id=ruling.by.id,
            by_name=ruling.by.name,
        )
    )
    WrittenVersion.objects.bulk_create(
        [WrittenVersion(version=each, decision=decision) for each in versions]
    )
    _note(decision, ruling, versions)
    return decision


def _note(decision: Decision, ruling: Ruling, versions: Sequence[MemoryVersion]) -> None:
    after = {
        "decision_id": decision.pk,
        "memory_store_id": decision.store_id,
        "reason": decision.reason,
        "is_automatic": decision.is_automatic,
        "memory_version_ids": [each.pk for each in versions],
    }
    told = {name: value for name, value in after.items() if value}
    note(ruling.actor, f"proposal.{_PAST[decision.verdict]}", decision.proposal_id, after=told)


_PAST: dict[str, str] = {
    Verdict.ACCEPT: "accepted",
    Verdict.REJECT: "rejected",
    Verdict.WITHDRAW: "withdrawn",
    Verdict.REVERT: "reverted",
    Verdict.APPROVE: "approved",
}


def _tell(
    proposal: Proposal,
    what: str,
    decision: Decision,
    versions: Sequence[MemoryVersion] = (),
) -> None:
    publish(
        f"proposal.{what}",
        workspace=proposal.workspace,
        object_id=proposal.pk,
        data={"memory_store_id": proposal.store_id, "decision_id": decision.pk},
    )
    for each in versions:
        publish(
            f"memory.{each.operation}",
            workspace=proposal.workspace,
            object_id=each.memory_id,
            data={"memory_store_id": each.store_id, "memory_version_id": each.pk},
        )
    announcing.changed(proposal.workspace_id, proposal.pk)
    proposal.refresh_from_db()
