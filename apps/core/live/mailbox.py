"""What waits to be sent to one client."""

import asyncio
from collections import deque
from weakref import WeakSet

from apps.core.live import frames

MOST_WAITING = 2_000
MOST_BYTES = 16 * 2**20
TOO_SLOW = frames.failure(
    "overloaded_error",
    "This client read too slowly, and what waited for it was dropped. Open the stream again, then"
    " list the events and skip those you have.",
)


class Mailbox:
    """Frames in their order, few enough: one too many and the client is told so and let go.

    Used by the event loop's thread alone. Whatever fills it is its `source`, which knows it only
    weakly: both live as long as the stream.
    """

    def __init__(
        self, source: object = None, *, most: int = MOST_WAITING, most_bytes: int = MOST_BYTES
    ) -> None:
        self.source = source
        self._most = most
        self._most_bytes = most_bytes
        self._after = 0
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._size = 0
        self._stirred = asyncio.Event()
        self.is_closed = False

    def begin_after(self, number: int) -> None:
        """Whatever is numbered up to this is older than the stream, and not for it."""
        self._after = number
        self._waiting = deque(each for each in self._waiting if not 0 < each[0] <= number)
        self._size = sum(len(frame) for _, frame in self._waiting)

    def put(self, frame: bytes, number: int = 0) -> None:
        """Let it wait; frames may be shared between mailboxes, and numbered."""
        if self.is_closed or 0 < number <= self._after:
            return
        self._waiting.append((number, frame))
        self._size += len(frame)
        if len(self._waiting) > self._most or self._size > self._most_bytes:
            self._waiting.clear()
            self.close(TOO_SLOW)
        self._stirred.set()

    def close(self, last: bytes = b"") -> None:
        """Take no more; what waits is still sent, and this at the end of it."""
        if self.is_closed:
            return
        self.is_closed = True
        self._waiting.append((0, last))
        self._stirred.set()

    async def take(self, patience: float) -> bytes | None:
        """Everything that waits, as one; nothing after that many seconds without, None at the end.

        What ends the stream is handed over before the None.
        """
        if not self._waiting and not self.is_closed:
            self._stirred.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._stirred.wait()
            except TimeoutError:
                return b""
        if not any(frame for _, frame in self._waiting):
            return None
        taken = b"".join(frame for _, frame in self._waiting)
        self._waiting.clear()
        self._size = 0
        return taken


class Mailboxes:
    """All of a process: what is opened after the end is closed from the start."""

    def __init__(self) -> None:
        self._open: WeakSet[Mailbox] = WeakSet()
        self._is_over = False

    def __len__(self) -> int:
        return len(self._open)

    def open(self, source: object) -> Mailbox:
        made = Mailbox(source)
        self._open.add(made)
        if self._is_over:
            made.close()
        return made

    def close_all(self) -> None:
        """End every stream, as a process does that is told to stop."""
        self._is_over = True
        for each in list(self._open):
            each.close()
