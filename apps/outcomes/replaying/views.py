"""Trying a proposal on past sessions: what has been tried, and one more try."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError, NotFound
from apps.core.htmx import render_page, wants_part
from apps.engine import connecting
from apps.outcomes.models import Trial
from apps.outcomes.replaying import actions
from apps.outcomes.replaying.forms import TrialForm
from apps.outcomes.replaying.planning import Prospect
from apps.outcomes.replaying.showing import shown
from apps.reviews import finding
from apps.reviews.models import Proposal

SHOWN = 5
_UNCHANGED = 204


@require_safe
def page(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    """A page that is looked at asks again, and is answered once something is new."""
    proposal = _proposal(request, proposal_id)
    trials = _trials(proposal)
    if wants_part(request) and request.GET.get("state") == _state(trials):
        return HttpResponse(status=_UNCHANGED)
    return _page(request, proposal, trials)


@needs(Right.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    """Try it, or say first what that would take. Whoever reloads is back on the page."""
    proposal = _proposal(request, proposal_id)
    form = TrialForm(request.POST, workspace=request.workspace)
    found: Prospect | None = None
    if request.method != "POST":
        return _to_page(request, proposal_id)
    if form.is_valid():
        try:
            if "start" in request.POST:
                actions.start_trial(proposal_id=proposal.pk, plan=form.plan(), by=request.actor)
                return _to_page(request, proposal_id)
            found = actions.preview_trial(
                proposal_id=proposal.pk, plan=form.plan(), by=request.actor
            )
        except DomainError as refused:
            form.add_error(None, refused.message)
    return _page(request, proposal, _trials(proposal), form=form, found=found)


@needs(Right.REVIEW)
@require_POST
def cancel(request: WorkspaceRequest, proposal_id: str, trial_id: str) -> HttpResponse:
    try:
        actions.cancel_trial(proposal_id=proposal_id, trial_id=trial_id, by=request.actor)
    except NotFound as missing:
        raise Http404 from missing
    except DomainError as refused:
        messages.error(request, refused.message)
    return _to_page(request, proposal_id)


def _to_page(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    return redirect("trials:trials", request.workspace.slug, proposal_id)


def _page(
    request: WorkspaceRequest,
    proposal: Proposal,
    trials: list[Trial],
    *,
    form: TrialForm | None = None,
    found: Prospect | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "proposal": proposal,
        "trials": [shown(each) for each in trials],
        "runs": any(not each.has_ended for each in trials),
        "state": _state(trials),
        "form": form or TrialForm(workspace=request.workspace),
        "found": found,
        "may_try": request.actor.may(Right.REVIEW),
        "is_connected": connecting.is_connected(request.workspace),
    }
    status = 422 if form is not None and form.errors else 200
    return render_page(request, "outcomes/trials.html", context, part="live", status=status)


def _trials(proposal: Proposal) -> list[Trial]:
    """The newest few."""
    rows = Trial.objects.for_list().filter(proposal=proposal)
    return list(rows.order_by("-created_at", "-pk")[:SHOWN])


def _state(trials: list[Trial]) -> str:
    """What a page that is looked at must have changed for."""
    cases = [each for trial in trials[:1] for each in trial.cases.all()]
    return "-".join([*(each.status for each in trials), *(each.status[:2] for each in cases)])


def _proposal(request: WorkspaceRequest, proposal_id: str) -> Proposal:
    try:
        found = finding.proposal(request.workspace, proposal_id)
    except NotFound as missing:
        raise Http404 from missing
    found.workspace = found.store.workspace = request.workspace
    return found
