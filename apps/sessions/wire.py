"""Sessions, threads, resources and events as the contract has them (contract: 3.3 to 3.7).

What the API answers and what an export holds is made here, so that the two are one format.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from apps.agents.resolving import session_agent, thread_agent
from apps.core import payloads
from apps.core.api.times import stamp
from apps.engine import pricing
from apps.sessions.models import Event, Resource, Session, Source, Status, Thread
from apps.sessions.models.counters import Counted

FINAL_RESULTS = frozenset({"satisfied", "max_iterations_reached", "failed", "interrupted"})
"""Results of an evaluation after which the agent works on its outcome no more."""
_CENTS = Decimal(100)


def session_object(session: Session, resources: Iterable[Resource]) -> dict[str, Any]:
    """The session. Its agent and environment must be loaded."""
    return {
        "id": session.public_id,
        "type": "session",
        "title": session.title or None,
        "status": Status.TERMINATED if session.archived_at else session.status,
        "agent": agent_object(session),
        "environment_id": session.environment.public_id,
        "metadata": session.metadata,
        "resources": [resource_object(each) for each in resources],
        "vault_ids": session.vault_ids,
        "outcome_evaluations": evaluations(session),
        "stats": _stats(session, goes_on=_goes_on(session)),
        "usage": _usage(session),
        "budget": session.budget,
        "deployment_id": None,
        "created_at": stamp(session.created_at),
        "updated_at": stamp(session.updated_at),
        "archived_at": stamp(session.archived_at),
    }


def thread_object(session: Session, thread: Thread) -> dict[str, Any]:
    """A thread of the session. Its parent must be loaded, and the session's agent."""
    return {
        "id": thread.public_id,
        "type": "session_thread",
        "session_id": session.public_id,
        "agent": _thread_agent(session, thread),
        "status": thread.status,
        "parent_thread_id": thread.parent.public_id if thread.parent else None,
        "stats": _stats(thread, goes_on=_goes_on(session) and not thread.archived_at),
        "usage": _usage(thread),
        "workflow_run_id": None,
        "created_at": stamp(thread.created_at),
        "updated_at": stamp(thread.last_event_at or thread.created_at),
        "archived_at": stamp(thread.archived_at),
    }


def resource_object(resource: Resource) -> dict[str, Any]:
    """A mount. What opens a repository is never told; a memory store's mount has no id."""
    if resource.type == Resource.Type.MEMORY_STORE:
        return _store_resource(resource)
    told: dict[str, Any] = {"id": resource.public_id, "type": resource.type}
    if resource.type == Resource.Type.FILE:
        told["file_id"] = resource.file_id
    else:
        told |= {"url": resource.url, "checkout": resource.checkout}
    return told | {
        "mount_path": resource.mount_path,
        "created_at": stamp(resource.created_at),
        "updated_at": stamp(resource.updated_at),
    }


def _store_resource(resource: Resource) -> dict[str, Any]:
    return {
        "type": resource.type,
        "memory_store_id": resource.memory_store_id,
        "name": resource.name,
        "description": resource.description,
        "access": resource.access,
        "instructions": resource.instructions or None,
        "mount_path": resource.mount_path,
    }


def agent_object(session: Session) -> dict[str, Any]:
    """The agent as it was when the session began, filled up where a transcript says less."""
    return session_agent(_known(session) | session.agent_snapshot)


def _known(session: Session) -> dict[str, Any]:
    return {"id": session.agent.public_id, "version": session.agent_version}


def _thread_agent(session: Session, thread: Thread) -> dict[str, Any]:
    """The primary's is the session's, without the roster, which is told there alone."""
    snapshot: dict[str, Any] = thread.agent_snapshot
    if snapshot.get("type") == "advisor" and isinstance(snapshot.get("model"), str):
        return snapshot
    if thread.position:
        return thread_agent({"name": thread.agent_name} | snapshot)
    return thread_agent(_known(session) | session.agent_snapshot)


def evaluations(session: Session) -> list[dict[str, Any]]:
    """Where each outcome stands: of several verdicts on one, the last."""
    last: dict[str, dict[str, Any]] = {}
    for number, each in enumerate(session.outcome_evaluations):
        last[each["outcome_id"] or str(number)] = each
    return [
        each | {"completed_at": each["completed_at"] if each["result"] in FINAL_RESULTS else None}
        for each in last.values()
    ]


def event_text(event: Event, session: Session, *, in_own_thread: bool = False) -> str:
    """The event as JSON: its payload as it came, with what that does not say in front.

    The event is one of `Event.objects.as_told()`. A thread tells its own events without its name;
    the session's stream names every thread but the primary.
    """
    verbatim: str = event.verbatim  # type: ignore[attr-defined]
    own = payloads.load(verbatim)
    thread_id: str = event.told_thread_id  # type: ignore[attr-defined]
    if in_own_thread and "session_thread_id" in own and not _is_about_a_thread(event):
        del own["session_thread_id"]
        verbatim = payloads.dump(own)
    wanted: dict[str, Any] = {
        "id": event.public_id,
        "type": event.type,
        "processed_at": stamp(_processed_at(event, session)),
    }
    if thread_id and not in_own_thread:
        wanted["session_thread_id"] = thread_id
    missing = {name: value for name, value in wanted.items() if name not in own}
    return with_keys(verbatim, missing) if missing else verbatim


def with_keys(verbatim: str, missing: dict[str, Any]) -> str:
    """The same object with some keys in front of its own."""
    rest = verbatim.strip().removeprefix("{").strip()
    added = payloads.dump(missing).removesuffix("}")
    return f"{added}{'' if rest == '}' else ','}{rest}"


def _is_about_a_thread(event: Event) -> bool:
    """It says which thread as its content, wherever it stands."""
    return event.type.startswith("session.thread_")


def _processed_at(event: Event, session: Session) -> datetime | None:
    """None only of what a client sent and no turn has taken up yet."""
    is_sent = event.type.startswith(("user.", "system."))
    if is_sent and session.source == Source.API:
        return event.processed_at
    return event.processed_at or event.occurred_at


def _goes_on(session: Session) -> bool:
    is_ours = session.source == Source.API
    return is_ours and not session.archived_at and session.status != Status.TERMINATED


def _stats(counted: Counted, *, goes_on: bool) -> dict[str, float | None]:
    since_creation = (timezone.now() - counted.created_at).total_seconds()
    return {
        "active_seconds": round(counted.active_seconds, 3),
        "duration_seconds": round(since_creation, 3) if goes_on else counted.duration_seconds,
    }


def _usage(counted: Counted) -> dict[str, Any]:
    return {
        "input_tokens": counted.input_tokens,
        "output_tokens": counted.output_tokens,
        "cache_read_input_tokens": counted.cache_read_tokens,
        # Events say how much was written, and not for how long: it is told as the shorter one.
        "cache_creation": {
            "ephemeral_5m_input_tokens": counted.cache_write_tokens,
            "ephemeral_1h_input_tokens": 0,
        },
        "list_cost": {"amount": str(_whole_cents(counted)), "currency": "USD"},
        "active_seconds": round(counted.active_seconds, 3),
    }


def list_cost(counted: Counted) -> Decimal:
    """Cents at list price: tokens, and of a session its running time."""
    cost = counted.token_cost
    if isinstance(counted, Session):
        cost += pricing.running_cost(counted.active_seconds)
    return cost * _CENTS


def _whole_cents(counted: Counted) -> Decimal:
    return list_cost(counted).quantize(Decimal(1), ROUND_HALF_UP)
