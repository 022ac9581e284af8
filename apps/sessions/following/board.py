"""What changes in one workspace, for its lists."""

import asyncio
import contextvars
from functools import partial
from weakref import WeakSet

from apps.core.live import frames
from apps.core.live.asking import insist
from apps.core.live.mailbox import Mailbox
from apps.sessions.announcing import News
from apps.sessions.models import Session

PAUSE = 0.5
"""Seconds between two things said: a list that changes more often is read by nobody."""
MOST_NAMED = 100
"""Changed sessions that are named; of more, a list looks at all that it shows."""


class Board:
    """Says which sessions changed, and whether some are new. Used by the event loop alone."""

    def __init__(self, workspace_id: str) -> None:
        self._workspace_id = workspace_id
        self._lists: WeakSet[Mailbox] = WeakSet()
        self._changed: set[int] = set()
        self._has_new = False
        self._all = False
        self._task: asyncio.Task[None] | None = None

    def add(self, mailbox: Mailbox) -> None:
        self._lists.add(mailbox)

    def hear(self, news: News) -> None:
        self._changed.add(news.session_id)
        self._has_new |= news.first <= 1
        self._all |= news.is_deleted or len(self._changed) > MOST_NAMED
        self._stir()

    def miss(self) -> None:
        """Anything may have changed."""
        self._all = self._has_new = True
        self._stir()

    def _stir(self) -> None:
        if self._task is None or self._task.done():
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._tell(), context=contextvars.Context())

    async def _tell(self) -> None:
        while (self._changed or self._all) and self._lists:
            changed, self._changed = self._changed, set()
            everything, self._all = self._all, False
            has_new, self._has_new = self._has_new, False
            names = None
            if not everything:
                names = await insist(partial(_names, self._workspace_id, changed))
            said = frames.note({"changed": names, "new": has_new})
            for mailbox in list(self._lists):
                mailbox.put(said)
            await asyncio.sleep(PAUSE)


def _names(workspace_id: str, sessions: set[int]) -> list[str]:
    found = Session.objects.filter(workspace_id=workspace_id, pk__in=sessions)
    return list(found.order_by("pk").values_list("public_id", flat=True))
