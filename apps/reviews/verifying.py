"""Whether a store's decisions are what was decided: every link, and what was decided on."""

from collections.abc import Iterator

from apps.memory import chain
from apps.memory.models import MemoryStore
from apps.memory.verifying import Fault
from apps.reviews import chaining
from apps.reviews.models import Decision, StorePolicy


def faults(store: MemoryStore) -> Iterator[Fault]:
    """What is wrong with its decisions, in order; nothing is locked."""
    end = StorePolicy.objects.filter(store=store).first()
    count = end.decision_count if end else 0
    follows, number = chain.GENESIS, 0
    rows = Decision.objects.of(store).in_order().filter(sequence__lte=count)
    found = rows.select_related("proposal").prefetch_related(
        "proposal__sources", "proposal__evidence"
    )
    for decision in found.iterator(chunk_size=100):
        if decision.sequence != number + 1:
            yield _fault(f"decisions {number + 1} to {decision.sequence - 1} are missing")
            follows = ""
        for problem in _problems(decision, follows):
            yield _fault(f"decision {decision.sequence} ({decision.pk}): {problem}")
        follows, number = decision.hash, decision.sequence
    if number != count:
        yield _fault(f"decisions {number + 1} to {count} are missing")
    elif end is not None and follows not in {"", end.chain_hash}:
        yield _fault("its decisions do not end where the last one was written down")


def _problems(decision: Decision, follows: str) -> Iterator[str]:
    if chaining.hash_of(decision) != decision.hash:
        yield "its hash is not of what it says"
    elif follows and decision.previous_hash != follows:
        yield "it follows another decision than the one before it"
    if chaining.proposal_sha256(decision.proposal) != decision.proposal_sha256:
        yield "its proposal or its evidence is not what was decided on"
    edited = decision.content
    if edited is not None and chain.content_sha256(edited) != decision.content_sha256:
        yield "its edited text is not the one that was decided"


def _fault(problem: str) -> Fault:
    return Fault(0, "", "", problem)
