"""The port: what a model is asked, what comes back, and what can go wrong."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import orjson
from pydantic import BaseModel

from apps.core.errors import DomainError
from apps.engine.pricing import Usage

T = TypeVar("T", bound=BaseModel)


@cache
def _schema(answer: type[BaseModel]) -> dict[str, Any]:
    """Made once for each type: many questions share one."""
    return answer.model_json_schema()


@dataclass(frozen=True, slots=True)
class Job:
    """For whom is asked, and how much all of it may cost: calls are kept and added up by job."""

    workspace_id: str
    kind: str
    """What the spend is shown under: `dream`, `evaluation`, `comparison`."""
    id: str
    cap: Decimal | None = None
    """US dollars that the job's calls may cost together; None: what the workspace allows."""


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """One request to a model: from what many questions share to what is this one's own.

    `system` and then `shared` stand first and are cached by the provider; `text` differs.
    """

    purpose: str
    """Who asks, as `dreams.observe`: what the spend of a job is told apart by."""
    model: str
    system: str
    text: str
    answer: type[T] = field(repr=False)
    shared: str = ""
    max_tokens: int = 8_000
    """Of the answer."""

    @property
    def digest(self) -> str:
        """The same for two questions that a model cannot tell apart. Lower hex of a SHA-256."""
        schema = _schema(self.answer)
        asked = [self.model, self.system, self.shared, self.text, schema, self.max_tokens]
        return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What the model said, and what it took. Of an answer that was kept before, `usage` is what it

    took then: adding up answers, or calls, gives the same.
    """

    value: T
    usage: Usage
    model: str
    """That answered, which may be a dated one of those asked for."""
    was_kept: bool = False


class EngineError(DomainError):
    """The model could not answer this, and asking again would not help."""

    status = 502
    type = "api_error"
    usage = Usage()
    """What finding that out took, all tries together; nothing where nothing was paid."""


class EngineBusy(EngineError):
    """The model is busy. The job goes on by itself when it answers again."""

    status = 529
    type = "overloaded_error"

    def __init__(self, message: str = "", *, after: float | None = None) -> None:
        """`after`: seconds to wait, as the server said."""
        super().__init__(message)
        self.after = after


class NoKey(EngineError):
    """No model is connected to this workspace. Enter a key under Settings, Models."""

    status = 400
    type = "invalid_request_error"


class KeyRejected(EngineError):
    """The server that answers for the model does not accept this workspace's key."""


class RequestRejected(EngineError):
    """The server that answers for the model does not accept the request."""


class RefusedToAnswer(EngineError):
    """The model refuses to answer this."""


class CutShort(EngineError):
    """The model's answer was longer than it may be, also the second time."""


class Unreadable(EngineError):
    """The model's answer does not have the form it was asked for, also the second time."""


class BrokeOff(EngineError):
    """The model's answer broke off again and again, and was paid for each time."""


class BudgetSpent(EngineError):
    """What this job may cost is spent. Raise its cap, or let it do less."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "invalid_request_error"


class Engine(Protocol):
    """A model, for one job. What this job asked before is answered from what is kept."""

    def ask(self, question: Question[T]) -> Answer[T]:
        """Ask, and wait. Raises EngineError; EngineBusy where asking again later helps."""
        ...

    def ask_all(self, questions: Sequence[Question[T]]) -> list[Answer[T] | EngineError]:
        """Ask several at once, up to the limit there is: for each its answer, or what went wrong.

        What was answered is kept even if others fail. Raises EngineBusy where nothing was.
        """
        ...
