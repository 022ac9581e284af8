"""Taking the text of redacted versions out of what was proposed and decided.

It goes out of every proposal that was drafted against such a version or whose decision wrote one.
Who proposed and decided what, on which evidence, stays, and so does the chain of decisions. A title
stays as it stands in the reasons of versions, and a quote as what an event said, not a memory.
"""

from collections.abc import Collection

from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.memory.models import MemoryStore
from apps.reviews import announcing, chaining, recording
from apps.reviews.models import Decision, Proposal, Verdict
from apps.reviews.recording import Ruling

WITHDRAWN = "What a memory said was redacted, and this proposal rests on it."


def redact(store: MemoryStore, version_ids: Collection[str], by: Actor) -> None:
    """Whoever calls has the store locked. What waits is withdrawn, and says why."""
    said = Proposal.objects.filter(store=store, redacted_at=None).resting_on(version_ids)
    found = said.select_related("store", "workspace").prefetch_related("sources", "evidence")
    for proposal in found.order_by("pk"):
        if proposal.is_waiting:
            because = Ruling.of(by, note=WITHDRAWN, is_automatic=True)
            recording.record(proposal, Verdict.WITHDRAW, because)
        _empty(proposal)
        note(by, "proposal.redacted", proposal.pk, after={"memory_store_id": store.pk})
        announcing.changed(proposal.workspace_id, proposal.pk)


def _empty(proposal: Proposal) -> None:
    Proposal.objects.filter(pk=proposal.pk).update(
        content=None,
        also=[],
        rationale="",
        marks=[],
        no_longer_said=[],
        salt="",
        text_sha256=chaining.text_sha256(proposal),
        redacted_at=timezone.now(),
    )
    edited = Decision.objects.filter(proposal=proposal, content__isnull=False)
    edited.update(content=None)
