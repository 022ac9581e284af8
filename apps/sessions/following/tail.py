"""What is new in one session, read once and told to all who follow it in this process."""

import asyncio
import contextvars
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from weakref import WeakSet

from django.utils import timezone

from apps.core.api.times import stamp
from apps.core.ids import derived_id
from apps.core.live import frames
from apps.core.live.asking import insist
from apps.core.live.mailbox import Mailbox
from apps.sessions import wire
from apps.sessions.announcing import News
from apps.sessions.models import Event, Session

AT_ONCE = 500
"""Events that are read together."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """An event as its streams tell it; None for one that nobody hears, or that leaves it out."""

    sequence: int
    thread_id: int
    for_session: bytes | None
    for_thread: bytes | None


class Tail:
    """Lives as long as somebody follows. Used by the event loop's thread alone.

    The session's stream carries what is marked `in_session_stream`, a thread's own everything of
    that thread. Pages are told how far the session is, and read the rest themselves.
    """

    def __init__(self, session_id: int, read: "Read | None" = None) -> None:
        self._session_id = session_id
        self._read = read or read_fresh
        self._of_session: WeakSet[Mailbox] = WeakSet()
        self._of_threads: dict[int, WeakSet[Mailbox]] = {}
        self._of_pages: WeakSet[Mailbox] = WeakSet()
        self._position: int | None = None
        self._wanted = 0
        self._task: asyncio.Task[None] | None = None

    def add(self, mailbox: Mailbox, thread_id: int | None) -> None:
        """A stream of events: the session's, or a thread's."""
        if thread_id is None:
            self._of_session.add(mailbox)
        else:
            self._of_threads.setdefault(thread_id, WeakSet()).add(mailbox)

    def add_page(self, mailbox: Mailbox) -> None:
        self._of_pages.add(mailbox)

    def begin(self, mailbox: Mailbox, position: int) -> None:
        """What this stream tells begins after that event."""
        mailbox.begin_after(position)
        if self._position is None:
            self._position = position
        self._stir()

    def hear(self, news: News) -> None:
        if news.is_deleted:
            self._end()
            return
        _tell(self._of_pages, frames.note({"last": news.last}))
        self._wanted = max(self._wanted, news.last)
        self._stir()

    def _end(self) -> None:
        event_id = derived_id("sevt", "deleted", str(self._session_id))
        now = stamp(timezone.now())
        last = frames.note({"id": event_id, "type": "session.deleted", "processed_at": now})
        for mailbox in self._streams():
            mailbox.close(last)
        for mailbox in list(self._of_pages):
            mailbox.close(frames.note({"deleted": True}))

    def _streams(self) -> list[Mailbox]:
        of_threads = (each for mailboxes in self._of_threads.values() for each in mailboxes)
        return [*self._of_session, *of_threads]

    def _stir(self) -> None:
        if self._task is None or self._task.done():
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._catch_up(), context=contextvars.Context())

    async def _catch_up(self) -> None:
        """Read on until there is no more. While nobody streams, nothing is read."""
        while self._position is not None and self._position < self._wanted:
            if not self._streams():
                self._position = None
                return
            threads = frozenset(pk for pk, followers in self._of_threads.items() if followers)
            fresh = await insist(
                partial(
                    self._read, self._session_id, self._position, bool(self._of_session), threads
                )
            )
            for each in fresh:
                if each.for_session is not None:
                    _tell(self._of_session, each.for_session, each.sequence)
                if each.for_thread is not None:
                    _tell(self._of_threads[each.thread_id], each.for_thread, each.sequence)
            self._position = fresh[-1].sequence if fresh else self._wanted


def _tell(mailboxes: Iterable[Mailbox], frame: bytes, number: int = 0) -> None:
    for mailbox in list(mailboxes):
        mailbox.put(frame, number)


Read = Callable[[int, int, bool, frozenset[int]], list[Fresh]]


def read_fresh(session_id: int, after: int, session: bool, threads: frozenset[int]) -> list[Fresh]:
    """The next events, each written once for all who are told it in the same words."""
    source = Session.objects.only("source").filter(pk=session_id).first()
    if source is None:
        return []
    events = Event.objects.filter(session_id=session_id, sequence__gt=after).as_told().in_order()
    columns = ("sequence", "public_id", "type", "occurred_at", "processed_at")
    rows = events.only(*columns, "thread_id", "in_session_stream")[:AT_ONCE]
    return [
        Fresh(
            event.sequence,
            event.thread_id,
            frames.message(wire.event_text(event, source))
            if session and event.in_session_stream
            else None,
            frames.message(wire.event_text(event, source, in_own_thread=True))
            if event.thread_id in threads
            else None,
        )
        for event in rows
    ]
