"""Threads of a session (contract: 3.6)."""

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api import paging
from apps.core.api.documenting import Listed, documented
from apps.core.api.shapes import read_query
from apps.sessions import actions, finding, wire
from apps.sessions.api import answers
from apps.sessions.api.shapes.sessions import ThreadsQuery

TAG = "Session threads"


class SessionThreads(Endpoint):
    """`/v1/sessions/{session_id}/threads`."""

    @documented(
        "sessions_threads_list",
        tag=TAG,
        query=ThreadsQuery,
        answer=Listed[answers.SessionThread],
        errors=(404,),
    )
    def get(self, request: ApiRequest, session_id: str) -> Response:
        """List the threads of a session, the primary one first."""
        query = read_query(ThreadsQuery, request.query_params)
        session = finding.plain(request.workspace, session_id)
        threads = session.threads.select_related("parent")
        if query.statuses:
            threads = threads.filter(status__in=query.statuses)
        window = paging.window(
            threads,
            of=f"threads:{session.pk}",
            cursor=query.page,
            limit=query.limit,
            by=("position",),
            descending=False,
        )
        return Response(window.page(lambda thread: wire.thread_object(session, thread)))


class OneThread(Endpoint):
    """`/v1/sessions/{session_id}/threads/{thread_id}`."""

    @documented("sessions_threads_retrieve", tag=TAG, answer=answers.SessionThread, errors=(404,))
    def get(self, request: ApiRequest, session_id: str, thread_id: str) -> Response:
        """Retrieve a thread."""
        session = finding.plain(request.workspace, session_id)
        return Response(wire.thread_object(session, finding.thread(session, thread_id)))


class ThreadArchive(Endpoint):
    """`/v1/sessions/{session_id}/threads/{thread_id}/archive`."""

    @documented(
        "sessions_threads_archive", tag=TAG, answer=answers.SessionThread, errors=(400, 404)
    )
    def post(self, request: ApiRequest, session_id: str, thread_id: str) -> Response:
        """Archive an idle thread: it can be read, and works no more."""
        session, thread = actions.archive_thread(
            session_id=session_id, thread_id=thread_id, by=request.actor
        )
        return Response(wire.thread_object(session, thread))
