"""Writing memories on a page. Whoever saves second loses nothing: all three texts are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.memory import chain, diffing, ends, merging, rendering, writing
from apps.memory.actions import memories as actions
from apps.memory.diffing import Hunk
from apps.memory.forms import THEIRS, YOURS, EditMemoryForm, NewMemoryForm
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.rendering import Reading
from apps.memory.views import FORM, memory_of, store_of
from apps.memory.views.refusing import refuse, shown_as

EDITOR = "memory/editor.html"


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    store = store_of(request, store_id)
    if request.method != "POST":
        form = NewMemoryForm(initial={"path": request.GET.get("prefix", "/")})
        return _show(request, store, {"form": form})
    form = NewMemoryForm(request.POST)
    if "preview" in request.POST:
        return _preview(request, store, form)
    if form.is_valid():
        try:
            memory = actions.create_memory(
                store_id=store.pk,
                path=form.cleaned_data["path"],
                content=form.cleaned_data["content"],
                by=request.actor,
            )
        except DomainError as refused:
            refuse(form, refused)
            return _show(request, store, {"form": form, "refused": refused}, shown_as(refused))
        messages.success(request, f"{memory.path} is written.")
        return redirect("memory:memory", request.workspace.slug, store.pk, memory.pk)
    return _show(request, store, {"form": form}, 422)


@needs(Right.WRITE)
@require_http_methods(FORM)
def edit(request: WorkspaceRequest, store_id: str, memory_id: str) -> HttpResponse:
    store = store_of(request, store_id)
    memory = memory_of(store, memory_id)
    context: dict[str, Any] = {"memory": memory}
    if request.method != "POST":
        if memory.deleted_at is not None:
            raise Http404
        told = {"content": ends.plain(memory.content), "expected": memory.content_sha256}
        return _show(request, store, context | {"form": EditMemoryForm(initial=told)})
    form = EditMemoryForm(request.POST)
    context["form"] = form
    if "preview" in request.POST:
        return _preview(request, store, form, memory)
    if not form.is_valid():
        return _show(request, store, context, 422)
    return _save(request, store, memory, form)


def _save(
    request: WorkspaceRequest, store: MemoryStore, memory: Memory, form: EditMemoryForm
) -> HttpResponse:
    before = _base(memory, form.cleaned_data["expected"])
    content = ends.with_ends_of(before or "", form.cleaned_data["content"])
    context: dict[str, Any] = {"memory": memory, "form": form}
    try:
        saved = actions.update_memory(
            store_id=store.pk,
            memory_id=memory.pk,
            content=content,
            expected_sha256=form.cleaned_data["expected"],
            by=request.actor,
        )
    except writing.PreconditionFailed:
        return _conflict(request, store, memory, before, content)
    except writing.NoSuchMemory:
        context["is_gone"] = True
        return _show(request, store, context, 409)
    except DomainError as refused:
        refuse(form, refused)
        return _show(request, store, context, shown_as(refused))
    if saved.memory_version_id == memory.memory_version_id:
        messages.info(request, "Nothing changed: it says the same.")
    else:
        messages.success(request, f"{saved.path} is saved.")
    return redirect("memory:memory", request.workspace.slug, store.pk, memory.pk)


def _base(memory: Memory, sha256: str) -> str | None:
    """What somebody began with; None if that is not known any more."""
    if memory.content_sha256 == sha256:
        return memory.content
    versions = MemoryVersion.objects.filter(memory=memory, content_sha256=sha256)
    found = versions.order_by("-sequence").first()
    return found.content if found is not None else None


@dataclass(frozen=True, slots=True)
class Clash:
    """What both sides made of one text. Without a base, only how the two differ."""

    head: MemoryVersion
    theirs: Sequence[Hunk]
    yours: Sequence[Hunk]
    conflicts: int
    is_based: bool


def _conflict(
    request: WorkspaceRequest, store: MemoryStore, memory: Memory, base: str | None, mine: str
) -> HttpResponse:
    """Somebody else saved meanwhile: theirs, yours, and the two brought together to finish."""
    newest = memory_of(store, memory.pk)
    merged = merging.merge(base or "", mine, newest.content)
    text = merged.text if merged.text is not None else merged.marked(YOURS, THEIRS)
    told = {
        "content": ends.plain(text),
        "expected": newest.content_sha256,
        "merging": "1" if merged.has_conflicts else "",
    }
    clash = Clash(
        head=MemoryVersion.objects.defer("content").get(pk=newest.memory_version_id),
        theirs=diffing.diff(base, newest.content) if base is not None else [],
        yours=diffing.diff(base if base is not None else newest.content, mine),
        conflicts=sum(piece.kind == merging.Kind.CONFLICT for piece in merged.pieces),
        is_based=base is not None,
    )
    form = EditMemoryForm(initial=told)
    context = {"memory": newest, "form": form, "clash": clash, "mine": ends.plain(mine)}
    return _show(request, store, context, 409)


def _preview(
    request: WorkspaceRequest,
    store: MemoryStore,
    form: NewMemoryForm | EditMemoryForm,
    memory: Memory | None = None,
) -> HttpResponse:
    """How it will read. Nothing is saved, so nothing is refused but what cannot be a text."""
    form.is_valid()
    content = form.cleaned_data.get("content", "")
    path = memory.path if memory else form.cleaned_data.get("path", "/")
    form.errors.clear()
    context: dict[str, Any] = {
        "memory": memory,
        "form": form,
        "preview": _reading(request, store, content, path),
        "is_too_large": len(content.encode()) > writing.LARGEST,
        "is_same": memory is not None and chain.content_sha256(content) == memory.content_sha256,
    }
    return _show(request, store, context)


def _reading(request: WorkspaceRequest, store: MemoryStore, content: str, path: str) -> Reading:
    at = reverse("memory:at", args=[request.workspace.slug, store.pk, "x"])[:-1]
    return rendering.read(content, path=path, link=lambda to: at + quote(to.lstrip("/")))


def _show(
    request: WorkspaceRequest, store: MemoryStore, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {"store": store, "largest": writing.LARGEST} | context
    return render_page(request, EDITOR, context, status=status)
