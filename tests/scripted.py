"""An engine that plays answers from a list and remembers what it was asked.

settings.ENGINE = "tests.scripted.engine"
with scripted(Found(...), EngineBusy(), lambda question: Found(...)) as asked: ...
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from apps.engine.asking import Answer, EngineBusy, EngineError, Job, Question
from apps.engine.pricing import Usage

T = TypeVar("T", bound=BaseModel)
Played = BaseModel | EngineError | Callable[[Question[Any]], BaseModel]
TOOK = Usage(input=100, output=10)


class ScriptedEngine:
    """Plays one answer for each question, in order; a function answers all that are left."""

    def __init__(self, *answers: Played) -> None:
        self._left = list(answers)
        self.asked: list[Question[Any]] = []
        self.jobs: list[Job] = []

    def __call__(self, job: Job) -> "ScriptedEngine":
        """As `settings.ENGINE` is called."""
        self.jobs.append(job)
        return self

    def ask(self, question: Question[T]) -> Answer[T]:
        self.asked.append(question)
        played = self._left[0] if callable(self._left[0]) else self._left.pop(0)
        if isinstance(played, EngineError):
            raise played
        value = played if isinstance(played, BaseModel) else played(question)
        return Answer(cast("T", value), TOOK, question.model)

    def ask_all(self, questions: Sequence[Question[T]]) -> list[Answer[T] | EngineError]:
        found = [self._answer(each) for each in questions]
        busy = [each for each in found if isinstance(each, EngineBusy)]
        if busy and not any(isinstance(each, Answer) for each in found):
            raise max(busy, key=lambda each: each.after or 0)
        return found

    def _answer(self, question: Question[T]) -> Answer[T] | EngineError:
        try:
            return self.ask(question)
        except EngineError as error:
            return error


_playing: list[ScriptedEngine] = []


@contextmanager
def scripted(*answers: Played) -> Iterator[ScriptedEngine]:
    """While it lasts, `tests.scripted.engine` is an engine with these answers."""
    playing = ScriptedEngine(*answers)
    _playing.append(playing)
    try:
        yield playing
    finally:
        _playing.remove(playing)


def engine(job: Job) -> ScriptedEngine:
    """What `settings.ENGINE` names in tests."""
    return _playing[-1](job)
