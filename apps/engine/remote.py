"""What is asked of a server that answers for models, and how it may fail to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self

from pydantic import BaseModel

from apps.engine.asking import EngineError
from apps.engine.conversing import Body, Reply


class Passing(Exception):
    """It did not answer this time; the same request may well be answered soon."""

    def __init__(self, why: str, after: float | None = None) -> None:
        """`after`: seconds to wait, as the server said."""
        super().__init__(why)
        self.after = after


class BrokenOff(Exception):
    """An answer began and did not come to its end: what came of it is to be paid all the same."""

    def __init__(self, part: Reply, why: Passing | EngineError) -> None:
        super().__init__(str(why))
        self.part, self.why = part, why


@dataclass(frozen=True, slots=True)
class BatchState:
    """How far the other side is with a batch."""

    id: str
    is_ended: bool
    size: int
    created_at: Any


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one request of a batch: a reply, or why there is none."""

    name: str
    reply: Reply | None
    trouble: str = ""


class Connecting(Protocol):
    """An engine that can do more than ask: what batches and the test of a key need."""

    def connect(self) -> "Remote": ...

    def schema(self, answer: type[BaseModel]) -> Mapping[str, Any]:
        """The form of an answer, as the server wants it said."""


class Remote(Protocol):
    """A connection. Everything raises Passing, KeyRejected, RequestRejected."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    async def message(self, body: Body, begun: Callable[[], None]) -> Reply:
        """One answer, to its end; `begun` is called when it begins. Raises BrokenOff, too."""

    async def count(self, body: Body) -> int:
        """The tokens of what would be sent, about. Costs nothing."""

    async def check(self) -> None:
        """Ask something that costs nothing."""

    async def create_batch(self, requests: Sequence[tuple[str, Body]]) -> BatchState: ...

    async def batch(self, batch_id: str) -> BatchState: ...

    async def batches(self) -> list[BatchState]:
        """The newest ones."""

    async def results(self, batch_id: str) -> list[Result]: ...

    async def cancel_batch(self, batch_id: str) -> None: ...
