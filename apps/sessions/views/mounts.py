"""Sessions as a memory store sees them: which have it mounted, and which used a memory of it."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.api import paging
from apps.core.api.errors import InvalidRequest
from apps.core.htmx import render_page, wants_part
from apps.core.pagination import BadCursor
from apps.memory.models import MemoryStore
from apps.memory.views import memory_of, store_of
from apps.memory.views.store import side
from apps.sessions import reaching
from apps.sessions.models import Resource

SHOWN = 50
WEEK = 7
_OF_MEMORY = "memory/memory_sessions.html"
_SESSION = ("public_id", "title", "status", "created_at", "agent")


@require_safe
def of_memory_store(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """Newest mount first, each with how often it read and wrote."""
    store = store_of(request, store_id)
    context: dict[str, Any] = side(store, "sessions:of_memory_store")
    status = 200
    try:
        page = _mounts(store, request.GET.get("page", ""))
    except InvalidRequest as bad:
        context |= {"bad": bad}
        status = bad.status
    else:
        counts = reaching.counts(store, [each.session for each in page.rows])
        rows = [(each, counts[each.session_id]) for each in page.rows]
        context |= {"rows": rows, "older": page.next_page}
    return render_page(request, "memory/sessions.html", context, status=status)


def _mounts(store: MemoryStore, cursor: str) -> paging.Window[Resource]:
    mounts = Resource.objects.filter(
        memory_store_id=store.pk, session__workspace=store.workspace_id
    )
    mounts = mounts.select_related("session__agent").only(
        "memory_store_id",
        "access",
        "created_at",
        *(f"session__{name}" for name in _SESSION),
        "session__agent__name",
    )
    return paging.window(mounts, of=f"mounts of {store.pk}", cursor=cursor, limit=SHOWN)


@require_safe
def of_memory(request: WorkspaceRequest, store_id: str, memory_id: str) -> HttpResponse:
    """Who used what lies at the memory's path, the latest first; its page asks how many."""
    store = store_of(request, store_id)
    memory = memory_of(store, memory_id)
    context: dict[str, Any] = {
        "store": store,
        "memory": memory,
        "days": WEEK,
        "readers": reaching.count_readers(store, memory.path, days=WEEK),
    }
    if wants_part(request):
        return render_page(request, _OF_MEMORY, context, part="readers")
    status = 200
    try:
        context["uses"] = reaching.lately(memory, request.GET.get("page", ""))
    except BadCursor as bad:
        context["bad"], status = bad, bad.status
    context["lately"] = reaching.LATELY.days
    return render_page(request, _OF_MEMORY, context, status=status)
