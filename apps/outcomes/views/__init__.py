"""The pages of rubrics, evaluations, and how far people agree with them."""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from apps.accounts.middleware import WorkspaceRequest
from apps.accounts.models import User
from apps.core.errors import NotFound
from apps.core.pagination import BadCursor, Page, newest
from apps.outcomes import finding
from apps.outcomes.models import Evaluation, EvaluationRun, Rubric

T = TypeVar("T")
M = TypeVar("M", bound=Model)
FORM = ["GET", "HEAD", "POST"]
SIDES = {"list": "Evaluations", "runs": "Runs", "rates": "Pass rates", "rubrics": "Rubrics"}


def rubric_of(request: WorkspaceRequest, rubric_id: str) -> Rubric:
    """The rubric of this page, its workspace loaded."""
    return _found(lambda: finding.rubric(request.workspace, rubric_id))


def evaluation_of(request: WorkspaceRequest, evaluation_id: str) -> Evaluation:
    """The evaluation of this page, its rubric and session loaded."""
    return _found(lambda: finding.evaluation(request.workspace, evaluation_id))


def run_of(request: WorkspaceRequest, run_id: str) -> EvaluationRun:
    """The run of this page, its rubric loaded."""
    return _found(lambda: finding.run(request.workspace, run_id))


def _found(look: Callable[[], T]) -> T:
    try:
        return look()
    except NotFound as missing:
        raise Http404 from missing


def person(request: HttpRequest) -> User | None:
    """Who looks at the page."""
    return request.user if isinstance(request.user, User) else None


def listed(request: HttpRequest, rows: QuerySet[M]) -> tuple[Page[M], BadCursor | None]:
    """The page of a list that the address says, newest first; of a bad one nothing, and why."""
    try:
        return newest(rows, request.GET.get("cursor", "")), None
    except BadCursor as refused:
        return Page([]), refused


def tabs(request: WorkspaceRequest, current: str) -> list[dict[str, object]]:
    """What lies beside the list of evaluations."""
    return [
        {
            "label": label,
            "url": reverse(f"outcomes:{name}", args=[request.workspace.slug]),
            "current": name == current,
        }
        for name, label in SIDES.items()
    ]
