"""What lies in a store and what happened in it: its folders, its activity, its checks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core import payloads
from apps.core.api import paging
from apps.core.api.errors import InvalidRequest
from apps.core.beside import asides
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.memory import browsing, paths
from apps.memory.actions import verifying as actions
from apps.memory.models import HistoryCheck, Memory, MemoryStore, MemoryVersion
from apps.memory.views import FORM, last_check, store_of
from apps.memory.views.tabs import tabs

MOST_CHECKS = 20
WRITES_PER_PAGE = 50


@require_safe
def page(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """One folder, from the top."""
    store = store_of(request, store_id)
    context = side(store, "memory:store")
    status = 200
    try:
        prefix = paths.checked_prefix(payloads.storable(request.GET.get("prefix", "") or "/"))
        context["folder"] = browsing.folder(store, prefix, request.GET.get("page", ""))
    except (InvalidRequest, paths.BadPath) as bad:
        context["bad"], status = bad, bad.status
    context["base_url"] = request.build_absolute_uri("/").rstrip("/")
    return render_page(request, "memory/store.html", context, status=status)


def side(store: MemoryStore, current: str) -> dict[str, Any]:
    """What every side of a store shows."""
    return {
        "store": store,
        "tabs": tabs(store, current),
        "check": last_check(store),
        "asides": asides("memory_store", store),
    }


@require_safe
def at(request: WorkspaceRequest, store_id: str, path: str) -> HttpResponse:
    """The page of whatever lies at this path, so that memories can link to each other."""
    store = store_of(request, store_id)
    wanted = payloads.storable(f"/{path}")
    memory = Memory.objects.live().filter(store=store, path=wanted.rstrip("/") or "/").first()
    if memory is not None:
        return redirect("memory:memory", request.workspace.slug, store.pk, memory.pk)
    prefix = f"{wanted.rstrip('/')}/"
    if not Memory.objects.live().filter(store=store).under(prefix).exists():
        raise Http404
    url = reverse("memory:store", args=[request.workspace.slug, store.pk], query={"prefix": prefix})
    return redirect(url)


@require_safe
def activity(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """Every write, newest first."""
    store = store_of(request, store_id)
    context = side(store, "memory:activity")
    rows = MemoryVersion.objects.of(store).select_related("memory")
    rows = rows.defer("content", "memory__content")
    status = 200
    try:
        context["page"] = paging.window(
            rows,
            of=f"activity of {store.pk}",
            cursor=request.GET.get("page", ""),
            limit=WRITES_PER_PAGE,
            by=("sequence",),
        )
    except InvalidRequest as bad:
        context["bad"], status = bad, bad.status
    return render_page(request, "memory/activity.html", context, status=status)


@require_http_methods(FORM)
def checks(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """What checks of the whole history found; asking for one changes nothing that was written."""
    store = store_of(request, store_id)
    if request.method == "POST":
        return _check(request, store)
    found = HistoryCheck.objects.of(store).newest_first()[:MOST_CHECKS]
    context = side(store, "memory:checks")
    context |= {"checks": list(found), "running": actions.running_check(store)}
    return render_page(request, "memory/checks.html", context, part="checks")


def _check(request: WorkspaceRequest, store: MemoryStore) -> HttpResponse:
    try:
        check = actions.begin_check(store_id=store.pk, by=request.actor)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        if check.is_over:
            _say(request, check)
    return redirect("memory:checks", request.workspace.slug, store.pk)


def _say(request: WorkspaceRequest, check: HistoryCheck) -> None:
    if check.has_passed:
        messages.success(request, "Every version is as it was written.")
    else:
        messages.error(request, "The history is not what was written.")
