"""What a source says, as columns and addresses can hold it. Pure.

Sources are not ours: an id may be a novel, a time before the calendar, a status a joke. None of
that may stop an import. The payload keeps what was said; only what stands beside it is fitted,
always in the same way, so that what refers to an id still finds it.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from apps.core import payloads
from apps.core.ids import derived_id
from apps.sessions.models import Status
from apps.sessions.records import EventRecord, Record, SessionRecord, ThreadRecord

LONGEST_ID = 128
LONGEST_KEY = 512
LONGEST_TYPE = 64
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)

AnyRecord = TypeVar("AnyRecord", bound=Record)


def fit_id(prefix: str, own: str) -> str:
    """The id itself if it is a short printable text, else the one derived from it."""
    if len(own) <= LONGEST_ID and own.isprintable():
        return own
    return derived_id(prefix, own)


def fit(record: AnyRecord) -> AnyRecord:
    """The record with every id, name, status and time such that it can be kept."""
    fitted: Record = record
    match record:
        case SessionRecord():
            fitted = _session(record)
        case ThreadRecord():
            fitted = _thread(record)
        case EventRecord():
            fitted = _event(record)
    return fitted  # type: ignore[return-value]  # each keeps its kind


def _session(record: SessionRecord) -> SessionRecord:
    own_id = fit_id("sesn", record.public_id)
    return replace(
        record,
        key=_key(record.key),
        # A session's page is named by it, and an address is cut at a slash.
        public_id="" if "/" in own_id or not own_id.strip(".") else own_id,
        agent=_agent(record.agent),
        title=payloads.storable(record.title)[:500],
        metadata=payloads.storable_all(record.metadata),
        environment_id=fit_id("env", record.environment_id),
        status=_status(record.status),
        created_at=_time(record.created_at),
        archived_at=_time(record.archived_at),
    )


def _thread(record: ThreadRecord) -> ThreadRecord:
    return replace(
        record,
        session=_key(record.session),
        public_id=fit_id("sthr", record.public_id),
        parent=fit_id("sthr", record.parent),
        agent=_agent(record.agent),
        status=_status(record.status),
        created_at=_time(record.created_at),
        archived_at=_time(record.archived_at),
    )


def _event(record: EventRecord) -> EventRecord:
    if _fits(record):
        return record
    return replace(
        record,
        session=_key(record.session),
        type=payloads.storable(record.type)[:LONGEST_TYPE],
        public_id=fit_id("sevt", record.public_id),
        thread=fit_id("sthr", record.thread),
        external_id=fit_id("sevt", record.external_id),
        occurred_at=_time(record.occurred_at),
    )


def _fits(record: EventRecord) -> bool:
    """Whether nothing about it needs fitting, as with nearly all."""
    words = (record.session, record.public_id, record.thread, record.external_id, record.type)
    told = "".join(words)
    at = record.occurred_at
    return (
        told.isprintable()
        and told.isascii()
        and len(told) <= LONGEST_ID
        and len(record.type) <= LONGEST_TYPE
        and (at is None or _EARLIEST <= at < _LATEST)
    )


def _key(own: str) -> str:
    if len(own) <= LONGEST_KEY and own.isprintable():
        return own
    return derived_id("sesn", own)


def _agent(agent: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = payloads.storable_all(agent)
    told["name"] = str(told.get("name") or "")[:256]
    if isinstance(told.get("model"), str):
        told["model"] = {"id": told["model"]}
    elif "model" in told and not isinstance(told["model"], dict):
        del told["model"]
    if "id" in told:
        told["id"] = fit_id("agent", str(told["id"] or ""))
    return told


def _status(status: str) -> str:
    return status if status in Status.values else ""


def _time(at: datetime | None) -> datetime | None:
    """None for a time that no transcript is from, and for one that has no place in UTC."""
    return at if at is not None and _EARLIEST <= at < _LATEST else None
