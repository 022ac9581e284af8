"""Writing rubrics: what the text reads as, and what it changes, before it is saved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.memory import diffing, ends
from apps.outcomes import actions, altering, finding, parsing
from apps.outcomes.actions.rubrics import RubricChanged
from apps.outcomes.forms import RubricForm
from apps.outcomes.models import Criterion, Rubric
from apps.outcomes.parsing import RubricUnreadable
from apps.outcomes.views import FORM, rubric_of

EDITOR = "outcomes/editor.html"
START = """\
# What it must have

- It answers what was asked. {required}
- It names the total with its currency. {#total weight=2 regex="\\d+ (USD|EUR)"}
- It is polite and short. {max_words=200}
"""


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method != "POST":
        return _show(request, RubricForm(initial={"content": _copied(request) or START}))
    form = RubricForm(request.POST)
    if "preview" in request.POST or not form.is_valid():
        return _previewed(request, form)
    try:
        rubric = actions.create_rubric(
            name=form.cleaned_data["name"],
            description=form.cleaned_data["description"],
            content=form.cleaned_data["content"],
            by=request.actor,
        )
    except DomainError as refused:
        return _refused(request, form, refused)
    messages.success(request, f"{rubric.name} is kept. Grade something by it.")
    return redirect("outcomes:rubric", request.workspace.slug, rubric.pk)


@needs(Right.WRITE)
@require_http_methods(FORM)
def edit(request: WorkspaceRequest, rubric_id: str) -> HttpResponse:
    rubric = rubric_of(request, rubric_id)
    if request.method != "POST":
        newest = finding.version(rubric)
        told = {
            "name": rubric.name,
            "description": rubric.description,
            "content": ends.plain(newest.content),
            "expected_version": rubric.version,
        }
        return _show(request, RubricForm(initial=told), rubric)
    form = RubricForm(request.POST)
    if "preview" in request.POST or not form.is_valid():
        return _previewed(request, form, rubric)
    return _save(request, rubric, form)


def _save(request: WorkspaceRequest, rubric: Rubric, form: RubricForm) -> HttpResponse:
    told = form.cleaned_data
    expected = told.pop("expected_version")
    try:
        saved = actions.update_rubric(
            rubric_id=rubric.pk, changes=told, expected_version=expected, by=request.actor
        )
    except DomainError as refused:
        return _refused(request, form, refused, rubric)
    if saved.version == rubric.version:
        messages.success(request, "Saved. The criteria are as they were: no new version.")
    else:
        messages.success(request, f"Saved as version {saved.version}.")
    return redirect("outcomes:rubric", request.workspace.slug, rubric.pk)


def _copied(request: WorkspaceRequest) -> str:
    """The text of the rubric that a new one begins with: one of a session cannot be changed."""
    source = request.GET.get("from", "")
    return ends.plain(finding.version(rubric_of(request, source)).content) if source else ""


def _previewed(
    request: WorkspaceRequest, form: RubricForm, rubric: Rubric | None = None
) -> HttpResponse:
    """How it reads. As long as nothing is saved, a missing name is no mistake."""
    is_valid = form.is_valid()
    if "preview" in request.POST:
        form.errors.clear()
        is_valid = True
    return _show(request, form, rubric, status=200 if is_valid else 422)


def _refused(
    request: WorkspaceRequest, form: RubricForm, refused: DomainError, rubric: Rubric | None = None
) -> HttpResponse:
    context: dict[str, Any] = {}
    if isinstance(refused, RubricChanged) and rubric is not None:
        newest = finding.version(rubric_of(request, rubric.pk))
        hunks = diffing.diff(ends.plain(newest.content), form.cleaned_data["content"])
        context = {"newest": newest, "hunks": hunks}
        form = RubricForm({**form.cleaned_data, "expected_version": newest.number})
        form.is_valid()
    elif not isinstance(refused, RubricUnreadable):  # what is unreadable stands in the preview
        form.add_error(None, refused.message)
    return _show(request, form, rubric, context, status=409 if context else 422)


def _show(
    request: WorkspaceRequest,
    form: RubricForm,
    rubric: Rubric | None = None,
    more: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    content = str(form["content"].value() or "").replace("\r\n", "\n").replace("\0", "\ufffd")
    context = {"form": form, "rubric": rubric, **_reading(content, rubric), **(more or {})}
    return render_page(request, EDITOR, context, part="preview", status=status)


def _reading(content: str, rubric: Rubric | None) -> dict[str, Any]:
    """The criteria of the text and what becomes of those there were, or why it cannot be read."""
    before: list[Criterion] = []
    known: list[str] = []
    if rubric is not None:
        before = list(finding.version(rubric).criteria.order_by("position"))
        rows = Criterion.objects.filter(rubric_version__rubric=rubric)
        known = list(rows.values_list("key", flat=True).distinct())
    try:
        parsed = parsing.parse(content, before, taken=known)
    except RubricUnreadable as refused:
        return {"unreadable": refused}
    alterations = altering.altered(before, parsed)
    return {
        "alterations": alterations,
        "criteria_count": len(parsed),
        "fates": {fate: sum(each.fate == fate for each in alterations) for fate in altering.Fate},
        "total_weight": sum(each.weight for each in parsed),
    }
