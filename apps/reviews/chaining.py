"""The chain of a store's decisions: each carries the hash of the one before it.

What is hashed of the proposal is a digest of all that was decided on, its quotes included, so that
neither the text nor its evidence can be exchanged afterwards. Its texts go into it by a salted hash
of theirs, which is kept when they are redacted: the rest can be checked all the same.
"""

from datetime import UTC

from django.utils import timezone

from apps.core import payloads
from apps.memory import chain
from apps.memory.authors import Author
from apps.memory.models import MemoryStore
from apps.reviews.models import Decision, Proposal, StorePolicy


def append(decision: Decision) -> Decision:
    """Give the decision its place and keep it. Whoever calls this has the store locked."""
    policy = policy_of(decision.store)
    decision.created_at = timezone.now()
    decision.sequence = policy.decision_count + 1
    decision.previous_hash = policy.chain_hash
    decision.proposal_sha256 = proposal_sha256(decision.proposal)
    if decision.content is not None:
        decision.content_sha256 = chain.content_sha256(decision.content)
    decision.hash = hash_of(decision)
    decision.save(force_insert=True)
    StorePolicy.objects.filter(pk=decision.store_id).update(
        decision_count=decision.sequence, chain_hash=decision.hash
    )
    return decision


def policy_of(store: MemoryStore) -> StorePolicy:
    """The store's policy, made when it is first asked for."""
    return StorePolicy.objects.get_or_create(store=store)[0]


def proposal_sha256(proposal: Proposal) -> str:
    """Everything about the proposal that somebody decides on."""
    said = [
        proposal.pk,
        proposal.store_id,
        proposal.kind,
        proposal.memory_id or "",
        proposal.path,
        proposal.text_sha256 or text_sha256(proposal),
    ]
    sources = [
        chain.digest(each.memory_id, each.path, each.base_sha256)
        for each in sorted(proposal.sources.all(), key=lambda each: each.position)
    ]
    evidence = [
        chain.digest(
            each.session_id, each.event_id, str(each.start), str(each.end), each.sha256, each.role
        )
        for each in sorted(proposal.evidence.all(), key=lambda each: each.position)
    ]
    return chain.digest(*said, *sources, *evidence)


def text_sha256(proposal: Proposal) -> str:
    """What it says, and nobody can tell without the salt."""
    also = payloads.dump(proposal.also)
    return chain.digest(proposal.salt, proposal.content or "", also, proposal.rationale)


def hash_of(decision: Decision) -> str:
    """What the decision's own columns give."""
    return chain.digest(
        decision.previous_hash,
        decision.store_id,
        str(decision.sequence),
        decision.pk,
        decision.proposal_id,
        decision.proposal_sha256,
        decision.verdict,
        decision.reason,
        decision.note,
        payloads.dump(decision.hunks),
        decision.content_sha256,
        str(decision.is_automatic),
        decision.because_of,
        Author(decision.by_type, decision.by_id).chained,
        decision.by_name,
        decision.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
    )
