"""What the palette finds: sessions by name or id, and places to go."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.context import Nav, rail
from apps.core.htmx import render_page
from apps.core.templatetags.ui import spoken
from apps.sessions.models import Session

MOST_SHOWN = 8
_DOES = {"Import": "Import transcripts"}
"""Places that one goes to for one thing, and that thing."""

Item = dict[str, str]


@require_safe
def results(request: WorkspaceRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    found = [
        {"label": "Sessions", "items": _sessions(request, words)},
        {"label": "Do", "items": _places(request, words)},
    ]
    context = {"q": words, "groups": [group for group in found if group["items"]]}
    return render_page(request, "components/palette_results.html", context)


def _sessions(request: WorkspaceRequest, words: str) -> list[Item]:
    """Without words, the newest ones."""
    sessions = Session.objects.visible_in(request.workspace)
    named = sessions.newest_named(words) if words else sessions
    newest = list(named.for_list().order_by("-created_at", "-pk")[:MOST_SHOWN])
    if words and not newest:  # an id is found however old its session is
        newest = list(sessions.for_list().filter(public_id=words))
    return [
        {
            "url": reverse("sessions:session", args=[request.workspace.slug, each.public_id]),
            "icon": "sessions",
            "title": each.title or each.public_id,
            "meta": f"{each.agent.name} · {spoken(each.created_at, timezone.now())}",
        }
        for each in newest
    ]


def _places(request: WorkspaceRequest, words: str) -> list[Item]:
    slug = request.workspace.slug
    listed = reverse("sessions:list", args=[slug])
    comparisons = reverse("dreams:comparisons", args=[slug])
    places = [
        *map(_going, rail(request)),
        {"url": comparisons, "icon": "dreams", "title": "Go to comparisons of dreams"},
        {"url": f"{listed}?errors=1", "icon": "error", "title": "Sessions with errors"},
        {"url": f"{listed}?status=running", "icon": "follow", "title": "Running sessions"},
        {"url": f"{listed}?within=24h", "icon": "clock", "title": "Sessions of the last 24 hours"},
    ]
    lowered = words.lower()
    return [place for place in places if lowered in place["title"].lower()] + _search(listed, words)


def _going(place: Nav) -> Item:
    """A place of the rail, with the keys that lead there as well."""
    title = _DOES.get(place["label"]) or f"Go to {place['label'].lower()}"
    return {
        "url": place["url"],
        "icon": place["icon"],
        "title": title,
        "key": f"G {place['key'].upper()}",
    }


def _search(listed: str, words: str) -> list[Item]:
    if not words:
        return []
    title = f"Search all sessions for “{words}”"
    return [{"url": f"{listed}?{urlencode({'q': words})}", "icon": "search", "title": title}]
