"""All who follow in this process."""

import asyncio
import contextvars
from collections.abc import Iterable
from functools import partial
from weakref import WeakValueDictionary

from apps.core.live import process
from apps.core.live.asking import insist
from apps.core.live.hub import Hub
from apps.core.live.mailbox import Mailbox, Mailboxes
from apps.sessions.announcing import News
from apps.sessions.finding import NoSuchSession
from apps.sessions.following.board import Board
from apps.sessions.following.tail import Tail
from apps.sessions.models import Session


class Followers:
    """Hands the hub's news to whom they concern."""

    def __init__(self, hub: Hub, mailboxes: Mailboxes) -> None:
        self._hub = hub
        self._mailboxes = mailboxes
        self._tails: WeakValueDictionary[int, Tail] = WeakValueDictionary()
        self._boards: WeakValueDictionary[str, Board] = WeakValueDictionary()
        self._task: asyncio.Task[None] | None = None
        hub.tell(self)

    async def of_events(self, session_id: int, thread_id: int | None) -> tuple[Mailbox, Tail]:
        """From now on nothing is missed; what is told begins with `Tail.begin`."""
        await self._hub.ready()
        tail = self._tail(session_id)
        tail.add(mailbox := self._mailboxes.open(tail), thread_id)
        return mailbox, tail

    async def of_page(self, session_id: int) -> Mailbox:
        await self._hub.ready()
        tail = self._tail(session_id)
        tail.add_page(mailbox := self._mailboxes.open(tail))
        return mailbox

    async def of_list(self, workspace_id: str) -> Mailbox:
        await self._hub.ready()
        board = self._boards.get(workspace_id) or Board(workspace_id)
        self._boards[workspace_id] = board
        board.add(mailbox := self._mailboxes.open(board))
        return mailbox

    @staticmethod
    def position(session_id: int) -> int:
        """How far the session is. Raises NoSuchSession if it was deleted since it was looked up."""
        found = Session.objects.filter(pk=session_id).values_list("event_count", flat=True).first()
        if found is None:
            raise NoSuchSession
        return found

    def _tail(self, session_id: int) -> Tail:
        tail = self._tails.get(session_id) or Tail(session_id)
        self._tails[session_id] = tail
        return tail

    # ---- what the hub tells --------------------------------------------------------------------

    def hear(self, payload: str) -> None:
        if not payload[:1].isdigit():
            return  # what is said of other things begins with their name
        news = News.read(payload)
        tail = self._tails.get(news.session_id)
        if tail is not None:
            tail.hear(news)
        board = self._boards.get(news.workspace_id)
        if board is not None:
            board.hear(news)

    def miss(self) -> None:
        followed = self._tails or self._boards
        if followed and (self._task is None or self._task.done()):
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._look_again(), context=contextvars.Context())

    async def _look_again(self) -> None:
        """Find out what happened to the followed sessions while nobody listened."""
        for board in list(self._boards.values()):
            board.miss()
        followed = dict(self._tails)
        if not followed:
            return
        counts = await insist(partial(_event_counts, followed))
        for session_id, tail in followed.items():
            count = counts.get(session_id)
            tail.hear(News(session_id, 0, count or 0, "", is_deleted=count is None))


def _event_counts(session_ids: Iterable[int]) -> dict[int, int]:
    found = Session.objects.filter(pk__in=list(session_ids))
    return dict(found.values_list("pk", "event_count"))


followers = Followers(process.hub, process.mailboxes)
