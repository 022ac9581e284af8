"""Reading one session: its threads, and the events of all its streams in the order of time.

A session has a stream of its own and one per child thread, and what a child posts to the session
stands in both, under one id. Merging the streams by time keeps the order in which things happened;
keeping each id once leaves the posted copy, which says whose it is.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apps.linking import describing
from apps.linking.models import LinkedSession
from apps.linking.remote import Gone, Page, Refused
from apps.linking.working import Work
from apps.sessions.formats.shapes import Json, count_of, list_of, moment, object_of, text_of
from apps.sessions.importing import Tally, take
from apps.sessions.models import Session, Thread
from apps.sessions.records import EventRecord, Record, ThreadRecord

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def read(work: Work, row: LinkedSession) -> None:
    """Bring what is new of this session here. Raises Gone if it is deleted there.

    A session that was read before and is not here any more was deleted here, and stays so.
    """
    given: Json = row.listed
    here = Session.objects.visible_in(work.link.workspace).filter(public_id=row.public_id)
    if here.exists():
        pass
    elif row.digest:
        row.settle()
        return
    else:
        row.streams = {}
    threads = list(_threads(work, row.public_id))
    session = describing.session_record(given)
    _keep(work, [session, *threads])
    streams = list(_streams(work, row, threads))
    for events in _in_time(streams):
        _keep(work, [session, *events])
        row.streams = {each.thread: each.before for each in streams if each.before}
        row.save(update_fields=["streams"])
        work.advance()
    work.count(refused=sum(each.refused for each in streams))
    _complete(here.get(), given, threads)
    row.settle()


def _threads(work: Work, session: str) -> Iterator[ThreadRecord]:
    at = ""
    while True:
        page = work.ask(lambda at=at: work.remote.threads(session, at))  # type: ignore[misc]  # a default binds it
        for given in page.rows:
            if describing.own_id(given):
                yield describing.thread_record(session, given)
        if not page.next or page.next == at:
            return
        at = page.next


def _keep(work: Work, records: Sequence[Record]) -> None:
    tally: Tally = take(records, workspace=work.link.workspace)
    work.count(
        sessions=tally.sessions,
        threads=tally.threads,
        events=tally.events,
        skipped=tally.skipped,
    )


def _complete(session: Session, given: Json, threads: Sequence[ThreadRecord]) -> None:
    """What the session's and its threads' own objects say, and no event does."""
    Session.objects.filter(pk=session.pk).update(
        agent_version=min(count_of(object_of(given, "agent"), "version"), 2**31 - 1),
        vault_ids=[each for each in list_of(given, "vault_ids") if isinstance(each, str)],
        budget=object_of(given, "budget") or None,
        archived_at=moment(given.get("archived_at")),
    )
    for each in threads:
        if each.archived_at is not None:
            Thread.objects.filter(
                session=session, public_id=each.public_id, archived_at=None
            ).update(archived_at=each.archived_at)


# ---- streams ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Stream:
    """One list of events on its way in."""

    session: str
    thread: str
    ask: Callable[[str], Page]
    skips_queued: bool
    page: str = ""
    before: str = ""
    """The page before the one at hand: to go on from there looks twice at what was read last."""
    is_over: bool = False
    refused: int = 0
    waiting: deque[tuple[datetime, EventRecord]] = field(default_factory=deque)
    _clock: datetime = _BEFORE_ALL
    _last: datetime | None = None
    _next: str = ""
    _has_begun: bool = False

    def fill(self) -> None:
        """Read pages until there is an event, or none are left."""
        while not self.waiting and not self.is_over:
            page = self._turn()
            self.is_over = not page.next or page.next == self.page
            self._next = page.next
            for given in page.rows:
                self._take(given)

    def _turn(self) -> Page:
        if self._has_begun:
            self.before, self.page = self.page, self._next
        self._has_begun = True
        try:
            return self.ask(self.page)
        except Gone:
            if not self.thread:
                raise
            return Page([])  # the thread is gone from a session that is there
        except Refused:
            if not self.page:
                raise
            self.before = self.page = ""  # the cursor is none any more: begin again
            return self.ask("")

    def _take(self, given: Json) -> None:
        if not describing.own_id(given) or not text_of(given, "type"):
            self.refused += 1
        elif not (self.skips_queued and describing.is_queued(given)):
            record = describing.event_record(
                self.session, given, thread=self.thread, last=self._last
            )
            self._last = record.occurred_at
            # A stream is in order, whatever its clocks say.
            self._clock = max(record.occurred_at or _BEFORE_ALL, self._clock)
            self.waiting.append((self._clock, record))


def _streams(work: Work, row: LinkedSession, threads: Sequence[ThreadRecord]) -> Iterator[_Stream]:
    """The session's own stream first: of two events at one time, it has the posted copy."""
    remote, session = work.remote, row.public_id
    for thread in ("", *(each.public_id for each in threads if each.parent)):

        def ask(page: str, thread: str = thread) -> Page:
            if thread:
                return work.ask(lambda: remote.thread_events(session, thread, page))
            return work.ask(lambda: remote.events(session, page))

        at = str(row.streams.get(thread, ""))
        # What still waits there comes again with its time once the agent gets to it.
        yield _Stream(session, thread, ask, skips_queued=row.is_active, page=at, before=at)


def _in_time(streams: Sequence[_Stream]) -> Iterator[list[EventRecord]]:
    """The events of all streams by time, in chunks: each ends where a stream must be read on."""
    while True:
        for each in streams:
            each.fill()
        chunk: list[EventRecord] = []
        while alive := [each for each in streams if each.waiting]:
            earliest = min(alive, key=lambda each: each.waiting[0][0])
            chunk.append(earliest.waiting.popleft()[1])
            if not earliest.waiting and not earliest.is_over:
                break
        if not chunk:
            return
        yield chunk
