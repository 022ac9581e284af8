"""The memory stores of a workspace: their list, and what becomes of one as a whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.api.shapes import Misshapen
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest
from apps.memory import browsing
from apps.memory.actions import stores as actions
from apps.memory.forms import DeleteStoreForm, StoreForm
from apps.memory.models import MemoryStore
from apps.memory.views import FORM, store_of

SHOWN = {"": "In use", "archived": "Archived"}


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    stores = MemoryStore.objects.visible_in(request.workspace)
    rows = stores.exclude(archived_at=None) if shown else stores.open()
    context: dict[str, Any] = {"shown": shown}
    status = 200
    try:
        page = newest(rows, request.GET.get("cursor", ""))
    except BadCursor as bad:
        page = Page([])
        context["bad"], status = bad, bad.status
    changes = browsing.last_changes(page.rows)
    path = reverse("memory:stores", args=[request.workspace.slug])
    context |= {
        "page": page,
        "rows": [(each, changes.get(each.pk)) for each in page.rows],
        "tabs": [
            {
                "label": label,
                "url": f"{path}?show={name}" if name else path,
                "current": name == shown,
            }
            for name, label in SHOWN.items()
        ],
    }
    return render_page(request, "memory/stores.html", context, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    form = StoreForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            store = actions.create_store(given=form.new_store(), by=request.actor)
        except Misshapen as wrong:
            form.complain(wrong)
        else:
            messages.success(request, f"{store.name} is made. Sessions can mount it from now on.")
            return redirect("memory:store", request.workspace.slug, store.pk)
    status = 422 if form.errors else 200
    return render_page(request, "memory/store_form.html", {"form": form}, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def edit(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    store = store_of(request, store_id)
    form = StoreForm(request.POST or None, store=store)
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.update_store(store_id=store.pk, patch=form.patch(), by=request.actor)
        except Misshapen as wrong:
            form.complain(wrong)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"{changed.name} is saved.")
            return redirect("memory:store", request.workspace.slug, store.pk)
    context = {"form": form, "store": store}
    status = 422 if form.errors else 200
    return render_page(request, "memory/store_form.html", context, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def archive(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """Ask first: it cannot be undone."""
    store = store_of(request, store_id)
    if request.method != "POST":
        return render_page(request, "memory/store_archive.html", {"store": store})
    actions.archive_store(store_id=store.pk, by=request.actor)
    messages.success(request, f"{store.name} is archived. It can still be read.")
    return redirect("memory:store", request.workspace.slug, store.pk)


@needs(Right.WRITE)
@require_http_methods(FORM)
def delete(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """Ask first, and have the name typed: nothing brings it back."""
    store = store_of(request, store_id)
    form = DeleteStoreForm(request.POST if request.method == "POST" else None, store=store)
    if request.method == "POST" and form.is_valid():
        actions.delete_store(store_id=store.pk, by=request.actor)
        messages.success(request, f"{store.name} is deleted, with all that was in it.")
        return redirect("memory:stores", request.workspace.slug)
    context = {"form": form, "store": store}
    status = 422 if form.errors else 200
    return render_page(request, "memory/store_delete.html", context, status=status)
