"""What one run, session, integration or person proposed together, and what was left out and why."""

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.htmx import render_page
from apps.reviews.models import Changeset, Proposal
from apps.reviews.views import changeset_of

MOST_ROWS = 500
"""As many as one changeset can have."""
WHY = {
    "already_waiting": "waits already",
    "rejected_before": "was rejected before, and nothing new speaks for it",
    "memory_gone": "its memory was deleted meanwhile",
}


@require_safe
def page(request: WorkspaceRequest, changeset_id: str) -> HttpResponse:
    changeset = changeset_of(request, changeset_id)
    rows = Proposal.objects.visible_in(request.workspace).filter(changeset=changeset).for_list()
    proposals = list(rows.order_by("risk", "created_at", "pk")[:MOST_ROWS])
    for each in proposals:
        each.workspace = request.workspace
    context: dict[str, Any] = {
        "changeset": changeset,
        "proposals": proposals,
        "statuses": _statuses(proposals),
        "dropped": _dropped(changeset),
    }
    return render_page(request, "reviews/changeset.html", context)


def _statuses(proposals: list[Proposal]) -> list[tuple[str, int]]:
    """How many of each became what, in the order of a life."""
    counts = Counter(each.status for each in proposals)
    return [
        (label.lower() if status != Proposal.Status.PENDING else "waiting", counts[status])
        for status, label in Proposal.Status.choices
        if counts[status]
    ]


def _dropped(changeset: Changeset) -> list[dict[str, str]]:
    return [
        {
            "path": each.get("path", ""),
            "title": each.get("title", ""),
            "why": WHY.get(each.get("reason", ""), each.get("reason", "").replace("_", " ")),
            "proposal_id": each.get("proposal_id", ""),
        }
        for each in changeset.dropped
    ]
