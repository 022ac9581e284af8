"""The library of rubrics; one of them with its versions; and people's agreement with it."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import NotFound
from apps.core.htmx import render_page
from apps.engine import connecting
from apps.memory import diffing
from apps.outcomes import actions, altering, calibrating, drawing, finding, gating
from apps.outcomes.agreeing import Standing, agreement
from apps.outcomes.models import Criterion, Rubric, RubricVersion
from apps.outcomes.views import FORM, listed, rubric_of, tabs

SHOWN = {"": "Library", "sessions": "Of sessions", "archived": "Archived"}
SIDES = {
    "outcomes:rubric": "Criteria",
    "outcomes:versions": "Versions",
    "outcomes:agreement": "Agreement",
}


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    rubrics = Rubric.objects.visible_in(request.workspace)
    if shown == "archived":
        rubrics = rubrics.exclude(archived_at=None)
    else:
        origin = Rubric.Origin.SESSION if shown else Rubric.Origin.LIBRARY
        rubrics = rubrics.open().filter(origin=origin)
    page, bad = listed(request, rubrics)
    counts = _counts(page.rows)
    path = reverse("outcomes:rubrics", args=[request.workspace.slug])
    context = {
        "page": page,
        "bad": bad,
        "shown": shown,
        "rows": [(each, counts.get(each.pk, {})) for each in page.rows],
        "tabs": tabs(request, "rubrics"),
        "kinds": [
            {
                "label": label,
                "url": f"{path}?show={name}" if name else path,
                "current": name == shown,
            }
            for name, label in SHOWN.items()
        ],
    }
    return render_page(request, "outcomes/rubrics.html", context, status=bad.status if bad else 200)


def _counts(rubrics: list[Rubric]) -> dict[str, dict[str, Any]]:
    """By rubric: the criteria of its newest version, how many code checks and are required."""
    rows = Criterion.objects.filter(
        rubric_version__rubric__in=rubrics,
        rubric_version__number=F("rubric_version__rubric__version"),
    ).values("rubric_version__rubric_id")
    counted = rows.annotate(
        criteria=Count("pk"),
        by_code=Count("pk", filter=~Q(check_kind="")),
        required=Count("pk", filter=Q(is_required=True)),
    )
    return {row["rubric_version__rubric_id"]: dict(row) for row in counted}


@require_safe
def page(request: WorkspaceRequest, rubric_id: str) -> HttpResponse:
    rubric = rubric_of(request, rubric_id)
    version = _version(rubric, request.GET.get("version", ""))
    standings: dict[str, list[tuple[str, Standing]]] = defaultdict(list)
    for (key, grader), pairs in sorted(gating.pairs(version).items()):
        standings[key].append((grader, agreement(pairs).standing))
    context = _side(rubric, "outcomes:rubric") | {
        "version": version,
        "rows": [(each, standings[each.key]) for each in _criteria(version)],
        "is_source": request.GET.get("view") == "source",
    }
    return render_page(request, "outcomes/rubric.html", context)


@require_safe
def versions(request: WorkspaceRequest, rubric_id: str) -> HttpResponse:
    """All of them, newest first, and what one changed against another."""
    rubric = rubric_of(request, rubric_id)
    new = _version(rubric, request.GET.get("version", ""))
    against = request.GET.get("against", "") or str(new.number - 1)
    old = _version(rubric, against) if against != "0" else None
    hunks = diffing.diff(old.content if old else None, new.content)
    listed = rubric.versions.defer("content").order_by("-number")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit():
        listed = listed.filter(number__lt=min(int(before[:10]), 2**31 - 1))
    rows = list(listed[: _SIZE + 1])
    context = _side(rubric, "outcomes:versions") | {
        "versions": rows[:_SIZE],
        "older": rows[_SIZE - 1].number if len(rows) > _SIZE else "",
        "new": new,
        "old": old,
        "hunks": hunks,
        "counts": diffing.counted(hunks),
        "alterations": altering.altered(_criteria(old) if old else [], _criteria(new)),
    }
    return render_page(request, "outcomes/versions.html", context)


_SIZE = 50


@require_safe
def agreement_page(request: WorkspaceRequest, rubric_id: str) -> HttpResponse:
    rubric = rubric_of(request, rubric_id)
    version = _version(rubric, request.GET.get("version", ""))
    usual = connecting.default_model(request.workspace, "grading")
    context = _side(rubric, "outcomes:agreement") | {
        "version": version,
        "rows": calibrating.calibrations(version, usual),
        "by_code": sum(bool(each.check_kind) for each in version.criteria.all()),
        "min_kappa": settings.OUTCOME_MIN_KAPPA,
        "min_labels": settings.OUTCOME_MIN_LABELS,
        "threshold": drawing.threshold(settings.OUTCOME_MIN_KAPPA),
    }
    return render_page(request, "outcomes/agreement.html", context)


@needs(Right.WRITE)
@require_http_methods(FORM)
def archive(request: WorkspaceRequest, rubric_id: str) -> HttpResponse:
    """Ask first: it cannot be undone."""
    rubric = rubric_of(request, rubric_id)
    if request.method != "POST":
        return render_page(request, "outcomes/rubric_archive.html", {"rubric": rubric})
    actions.archive_rubric(rubric_id=rubric.pk, by=request.actor)
    messages.success(request, f"{rubric.name} is archived. What it graded stays.")
    return redirect(rubric.get_absolute_url())


def _side(rubric: Rubric, current: str) -> dict[str, Any]:
    where = [rubric.workspace.slug, rubric.pk]
    return {
        "rubric": rubric,
        "is_editable": rubric.archived_at is None and rubric.origin == Rubric.Origin.LIBRARY,
        "tabs": [
            {"label": label, "url": reverse(name, args=where), "current": name == current}
            for name, label in SIDES.items()
        ],
    }


def _version(rubric: Rubric, number: str) -> RubricVersion:
    """The version that an address says, or else the newest."""
    wanted = int(number[:10]) if number.isascii() and number.isdigit() else None
    try:
        return finding.version(rubric, wanted)
    except NotFound as missing:
        raise Http404 from missing


def _criteria(version: RubricVersion) -> list[Criterion]:
    return sorted(version.criteria.all(), key=lambda each: each.position)
