"""What else becomes of a memory, each asked first: moved, deleted, brought back, redacted."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.memory import diffing, restoring, writing
from apps.memory.actions import memories as actions
from apps.memory.actions import restoring as restores
from apps.memory.actions import versions as redactions
from apps.memory.forms import RenameForm
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.views import FORM, history, memory_of, store_of, version_of
from apps.memory.views.refusing import refuse, shown_as


@needs(Right.WRITE)
@require_http_methods(FORM)
def rename(request: WorkspaceRequest, store_id: str, memory_id: str) -> HttpResponse:
    store, memory = _live(request, store_id, memory_id)
    data = request.POST if request.method == "POST" else None
    form = RenameForm(data, initial={"path": memory.path})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        path = form.cleaned_data["path"]
        try:
            actions.update_memory(
                store_id=store.pk, memory_id=memory.pk, path=path, by=request.actor
            )
        except DomainError as refused:
            refuse(form, refused)
            status = shown_as(refused)
        else:
            messages.success(request, f"It lies at {path} now.")
            return _to(request, memory)
    context = {"store": store, "memory": memory, "form": form}
    return render_page(request, "memory/rename.html", context, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def delete(request: WorkspaceRequest, store_id: str, memory_id: str) -> HttpResponse:
    """What is deleted is what was seen: whoever wrote meanwhile is not overruled."""
    store, memory = _live(request, store_id, memory_id)
    context: dict[str, Any] = {"store": store, "memory": memory}
    if request.method == "POST":
        try:
            actions.delete_memory(
                store_id=store.pk,
                memory_id=memory.pk,
                expected_sha256=request.POST.get("expected", ""),
                by=request.actor,
            )
        except writing.PreconditionFailed as changed:
            context["refused"] = changed
            return render_page(request, "memory/delete.html", context, status=changed.status)
        messages.success(request, f"{memory.path} is deleted. Its history stays.")
        return _to(request, memory)
    return render_page(request, "memory/delete.html", context)


@needs(Right.WRITE)
@require_http_methods(FORM)
def restore(
    request: WorkspaceRequest, store_id: str, memory_id: str, version_id: str
) -> HttpResponse:
    """Show what it would do, then do that and nothing else."""
    store = store_of(request, store_id)
    memory = memory_of(store, memory_id)
    version = version_of(memory, version_id)
    context: dict[str, Any] = {"store": store, "memory": memory, "version": version}
    status = 200
    if request.method == "POST":
        try:
            token = request.POST.get("plan", "")
            restores.restore_memory(
                store_id=store.pk, version_id=version.pk, token=token, by=request.actor
            )
        except DomainError as refused:
            context["refused"], status = refused, shown_as(refused)
        else:
            messages.success(request, f"{version.path} says again what it said.")
            return _to(request, memory)
    context |= _plan(request, memory, version)
    return render_page(request, "memory/restore.html", context, status=status)


def _plan(request: WorkspaceRequest, memory: Memory, version: MemoryVersion) -> dict[str, Any]:
    """What would become of it, and what would change in it."""
    try:
        plan = restores.preview_memory(
            store_id=memory.store_id, version_id=version.pk, by=request.actor
        )
    except restoring.NothingToBringBack as refused:
        return {"refused": refused}
    now = None if memory.deleted_at else memory.content
    return {
        "plan": plan,
        "row": history.numbered(memory, version),
        "hunks": diffing.diff(now, version.content),
        "step": plan.steps[0] if plan.steps else None,
    }


@needs(Right.WRITE)
@require_http_methods(FORM)
def redact(
    request: WorkspaceRequest, store_id: str, memory_id: str, version_id: str
) -> HttpResponse:
    """Ask first: nothing brings back what it said."""
    store = store_of(request, store_id)
    memory = memory_of(store, memory_id)
    version = version_of(memory, version_id)
    row = history.numbered(memory, version)
    context: dict[str, Any] = {"store": store, "memory": memory, "version": version, "row": row}
    if request.method == "POST":
        try:
            redactions.redact_version(store_id=store.pk, version_id=version.pk, by=request.actor)
        except DomainError as refused:
            context["refused"] = refused
            return render_page(request, "memory/redact.html", context, status=shown_as(refused))
        messages.success(request, f"Version {row.number} is redacted. What it said is gone.")
        return _to(request, memory)
    return render_page(request, "memory/redact.html", context)


def _live(request: WorkspaceRequest, store_id: str, memory_id: str) -> tuple[MemoryStore, Memory]:
    store = store_of(request, store_id)
    memory = memory_of(store, memory_id)
    if memory.deleted_at is not None:
        raise Http404
    return store, memory


def _to(request: WorkspaceRequest, memory: Memory) -> HttpResponse:
    return redirect("memory:memory", request.workspace.slug, memory.store_id, memory.pk)
