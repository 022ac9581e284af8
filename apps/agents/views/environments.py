"""Where agents' tools run."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.agents.actions import environments as actions
from apps.agents.api.shapes import EnvironmentPatch, NewEnvironment
from apps.agents.forms.environments import EnvironmentForm
from apps.agents.models import Environment
from apps.agents.views import FORM, environment_of
from apps.core.api.shapes import Misshapen, read
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest

SHOWN = {"": "In use", "archived": "Archived"}


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    shown = "archived" if request.GET.get("show") == "archived" else ""
    live = Environment.objects.live_in(request.workspace, include_archived=bool(shown))
    rows = live.exclude(archived_at=None) if shown else live
    context: dict[str, object] = {"shown": shown}
    status = 200
    try:
        context["page"] = newest(rows, request.GET.get("cursor", ""))
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    path = reverse("agents:environments", args=[request.workspace.slug])
    context["tabs"] = [
        {"label": label, "url": f"{path}?show={name}" if name else path, "current": name == shown}
        for name, label in SHOWN.items()
    ]
    return render_page(request, "agents/environments.html", context, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    form = EnvironmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = read(NewEnvironment, form.given())
            made = actions.create_environment(given=given, by=request.actor)
        except Misshapen as wrong:
            form.complain(wrong)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"{made.name} is there. Sessions can run in it.")
            return redirect("agents:environment", request.workspace.slug, made.public_id)
    return _ask(request, form)


@require_http_methods(FORM)
def page(request: WorkspaceRequest, environment_id: str) -> HttpResponse:
    environment = environment_of(request, environment_id)
    form = EnvironmentForm(request.POST or None, environment=environment)
    if request.method == "POST" and form.is_valid():
        try:
            patch = read(EnvironmentPatch, form.given())
            actions.update_environment(environment=environment, patch=patch, by=request.actor)
        except Misshapen as wrong:
            form.complain(wrong)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "Saved.")
            return redirect("agents:environment", request.workspace.slug, environment_id)
    return _ask(request, form, environment)


def _ask(
    request: WorkspaceRequest, form: EnvironmentForm, environment: Environment | None = None
) -> HttpResponse:
    context = {"form": form, "environment": environment}
    status = 422 if form.errors else 200
    return render_page(request, "agents/environment.html", context, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def archive(request: WorkspaceRequest, environment_id: str) -> HttpResponse:
    """Ask first: it cannot be undone."""
    environment = environment_of(request, environment_id)
    if request.method != "POST":
        return _question(request, environment, "archive")
    try:
        actions.archive_environment(environment=environment, by=request.actor)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{environment.name} is archived. Sessions that run go on.")
    return redirect("agents:environment", request.workspace.slug, environment_id)


@needs(Right.WRITE)
@require_http_methods(FORM)
def delete(request: WorkspaceRequest, environment_id: str) -> HttpResponse:
    """Ask first: it cannot be undone."""
    environment = environment_of(request, environment_id)
    if request.method != "POST":
        return _question(request, environment, "delete")
    try:
        actions.delete_environment(environment=environment, by=request.actor)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"{environment.name} is deleted. Its sessions stay.")
    return redirect("agents:environments", request.workspace.slug)


def _question(request: WorkspaceRequest, environment: Environment, verb: str) -> HttpResponse:
    context = {"environment": environment, "verb": verb}
    return render_page(request, "agents/environment_end.html", context)
