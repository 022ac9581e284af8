"""The list of dreams, and what becomes of one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest
from apps.dreams import showing
from apps.dreams.actions import dreams as actions
from apps.dreams.models import Dream
from apps.dreams.views import dream_of

SHOWN = {"": "In use", "archived": "Archived"}


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    """Newest first; what only reads for another dream is that one's."""
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    dreams = Dream.objects.visible_in(request.workspace).on_their_own().filter(gathers_for=None)
    dreams = dreams.exclude(archived_at=None) if shown else dreams.open()
    store = request.GET.get("store", "").replace("\x00", "")
    dreams = dreams.filter(input_store_id=store) if store else dreams
    context: dict[str, Any] = {"shown": shown, "store": store}
    status = 200
    try:
        page = newest(showing.listed(dreams), request.GET.get("cursor", ""))
    except BadCursor as bad:
        page = Page([])
        context["bad"], status = bad, bad.status
    context |= {
        "page": page,
        "rows": showing.rows(request.workspace, page.rows),
        "tabs": tabs(request, shown),
    }
    return render_page(request, "dreams/list.html", context, status=status)


def tabs(request: WorkspaceRequest, current: str) -> list[dict[str, object]]:
    """What lies beside the list."""
    slug = request.workspace.slug
    dreams = reverse("dreams:list", args=[slug])
    places = [
        ("", "Dreams", dreams),
        ("schedules", "Schedules", reverse("dreams:schedules", args=[slug])),
        ("comparisons", "Comparisons", reverse("dreams:comparisons", args=[slug])),
        ("archived", "Archived", f"{dreams}?show=archived"),
    ]
    return [{"label": label, "url": url, "current": name == current} for name, label, url in places]


@needs(Right.WRITE)
@require_POST
def stop(request: WorkspaceRequest, dream_id: str) -> HttpResponse:
    dream = dream_of(request, dream_id)
    try:
        actions.cancel_dream(dream_id=dream.pk, by=request.actor)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Stopped. What it has read is kept for the next dream.")
    return redirect("dreams:dream", request.workspace.slug, dream.pk)


@needs(Right.WRITE)
@require_POST
def archive(request: WorkspaceRequest, dream_id: str) -> HttpResponse:
    dream = dream_of(request, dream_id)
    try:
        actions.archive_dream(dream_id=dream.pk, by=request.actor)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Archived. Its page, its proposals and its output stay.")
    return redirect("dreams:dream", request.workspace.slug, dream.pk)
