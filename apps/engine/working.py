"""Questions in a worker's hands: each is claimed, asked, paid and kept.

Each step is a short transaction in the worker's own thread; none lasts while something is waited
for.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from django.conf import settings
from pydantic import BaseModel, ValidationError

from apps.engine import keeping
from apps.engine.asking import (
    Answer,
    BrokeOff,
    BudgetSpent,
    EngineBusy,
    EngineError,
    Job,
    KeyRejected,
    Question,
)
from apps.engine.bridging import Bridge
from apps.engine.budgeting import Occupied
from apps.engine.conversing import Conversation, Reply, took
from apps.engine.keeping import Claim
from apps.engine.models import Call
from apps.engine.remote import BrokenOff, Passing, Remote

T = TypeVar("T", bound=BaseModel)
Schema = Callable[[type[BaseModel]], Mapping[str, Any]]
TRIES = 4
MOST_PAID = 12
"""Requests that one question is paid for, when its answers go on to break off."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0
PATIENCE = 20.0
"""Seconds that a worker waits; what takes longer is the queue's to wait for."""
LONGEST_PATIENCE = 900.0
"""While other questions of the same worker are under way: their end may make room."""
LOOK_AGAIN = 0.25
LONG = 4_000
"""Characters of a common beginning from which on one question goes first, to have it cached."""


