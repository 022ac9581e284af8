"""The sessions that have a memory store mounted."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.api import paging
from apps.core.api.errors import InvalidRequest
from apps.core.htmx import render_page
from apps.memory.models import MemoryStore, MemoryVersion
from apps.memory.views import store_of
from apps.memory.views.store import side
from apps.sessions.models import Resource

SHOWN = 50
_SESSION = ("public_id", "title", "status", "created_at", "agent")


@require_safe
def of_memory_store(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """Newest mount first, each with how often it wrote."""
    store = store_of(request, store_id)
    context: dict[str, Any] = side(store, "sessions:of_memory_store")
    status = 200
    try:
        page = _mounts(store, request.GET.get("page", ""))
    except InvalidRequest as bad:
        context |= {"bad": bad}
        status = bad.status
    else:
        written = _written(store, page.rows)
        rows = [(each, written.get(each.session.public_id, 0)) for each in page.rows]
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


def _written(store: MemoryStore, mounts: list[Resource]) -> dict[str, int]:
    """Versions by session, by the index of authors."""
    ids = [each.session.public_id for each in mounts]
    versions = MemoryVersion.objects.of(store).filter(actor_id__in=ids)
    counted = versions.filter(actor_type=MemoryVersion.ActorType.SESSION).values("actor_id")
    return dict(counted.annotate(count=Count("pk")).values_list("actor_id", "count"))
