"""Having one thing graded, or many sessions alike, with the cost told before the start."""

from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError, NotFound
from apps.core.htmx import render_page
from apps.outcomes import actions, batching, finding, rewarding
from apps.outcomes.actions.evaluations import ArtifactRef, EvaluationPlan, RubricRef
from apps.outcomes.batching import Estimate, RunPlan
from apps.outcomes.forms import SESSION, EvaluationForm, RunForm
from apps.outcomes.models import Evaluation
from apps.outcomes.views import FORM, run_of


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method != "POST":
        session = request.GET.get("session", "").replace("\x00", "")
        initial = {"rubric_id": request.GET.get("rubric", ""), "session_id": session}
        initial |= {"what": SESSION} if session else {}
        form = EvaluationForm(workspace=request.workspace, initial=initial)
        return render_page(request, "outcomes/new.html", {"form": form})
    form = EvaluationForm(request.POST, request.FILES, workspace=request.workspace)
    if form.is_valid():
        try:
            evaluation = actions.create_evaluation(_plan(form), by=request.actor)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "The grading has begun. This page tells what comes of it.")
            return redirect(evaluation.get_absolute_url())
    return render_page(request, "outcomes/new.html", {"form": form}, status=422)


def _plan(form: EvaluationForm) -> EvaluationPlan:
    told = form.cleaned_data
    session = told["session_id"] if told["what"] == SESSION else ""
    artifact = ArtifactRef(session_id=session) if session else ArtifactRef(text=told["text"])
    return EvaluationPlan(
        rubric=RubricRef(rubric_id=told["rubric_id"]), artifact=artifact, model=told["model"]
    )


@needs(Right.WRITE)
@require_http_methods(FORM)
def new_run(request: WorkspaceRequest) -> HttpResponse:
    """What would be graded and what it would cost, then the start."""
    if request.method != "POST":
        initial = {"rubric_id": request.GET.get("rubric", "")}
        form = RunForm(workspace=request.workspace, initial=initial)
        return render_page(request, "outcomes/new_run.html", {"form": form})
    form = RunForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return render_page(request, "outcomes/new_run.html", {"form": form}, status=422)
    if "start" not in request.POST:
        context = {"form": form, "estimate": _estimated(request, form)}
        return render_page(request, "outcomes/new_run.html", context)
    try:
        run = actions.create_run(_run_plan(request, form), by=request.actor)
    except DomainError as refused:
        form.add_error(None, refused.message)
        return render_page(request, "outcomes/new_run.html", {"form": form}, status=422)
    messages.success(request, f"Started: {run.session_count} are graded.")
    return redirect("outcomes:run", request.workspace.slug, run.pk)


@needs(Right.WRITE)
@require_POST
def estimate(request: WorkspaceRequest) -> HttpResponse:
    """What it would cost, for who is still choosing."""
    form = RunForm(request.POST, workspace=request.workspace)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        context["estimate"] = _estimated(request, form)
    return render(request, "outcomes/estimate.html", context)


def _estimated(request: WorkspaceRequest, form: RunForm) -> Estimate:
    return batching.estimate(request.workspace, _run_plan(request, form))


def _run_plan(request: WorkspaceRequest, form: RunForm) -> RunPlan:
    told = form.cleaned_data
    rubric = finding.rubric(request.workspace, told["rubric_id"])
    return RunPlan(
        version=finding.version(rubric),
        chosen=form.chosen(),
        told=form.told(),
        model=told["model"],
        limit=told["limit"],
        cap=told["cap"],
    )


@require_safe
def run(request: WorkspaceRequest, run_id: str) -> HttpResponse:
    """How far it is, what came of it, and how it compares with imported rewards."""
    found = run_of(request, run_id)
    mine = Evaluation.objects.visible_in(request.workspace).filter(run=found)
    context = {
        "run": found,
        "rubric": found.rubric_version.rubric,
        "cost": mine.aggregate(cost=Sum("cost", default=0))["cost"],
        "newest": mine.for_list().order_by("-created_at", "-pk")[:20],
        "comparison": rewarding.compared(mine),
    }
    return render_page(request, "outcomes/run.html", context, part="progress")


@needs(Right.WRITE)
@require_POST
def cancel_run(request: WorkspaceRequest, run_id: str) -> HttpResponse:
    try:
        actions.cancel_run(run_id=run_id, by=request.actor)
    except NotFound as missing:
        raise Http404 from missing
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Stopped. What was graded is kept.")
    return redirect("outcomes:run", request.workspace.slug, run_id)
