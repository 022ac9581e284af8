"""Views of the session list that a person keeps: their own, whatever their role."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.htmx import answer
from apps.sessions import actions
from apps.sessions.forms import SaveViewForm, SessionFilterForm
from apps.sessions.models import SavedView
from apps.sessions.views.lists import saving


@needs(Right.READ)
@require_POST
def save(request: WorkspaceRequest) -> HttpResponse:
    form = SaveViewForm(request.POST)
    given = QueryDict(request.POST.get("query", ""))
    query = SessionFilterForm(given, workspace=request.workspace).query
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            actions.save_view(
                user=request.user, workspace=request.workspace, name=name, query=query
            )
            messages.success(request, f"Saved as “{name}”.")
        except actions.NameTaken as taken:
            form.add_error("name", taken.message)
    return _answer(request, query, form)


@needs(Right.READ)
@require_POST
def delete(request: WorkspaceRequest, view_id: str) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.of(request.user, request.workspace), pk=view_id)
    view.delete()
    messages.success(request, f"Deleted the view “{view.name}”. Its sessions stay.")
    return _answer(request, view.query)


def _answer(
    request: WorkspaceRequest, query: str, form: SaveViewForm | None = None
) -> HttpResponse:
    path = reverse("sessions:list", args=[request.workspace.slug])
    kept = form if form is not None and not form.is_valid() else None
    context = {**saving(request, query, kept), "otherwise": path}
    return answer(request, "sessions/list.html#views", form, context, otherwise=f"{path}?{query}")
