"""The audit log of a workspace: who changed what."""

from datetime import datetime, time, timedelta
from typing import Any, Literal

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.changes import changes
from apps.accounts.exporting import as_csv, as_ndjson
from apps.accounts.forms_of_settings import AuditFilterForm
from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.models import AuditEntry
from apps.accounts.models.audit import AuditEntryQuerySet
from apps.accounts.rights import Right
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest

SIZE = 50
_FORMATS = {
    "ndjson": (as_ndjson, "application/x-ndjson"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
}


@needs(Right.ADMIN)
@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    context: dict[str, Any] = {"form": form, "is_filtered": bool(form.chosen)}
    entries = _asked_for(request, form).for_page()
    status = 200
    try:
        context["page"] = newest(entries, request.GET.get("cursor", ""), size=SIZE)
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    return render_page(request, "accounts/audit.html", context, status=status)


@needs(Right.ADMIN)
@require_safe
def entry(request: WorkspaceRequest, entry_id: str) -> HttpResponse:
    """One entry with its values; the list asks for its part when somebody opens it."""
    entries = AuditEntry.objects.visible_in(request.workspace).for_list()
    found = get_object_or_404(entries, pk=entry_id)
    context = {"entry": found, "changes": changes(found)}
    return render_page(request, "accounts/audit_entry.html", context, part="values")


@needs(Right.ADMIN)
@require_safe
def export(request: WorkspaceRequest, format: Literal["ndjson", "csv"]) -> StreamingHttpResponse:  # noqa: A002 -- as the address has it
    write, kind = _FORMATS[format]
    lines = write(_asked_for(request, AuditFilterForm(request.GET)))
    answer = StreamingHttpResponse(lines, content_type=kind)
    name = f"audit-{request.workspace.slug}-{timezone.localdate()}.{format}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked_for(request: WorkspaceRequest, form: AuditFilterForm) -> AuditEntryQuerySet:
    chosen = form.chosen
    entries = AuditEntry.objects.visible_in(request.workspace).narrow(
        actor_type=chosen.get("actor_type", ""),
        action=chosen.get("action", ""),
        object_id=chosen.get("object_id", ""),
    )
    if "actor" in chosen:
        entries = entries.made_by(chosen["actor"], request.workspace)
    if "since" in chosen:
        entries = entries.filter(created_at__gte=_midnight(chosen["since"]))
    if "until" in chosen:
        entries = entries.filter(created_at__lt=_midnight(chosen["until"] + timedelta(days=1)))
    return entries


def _midnight(day: Any) -> datetime:
    """Where the day begins, in the time zone of the site."""
    return timezone.make_aware(datetime.combine(day, time()))
