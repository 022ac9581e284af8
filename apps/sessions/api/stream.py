"""Events as they come: the stream of a session, and that of a thread alone."""

from typing import Literal

from asgiref.sync import async_to_sync
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from pydantic import Field

from apps.accounts.acting import Actor
from apps.accounts.endpoints import ApiRequest, Endpoint, identify
from apps.accounts.rights import Right
from apps.core.api.documenting import documented
from apps.core.api.shapes import Shape, read_query
from apps.core.live import answering
from apps.sessions import finding
from apps.sessions.following.followers import followers
from apps.sessions.models import Session, Thread

_FRAMES = {
    "type": "string",
    "description": "`event: message`, whatever happened; `data:` is one line, the event as the list"
    " of events has it. `event: ping` is a sign of life, `event: error` carries the envelope of an"
    " error and ends the stream.",
}


class StreamQuery(Shape):
    """What a stream may be asked for beside events."""

    event_deltas: list[Literal["agent.message", "agent.thinking"]] = Field(
        default_factory=list,
        max_length=100,
        description="Events to preview while they are written. Nothing is previewed yet: events"
        " come when they are complete.",
    )


class SessionStream(Endpoint):
    """`GET /v1/sessions/{session_id}/events/stream`."""

    @documented(
        "sessions_events_stream",
        tag="Session events",
        query=StreamQuery,
        answer=_FRAMES,
        media_type="text/event-stream",
        errors=(404, 503),
    )
    def get(self, request: ApiRequest, session_id: str) -> HttpResponseBase:
        """Follow a session.

        Carries every event that is recorded from the moment on that the headers arrive, and none
        from before: open the stream, then send, or list what was and skip what comes twice. What
        child threads do is carried as far as they post it to the session.

        A client that reads so slowly that 2,000 events or 16 MB wait for it is told so by
        `event: error` (`overloaded_error`) and let go; one whose key is revoked, within a minute.
        """
        read_query(StreamQuery, request.query_params)
        return _follow(request, finding.plain(request.workspace, session_id), None)


class ThreadStream(Endpoint):
    """`GET /v1/sessions/{session_id}/threads/{thread_id}/stream`."""

    @documented(
        "sessions_threads_events_stream",
        tag="Session threads",
        query=StreamQuery,
        answer=_FRAMES,
        media_type="text/event-stream",
        errors=(404, 503),
    )
    def get(self, request: ApiRequest, session_id: str, thread_id: str) -> HttpResponseBase:
        """Follow one thread of a session: everything that it does, and nothing of the others."""
        read_query(StreamQuery, request.query_params)
        session = finding.plain(request.workspace, session_id)
        return _follow(request, session, finding.thread(session, thread_id))


def _follow(request: ApiRequest, session: Session, thread: Thread | None) -> HttpResponseBase:
    """Listen first and look then, so that nothing falls between the two."""
    plain = request._request  # noqa: SLF001 -- the framework's name for it
    if not answering.can_stream(plain):
        raise answering.CannotStream
    mailbox, tail = async_to_sync(followers.of_events)(session.pk, thread.pk if thread else None)
    position = followers.position(session.pk)
    return answering.stream(
        plain,
        mailbox,
        begin=lambda: tail.begin(mailbox, position),
        may_stay=lambda: require_reader(plain),
    )


def require_reader(request: HttpRequest) -> None:
    """Raises what the endpoint itself would, were the stream opened now."""
    Actor.key(identify(request)).require(Right.READ)
