"""The sessions of a workspace: filtered, in tabs, newest first."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest
from apps.sessions.facets import Facets, tabs
from apps.sessions.filtering import MOST_FOUND, narrow
from apps.sessions.forms import SaveViewForm, SessionFilterForm
from apps.sessions.models import Session


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    form = SessionFilterForm(request.GET, workspace=request.workspace)
    found = narrow(Session.objects.visible_in(request.workspace), form.chosen)
    context: dict[str, Any] = {"form": form, "is_cut": found.is_cut, "most_found": MOST_FOUND}
    status = 200
    try:
        context["page"] = newest(found.sessions.for_list(), request.GET.get("cursor", ""))
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    facets = Facets(form, reverse("sessions:list", args=[request.workspace.slug]))
    context |= facets.context(context["page"]) | saving(request, form.query)
    return render_page(request, "sessions/list.html", context, part="list", status=status)


def saving(
    request: WorkspaceRequest, query: str, form: SaveViewForm | None = None
) -> dict[str, Any]:
    """What the tabs show, and the form that adds one."""
    path = reverse("sessions:list", args=[request.workspace.slug])
    found = tabs(request.user, request.workspace, query, path)
    return {
        "tabs": found,
        "current": next((tab for tab in found if tab.current), None),
        "save_form": form or SaveViewForm(initial={"query": query}),
    }
