"""What every page's frame needs: where one can go, which workspace this is, light or dark."""

from collections.abc import Iterable
from functools import cache
from typing import NotRequired, TypedDict

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


class Place(TypedDict):
    label: str
    url_name: str
    icon: NotRequired[str]
    key: NotRequired[str]  # `g`, then this letter, goes there
    needs: NotRequired[str]  # the right without which a person is not shown it
    counts: NotRequired[str]  # the address of a part that says how much waits there


# Of the rail; below them stands one more, for all settings.
PLACES: list[Place] = [
    {"label": "Overview", "icon": "home", "url_name": "dreams:overview", "key": "o"},
    {
        "label": "Reviews",
        "icon": "reviews",
        "url_name": "reviews:queue",
        "key": "r",
        "counts": "reviews:count",
    },
    {"label": "Sessions", "icon": "sessions", "url_name": "sessions:list", "key": "s"},
    {"label": "Memory", "icon": "memory", "url_name": "memory:stores", "key": "m"},
    {"label": "Dreams", "icon": "dreams", "url_name": "dreams:list", "key": "d"},
    {"label": "Outcomes", "icon": "outcomes", "url_name": "outcomes:list", "key": "u"},
    {"label": "Agents", "icon": "agents", "url_name": "agents:list", "key": "a"},
    {"label": "Environments", "icon": "store", "url_name": "agents:environments", "key": "e"},
    {
        "label": "Import",
        "icon": "upload",
        "url_name": "sessions:import",
        "key": "i",
        "needs": "write",
    },
    {"label": "Files", "icon": "file", "url_name": "files:list", "key": "f"},
]
SETTINGS: list[Place] = [
    {"label": "Members", "url_name": "settings:members"},
    {"label": "API keys", "url_name": "settings:keys", "needs": "admin"},
    {"label": "Models", "url_name": "engine:models"},
    {"label": "Linked workspaces", "url_name": "linking:list", "needs": "admin"},
    {"label": "Audit log", "url_name": "settings:audit", "needs": "admin"},
]
SETTINGS_KEY = "t"
THEMES = {"light", "dark"}
DENSITIES = {"comfortable"}


class Nav(TypedDict):
    label: str
    icon: str
    url: str
    key: str
    current: str
    counts: NotRequired[str]


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of base.html. A page without a workspace (sign-in, an error) gets no rail."""
    workspace = getattr(request, "workspace", None)
    frame: dict[str, object] = {
        "theme": _chosen(request, "theme", THEMES),
        "density": _chosen(request, "density", DENSITIES),
        "workspace": workspace,
    }
    if workspace is not None:
        frame |= {
            "nav": rail(request),
            "settings_nav": _nav(SETTINGS, request),
            # Asked by the first template that draws the switcher; a part draws none.
            "workspaces": cache(lambda: _workspaces(request)),
            "palette_url": reverse("sessions:palette", args=[workspace.slug]),
            "search_url": reverse("sessions:list", args=[workspace.slug]),
        }
    return frame


def rail(request: HttpRequest) -> list[Nav]:
    """Where this person may go; all settings are one place."""
    return _nav(PLACES, request) + _settings(_nav(SETTINGS, request))


def _workspaces(request: HttpRequest) -> list[object]:
    if not request.user.is_authenticated:
        return []
    memberships = request.user.memberships.select_related("workspace")
    return [each.workspace for each in memberships.order_by("workspace__name", "workspace_id")]


def _chosen(request: HttpRequest, cookie: str, allowed: set[str]) -> str:
    value = request.COOKIES.get(cookie, "")
    return value if value in allowed else ""


def _nav(places: Iterable[Place], request: HttpRequest) -> list[Nav]:
    """The places that this person may go to, and which of them this page belongs to."""
    shown = [(place, url) for place in places if (url := _url(place, request))]
    here = max((url for _, url in shown if request.path.startswith(url)), key=len, default="")
    return [
        {
            "label": place["label"],
            "icon": place.get("icon", ""),
            "url": url,
            "key": place.get("key", ""),
            "current": ("page" if url == request.path else "true") if url == here else "",
            "counts": _counts(place, request),
        }
        for place, url in shown
    ]


def _counts(place: Place, request: HttpRequest) -> str:
    """Asked once the page is there: no page waits for a count that it does not show."""
    if "counts" not in place:
        return ""
    return reverse(place["counts"], args=[request.workspace.slug])  # type: ignore[attr-defined]


def _url(place: Place, request: HttpRequest) -> str:
    """The place's address in this workspace, or nothing if this person may not go there."""
    actor = getattr(request, "actor", None)
    if actor is not None and not {place.get("needs", "read")} <= actor.rights:
        return ""
    try:
        return reverse(place["url_name"], args=[request.workspace.slug])  # type: ignore[attr-defined]
    except NoReverseMatch:
        return ""


def _settings(neighbours: list[Nav]) -> list[Nav]:
    """One place in the rail for all settings: it leads to the first, and any of them is there."""
    if not neighbours:
        return []
    first = neighbours[0]
    current = first["current"] or ("true" if any(each["current"] for each in neighbours) else "")
    return [
        {
            "label": "Settings",
            "icon": "settings",
            "url": first["url"],
            "key": SETTINGS_KEY,
            "current": current,
        }
    ]
