"""The page of models: which key is asked with, what may be spent, and what was."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import answer, render_page
from apps.core.pagination import BadCursor, Page, newest
from apps.engine import actions, connecting, spending
from apps.engine.forms import ChoicesForm, KeyForm
from apps.engine.models import JobSpend

PAGE = "engine/models.html"
JOBS = 20
JOB_PAGES = {
    "drm": "dreams:dream",
    "drmcmp": "dreams:comparison",
    "oeval": "outcomes:evaluation",
    "orun": "outcomes:run",
}
"""Where to read about a job, by the prefix of its id: the names are those of the apps that ask."""


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    return _show(request)


@needs(Right.ADMIN)
@require_POST
def key(request: WorkspaceRequest) -> HttpResponse:
    """Enter or replace the workspace's own key."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _show(request, status=422, key_form=form)
    actions.connect(by=request.actor, **form.cleaned_data)
    messages.success(request, "The key is kept, and being tested.")
    return redirect("engine:models", request.workspace.slug)


@needs(Right.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_key(request: WorkspaceRequest) -> HttpResponse:
    """Ask first: the key is gone afterwards."""
    if request.method != "POST":
        context = {
            "connection": actions.connection_of(request.workspace),
            "installed": connecting.installed(),
        }
        return render_page(request, "engine/remove_key.html", context)
    actions.disconnect(by=request.actor)
    messages.success(request, "The key is removed.")
    return redirect("engine:models", request.workspace.slug)


@needs(Right.ADMIN)
@require_POST
def choices(request: WorkspaceRequest) -> HttpResponse:
    form = ChoicesForm(request.POST, defaults=_defaults())
    if form.is_valid():
        try:
            actions.update(by=request.actor, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "Changed.")
            return redirect("engine:models", request.workspace.slug)
    return _show(request, status=422, choices_form=form)


@needs(Right.ADMIN)
@require_POST
def check(request: WorkspaceRequest) -> HttpResponse:
    actions.check_key(by=request.actor)
    page = reverse("engine:models", args=[request.workspace.slug])
    return answer(request, f"{PAGE}#state", None, _state(request), otherwise=page)


def _show(request: WorkspaceRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = _state(request) | {
        "spending": spending.of(request.workspace),
        "models": connecting.models(),
        "key_form": KeyForm(),
        "choices_form": _choices(request),
    }
    bills = JobSpend.objects.visible_in(request.workspace)
    try:
        context["page"] = page = newest(bills, request.GET.get("cursor", ""), size=JOBS)
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    else:
        context["jobs"] = [(bill, _page_of(request, bill)) for bill in page.rows]
    return render_page(request, PAGE, context | forms, part="state", status=status)


def _state(request: WorkspaceRequest) -> dict[str, Any]:
    return {
        "connection": actions.connection_of(request.workspace),
        "installed": connecting.installed(),
        "may_change": request.actor.may(Right.ADMIN),
        "dream_model": connecting.default_model(request.workspace, "dreams"),
        "grading_model": connecting.default_model(request.workspace, "grading"),
    }


def _choices(request: WorkspaceRequest) -> ChoicesForm:
    connection = actions.connection_of(request.workspace)
    names = ("dream_model", "grading_model", "daily_cap", "monthly_cap")
    initial = {name: getattr(connection, name) for name in names}
    return ChoicesForm(initial=initial, defaults=_defaults())


def _defaults() -> dict[str, str]:
    return {
        "dream_model": settings.ENGINE_DREAM_MODEL,
        "grading_model": settings.ENGINE_GRADING_MODEL,
    }


def _page_of(request: WorkspaceRequest, bill: JobSpend) -> str:
    """Where to read about a job, if its app has a page for it."""
    name = JOB_PAGES.get(bill.job_id.partition("_")[0], "")
    try:
        return reverse(name, args=[request.workspace.slug, bill.job_id])
    except NoReverseMatch:
        return ""
