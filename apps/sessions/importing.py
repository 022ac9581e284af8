"""Records from a format, a demo or a client become sessions. Importing twice adds nothing.

Events are written in batches, each its own transaction, so that memory stays flat and what is
kept stays kept if the work is cut off; going on is importing again. Strict is all or nothing.
"""

from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.agents.models import Agent, Environment
from apps.core import payloads
from apps.core.errors import DomainError
from apps.core.ids import derived_id
from apps.sessions import recording
from apps.sessions.fitting import fit
from apps.sessions.models import Session, Status, Thread
from apps.sessions.models.imports import MOST_REFUSALS_KEPT
from apps.sessions.records import EventRecord, Record, Refusal, SessionRecord, ThreadRecord

BATCH = 2_000
MOST_WAITING = 10_000
MOST_BYTES_WAITING = 16_000_000
MOST_OPEN = 500
MOST_VERSIONS = 2**31 - 1
UNNAMED = "agent"
_AMENDED = ("title", "metadata", "created_at", "agent_snapshot")


class NothingImported(DomainError):
    """A line was refused and the import is strict: nothing was imported."""


@dataclass(slots=True)
class Tally:
    """What an import added, skipped because it was there, and refused."""

    sessions: int = 0
    threads: int = 0
    events: int = 0
    skipped: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    """The first of them."""

    def refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < MOST_REFUSALS_KEPT:
            self.refusals.append(refusal)

    def counts(self) -> dict[str, int]:
        """The figures alone."""
        return {name: n for name, n in asdict(self).items() if name != "refusals"}

    def __str__(self) -> str:
        return (
            f"{self.sessions} sessions, {self.threads} threads, {self.events} events added,"
            f" {self.skipped} skipped, {self.refused} refused"
        )


@dataclass(slots=True)
class _Open:
    """A session that is being read."""

    id: int
    threads: set[str] | None = None
    """The public ids of its threads, once anything asked; most batches name none."""
    waiting: list[EventRecord] = field(default_factory=list)
    status: str = ""

    def known_threads(self) -> set[str]:
        if self.threads is None:
            threads = Thread.objects.filter(session=self.id)
            self.threads = set(threads.values_list("public_id", flat=True))
        return self.threads


