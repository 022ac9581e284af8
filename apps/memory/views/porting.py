"""Stores as files, on pages: a zip or the chain out; files in, shown before they are written."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError, NotFound
from apps.core.htmx import render_page, wants_part
from apps.files.receiving import Uploads
from apps.memory import diffing, proving, writing
from apps.memory.actions import importing, uploading
from apps.memory.api.porting import zip_answer
from apps.memory.forms import ImportForm, ImportOptionsForm
from apps.memory.models import MemoryStore
from apps.memory.paths import BadPath
from apps.memory.porting import reading
from apps.memory.porting.planning import Kind, Options, Plan, Step
from apps.memory.porting.telling import MOST_DIFFS
from apps.memory.views import FORM, store_of

MOST_STEPS = 200
"""Of each kind that a plan's page lists."""
# In the order in which somebody who has to say yes wants to see them.
_LISTED = (Kind.REFUSED, Kind.DELETED, Kind.MODIFIED, Kind.CREATED, Kind.LEFT_OUT, Kind.UNCHANGED)


@require_safe
def export(request: WorkspaceRequest, store_id: str) -> HttpResponseBase:
    """A zip of the store, or of one folder of it."""
    store = store_of(request, store_id)
    try:
        options = Options.checked(request.GET.get("prefix", ""))
    except BadPath as bad:
        return HttpResponse(bad.message, status=bad.status, content_type="text/plain")
    return zip_answer(store, options.prefix)


@require_safe
def chain(request: WorkspaceRequest, store_id: str) -> HttpResponseBase:
    """The chain of its versions, for a check that needs nothing of ours."""
    store = store_of(request, store_id)
    lines = proving.export_chain(store)
    answer = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{store.pk}-chain.ndjson"'
    return answer


@needs(Right.WRITE)
@csrf_exempt  # checked below: looking for the token reads the body, so the handler comes first
def bring(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """Take files, and go on to the page of what importing them would do."""
    uploads = Uploads(request)
    request.upload_handlers = [uploads]
    return _bring(request, store_id, uploads)


@csrf_protect
@require_http_methods(FORM)
def _bring(request: WorkspaceRequest, store_id: str, uploads: Uploads) -> HttpResponse:
    store = store_of(request, store_id)
    if request.method != "POST":
        return _ask(request, store, ImportForm(initial={"folder": request.GET.get("prefix", "/")}))
    form = ImportForm(request.POST, request.FILES, refused=uploads.refused)
    if not form.is_valid():
        return _ask(request, store, form, 422)
    try:
        file = uploading.keep_upload(uploads=form.cleaned_data["uploads"], by=request.actor)
    except DomainError as refused:
        form.add_error("uploads", refused.message.removeprefix("filename: "))
        return _ask(request, store, form, 422)
    args = [request.workspace.slug, store.pk, file.pk]
    url = reverse("memory:import_plan", args=args, query=form.query())
    return HttpResponseClientRedirect(url) if wants_part(request) else redirect(url)


def _ask(
    request: WorkspaceRequest, store: MemoryStore, form: ImportForm, status: int = 200
) -> HttpResponse:
    context = {
        "store": store,
        "form": form,
        "limit": reading.MOST_BYTES,
        "largest": writing.LARGEST,
    }
    return render_page(request, "memory/import.html", context, part="form", status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def plan(request: WorkspaceRequest, store_id: str, file_id: str) -> HttpResponse:
    """What an import would do; a POST does that and nothing else."""
    store = store_of(request, store_id)
    given = request.POST if request.method == "POST" else request.GET
    form = ImportOptionsForm(given)
    context: dict[str, Any] = {"store": store, "form": form}
    status = 200
    try:
        bundle = uploading.kept_upload(file_id=file_id, by=request.actor)
        if form.is_valid():
            asked = {"store_id": store.pk, "bundle": bundle, "options": form.options()}
            if request.method == "POST":
                expected = request.POST.get("plan") or "none"
                done = importing.import_memories(**asked, expected_plan=expected, by=request.actor)
                return _said(request, store, done)
            context |= _told(importing.plan_import(**asked, by=request.actor))
    except importing.PlanOutdated as outdated:
        context |= _told(outdated.plan) | {"outdated": outdated}
        status = outdated.status
    except NotFound:
        messages.error(request, "What you brought was kept for an hour. Choose the files again.")
        return redirect("memory:import", request.workspace.slug, store.pk)
    except DomainError as refused:
        form.add_error(None, refused.message)
    status = 422 if form.errors else status
    return render_page(request, "memory/import_plan.html", context, status=status)


def _told(plan: Plan) -> dict[str, Any]:
    """The steps by their kinds; of the first that change something, also what."""
    groups = [(kind, plan.of(kind)) for kind in _LISTED]
    return {
        "plan": plan,
        "groups": [
            {"kind": kind.value, "count": len(steps), "rows": _rows(steps)}
            for kind, steps in groups
            if steps
        ],
        "most": MOST_STEPS,
    }


def _rows(steps: list[Step]) -> list[tuple[Step, list[diffing.Hunk]]]:
    return [
        (step, step.hunks() if number < MOST_DIFFS else [])
        for number, step in enumerate(steps[:MOST_STEPS])
    ]


def _said(request: WorkspaceRequest, store: MemoryStore, done: Plan) -> HttpResponse:
    """What happened, also to what was not written."""
    told = [
        f"{done.counts[kind]:,} {word}"
        for kind, word in (
            (Kind.CREATED, "new"),
            (Kind.MODIFIED, "changed"),
            (Kind.DELETED, "deleted"),
            (Kind.UNCHANGED, "as they were"),
            (Kind.REFUSED, "refused"),
        )
        if done.counts[kind]
    ]
    messages.success(request, f"Imported {done.origin}: {', '.join(told)}.")
    return redirect("memory:activity", request.workspace.slug, store.pk)
