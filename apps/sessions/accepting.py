"""What a client sends becomes records: who it is for, and whether it may be sent now.

The shape was checked before; here stand the rules that need the session (contract: 3.4, 3.7).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from apps.accounts.acting import Actor
from apps.core.api.times import stamp
from apps.core.errors import DomainError
from apps.core.ids import new_id
from apps.sessions import budgeting, resources
from apps.sessions.answering import ANSWERS, Uses
from apps.sessions.models import Session, Source, Status
from apps.sessions.records import EventRecord
from apps.sessions.wire import FINAL_RESULTS, evaluations

DEFAULT_ITERATIONS = 3
INTERRUPT = "user.interrupt"
OUTCOME = "user.define_outcome"
# Taken up the moment they come in; the rest waits for a turn.
_AT_ONCE = {OUTCOME, "user.custom_tool_result", "user.tool_result"}
_BEYOND_BUDGET = {INTERRUPT, *ANSWERS}


class SessionEnded(DomainError):
    """This session is archived or terminated: it takes no more events."""


class RecordedElsewhere(DomainError):
    """This session is the record of work done elsewhere. It can be read here, not go on."""


class OutcomeOpen(DomainError):
    """The session works on an outcome already. Define the next one when that is evaluated."""


class UnknownThread(DomainError):
    """This session has no such thread."""


class OnlySelfHosted(DomainError):
    """Results of built-in tools are taken from the client only in self-hosted environments."""


def require_open(session: Session) -> None:
    """Raises SessionEnded."""
    if session.archived_at or session.status == Status.TERMINATED:
        raise SessionEnded


def accept(
    session: Session, events: Sequence[Mapping[str, Any]], *, by: Actor
) -> list[EventRecord]:
    """The records of these events. The session is locked, its environment loaded.

    Raises the errors of this module, of `answering`, and BudgetReached and UnknownFile.
    """
    _require_ready(session, events)
    resources.known_files(_file_ids(events), by=by)
    uses = Uses.load(session, events)
    threads = _threads(session, events)
    now = timezone.now()
    accepted = []
    for number, event in enumerate(events):
        if event["type"] in ANSWERS:
            thread = uses.answer(number, event)
        else:
            thread = _named_thread(number, event, threads)
        accepted.append(_record(event, thread, now))
    return accepted


def echo(record: EventRecord) -> dict[str, Any]:
    """The event as it is told to the one who sent it."""
    told = {"processed_at": None} | record.payload
    return told | ({"session_thread_id": record.thread} if record.thread else {})


def _require_ready(session: Session, events: Sequence[Mapping[str, Any]]) -> None:
    require_open(session)
    if session.source != Source.API:
        raise RecordedElsewhere
    types = {event["type"] for event in events}
    if types - _BEYOND_BUDGET and budgeting.is_reached(session):
        raise budgeting.BudgetReached
    if "user.tool_result" in types and session.environment.config.get("type") != "self_hosted":
        raise OnlySelfHosted
    if OUTCOME in types and any(
        each["result"] not in FINAL_RESULTS for each in evaluations(session)
    ):
        raise OutcomeOpen


def _threads(session: Session, events: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Of the threads that interrupts name, by id: whether it is the primary one."""
    named = {event["session_thread_id"] for event in events if event.get("session_thread_id")}
    if not named:
        return {}
    threads = dict(session.threads.values_list("public_id", "position"))
    return {public_id: not threads[public_id] for public_id in named & threads.keys()}


def _named_thread(number: int, event: Mapping[str, Any], threads: Mapping[str, bool]) -> str:
    """The child thread that the event is for, or nothing for the primary."""
    named = event.get("session_thread_id")
    if not named:
        return ""
    if named not in threads:
        raise UnknownThread(f"events.{number}.session_thread_id: this session has no such thread.")
    return "" if threads[named] else str(named)


def _record(event: Mapping[str, Any], thread: str, now: datetime) -> EventRecord:
    payload: dict[str, Any] = {"id": new_id("sevt")}
    if event["type"] in _AT_ONCE:
        payload["processed_at"] = stamp(now)
    payload |= event
    if event["type"] == OUTCOME:
        payload["outcome_id"] = new_id("outc")
        payload["max_iterations"] = event.get("max_iterations") or DEFAULT_ITERATIONS
    return EventRecord("", event["type"], payload["id"], payload, now, thread)


def _file_ids(events: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for event in events:
        referred = [
            event.get("rubric"),
            *(block.get("source") for block in event.get("content", [])),
        ]
        for each in referred:
            if isinstance(each, dict) and each.get("type") == "file":
                yield each["file_id"]
