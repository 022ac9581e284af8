"""Taking a decision back: at once, or after a look where something was built on it since."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect, push_url

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page, wants_part
from apps.memory.templatetags.memory import filename
from apps.reviews.actions import undoing as actions
from apps.reviews.actions.undoing import LookFirst, Undone
from apps.reviews.forms import MOST_NOTE
from apps.reviews.models import Proposal
from apps.reviews.views import FORM, address, desk, proposal_of
from apps.reviews.views.rows import queue_of


@needs(Right.REVIEW)
@require_http_methods(FORM)
def undo(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    """Show what it would do, then do that and nothing else."""
    proposal = proposal_of(request, proposal_id)
    if request.method != "POST":
        return _look(request, proposal)
    try:
        undone = actions.undo(
            proposal_id=proposal.pk,
            by=request.actor,
            token=request.POST.get("token", ""),
            note=request.POST.get("note", "")[:MOST_NOTE],
        )
    except LookFirst:
        where = address(request, "undo", proposal.pk)
        return HttpResponseClientRedirect(where) if wants_part(request) else redirect(where)
    except DomainError as refused:
        if wants_part(request):
            return HttpResponseClientRedirect(_complaining(request, proposal, refused))
        return _look(request, proposal, refused)
    return _done(request, undone)


def _complaining(request: WorkspaceRequest, proposal: Proposal, refused: DomainError) -> str:
    messages.error(request, refused.message)
    return address(request, "proposal", proposal.pk)


def _look(
    request: WorkspaceRequest, proposal: Proposal, refused: DomainError | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"proposal": proposal, "refused": refused}
    status = 200 if refused is None else (422 if refused.status == 400 else refused.status)
    if proposal.status == Proposal.Status.ACCEPTED:
        context["undoing"] = actions.preview_undo(proposal_id=proposal.pk, by=request.actor)
    context["decided"] = max(proposal.decisions.all(), key=lambda each: each.sequence, default=None)
    return render_page(request, "reviews/undo.html", context, status=status)


def _done(request: WorkspaceRequest, undone: Undone) -> HttpResponse:
    told = _told(undone)
    where = address(request, "proposal", undone.proposal.pk)
    if not wants_part(request):
        messages.success(request, told)
        return redirect(where)
    answer = desk.show(request, queue_of(request), proposal_of(request, undone.proposal.pk))
    push_url(answer, where)
    said = {"id": undone.proposal.pk, "text": told, "undo": "", "is_back": True}
    answer["HX-Trigger"] = json.dumps({"decided": said})
    return answer


def _told(undone: Undone) -> str:
    proposal = undone.proposal
    if proposal.is_waiting:
        return f"{filename(proposal.path)} waits again."
    count = len(undone.versions)
    again = f" {len(undone.reopened)} withdrawn wait again." if undone.reopened else ""
    return f"Undone by {count} new version{'' if count == 1 else 's'}.{again}"
