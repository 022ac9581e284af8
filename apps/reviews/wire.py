"""Changesets, proposals, decisions and policies as the API tells them."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from apps.accounts.models import Workspace
from apps.core.api.times import stamp
from apps.memory import diffing
from apps.reviews import examining, planning
from apps.reviews.actions.batching import Batch
from apps.reviews.actions.deciding import Decided
from apps.reviews.actions.undoing import Undone
from apps.reviews.models import Changeset, Decision, Evidence, Proposal, Source, StorePolicy
from apps.reviews.reverting import Undoing
from apps.sessions.models import Session

_IDS = {"user_actor": "user_id", "api_actor": "api_key_id", "session_actor": "session_id"}


def erased_of(workspace: Workspace, proposals: Iterable[Proposal]) -> set[str]:
    """Of the sessions that their evidence names, those that are gone."""
    named = {each.session_id for proposal in proposals for each in proposal.evidence.all()}
    there = Session.objects.visible_in(workspace).filter(public_id__in=named)
    return named - set(there.values_list("public_id", flat=True))


def changeset_object(changeset: Changeset) -> dict[str, Any]:
    return {
        "id": changeset.pk,
        "type": "changeset",
        "memory_store_id": changeset.store_id,
        "origin": changeset.origin,
        "origin_id": changeset.origin_id or None,
        "dream_id": changeset.dream_id,
        "title": changeset.title,
        "summary": changeset.summary,
        "created_by": actor_object(
            changeset.author_type, changeset.author_id, changeset.author_name
        ),
        "proposal_count": changeset.proposal_count,
        "dropped": [
            {
                "path": each["path"],
                "title": each["title"],
                "reason": each["reason"],
                "proposal_id": each["proposal_id"] or None,
            }
            for each in changeset.dropped
        ],
        "created_at": stamp(changeset.created_at),
    }


def proposal_object(proposal: Proposal, erased: Collection[str]) -> dict[str, Any]:
    """Its changeset, sources with their memories, and evidence must be loaded."""
    sources = in_order(proposal.sources.all())
    return {
        "id": proposal.pk,
        "type": "proposal",
        "changeset_id": proposal.changeset_id,
        "memory_store_id": proposal.store_id,
        "dream_id": proposal.changeset.dream_id,
        "kind": proposal.kind,
        "status": proposal.status,
        "title": proposal.title,
        "memory_id": proposal.memory_id,
        "path": proposal.path,
        "content": proposal.content,
        "also": proposal.also,
        "sources": [source_object(each) for each in sources],
        "rationale": proposal.rationale,
        "confidence": proposal.confidence,
        "confidence_value": proposal.confidence_value,
        "support": proposal.support,
        "flags": proposal.flags,
        "marks": proposal.marks,
        "no_longer_said": proposal.no_longer_said,
        "risk": Proposal.Risk(proposal.risk).name.lower(),
        "evidence": [
            evidence_object(each, erased)
            for each in sorted(proposal.evidence.all(), key=lambda each: each.position)
        ],
        "out_of_date": planning.is_out_of_date(sources),
        "needs_two": proposal.needs_two,
        "approved_by": proposal.approved_by_name or None,
        "claimed_by": _claimed(proposal),
        "claimed_until": stamp(proposal.claimed_until),
        "created_at": stamp(proposal.created_at),
        "redacted_at": stamp(proposal.redacted_at),
        "decided_at": stamp(proposal.decided_at),
        "decided_by": _decided(proposal),
    }


def in_order(sources: Iterable[Source]) -> list[Source]:
    return sorted(sources, key=lambda each: each.position)


def source_object(source: Source) -> dict[str, Any]:
    return {
        "memory_id": source.memory_id,
        "path": source.path,
        "base_sha256": source.base_sha256,
        "base_memory_version_id": source.base_version_id,
        "out_of_date": source.has_moved_on,
    }


def evidence_object(evidence: Evidence, erased: Collection[str]) -> dict[str, Any]:
    return {
        "session_id": evidence.session_id,
        "event_id": evidence.event_id,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "sha256": evidence.sha256,
        "role": evidence.role,
        "is_tainted": evidence.is_tainted,
        "session_title": evidence.session_title,
        "agent_name": evidence.agent_name,
        "occurred_at": stamp(evidence.occurred_at),
        "source_erased": evidence.session_id in erased,
    }


def full_proposal_object(proposal: Proposal, erased: Collection[str]) -> dict[str, Any]:
    """The same with what it would change, what is in the way, and what was decided."""
    sources = in_order(proposal.sources.all())
    obstacles = planning.plan(proposal).obstacles if proposal.is_waiting else ()
    return {
        **proposal_object(proposal, erased),
        "evidence": [
            {**evidence_object(card.evidence, erased), "standing": card.standing.value}
            for card in examining.exhibit(proposal).cards
        ],
        "hunks": [
            hunk_object(number, each)
            for number, each in enumerate(planning.proposed_hunks(proposal, sources))
        ],
        "conflicts": [planning.told(each) for each in obstacles],
        "decisions": [
            decision_object(each)
            for each in sorted(proposal.decisions.all(), key=lambda each: each.sequence)
        ],
    }


def hunk_object(number: int, hunk: diffing.Hunk) -> dict[str, Any]:
    return {
        "number": number,
        "lines": [
            {
                "kind": line.kind.value,
                "old_number": line.old_number,
                "new_number": line.new_number,
                "text": line.text,
            }
            for line in hunk.lines
        ],
    }


def decision_object(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "type": "decision",
        "proposal_id": decision.proposal_id,
        "sequence": decision.sequence,
        "verdict": decision.verdict,
        "reason": decision.reason or None,
        "note": decision.note,
        "hunks": decision.hunks,
        "content": decision.content,
        "is_automatic": decision.is_automatic,
        "because_of": decision.because_of or None,
        "decided_by": actor_object(decision.by_type, decision.by_id, decision.by_name),
        "created_at": stamp(decision.created_at),
        "hash": decision.hash,
        "previous_hash": decision.previous_hash,
    }


def decided_object(decided: Decided) -> dict[str, Any]:
    return {
        "type": "proposal_decision",
        "proposal_id": decided.proposal.pk,
        "status": decided.proposal.status,
        "needs_second": decided.needs_second,
        "decision": decision_object(decided.decision),
        "memory_version_ids": [each.pk for each in decided.versions],
        "withdrawn_proposal_ids": [each.pk for each in decided.withdrawn],
    }


def undone_object(undone: Undone) -> dict[str, Any]:
    return {
        "type": "proposal_revert",
        "proposal_id": undone.proposal.pk,
        "status": undone.proposal.status,
        "decision": decision_object(undone.decision),
        "memory_version_ids": [each.pk for each in undone.versions],
        "reopened_proposal_ids": [each.pk for each in undone.reopened],
    }


def undoing_object(undoing: Undoing) -> dict[str, Any]:
    found = undoing.consequences
    return {
        "type": "proposal_revert_preview",
        "proposal_id": undoing.proposal.pk,
        "token": undoing.token,
        "changes": [
            {
                "kind": each.kind.value,
                "path": each.path,
                "memory_id": each.memory_id,
                "diff": diffing.unified(each.hunks),
            }
            for each in undoing.plan.writes
        ],
        "conflicts": [planning.told(each) for each in undoing.plan.obstacles],
        "later_memory_version_ids": [each.pk for each in found.versions],
        "later_proposal_ids": [each.pk for each in found.proposals],
        "session_ids": [each.public_id for each in found.sessions],
        "session_count": found.session_count,
    }


def batch_object(batch: Batch, *, is_preview: bool) -> dict[str, Any]:
    return {
        "type": "proposal_batch",
        "preview": is_preview,
        "proposal_ids": [each.pk for each in batch.going],
        "skipped": [{"proposal_id": each.proposal.pk, "why": each.why} for each in batch.skipped],
    }


def policy_object(policy: StorePolicy) -> dict[str, Any]:
    return {
        "type": "review_policy",
        "memory_store_id": policy.store_id,
        "mode": policy.mode,
        "two_for_flagged": policy.two_for_flagged,
        "two_over_sessions": policy.two_over_sessions,
    }


def actor_object(kind: str, actor_id: str, name: str) -> dict[str, Any]:
    """Who it was; what works by itself has a type of its own, and a policy its mode."""
    if kind in _IDS:
        return {"type": kind, _IDS[kind]: actor_id, "name": name}
    if kind == "policy":
        return {"type": "policy", "mode": actor_id, "name": name}
    return {"type": "system_actor", "name": name}


def _decided(proposal: Proposal) -> dict[str, Any] | None:
    if proposal.decided_at is None:
        return None
    return actor_object(proposal.decided_by_type, proposal.decided_by_id, proposal.decided_by_name)


def _claimed(proposal: Proposal) -> dict[str, Any] | None:
    if proposal.claimed_until is None:
        return None
    return actor_object(proposal.claimed_by_type, proposal.claimed_by_id, proposal.claimed_by_name)


def proposals_page(workspace: Workspace, rows: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Rows of a list, with one look at what was erased."""
    erased = erased_of(workspace, rows)
    return [proposal_object(each, erased) for each in rows]
