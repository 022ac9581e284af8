"""Asking the other side, and for how long to leave it alone when it does not answer."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from apps.core import addresses
from apps.core.errors import DomainError
from apps.core.sealing import CannotBeOpened
from apps.linking import budget
from apps.linking.models import Link
from apps.linking.remote import Away, Busy, KeyRefused, Writable

Connect = Callable[[str, str], Writable]
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 900.0
LONGEST_WAIT = 3600.0
MOST_DOUBLINGS = 10


class NotLinked(DomainError):
    """The other workspace is not linked any more. Link it again, and this goes on."""


class LinkPaused(DomainError):
    """The link is paused. Resume it, and this goes on."""


class Hurried(Busy):
    """This minute's requests to the linked workspace are made. It goes on by itself."""


PASSING = (Busy, Away, LinkPaused)
"""What goes away by itself, or by one word of an admin."""
SHUT = (NotLinked, KeyRefused, CannotBeOpened)
"""What an admin has to put right."""


@contextmanager
def reached(link: Link | None, connect: Connect) -> Iterator[Writable]:
    """The workspace there. Raises PASSING, SHUT, addresses.Unsuitable."""
    if link is None:
        raise NotLinked
    if link.is_paused:
        raise LinkPaused
    if seconds := budget.wait(link):
        raise Hurried(seconds)
    addresses.require_public(link.base_url)
    remote = connect(link.base_url, link.key)
    try:
        yield cast("Writable", _Counted(link, remote))
    finally:
        remote.close()


class _Counted:
    """A workspace there, each request to which counts to the link's budget of a minute.

    A step that has begun is not broken off by it: it would begin anew, and perhaps never end.
    """

    def __init__(self, link: Link, remote: Writable) -> None:
        self._link, self._remote = link, remote

    def __getattr__(self, name: str) -> Any:
        budget.count(self._link)
        return getattr(self._remote, name)


def pause_after(error: DomainError, failures: int) -> float:
    """Seconds: what the other side asked for, or twice as many each time."""
    if isinstance(error, Busy) and error.wait is not None:
        return min(error.wait, LONGEST_WAIT)
    pause: float = min(FIRST_PAUSE * 2 ** min(failures, MOST_DOUBLINGS), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.0)  # noqa: S311 -- it only keeps requests apart
