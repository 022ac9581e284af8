"""Bringing files in, and watching them being read."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.htmx import answer, render_page, wants_part
from apps.core.pagination import BadCursor, Page, newest
from apps.sessions import actions
from apps.sessions.forms import ImportForm
from apps.sessions.models import Import, Source
from apps.sessions.receiving import Uploads

NO_QUEUE = "The queue does not answer. The import waits, and starts by itself once it does."


@needs(Right.WRITE)
@csrf_exempt  # checked below: looking for the token reads the body, so the handler comes first
def index(request: WorkspaceRequest) -> HttpResponse:
    uploads = Uploads(request)
    request.upload_handlers = [uploads]
    return _index(request, uploads)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _index(request: WorkspaceRequest, uploads: Uploads) -> HttpResponse:
    if request.method != "POST":
        return _show(request, ImportForm())
    form = ImportForm(request.POST, request.FILES, complaint=uploads.complaint)
    if not form.is_valid():
        return _show(request, form, status=422)
    work, is_queued = actions.begin_import(
        user=request.user, workspace=request.workspace, **form.cleaned_data
    )
    if not is_queued:
        messages.warning(request, NO_QUEUE)
    url = reverse("sessions:import_run", args=[request.workspace.slug, work.pk])
    return HttpResponseClientRedirect(url) if wants_part(request) else redirect(url)


def _show(request: WorkspaceRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    imports = Import.objects.visible_in(request.workspace).select_related("user").defer("refusals")
    context = {"form": form, "limit": settings.UPLOAD_LIMIT}
    try:
        context["page"] = newest(imports, request.GET.get("cursor", ""), size=20)
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    return render_page(request, "sessions/import.html", context, part="form", status=status)


@needs(Right.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: WorkspaceRequest, import_id: str) -> HttpResponse:
    """One import, as it goes on; a POST tries a failed one again."""
    imports = Import.objects.visible_in(request.workspace).select_related("user")
    work = get_object_or_404(imports, pk=import_id)
    if request.method == "POST":
        if not actions.try_import_again(work):
            messages.warning(request, NO_QUEUE)
        context = _context(request, work)
        return answer(
            request, "sessions/import_run.html#run", None, context, otherwise=request.path
        )
    return render_page(request, "sessions/import_run.html", _context(request, work), part="run")


def _context(request: WorkspaceRequest, work: Import) -> dict[str, Any]:
    listed = reverse("sessions:list", args=[request.workspace.slug])
    sources = work.tally.get("sources", [])
    now = timezone.now()
    return {
        "import": work,
        "age": (now - work.created_at).total_seconds(),
        "is_orphaned": work.lease_expires_at is not None and work.lease_expires_at < now,
        "source_labels": [Source(source).label for source in sources],
        "sessions_url": f"{listed}?source={sources[0]}" if len(sources) == 1 else listed,
    }
