"""Who is in a workspace, in which role, and who is invited."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.htmx import render_page


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    return render_page(request, "accounts/members.html")
