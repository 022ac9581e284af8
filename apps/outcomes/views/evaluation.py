"""One evaluation: its grid, the words that each verdict rests on, and what people say of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError, NotFound
from apps.core.htmx import answer, render_page
from apps.outcomes import actions, finding, gating, grids, marking
from apps.outcomes.grids import Cell, Grid
from apps.outcomes.models import Evaluation, Judgement, Verdict
from apps.outcomes.views import evaluation_of, person

PAGE = "outcomes/evaluation.html"


@require_safe
def page(request: WorkspaceRequest, evaluation_id: str) -> HttpResponse:
    """A grid of criteria; `verdict` is the cell that is looked at."""
    context = _context(request, evaluation_of(request, evaluation_id))
    return render_page(request, PAGE, context, part="whole")


@needs(Right.REVIEW)
@require_POST
def label(request: WorkspaceRequest, verdict_id: str) -> HttpResponse:
    """Say what a criterion should have got; with nothing said, take back what was."""
    said = request.POST.get("label", "")
    try:
        verdict = finding.verdict(request.workspace, verdict_id)
        if said in Judgement.values:
            note = request.POST.get("note", "")[:2_000]
            actions.label_verdict(verdict_id=verdict_id, label=said, note_=note, by=request.actor)
            messages.success(request, _told(verdict, said))
        else:
            actions.withdraw_label(verdict_id=verdict_id, by=request.actor)
            messages.success(request, "Taken back. What you said of it is gone.")
    except NotFound as missing:
        raise Http404 from missing
    except DomainError as refused:
        messages.error(request, refused.message)
    evaluation = evaluation_of(request, verdict.evaluation_id)
    context = _context(request, evaluation, verdict.pk)
    back = f"{evaluation.get_absolute_url()}?verdict={verdict.pk}#verdict"
    return answer(request, f"{PAGE}#whole", context=context, otherwise=back)


def _told(verdict: Verdict, said: str) -> str:
    if said == verdict.verdict:
        return f"Kept: you agree that it is “{Judgement(said).label.lower()}”."
    was = Judgement(verdict.verdict).label.lower()
    return f"Kept: you say “{Judgement(said).label.lower()}”, the grader said “{was}”."


@needs(Right.WRITE)
@require_POST
def cancel(request: WorkspaceRequest, evaluation_id: str) -> HttpResponse:
    evaluation = evaluation_of(request, evaluation_id)
    try:
        actions.cancel_evaluation(evaluation_id=evaluation.pk, by=request.actor)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Stopped. Nothing more is asked of the grader.")
    return redirect(evaluation.get_absolute_url())


def _context(
    request: WorkspaceRequest, evaluation: Evaluation, verdict_id: str = ""
) -> dict[str, Any]:
    grid = grids.of_evaluation(evaluation, person(request))
    wanted = verdict_id or request.GET.get("verdict", "")
    cell = grid.cell(wanted) or _first(grid, evaluation)
    if cell is not None and cell.verdict.evaluation_id != evaluation.pk:
        cell = _first(grid, evaluation)
    mine = [each for row in grid.rows for each in row.cells if each and _is_of(each, evaluation)]
    shown = cell.verdict if cell else None
    quoted = marking.marked(evaluation.artifact, [each.verdict for each in mine], shown)
    return {
        "evaluation": evaluation,
        "version": evaluation.rubric_version,
        "rubric": evaluation.rubric_version.rubric,
        "grid": grid,
        "cell": cell,
        "advisory": gating.advisory(evaluation.rubric_version, evaluation.model),
        "segments": quoted,
        "judgements": Judgement.choices,
        "page_url": evaluation.get_absolute_url(),
        "session_url": _session_url(evaluation),
        "may_label": Right.REVIEW in request.actor.rights,
    }


def _first(grid: Grid, evaluation: Evaluation) -> Cell | None:
    """What one wants to see first: what failed, else what is unclear, else the first."""
    mine = [each for row in grid.rows for each in row.cells if each and _is_of(each, evaluation)]
    order = [Judgement.FAIL, Judgement.UNCLEAR, Judgement.PASS]
    return min(mine, key=lambda each: order.index(Judgement(each.verdict.verdict)), default=None)


def _is_of(cell: Cell, evaluation: Evaluation) -> bool:
    return bool(cell.verdict.evaluation_id == evaluation.pk)


def _session_url(evaluation: Evaluation) -> str:
    if evaluation.session is None:
        return ""
    where = [evaluation.workspace.slug, evaluation.session.public_id]
    return reverse("sessions:session", args=where)