class _Import:
    """One pass over a stream of records."""

    def __init__(
        self,
        workspace: Workspace,
        agent: str,
        tally: Tally,
        notice: Callable[[int], None],
        read: Callable[[], int],
    ) -> None:
        self.workspace = workspace
        self.agent = payloads.storable(agent)[:256]
        self.tally = tally
        self.notice = notice
        self.open: dict[str, _Open] = {}
        self.closed: dict[str, int] = {}
        self.waiting = 0
        self.read = read
        self.read_before = 0

    def take(self, record: Record) -> None:
        match fit(record):
            case SessionRecord() as session:
                self._session(session)
            case ThreadRecord() as thread:
                self._thread(thread)
            case EventRecord() as event:
                self._event(event)
            case Refusal() as refusal:
                self.tally.refuse(refusal)

    def finish(self) -> None:
        for key in list(self.open):
            self._close(key)

    def _session(self, record: SessionRecord) -> None:
        session, is_new = self._find_or_make(record)
        self.tally.sessions += is_new
        if not is_new:
            self._amend(session, record)
        if record.key not in self.open:
            self._open(record.key, session.pk, record.status)

    def _amend(self, session: Session, record: SessionRecord) -> None:
        """A source may say more later: titles often stand at a file's end."""
        before = [getattr(session, name) for name in _AMENDED]
        session.title = record.title or session.title
        session.metadata = session.metadata | record.metadata
        session.created_at = min(session.created_at, record.created_at or session.created_at)
        told = {key: value for key, value in record.agent.items() if value}
        session.agent_snapshot = told | session.agent_snapshot
        if before != [getattr(session, name) for name in _AMENDED]:
            session.save(update_fields=_AMENDED)

    def _open(self, key: str, session_id: int, status: str = "") -> _Open:
        """Keep the session at hand; the one that was opened first makes room."""
        if len(self.open) >= MOST_OPEN:
            self._close(next(iter(self.open)))
        self.open[key] = _Open(session_id, status=status)
        return self.open[key]

    def _close(self, key: str) -> None:
        each = self.open.pop(key)
        self._flush(each)
        if each.status:
            Session.objects.filter(pk=each.id).update(status=each.status)
        self.closed[key] = each.id

    def _at_hand(self, key: str) -> _Open:
        return self.open.get(key) or self._open(key, self.closed[key])

    def _find_or_make(self, record: SessionRecord) -> tuple[Session, bool]:
        """By its public id: a session that was exported here is known under every key."""
        public_id = record.public_id or derived_id("sesn", record.source, record.key)
        known = Session.objects.filter(workspace=self.workspace, public_id=public_id)
        if found := list(known.only(*_AMENDED)):
            return found[0], False
        try:
            return self._make(record, public_id), True
        except IntegrityError:
            return known.get(), False  # another import was faster

    @transaction.atomic
    def _make(self, record: SessionRecord, public_id: str) -> Session:
        snapshot = record.agent | {"name": self.agent or record.agent["name"] or UNNAMED}
        now = timezone.now()
        session = Session.objects.create(
            workspace=self.workspace,
            public_id=public_id,
            agent=Agent.objects.named(
                self.workspace,
                snapshot["name"],
                public_id="" if self.agent else snapshot.get("id", ""),
            ),
            environment=Environment.objects.of_record(self.workspace, record.environment_id),
            agent_version=_version(snapshot),
            agent_snapshot=snapshot,
            title=record.title,
            metadata=record.metadata,
            source=record.source,
            external_id=record.key,
            timed=record.timed,
            created_at=record.created_at or now,
            updated_at=now,
            archived_at=record.archived_at,
            thread_count=1,
        )
        Thread.objects.create(
            session=session,
            public_id=derived_id("sthr", record.source, record.key),
            position=0,
            agent_name=snapshot["name"],
            agent_snapshot=snapshot,
            created_at=session.created_at,
        )
        return session

    def _thread(self, record: ThreadRecord) -> None:
        each = self._at_hand(record.session)
        if record.public_id in each.known_threads():
            _name_late(each.id, record)
        elif record.parent:
            self.tally.threads += self._child(each.id, record)
        else:
            Thread.objects.filter(session=each.id, position=0).update(
                public_id=record.public_id,
                agent_name=record.agent["name"] or UNNAMED,
                agent_snapshot=record.agent,
            )
        each.known_threads().add(record.public_id)

    @transaction.atomic
    def _child(self, session_id: int, record: ThreadRecord) -> bool:
        """Add the thread as the next lane; False if another import was faster."""
        session = Session.objects.select_for_update().get(pk=session_id)
        lanes = {lane.public_id: lane for lane in session.threads.as_lanes()}
        if record.public_id in lanes:
            return False
        primary = next(iter(lanes.values()))
        Thread.objects.create(
            session=session,
            public_id=record.public_id,
            parent=lanes.get(record.parent, primary),
            position=len(lanes),
            agent_name=record.agent["name"] or UNNAMED,
            agent_snapshot=record.agent,
            created_at=record.created_at or session.created_at,
            status=record.status or Status.IDLE,
            archived_at=record.archived_at,
        )
        Session.objects.filter(pk=session_id).update(thread_count=len(lanes) + 1)
        return True

    def _event(self, record: EventRecord) -> None:
        each = self._at_hand(record.session)
        if record.thread and record.thread not in each.known_threads():
            self._thread(ThreadRecord(record.session, record.thread, {"name": UNNAMED}, "primary"))
        each.waiting.append(record)
        self.waiting += 1
        if len(each.waiting) >= BATCH:
            self._flush(each)
        elif self.waiting >= MOST_WAITING or self.read() - self.read_before > MOST_BYTES_WAITING:
            for other in self.open.values():
                self._flush(other)
            self.read_before = self.read()

    def _flush(self, each: _Open) -> None:
        if not each.waiting:
            return
        recorded = recording.record(each.id, each.waiting)
        self.waiting -= len(each.waiting)
        each.waiting = []
        self.tally.events += recorded.added
        self.tally.skipped += recorded.skipped
        self.notice(recorded.added + recorded.skipped)


def take(
    records: Iterable[Record],
    *,
    workspace: Workspace,
    agent: str = "",
    strict: bool = False,
    progress: Callable[[int], None] = lambda _events: None,
    read: Callable[[], int] = lambda: 0,
) -> Tally:
    """Keep what is new of these records. `agent` names the agent instead of the source.

    `read` tells how many bytes they have come from so far: few events may be many bytes.

    Raises NothingImported if `strict` and anything was refused; then nothing was kept.
    """
    tally = Tally()
    with transaction.atomic() if strict else nullcontext():
        work = _Import(workspace, agent, tally, progress, read)
        for record in records:
            work.take(record)
        work.finish()
        if strict and tally.refused:
            first = tally.refusals[0]
            raise NothingImported(
                f"{first.file}, line {first.line}: {first.reason}. "
                f"{tally.refused} refused in all, so nothing was imported."
            )
    return tally


def _version(snapshot: dict[str, Any]) -> int:
    """Of an agent that was defined somewhere; 0 where the source does not say."""
    version = snapshot.get("version")
    return version if isinstance(version, int) and 0 < version <= MOST_VERSIONS else 0


def _name_late(session_id: int, record: ThreadRecord) -> None:
    """Give a thread the name that was not known when it was first met."""
    if name := record.agent["name"]:
        Thread.objects.filter(
            session=session_id, public_id=record.public_id, agent_name=UNNAMED
        ).update(agent_name=name, agent_snapshot=record.agent)
