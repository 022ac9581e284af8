"""The first page: what waits, what runs, what dreams came to, and whether it helps."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.htmx import render_page
from apps.dreams.models import Dream
from apps.dreams.overview import deciding, dreaming, recurrence, spending
from apps.dreams.overview.weeks import WEEKS
from apps.dreams.views.dream import queue
from apps.sessions.models import Session


@require_safe
def page(request: WorkspaceRequest) -> HttpResponse:
    place = request.workspace
    last = dreaming.last_dreams(place)
    context = {
        "waiting": deciding.waiting(place),
        "acceptance": deciding.acceptance(place),
        "running": dreaming.running(place),
        "last": last,
        "recurrences": recurrence.recurrences(place),
        "spending": spending.spending(place),
        "has_sessions": Session.objects.visible_in(place).exists(),
        "has_dreams": bool(last) or Dream.objects.visible_in(place).exists(),
        "queue": queue(request),
        "weeks": WEEKS,
    }
    return render_page(request, "dreams/overview.html", context)
