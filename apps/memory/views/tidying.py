"""What of a store could be tidied up: said twice, or against each other."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.api.errors import InvalidRequest
from apps.core.htmx import render_page
from apps.memory import tidiness
from apps.memory.actions import tidying as actions
from apps.memory.models import MemoryStore
from apps.memory.tidiness import Findings
from apps.memory.views import store_of
from apps.memory.views.store import side

PER_PAGE = 20
HIGH, MEDIUM = 0.85, 0.65
"""The least score that is called so."""
_WHY = {
    "numbers": "Other figures",
    "negation": "One forbids it",
    "values": "One says it is no more",
    "opposed": "Opposites",
    "letter": "Nearly to the letter",
    "meaning": "In other words",
}


@require_safe
def page(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """Contradictions, or with `?show=duplicates` what is said twice; a large store takes time."""
    store = store_of(request, store_id)
    known = actions.findings(store)
    show = "duplicates" if request.GET.get("show") == "duplicates" else "contradictions"
    context = side(store, "memory:tidy") | {"known": known, "show": show}
    context["most_notes"] = tidiness.MOST_NOTES
    status = 200
    if known is not None:
        try:
            context |= _some(store, known, show, request.GET.get("page", ""))
        except InvalidRequest as bad:
            context["bad"], status = bad, bad.status
    return render_page(request, "memory/tidy.html", context, part="found", status=status)


def _some(store: MemoryStore, known: Findings, show: str, cursor: str) -> dict[str, Any]:
    found = known.duplicates if show == "duplicates" else known.contradictions
    of = "near_duplicates" if show == "duplicates" else "contradictions"
    pairs = tidiness.page(store, found, of=of, cursor=cursor, limit=PER_PAGE)
    rows = [
        (pair, _WHY[pair.why], _confidence(pair.score), (pair.first, pair.second))
        for pair in pairs.rows
    ]
    return {"rows": rows, "next_page": pairs.next_page, "is_first": not cursor}


def _confidence(score: float) -> str:
    if score >= HIGH:
        return "high"
    return "medium" if score >= MEDIUM else "low"
