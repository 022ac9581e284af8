"""Events of a session (contract: 3.4)."""

from functools import partial
from typing import Any

import orjson
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api import paging
from apps.core.api.documenting import Listed, documented
from apps.core.api.framing import verbatim
from apps.core.api.shapes import PageQuery, read, read_query
from apps.sessions import actions, finding, wire
from apps.sessions.api import answers
from apps.sessions.api.shapes.events import EventsQuery, SentEvents
from apps.sessions.models import Event, Session


class SessionEvents(Endpoint):
    """`/v1/sessions/{session_id}/events`."""

    @documented(
        "sessions_events_list",
        tag="Session events",
        query=EventsQuery,
        answer=Listed[answers.SessionEvent],
        errors=(404,),
    )
    def get(self, request: ApiRequest, session_id: str) -> Response:
        """List the events of a session, as they happened.

        What child threads do is here as far as they post it to the session; a thread's own list has
        all of it. Times are those at which events were processed.
        """
        query = read_query(EventsQuery, request.query_params)
        session = finding.plain(request.workspace, session_id)
        events = Event.objects.filter(session=session, in_session_stream=True)
        events = events.filter(query.created("occurred_at"))
        if query.types:
            events = events.filter(type__in=query.types)
        window = paging.window(
            events.as_told(),
            of=f"events:{session.pk}",
            cursor=query.page,
            limit=query.limit,
            by=("sequence",),
            descending=query.order == "desc",
        )
        return Response(window.page(partial(_told, session=session)))

    @documented(
        "sessions_events_send",
        tag="Session events",
        request=SentEvents,
        answer=answers.EventsSent,
        errors=(404,),
    )
    def post(self, request: ApiRequest, session_id: str) -> Response:
        """Send events into a session, all or none.

        They come back with their ids once they are recorded. No model is asked yet by this server:
        messages wait, with `processed_at` null, and the session stays idle.
        """
        body: dict[str, Any] = request.data  # type: ignore[assignment]  # the parser sees to it
        read(SentEvents, body)
        sent = actions.send_events(session_id=session_id, events=body["events"], by=request.actor)
        return Response({"data": sent})


class ThreadEvents(Endpoint):
    """`/v1/sessions/{session_id}/threads/{thread_id}/events`."""

    @documented(
        "sessions_threads_events_list",
        tag="Session threads",
        query=PageQuery,
        answer=Listed[answers.SessionEvent],
        errors=(404,),
    )
    def get(self, request: ApiRequest, session_id: str, thread_id: str) -> Response:
        """List the events of one thread, as they happened."""
        query = read_query(PageQuery, request.query_params)
        session = finding.plain(request.workspace, session_id)
        thread = finding.thread(session, thread_id)
        window = paging.window(
            Event.objects.filter(thread=thread).as_told(),
            of=f"thread events:{thread.pk}",
            cursor=query.page,
            limit=query.limit,
            by=("sequence",),
            descending=False,
        )
        return Response(window.page(partial(_told, session=session, in_own_thread=True)))


def _told(event: Event, *, session: Session, in_own_thread: bool = False) -> orjson.Fragment:
    return verbatim(wire.event_text(event, session, in_own_thread=in_own_thread))
