"""What is asked of the other side, and the ways in which it may not answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from apps.core.errors import DomainError

ROWS = 100
"""The most that a page of the contract holds."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some objects as they came, and the cursor of the next page, or nothing at the end."""

    rows: list[dict[str, Any]]
    next: str = ""


class Remote(Protocol):
    """The lists of a workspace, page by page; without a cursor it is the first page.

    Every one of them raises KeyRefused, Busy, Away, Gone, Refused or Unreadable.
    """

    def agents(self, page: str = "", *, limit: int = ROWS) -> Page: ...

    def versions(self, agent_id: str, page: str = "") -> Page: ...

    def environments(self, page: str = "") -> Page: ...

    def sessions(self, page: str = "", *, since: datetime | None = None) -> Page:
        """Oldest first, so that what is new comes at the end."""

    def threads(self, session_id: str, page: str = "") -> Page: ...

    def events(self, session_id: str, page: str = "") -> Page:
        """Of the session's own stream, oldest first."""

    def thread_events(self, session_id: str, thread_id: str, page: str = "") -> Page: ...

    def close(self) -> None: ...


class Writable(Remote, Protocol):
    """The memory stores and dreams of a workspace, which are written as well.

    Every one of them raises what a Remote raises, and Clash where it says so.
    """

    def stores(self, page: str = "") -> Page:
        """Those in use."""

    def memories(self, store_id: str, page: str = "", *, whole: bool = False) -> Page:
        """All of a store; with what each of them says if they are to be `whole`."""

    def memories_below(self, store_id: str, prefix: str, page: str = "") -> Page:
        """Those in this folder and below it, without what they say."""

    def memory(self, store_id: str, memory_id: str) -> dict[str, Any]: ...

    def create_memory(self, store_id: str, path: str, content: str) -> dict[str, Any]:
        """Raises Clash where something lies at the path."""

    def change_memory(
        self, store_id: str, memory_id: str, *, expected: str, **changes: str
    ) -> dict[str, Any]:
        """Change `path`, `content` or both. Raises Clash unless it says what is expected."""

    def delete_memory(self, store_id: str, memory_id: str, *, expected: str) -> None:
        """Raises Clash unless it says what is expected."""

    def dreams(self, page: str = "", *, limit: int = ROWS) -> Page:
        """Newest first, archived ones included."""

    def dream(self, dream_id: str) -> dict[str, Any]: ...

    def create_dream(
        self, store_id: str, session_ids: Sequence[str], *, model: str, instructions: str
    ) -> dict[str, Any]:
        """Into a store of its own."""

    def cancel_dream(self, dream_id: str) -> None: ...

    def archive_dream(self, dream_id: str) -> None: ...


class KeyRefused(DomainError):
    """The other side refused this key: it is wrong, expired or revoked. Enter another one."""


class Busy(DomainError):
    """The other side asked us to wait."""

    def __init__(self, wait: float | None = None) -> None:
        super().__init__()
        self.wait = wait
        """Seconds, if it said how many."""


class Away(DomainError):
    """The other side does not answer."""


class Gone(DomainError):
    """There is no such thing on the other side."""


class Refused(DomainError):
    """The other side refused what it was asked."""


class Clash(Refused):
    """What is there is not what was expected."""


class Unreadable(DomainError):
    """What answered does not speak this API. Is the base URL right?"""
