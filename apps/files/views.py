"""The files of a workspace: seen, brought in, taken away, deleted."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError, NotFound
from apps.core.htmx import render_page, wants_part
from apps.core.pagination import BadCursor, Page, newest
from apps.files import actions, serving
from apps.files.forms import UploadForm
from apps.files.models import File
from apps.files.receiving import Incoming, Uploads


@csrf_exempt  # checked below: looking for the token reads the body, so the handler comes first
def index(request: WorkspaceRequest) -> HttpResponse:
    uploads = Uploads(request)
    request.upload_handlers = [uploads]
    return _index(request, uploads)


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def _index(request: WorkspaceRequest, uploads: Uploads) -> HttpResponse:
    if request.method != "POST":
        return _show(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid() and uploads.refused:  # that no file is left says less
        form.errors.pop("uploads", None)
    if form.errors:
        return _show(request, form, status=422)
    kept, refused = _upload(request, form)
    refused = [*uploads.refused, *refused]
    if not kept:
        form.errors["uploads"] = form.error_class(refused)
        return _show(request, form, status=422)
    for why in refused:
        messages.warning(request, why)
    messages.success(request, f"{kept} file{'' if kept == 1 else 's'} uploaded.")
    url = reverse("files:list", args=[request.workspace.slug])
    return HttpResponseClientRedirect(url) if wants_part(request) else redirect(url)


def _upload(request: WorkspaceRequest, form: UploadForm) -> tuple[int, list[str]]:
    """How many files were kept, and why others were not."""
    given: Sequence[Incoming] = form.cleaned_data.get("uploads", ())
    refused = []
    for file in given:
        try:
            actions.upload(
                by=request.actor,
                content=file,
                filename=file.sent_as,
                mime_type=file.content_type or "",
                expires_in=form.expires_in,
            )
        except DomainError as error:
            refused.append(f"{file.sent_as}: {error.message}")
    return len(given) - len(refused), refused


def _show(request: WorkspaceRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "limit": settings.FILE_LIMIT,
        "may_write": request.actor.may(Right.WRITE),
        "base_url": request.build_absolute_uri("/").rstrip("/"),
    }
    files = File.objects.visible_in(request.workspace)
    try:
        context["page"] = newest(files, request.GET.get("cursor", ""))
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    return render_page(request, "files/list.html", context, part="form", status=status)


@require_safe
def content(request: WorkspaceRequest, file_id: str) -> HttpResponseBase:
    """The file, whoever made it: the API gives out less, as the vendor's does."""
    try:
        return serving.content(request, _present(request, file_id))
    except serving.UnsatisfiableRange as beyond:
        return HttpResponse(beyond.message, status=beyond.status, content_type="text/plain")


@needs(Right.WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: WorkspaceRequest, file_id: str) -> HttpResponse:
    """Ask first: what is deleted is gone."""
    file = _present(request, file_id)
    if request.method != "POST":
        return render_page(request, "files/delete.html", {"file": file})
    actions.delete(file_id=file.pk, by=request.actor)
    messages.success(request, f"{file.filename} is deleted.")
    return redirect("files:list", request.workspace.slug)


def _present(request: WorkspaceRequest, file_id: str) -> File:
    try:
        return File.objects.present(file_id, workspace=request.workspace)
    except NotFound as gone:
        raise Http404 from gone
