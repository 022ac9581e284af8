"""From versions to the decisions that wrote them, their proposals, and the events they quote."""

from collections.abc import Collection

from apps.memory.trailing import Ground, Trail
from apps.reviews.models import WrittenVersion


def trail(version_ids: Collection[str]) -> dict[str, Trail]:
    """By version. Whoever asks has looked up the versions in their own workspace."""
    rows = WrittenVersion.objects.filter(version__in=version_ids)
    found = rows.select_related("decision__proposal").prefetch_related(
        "decision__proposal__evidence"
    )
    return {each.version_id: _told(each) for each in found}


def _told(written: WrittenVersion) -> Trail:
    decision = written.decision
    proposal = decision.proposal
    evidence = sorted(proposal.evidence.all(), key=lambda each: each.position)
    return Trail(
        proposal.pk,
        proposal.title,
        proposal.status,
        decision.pk,
        decision.by_name,
        decision.created_at,
        decision.is_automatic,
        tuple(
            Ground(each.session_id, each.event_id, each.session_title, each.quote, each.role)
            for each in evidence
        ),
    )
