"""The vendor's client. Importing this takes two seconds: only workers do, by `settings.ENGINE`.

The client repeats nothing by itself and follows no redirect: how often a question is asked again is
decided where it is paid for, and the key goes to the address that it was given for.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from math import ceil
from types import TracebackType
from typing import Any, Self, TypeVar

import anthropic
import httpx2
from anthropic.types import Message
from anthropic.types.messages import MessageBatch
from pydantic import BaseModel

from apps.core import payloads, waiting
from apps.engine import connecting
from apps.engine.asking import (
    Answer,
    EngineBusy,
    EngineError,
    Job,
    KeyRejected,
    Question,
    RequestRejected,
)
from apps.engine.bridging import Bridge
from apps.engine.connecting import Credentials
from apps.engine.conversing import Body, Reply
from apps.engine.pricing import Usage
from apps.engine.remote import BatchState, BrokenOff, Passing, Result
from apps.engine.working import Work

T = TypeVar("T", bound=BaseModel)
R = TypeVar("R")
SECONDS_TO_CONNECT, SECONDS_OF_SILENCE, SECONDS_IN_ALL = 10.0, 120.0, 900.0
LONGEST_SAYING = 300
CHARACTERS_PER_TOKEN = 4
"""Of an answer that broke off: how many tokens one has the service tells at its end only."""
_PASSING_STATUSES = {408, 409, 429}
_PASSING_TYPES = {"overloaded_error", "api_error", "rate_limit_error", "timeout_error"}


class ClaudeEngine:
    """A model behind the Messages API, for one job."""

    def __init__(self, job: Job) -> None:
        """Raises NoKey, KeyRejected."""
        self._job = job
        self._credentials = connecting.credentials(job.workspace_id)

    def connect(self) -> "Wire":
        return Wire(self._credentials)

    def schema(self, answer: type[BaseModel]) -> Mapping[str, Any]:
        """What the service takes of JSON schema; what it does not, it is told in words."""
        return _transformed(answer)

    def ask(self, question: Question[T]) -> Answer[T]:
        [found] = self._answers([question])
        if isinstance(found, EngineError):
            raise found
        return found

    def ask_all(self, questions: Sequence[Question[T]]) -> list[Answer[T] | EngineError]:
        found = self._answers(questions)
        busy = [each for each in found if isinstance(each, EngineBusy)]
        if busy and not any(isinstance(each, Answer) for each in found):
            raise max(busy, key=lambda each: each.after or 0)
        return found

    def _answers(self, questions: Sequence[Question[T]]) -> list[Answer[T] | EngineError]:
        bridge = Bridge()

        async def answered() -> list[Answer[T] | EngineError]:
            async with self.connect() as wire:
                return await Work(self._job, wire, self.schema, bridge).answers(questions)

        return bridge.run(answered())


class Wire:
    """A connection to the vendor, or to another server that speaks as they do."""

    def __init__(self, credentials: Credentials) -> None:
        self._key = credentials.key
        self._client = anthropic.AsyncAnthropic(
            api_key=credentials.key,
            base_url=credentials.base_url,
            max_retries=0,
            timeout=anthropic.Timeout(SECONDS_OF_SILENCE, connect=SECONDS_TO_CONNECT),
            http_client=anthropic.DefaultAsyncHttpxClient(follow_redirects=False),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def message(self, body: Body, begun: Callable[[], None]) -> Reply:
        """Streamed, so that a long answer is no long silence."""
        heard: deque[Message] = deque(maxlen=1)
        why: Passing | EngineError = Passing("the answer was cut off")
        try:
            await self._told(self._streamed(body, heard, begun))
        except (Passing, EngineError) as error:
            why = error
        if not heard:
            raise why
        [message] = heard
        if message.stop_reason is None:
            raise BrokenOff(_part(message), why)
        return _reply(message)

    async def count(self, body: Body) -> int:
        given: Any = {name: value for name, value in body.items() if name != "max_tokens"}
        return (await self._told(self._client.messages.count_tokens(**given))).input_tokens

    async def check(self) -> None:
        await self._told(self._client.models.list(limit=1))

    async def create_batch(self, requests: Sequence[tuple[str, Body]]) -> BatchState:
        given: Any = [{"custom_id": name, "params": body} for name, body in requests]
        return _state(await self._told(self._client.messages.batches.create(requests=given)))

    async def batch(self, batch_id: str) -> BatchState:
        return _state(await self._told(self._client.messages.batches.retrieve(batch_id)))

    async def batches(self) -> list[BatchState]:
        page = await self._told(self._client.messages.batches.list(limit=100))
        return [_state(each) for each in page.data]

    async def results(self, batch_id: str) -> list[Result]:
        return await self._told(self._results(batch_id))

    async def cancel_batch(self, batch_id: str) -> None:
        await self._told(self._client.messages.batches.cancel(batch_id))

    async def _streamed(self, body: Body, heard: deque[Message], begun: Callable[[], None]) -> None:
        async with self._client.messages.stream(**body) as stream:
            async for _ in stream:
                heard.append(stream.current_message_snapshot)
                begun()

    async def _results(self, batch_id: str) -> list[Result]:
        found = []
        async for each in await self._client.messages.batches.results(batch_id):
            result = each.result
            if result.type == "succeeded":
                found.append(Result(each.custom_id, _reply(result.message)))
                continue
            trouble = result.error.error.message if result.type == "errored" else result.type
            found.append(Result(each.custom_id, None, self._line(trouble)))
        return found

    async def _told(self, request: Awaitable[R]) -> R:
        """What a request is answered with, and every way to fail by one of our names."""
        try:
            async with asyncio.timeout(SECONDS_IN_ALL):
                return await request
        except anthropic.APIStatusError as error:
            raise self._refusal(error) from error
        except (anthropic.APIConnectionError, httpx2.HTTPError, TimeoutError) as error:
            raise Passing(f"no connection ({self._line(error.__cause__ or error)})") from error
        except (anthropic.AnthropicError, ValueError) as error:
            raise Passing("what came was no answer, or only part of one") from error

    def _refusal(self, error: anthropic.APIStatusError) -> Exception:
        status, said = error.status_code, self._line(error.api_message or error.body)
        if self._is_passing(error):
            return Passing(f"it says {said}", waiting.told(error.response.headers))
        if status in {401, 403}:
            return KeyRejected(f"The server does not accept the key: {said}.")
        return RequestRejected(f"The server answered {status}: {said}.")

    def _is_passing(self, error: anthropic.APIStatusError) -> bool:
        """An error inside a stream has the status of the stream, and a type of its own."""
        if error.response.headers.get("x-should-retry") == "false":
            return False
        if error.status_code < 400:
            return error.type in _PASSING_TYPES
        return error.status_code in _PASSING_STATUSES or error.status_code >= 500

    def _line(self, said: object) -> str:
        """What the other side says of it, in one line, and without the key if it repeats it."""
        line = " ".join(payloads.storable(str(said or "nothing more")).split())
        return line.replace(self._key, "…")[:LONGEST_SAYING].rstrip(".")


@cache
def _transformed(answer: type[BaseModel]) -> Mapping[str, Any]:
    return anthropic.transform_schema(answer)


def _reply(message: Message) -> Reply:
    usage = message.usage
    return Reply(
        text=payloads.storable("".join(b.text for b in message.content if b.type == "text")),
        stop_reason=message.stop_reason or "",
        usage=Usage(
            usage.input_tokens,
            usage.output_tokens,
            usage.cache_read_input_tokens or 0,
            usage.cache_creation_input_tokens or 0,
        ),
        model=message.model,
    )


def _part(message: Message) -> Reply:
    """What came of an answer, with as many tokens as its text has, about."""
    reply = _reply(message)
    tokens = ceil(len(reply.text) / CHARACTERS_PER_TOKEN)
    return replace(reply, usage=reply.usage._replace(output=max(reply.usage.output, tokens)))


def _state(batch: MessageBatch) -> BatchState:
    counts = batch.request_counts
    return BatchState(
        id=batch.id,
        is_ended=batch.processing_status == "ended",
        size=counts.processing
        + counts.succeeded
        + counts.errored
        + counts.canceled
        + counts.expired,
        created_at=batch.created_at,
    )
