"""A link in a worker's hands: every request to the other side and every step goes through it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone

from apps.core.errors import DomainError
from apps.linking import budget
from apps.linking.models import Link
from apps.linking.remote import Page, Refused, Remote, Unreadable

SLICE = 60.0
"""Seconds of work after which other work gets its turn."""
MOST_TROUBLES_KEPT = 20


class Lost(Exception):
    """The link is paused, unlinked or another worker's: leave it."""


class LaterOn(Exception):
    """The link goes on in so many seconds; until then the worker has other things to do."""

    def __init__(self, seconds: float, why: str = "") -> None:
        super().__init__(why)
        self.seconds = seconds
        self.why = why


class Work:
    """One worker's turn at a link. What it has done is kept with every request."""

    def __init__(self, link: Link, remote: Remote) -> None:
        self.link = link
        self.remote = remote
        self._began = time.monotonic()

    def ask(self, question: Callable[[], Page]) -> Page:
        """Put the question, within the budget. Raises Lost, LaterOn and what a Remote raises."""
        if time.monotonic() - self._began > SLICE:
            raise LaterOn(0)
        if seconds := budget.wait(self.link):
            most = settings.LINK_REQUESTS_PER_MINUTE
            raise LaterOn(seconds, f"{most} requests a minute are allowed; this minute's are made")
        budget.count(self.link)
        self.count(requests=1)
        self._keep()
        return question()

    def pages(self, ask: Callable[[str], Page]) -> Iterator[list[dict[str, Any]]]:
        """The pages of a stage from where it is; each counts as read once the next is asked for.

        A cursor that is refused, perhaps too old, means to begin again: that adds nothing twice.
        """
        while True:
            at = str(self.link.cursor.get("page", ""))
            try:
                page = self.ask(lambda at=at: ask(at))  # type: ignore[misc]  # a default binds it
            except Refused:
                if not at:
                    raise
                self.advance(page="")
                continue
            yield page.rows
            if page.next == at and at:
                raise Unreadable("A page there leads to itself.")
            if not page.next:
                return
            self.advance(page=page.next)

    def begin(self, **cursor: Any) -> None:
        """A new sync, which starts from nothing known."""
        now = timezone.now()
        self.link.cursor, self.link.progress = cursor, {}
        self.link.began_at, self.link.ended_at = now, None
        self._keep(cursor=cursor, began_at=now, ended_at=None, error="")

    def enter(self, stage: str) -> None:
        """Go on to the next stage."""
        self.link.stage = stage
        self.link.cursor = self.link.cursor | {"page": ""}
        self._advanced(stage=stage, cursor=self.link.cursor)

    def advance(self, **cursor: Any) -> None:
        """Write down where the stage is. What was tried before and failed counts no more."""
        self.link.cursor = self.link.cursor | cursor
        self._advanced(cursor=self.link.cursor)

    def count(self, **more: int) -> None:
        """Add to the figures of this sync; they are written with the next step."""
        for name, number in more.items():
            self.link.progress[name] = self.link.progress.get(name, 0) + number

    def set_aside(self, session: str, error: DomainError) -> None:
        """One session that could not be read keeps nobody else from being read."""
        troubles = self.link.progress.setdefault("troubles", [])
        if len(troubles) < MOST_TROUBLES_KEPT:
            troubles.append({"session": session, "error": error.message})
        self.count(set_aside=1)

    def _advanced(self, **changes: Any) -> None:
        self.link.attempts = 0
        self._keep(attempts=0, **changes)

    def _keep(self, **changes: Any) -> None:
        if not self.link.keep(progress=self.link.progress, waits_for="", **changes):
            raise Lost
