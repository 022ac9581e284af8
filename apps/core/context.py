"""What every page's frame needs: where one can go, which workspace this is, light or dark."""

from functools import cache
from typing import TypedDict

from django.http import HttpRequest
from django.urls import reverse


class Place(TypedDict):
    label: str
    icon: str
    url_name: str
    key: str  # `g`, then this letter, goes there


PLACES: list[Place] = [
    {"label": "Sessions", "icon": "sessions", "url_name": "sessions:list", "key": "s"},
    {"label": "Import", "icon": "upload", "url_name": "sessions:import", "key": "i"},
]
THEMES = {"light", "dark"}
DENSITIES = {"comfortable"}


class Nav(TypedDict):
    label: str
    icon: str
    url: str
    key: str
    current: str


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
            "nav": _nav(workspace.slug, request.path),
            # Asked by the first template that draws the switcher; a part draws none.
            "workspaces": cache(lambda: _workspaces(request)),
            "palette_url": reverse("sessions:palette", args=[workspace.slug]),
            "search_url": reverse("sessions:list", args=[workspace.slug]),
        }
    return frame


def _workspaces(request: HttpRequest) -> list[object]:
    if not request.user.is_authenticated:
        return []
    memberships = request.user.memberships.select_related("workspace")
    return [each.workspace for each in memberships.order_by("workspace__name", "workspace_id")]


def _chosen(request: HttpRequest, cookie: str, allowed: set[str]) -> str:
    value = request.COOKIES.get(cookie, "")
    return value if value in allowed else ""


def _nav(slug: str, path: str) -> list[Nav]:
    urls = [reverse(place["url_name"], args=[slug]) for place in PLACES]
    here = max((url for url in urls if path.startswith(url)), key=len, default="")
    return [
        {
            "label": place["label"],
            "icon": place["icon"],
            "url": url,
            "key": place["key"],
            "current": ("page" if url == path else "true") if url == here else "",
        }
        for place, url in zip(PLACES, urls, strict=True)
    ]