class Work:
    """The questions of one job, as many at once as may be."""

    def __init__(self, job: Job, remote: Remote, schema: Schema, bridge: Bridge) -> None:
        self._job = job
        self._remote = remote
        self._schema = schema
        self._bridge = bridge
        self._room = asyncio.Semaphore(settings.ENGINE_AT_ONCE)
        self._held: dict[str, Claim] = {}
        self._leaders: dict[tuple[str, str, str], asyncio.Event] = {}
        self._stopped: EngineError | None = None

    async def answers(self, questions: Sequence[Question[T]]) -> list[Answer[T] | EngineError]:
        """For each its answer or what went wrong; the same question twice is asked once."""
        digests = [each.digest for each in questions]
        first = dict(zip(reversed(digests), reversed(questions), strict=True))
        kept = await self._bridge.call(keeping.kept, self._job, list(first))
        found: dict[str, Answer[T] | EngineError] = {}
        asked = {}
        for digest, question in reversed(first.items()):
            known = _told(question, kept[digest]) if digest in kept else None
            if known is None:
                asked[digest] = question
            else:
                found[digest] = known
        async with self._alive():
            answered = await _together([self._one(each) for each in asked.values()])
        found |= zip(asked, answered, strict=True)
        return [found[digest] for digest in digests]

    @asynccontextmanager
    async def _alive(self) -> AsyncIterator[None]:
        """While it lasts, no other worker takes what this one asks."""
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(settings.ENGINE_LEASE_SECONDS / 3)
            if self._held:
                await self._bridge.call(keeping.renew, list(self._held.values()))

    async def _one(self, question: Question[T]) -> Answer[T] | EngineError:
        async with self._after_the_first(question) as begun, self._room:
            try:
                return await self._answer(question, begun)
            except KeyRejected as error:
                self._stopped = error  # the others would be told the same
                return error
            except EngineError as error:
                return error

    @asynccontextmanager
    async def _after_the_first(self, question: Question[Any]) -> AsyncIterator[Callable[[], None]]:
        """Let one of those that begin alike go first: what it writes to the cache, they read."""
        beginning = (question.model, question.system, question.shared)
        leader = self._leaders.get(beginning)
        if leader is not None:
            await leader.wait()
            yield lambda: None
            return
        leads = asyncio.Event()
        if len(question.system) + len(question.shared) >= LONG:
            self._leaders[beginning] = leads
        try:
            yield leads.set
        finally:
            leads.set()

    async def _answer(self, question: Question[T], begun: Callable[[], None]) -> Answer[T]:
        conversation = Conversation(question, self._schema(question.answer))
        while True:
            if self._stopped is not None:
                raise self._stopped
            claim = await self._with_room(conversation, keeping.claim, self._job, question)
            if isinstance(claim, Claim):
                break
            known = _told(question, claim)
            if isinstance(known, EngineError):
                raise known
            if known is not None:
                return known
            await self._bridge.call(keeping.discard, claim)
        self._held[claim.call_id] = claim
        try:
            if claim.was_cut:
                conversation.ask_for_more()
                await self._with_room(conversation, keeping.reserve, claim)
            return await self._converse(conversation, claim, begun)
        except Exception as error:
            await self._bridge.call(keeping.failed, claim, error)
            raise
        finally:
            del self._held[claim.call_id]

    async def _converse(
        self, conversation: Conversation, claim: Claim, begun: Callable[[], None]
    ) -> Answer[Any]:
        while True:
            reply = await self._reply(conversation, claim, begun)
            cost = took(claim.model, reply)
            try:
                value = conversation.hear(reply)
            except EngineError as error:
                await self._bridge.call(keeping.failed, claim, error, cost)
                raise
            if value is not None:
                call = await self._bridge.call(
                    keeping.answered, claim, cost, reply.text, reply.model
                )
                return Answer(value, call.usage, reply.model)
            await self._bridge.call(keeping.pay, claim, cost)
            await self._with_room(conversation, keeping.reserve, claim)

    async def _reply(
        self, conversation: Conversation, claim: Claim, begun: Callable[[], None]
    ) -> Reply:
        """The answer to one request, asked for again while that may help. Raises EngineError."""
        tried = 0
        while True:
            try:
                return await self._remote.message(conversation.body, begun)
            except Passing as error:
                passing = error
            except BrokenOff as broken:
                passing = await self._paid(broken, claim)
            tried += 1
            await _rest(passing, tried)
            await self._with_room(conversation, keeping.reserve, claim)

    async def _paid(self, broken: BrokenOff, claim: Claim) -> Passing:
        """Pay for what came; what broke it off, if that passes. Raises EngineError."""
        requests = await self._bridge.call(keeping.pay, claim, took(claim.model, broken.part))
        if isinstance(broken.why, EngineError):
            raise broken.why
        if requests >= MOST_PAID:
            raise BrokeOff
        return broken.why

    async def _with_room(
        self, conversation: Conversation, step: Callable[..., Any], *given: Any
    ) -> Any:
        """Take a step that reserves what the next request costs at most; counted, if it must be."""
        try:
            return await self._patiently(step, *given, conversation.worst)
        except BudgetSpent:
            if conversation.worst is None or conversation.is_counted:
                raise
            with suppress(Passing, EngineError):  # of a server that cannot count
                conversation.count(await self._remote.count(conversation.body))
        return await self._patiently(step, *given, conversation.worst)

    async def _patiently(self, step: Callable[..., Any], *given: Any) -> Any:
        """Take a step once nothing is in its way. Raises EngineBusy if that takes long."""
        waited = 0.0
        while True:
            try:
                return await self._bridge.call(step, *given)
            except Occupied as occupied:
                if waited >= (LONGEST_PATIENCE if self._held else PATIENCE):
                    raise EngineBusy(after=occupied.seconds) from occupied
            await asyncio.sleep(LOOK_AGAIN)
            waited += LOOK_AGAIN


def _told(question: Question[T], call: Call) -> Answer[T] | EngineError | None:
    """What a kept call says; None if its answer is not of the form that is asked for."""
    if call.failure:
        return keeping.failure_of(call)
    try:
        value = question.answer.model_validate_json(call.answer)
    except ValidationError:
        return None
    return Answer(value, call.usage, call.answered_by, was_kept=True)


async def _rest(passing: Passing, tried: int) -> None:
    """Wait before another try. Raises EngineBusy where that is another's to wait for."""
    pause = _backoff(tried) if passing.after is None else passing.after
    if tried == TRIES or pause > PATIENCE:
        raise EngineBusy(
            f"The model does not answer now: {passing}. The job goes on by itself.",
            after=passing.after,
        ) from passing
    await asyncio.sleep(pause)


def _backoff(tried: int) -> float:
    """Longer each time, and never the same for two workers."""
    pause: float = min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE)
    return pause * random.uniform(0.5, 1)  # noqa: S311 -- no secret


async def _together(coroutines: Sequence[Any]) -> list[Any]:
    """All results in order; the first crash ends the others."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in coroutines]
    except ExceptionGroup as crashes:
        raise crashes.exceptions[0] from crashes
    return [task.result() for task in tasks]
