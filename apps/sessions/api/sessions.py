"""Sessions (contract: 3.3)."""

from datetime import datetime
from typing import Any

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.api import paging
from apps.core.api.documenting import ListedBothWays, documented
from apps.core.api.errors import InvalidRequest
from apps.core.api.shapes import read, read_query
from apps.sessions import actions, finding, wire
from apps.sessions.api import answers
from apps.sessions.api.mounting import mount
from apps.sessions.api.shapes.sessions import NewSession, SessionPatch, SessionsQuery
from apps.sessions.models import Session, SessionQuerySet

TAG = "Sessions"


class Sessions(Endpoint):
    """`/v1/sessions`."""

    @documented(
        "sessions_list",
        tag=TAG,
        query=SessionsQuery,
        answer=ListedBothWays[answers.Session],
    )
    def get(self, request: ApiRequest) -> Response:
        """List sessions, newest first.

        Archived ones are left out unless `include_archived` asks for them. A cursor belongs to the
        order it was made in, and to bounds of `created_at` that it lies within.
        """
        query = read_query(SessionsQuery, request.query_params)
        name = f"sessions:{request.workspace.pk}"
        _require_within(query, paging.position(query.page, of=name))
        window = paging.window(
            _chosen(query, request.workspace),
            of=name,
            cursor=query.page,
            limit=query.limit,
            descending=query.order == "desc",
        )
        return Response(window.two_way_page(told))

    @documented(
        "sessions_create", tag=TAG, request=NewSession, answer=answers.Session, errors=(404,)
    )
    def post(self, request: ApiRequest) -> Response:
        """Create a session.

        It runs its agent as that is now: later changes to the agent do not reach it. No model is
        asked yet by this server: initial events are recorded, and the session stays idle.
        """
        body: dict[str, Any] = request.data  # type: ignore[assignment]  # the parser sees to it
        wanted = read(NewSession, body)
        plan = actions.SessionPlan(
            agent=wanted.agent,
            environment_id=wanted.environment_id,
            title=wanted.title or "",
            metadata=wanted.metadata,
            mounts=[mount(each) for each in wanted.resources],
            vault_ids=wanted.vault_ids,
            initial_events=body.get("initial_events", ()),
            budget=wanted.budget.as_stored() if wanted.budget else None,
        )
        return Response(told(actions.create_session(plan, by=request.actor)))


class OneSession(Endpoint):
    """`/v1/sessions/{session_id}`."""

    @documented("sessions_retrieve", tag=TAG, answer=answers.Session, errors=(404,))
    def get(self, request: ApiRequest, session_id: str) -> Response:
        """Retrieve a session."""
        return Response(told(finding.session(request.workspace, session_id)))

    @documented(
        "sessions_update", tag=TAG, request=SessionPatch, answer=answers.Session, errors=(404,)
    )
    def post(self, request: ApiRequest, session_id: str) -> Response:
        """Update a session.

        If anything is different then, the event `session.updated` says what.
        """
        patch = read(SessionPatch, request.data)
        changes: actions.SessionChanges = {}
        if "title" in patch.model_fields_set:
            changes["title"] = patch.title
        if "metadata" in patch.model_fields_set:
            changes["metadata"] = patch.metadata
        if "budget" in patch.model_fields_set:
            changes["budget"] = patch.budget.as_stored() if patch.budget else None
        changes["agent"] = patch.agent.as_patch()
        updated = actions.update_session(session_id=session_id, changes=changes, by=request.actor)
        return Response(told(updated))

    @documented("sessions_delete", tag=TAG, answer=answers.SessionDeleted, errors=(400, 404))
    def delete(self, request: ApiRequest, session_id: str) -> Response:
        """Delete a session for good.

        Its events, threads, mounts and files go with it, and open streams end. Agents,
        environments and uploaded files stay.
        """
        actions.delete_session(session_id=session_id, by=request.actor)
        return Response({"id": session_id, "type": "session_deleted"})


class SessionArchive(Endpoint):
    """`/v1/sessions/{session_id}/archive`."""

    @documented("sessions_archive", tag=TAG, answer=answers.Session, errors=(400, 404))
    def post(self, request: ApiRequest, session_id: str) -> Response:
        """Archive a session: it can be read, and takes nothing more."""
        return Response(told(actions.archive_session(session_id=session_id, by=request.actor)))


def told(session: Session) -> dict[str, Any]:
    return wire.session_object(session, session.resources.all())


def _require_within(query: SessionsQuery, position: paging.Position | None) -> None:
    if position is None:
        return
    at = datetime.fromisoformat(position.key[0])
    lies_outside = (
        (query.created_after is not None and at <= query.created_after),
        (query.created_since is not None and at < query.created_since),
        (query.created_before is not None and at >= query.created_before),
        (query.created_until is not None and at > query.created_until),
    )
    if any(lies_outside):
        raise InvalidRequest("page: this cursor lies outside of the bounds of created_at.")


def _chosen(query: SessionsQuery, workspace: Workspace) -> SessionQuerySet:
    sessions = finding.told_in(workspace).filter(query.created())
    if query.deployment_id:
        return sessions.none()  # there are none yet
    if query.memory_store_id:
        sessions = sessions.filter(resources__memory_store_id=query.memory_store_id)
    if not query.include_archived:
        sessions = sessions.filter(archived_at=None)
    if query.statuses:
        sessions = sessions.standing(query.statuses)
    if query.agent_id:
        agent_id = payloads.storable(query.agent_id)
        sessions = sessions.filter(agent__workspace=workspace, agent__public_id=agent_id)
        if query.agent_version is not None:
            sessions = sessions.filter(agent_version=query.agent_version)
    return sessions
