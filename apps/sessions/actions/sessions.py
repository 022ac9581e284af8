"""Creating, changing, archiving and deleting sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.agents.api.shapes import AgentPatch
from apps.agents.api.shapes.references import AgentRef
from apps.agents.resolving import resolve_agent, usable_environment
from apps.core import payloads
from apps.core.api.times import stamp
from apps.core.errors import DomainError
from apps.core.ids import new_id
from apps.sessions import announcing, budgeting, erasing, finding, recording, resources
from apps.sessions.accepting import require_open
from apps.sessions.actions.sending import record_sent
from apps.sessions.amending import amended_agent, merged
from apps.sessions.models import Session, Source, Status, Thread
from apps.sessions.records import EventRecord
from apps.sessions.wire import agent_object


class NoVaults(DomainError):
    """vault_ids: this server keeps no vaults yet. Leave it out, or send an empty list."""


class SessionRunning(DomainError):
    """The session is running. Interrupt it first, and wait until it is idle."""


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What a session is to begin with."""

    agent: AgentRef
    environment_id: str
    title: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    mounts: Sequence[resources.Mount] = ()
    vault_ids: Sequence[str] = ()
    initial_events: Sequence[Mapping[str, Any]] = ()
    budget: dict[str, Any] | None = None


class SessionChanges(TypedDict, total=False):
    """What is to change; what is not named stays. None clears."""

    title: str | None
    metadata: Mapping[str, str | None] | None
    agent: AgentPatch
    budget: dict[str, Any] | None


@transaction.atomic
def create_session(plan: SessionPlan, *, by: Actor) -> Session:
    """Make the session with its primary thread, mounts and first events, or nothing of it.

    Raises what resolving the agent and environment, mounting, and sending raise; NoVaults,
    ModelNotBudgetable.
    """
    if plan.vault_ids:
        raise NoVaults
    resolved = resolve_agent(by.workspace, plan.agent)
    environment = usable_environment(by.workspace, plan.environment_id)
    if plan.budget is not None:
        budgeting.require_priced(resolved.snapshot)
    now = timezone.now()
    session = Session.objects.create(
        workspace=by.workspace,
        agent=resolved.agent,
        agent_version=resolved.version,
        agent_snapshot=resolved.snapshot,
        environment=environment,
        title=payloads.storable(plan.title),
        metadata=payloads.storable_all(dict(plan.metadata)),
        budget=plan.budget,
        source=Source.API,
        created_at=now,
        updated_at=now,
        thread_count=1,
    )
    Thread.objects.create(
        session=session,
        position=0,
        agent_name=resolved.snapshot["name"],
        agent_snapshot=resolved.snapshot,
        created_at=now,
    )
    note(by, "session.created", session.public_id, after=_told(session))
    resources.attach(session, plan.mounts, by=by)
    announcing.changed(session)
    if plan.initial_events:
        record_sent(session, plan.initial_events, by=by)
    return finding.session(by.workspace, session.public_id)


@transaction.atomic
def update_session(*, session_id: str, changes: SessionChanges, by: Actor) -> Session:
    """Change the session; if anything is different then, `session.updated` says what.

    Raises NoSuchSession, SessionEnded, SessionRunning, and what a budget or an agent may raise.
    """
    session = finding.locked(session_id, by=by)
    require_open(session)
    before = _told(session)
    changed = _apply(session, changes)
    if not changed:
        return finding.session(by.workspace, session_id)
    session.updated_at = timezone.now()
    session.save(update_fields=["title", "metadata", "budget", "agent_snapshot", "updated_at"])
    note(by, "session.updated", session.public_id, before=before, after=_told(session))
    announcing.changed(session)
    if session.source == Source.API:  # the record of work done elsewhere stays as it is
        recording.record(session.pk, [_updated(session, changed)])
    return finding.session(by.workspace, session_id)


@transaction.atomic
def archive_session(*, session_id: str, by: Actor) -> Session:
    """Close the session for good; once more changes nothing. Raises SessionRunning."""
    session = finding.locked(session_id, by=by)
    if session.archived_at is None:
        _require_still(session)
        session.archived_at = session.updated_at = timezone.now()
        session.save(update_fields=["archived_at", "updated_at"])
        after = {"archived_at": stamp(session.archived_at)}
        note(by, "session.archived", session.public_id, after=after)
        announcing.changed(session)
    return finding.session(by.workspace, session_id)


@transaction.atomic
def delete_session(*, session_id: str, by: Actor) -> None:
    """Erase the session with everything that is its own. Raises SessionRunning."""
    session = finding.locked(session_id, by=by)
    _require_still(session)
    erasing.erase(session, by=by)


def _require_still(session: Session) -> None:
    """Only what runs here has to stop first: a record of elsewhere may have ended running."""
    if session.source == Source.API and session.status == Status.RUNNING:
        raise SessionRunning


def _apply(session: Session, changes: SessionChanges) -> set[str]:
    """Change the object in memory; the names of what is different now."""
    new: dict[str, Any] = {}
    if "title" in changes:
        new["title"] = payloads.storable(changes["title"] or "")
    if "metadata" in changes:
        new["metadata"] = merged(session.metadata, changes["metadata"])
    if "agent" in changes and changes["agent"].model_fields_set:
        if session.status == Status.RUNNING:
            raise SessionRunning
        new["agent_snapshot"] = amended_agent(session, changes["agent"])
    if "budget" in changes:
        new["budget"] = budgeting.replaced(session, changes["budget"])
    changed = {name for name, value in new.items() if getattr(session, name) != value}
    for name in changed:
        setattr(session, name, new[name])
    return changed


def _updated(session: Session, changed: set[str]) -> EventRecord:
    """The event that tells only what changed; metadata that is empty now goes untold."""
    event_id, now = new_id("sevt"), timezone.now()
    payload: dict[str, Any] = {"id": event_id, "type": "session.updated"}
    payload["processed_at"] = stamp(now)
    if "title" in changed:
        payload["title"] = session.title or None
    if "metadata" in changed and session.metadata:
        payload["metadata"] = session.metadata
    if "agent_snapshot" in changed:
        payload["agent"] = agent_object(session)
    if "budget" in changed:
        payload["budget"] = session.budget
    return EventRecord("", "session.updated", event_id, payload, now)


def _told(session: Session) -> dict[str, Any]:
    """What the audit log says of a session."""
    return {
        "title": session.title,
        "metadata": session.metadata,
        "budget": session.budget,
        "agent_id": session.agent.public_id,
        "agent_version": session.agent_version,
        "environment_id": session.environment.public_id,
        "tools": session.agent_snapshot.get("tools"),
        "mcp_servers": session.agent_snapshot.get("mcp_servers"),
    }
