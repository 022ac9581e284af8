"""What was graded, newest first; runs; and how often agents pass."""

from urllib.parse import urlencode

from django.db.models import Case, CharField, F, Q, When
from django.db.models.functions import Left
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.agents.models import Agent
from apps.core.htmx import render_page
from apps.outcomes import rating
from apps.outcomes.models import ArtifactKind, Evaluation, EvaluationRun, Result, Rubric
from apps.outcomes.models.evaluation import EvaluationQuerySet
from apps.outcomes.views import listed, tabs

MOST_OFFERED = 200
_EXCERPT = 90
_UNENDED = {"unended": "Not ended", "error": "Could not be graded"}


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    chosen = _chosen(request)
    rows = _narrowed(Evaluation.objects.visible_in(request.workspace), chosen)
    page, bad = listed(request, _told(rows))
    context = {
        "page": page,
        "bad": bad,
        "chosen": chosen,
        "query": urlencode({name: value for name, value in chosen.items() if value}),
        "tabs": tabs(request, "list"),
        "results": [*Result.choices, *_UNENDED.items()],
        "rubrics": _rubrics(request, chosen["rubric"]),
        "agents": _agents(request, chosen["agent"]),
    }
    return render_page(request, "outcomes/list.html", context, status=bad.status if bad else 200)


@require_safe
def runs(request: WorkspaceRequest) -> HttpResponse:
    rows = EvaluationRun.objects.visible_in(request.workspace).with_counts()
    page, bad = listed(request, rows.select_related("rubric_version__rubric"))
    context = {"page": page, "bad": bad, "tabs": tabs(request, "runs")}
    return render_page(request, "outcomes/runs.html", context, status=bad.status if bad else 200)


@require_safe
def rates(request: WorkspaceRequest) -> HttpResponse:
    chosen = _chosen(request)
    rows = _narrowed(Evaluation.objects.visible_in(request.workspace), {"rubric": chosen["rubric"]})
    context = {
        "rates": rating.rates(rows),
        "weeks": rating.WEEKS,
        "width": rating.WIDTH,
        "height": rating.HEIGHT,
        "chosen": chosen,
        "tabs": tabs(request, "rates"),
        "rubrics": _rubrics(request, chosen["rubric"]),
    }
    return render_page(request, "outcomes/rates.html", context)


def _chosen(request: WorkspaceRequest) -> dict[str, str]:
    names = ("rubric", "result", "agent", "version", "run")
    return {name: request.GET.get(name, "").replace("\x00", "")[:256] for name in names}


def _narrowed(rows: EvaluationQuerySet, chosen: dict[str, str]) -> EvaluationQuerySet:
    for name, column in (
        ("rubric", "rubric_version__rubric"),
        ("agent", "agent_name"),
        ("run", "run"),
    ):
        if chosen.get(name):
            rows = rows.filter(**{column: chosen[name]})
    version = chosen.get("version", "")
    if version.isascii() and version.isdigit():
        rows = rows.filter(agent_version=min(int(version[:10]), 2**31 - 1))
    return _with_result(rows, chosen.get("result", ""))


def _with_result(rows: EvaluationQuerySet, result: str) -> EvaluationQuerySet:
    if result == "unended":
        return rows.unended()
    if result == "error":
        return rows.filter(status=Evaluation.Status.FAILED)
    return rows.filter(result=result) if result in Result.values else rows


def _told(rows: EvaluationQuerySet) -> EvaluationQuerySet:
    """A row, with what names the thing that was graded."""
    is_text = When(artifact_kind=ArtifactKind.TEXT, then=Left("artifact", _EXCERPT))
    excerpt = Case(is_text, default=F("artifact_name"), output_field=CharField())
    columns = rows.for_list().only(
        *_COLUMNS, "session__public_id", "session__title", "rubric_version__number",
        "rubric_version__rubric", "rubric_version__rubric__name",
    )  # fmt: skip
    return columns.annotate(excerpt=excerpt)


_COLUMNS = (
    "created_at", "status", "result", "score", "cost", "artifact_kind", "agent_name",
    "agent_version", "iteration", "outcome_id", "rubric_version", "session", "error_message",
)  # fmt: skip


def _rubrics(request: WorkspaceRequest, chosen: str) -> list[tuple[str, str]]:
    """The library's by name; and one of a session's if it is what is asked for."""
    mine = Rubric.objects.visible_in(request.workspace)
    rows = mine.filter(Q(origin=Rubric.Origin.LIBRARY) | Q(pk=chosen))
    return list(rows.order_by("name", "pk").values_list("pk", "name")[:MOST_OFFERED])


def _agents(request: WorkspaceRequest, chosen: str) -> list[str]:
    rows = Agent.objects.filter(workspace=request.workspace).order_by("name")
    names = set(rows.values_list("name", flat=True).distinct()[:MOST_OFFERED])
    return sorted(names | ({chosen} if chosen else set()))
