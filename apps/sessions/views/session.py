"""The page of one session: its lanes, its list, its inspector; what happened; and its files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.htmx import render_page, wants_part
from apps.sessions import exporting, summarising
from apps.sessions.browsing import Cursor, NoSuchEvent, Reader
from apps.sessions.inspecting import Inspector
from apps.sessions.models import Session
from apps.sessions.trace.place import Place

PAGE = "sessions/session.html"
View = Callable[..., HttpResponseBase]


def about_session(view: View) -> View:
    """Look up the session in the request's workspace: elsewhere it does not exist."""

    @wraps(view)
    def found(request: WorkspaceRequest, session_id: str, **kwargs: str) -> HttpResponseBase:
        sessions = Session.objects.visible_in(request.workspace)
        session = get_object_or_404(sessions.for_page(), public_id=session_id)
        session.workspace = request.workspace
        try:
            return view(request, session, **kwargs)
        except NoSuchEvent as missing:
            raise Http404(str(missing)) from missing

    return require_safe(found)


@about_session
def page(request: WorkspaceRequest, session: Session) -> HttpResponse:
    reader = Reader(session, Place.read(request.GET))
    if request.GET.get("part") == "inspector" and wants_part(request):
        return render_page(request, PAGE, _inspector(reader), part="inspector")
    context = _list(request, reader) | _inspector(reader)
    return render_page(request, PAGE, context, part="reading")


@about_session
def events(request: WorkspaceRequest, session: Session) -> HttpResponse:
    if not wants_part(request):
        return redirect(f"{session.get_absolute_url()}?{request.GET.urlencode()}")
    reader = Reader(session, Place.read(request.GET))
    return render_page(request, PAGE, _list(request, reader), part="window")


@about_session
def event(request: WorkspaceRequest, session: Session, event_id: str) -> HttpResponse:
    place = Place.read(request.GET)
    reader = Reader(session, place.at(event_id))
    wanted = request.GET.get("part", "")
    if wanted == "payload":
        return _payload(reader, event_id)
    if not wants_part(request):
        return redirect(session.get_absolute_url() + place.link(event=event_id))
    if wanted == "text":
        return HttpResponse(Inspector(reader).whole_text, content_type="text/plain; charset=utf-8")
    return render_page(request, PAGE, _inspector(reader), part="inspector")


@about_session
def timeline(request: WorkspaceRequest, session: Session) -> HttpResponseBase:
    etag = f'"{session.event_count}-{session.thread_count}-{session.updated_at.timestamp():.6f}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = JsonResponse(
        Reader(session, Place()).timeline(), json_dumps_params={"separators": (",", ":")}
    )
    response["ETag"] = etag
    patch_cache_control(response, private=True, no_cache=True)
    return response


@about_session
def news(request: WorkspaceRequest, session: Session) -> HttpResponse:
    """What goes on beside the list: figures, lanes, chips, and which shown events have ended."""
    reader = Reader(session, Place.read(request.GET))
    seen = _number(request.GET.get("since", ""))
    context = _urls(reader) | {"reader": reader, "ended": reader.ended_since(seen or 0)}
    return render(request, "sessions/session_news.html", context)


@about_session
def export(request: WorkspaceRequest, session: Session, extension: str) -> HttpResponseBase:
    formats = {"ndjson": exporting.as_ndjson, "json": exporting.as_json}
    if extension not in formats:
        raise Http404
    kind = {"ndjson": "application/x-ndjson", "json": "application/json"}[extension]
    response = StreamingHttpResponse(formats[extension](session), content_type=kind)
    response["Content-Disposition"] = _attached(f"{session.public_id}.{extension}")
    return response


@about_session
def what_happened(request: WorkspaceRequest, session: Session) -> HttpResponse:
    reader = Reader(session, Place())
    story = summarising.tell(session, reader.lanes)
    context = {"session": session, "story": story, "page_url": session.get_absolute_url()}
    return render_page(request, "sessions/what_happened.html", context)


def _list(request: WorkspaceRequest, reader: Reader) -> dict[str, Any]:
    window = reader.window(_cursor(request, reader))
    return _urls(reader) | {"reader": reader, "window": window}


def _inspector(reader: Reader) -> dict[str, Any]:
    return _urls(reader) | {"reader": reader, "inspector": Inspector(reader)}


def _urls(reader: Reader) -> dict[str, Any]:
    session = reader.session
    where = (session.workspace.slug, session.public_id)
    return {
        "session": session,
        "place": reader.place,
        "page_url": session.get_absolute_url(),
        "events_url": reverse("sessions:events", args=where),
        "timeline_url": reverse("sessions:timeline", args=where),
        "news_url": reverse("sessions:news", args=where),
        "stream_url": reverse("sessions:session_stream", args=where),
        "story_url": reverse("sessions:what_happened", args=where),
        "ndjson_url": reverse("sessions:export", args=(*where, "ndjson")),
        "json_url": reverse("sessions:export", args=(*where, "json")),
        "list_url": reverse("sessions:list", args=where[:1]),
    }


def _cursor(request: WorkspaceRequest, reader: Reader) -> Cursor:
    """Where the list lies: the address says it, or else the selected event, or the beginning."""
    ways: dict[str, Callable[[int], Cursor]] = {
        "after": lambda at: Cursor("after", at),
        "before": lambda at: Cursor("before", at),
        "around": reader.around,
        "failure-after": lambda at: reader.failure(at, before=False),
        "failure-before": lambda at: reader.failure(at, before=True),
    }
    for name, way in ways.items():
        at = _number(request.GET.get(name, ""))
        if at is not None:
            return way(at)
    return reader.anchor()


def _number(text: str) -> int | None:
    """A sequence that an address says, if it says one."""
    return min(int(text[:10]), 2**31 - 2) if text.isascii() and text.isdigit() else None


def _payload(reader: Reader, event_id: str) -> HttpResponse:
    if reader.selected is None:
        raise NoSuchEvent(event_id)
    response = HttpResponse(Inspector(reader).raw_text(), content_type="application/json")
    response["Content-Disposition"] = _attached(f"{event_id}.json")
    return response


def _attached(name: str) -> str:
    safe = "".join(each if each.isalnum() or each in "._-" else "_" for each in name)
    return f'attachment; filename="{safe.encode("ascii", "replace").decode()}"'
