"""What graders said of one session, for its own page."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core import payloads
from apps.core.htmx import render_page
from apps.outcomes import grids
from apps.outcomes.views import person
from apps.sessions.models import Session


@require_safe
def page(request: WorkspaceRequest, session_id: str) -> HttpResponse:
    sessions = Session.objects.visible_in(request.workspace).select_related("agent")
    session = get_object_or_404(sessions, public_id=payloads.storable(session_id))
    evaluations = grids.of_sessions_rows(session.pk, request.workspace.pk)
    context = {
        "session": session,
        "grids": grids.of_session(evaluations, person(request)),
        "advisory": frozenset(),  # what was, is told at each verdict
    }
    return render_page(request, "outcomes/session.html", context, part="grids")
