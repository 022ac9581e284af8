"""The vendor's client, asked page by page. Importing this takes two seconds: only workers do.

Answers are read as the text they are, not through the client's models, so that nothing of an
event is lost or put right. The client repeats nothing by itself and follows no redirect: waiting
is the queue's business, and the key goes to the address that it was given for.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import anthropic
from anthropic import omit

from apps.core import payloads, waiting
from apps.linking.remote import (
    ROWS,
    Away,
    Busy,
    Clash,
    Gone,
    KeyRefused,
    Page,
    Refused,
    Unreadable,
)

SECONDS_TO_ANSWER = 30.0
SECONDS_TO_CONNECT = 10.0
LONGEST_SAYING = 300
ROWS_IN_FULL = 20
"""The most that a page of whole memories holds."""
_AWAY = {408, 409}  # the client's own choice of what is worth repeating, beside 5xx


class Vendor:
    """A workspace of the vendor's, or of another server that speaks as it does."""

    def __init__(
        self, base_url: str, key: str, *, http_client: anthropic.DefaultHttpxClient | None = None
    ) -> None:
        self._key = key
        self._client = anthropic.Anthropic(
            api_key=key,
            base_url=base_url,
            max_retries=0,
            timeout=anthropic.Timeout(SECONDS_TO_ANSWER, connect=SECONDS_TO_CONNECT),
            http_client=http_client or anthropic.DefaultHttpxClient(follow_redirects=False),
        )
        self._beta = self._client.beta

    def close(self) -> None:
        self._client.close()

    def agents(self, page: str = "", *, limit: int = ROWS) -> Page:
        listing = self._beta.agents.with_raw_response.list
        return self._page(listing, page, limit=limit, include_archived=True)

    def versions(self, agent_id: str, page: str = "") -> Page:
        return self._page(self._beta.agents.versions.with_raw_response.list, page, agent_id)

    def environments(self, page: str = "") -> Page:
        listing = self._beta.environments.with_raw_response.list
        return self._page(listing, page, include_archived=True)

    def sessions(self, page: str = "", *, since: datetime | None = None) -> Page:
        return self._page(
            self._beta.sessions.with_raw_response.list,
            page,
            include_archived=True,
            order="asc",
            created_at_gte=since or omit,
        )

    def threads(self, session_id: str, page: str = "") -> Page:
        return self._page(self._beta.sessions.threads.with_raw_response.list, page, session_id)

    def events(self, session_id: str, page: str = "") -> Page:
        listing = self._beta.sessions.events.with_raw_response.list
        return self._page(listing, page, session_id, order="asc")

    def thread_events(self, session_id: str, thread_id: str, page: str = "") -> Page:
        listing = self._beta.sessions.threads.events.with_raw_response.list
        return self._page(listing, page, thread_id, session_id=session_id)

    def stores(self, page: str = "") -> Page:
        return self._page(self._beta.memory_stores.with_raw_response.list, page)

    def memories(self, store_id: str, page: str = "", *, whole: bool = False) -> Page:
        listing = self._beta.memory_stores.memories.with_raw_response.list
        if whole:
            return self._page(listing, page, store_id, limit=ROWS_IN_FULL, view="full")
        return self._page(listing, page, store_id, view="basic")

    def memories_below(self, store_id: str, prefix: str, page: str = "") -> Page:
        listing = self._beta.memory_stores.memories.with_raw_response.list
        return self._page(listing, page, store_id, view="basic", path_prefix=prefix)

    def memory(self, store_id: str, memory_id: str) -> dict[str, Any]:
        asking = self._beta.memory_stores.memories.with_raw_response.retrieve
        return self._object(asking, memory_id, memory_store_id=store_id, view="full")

    def create_memory(self, store_id: str, path: str, content: str) -> dict[str, Any]:
        asking = self._beta.memory_stores.memories.with_raw_response.create
        return self._object(asking, store_id, path=path, content=content, view="basic")

    def change_memory(
        self, store_id: str, memory_id: str, *, expected: str, **changes: str
    ) -> dict[str, Any]:
        asking = self._beta.memory_stores.memories.with_raw_response.update
        precondition = {"type": "content_sha256", "content_sha256": expected}
        where = {"memory_store_id": store_id, "view": "basic"}
        return self._object(asking, memory_id, **where, precondition=precondition, **changes)

    def delete_memory(self, store_id: str, memory_id: str, *, expected: str) -> None:
        asking = self._beta.memory_stores.memories.with_raw_response.delete
        self._object(asking, memory_id, memory_store_id=store_id, expected_content_sha256=expected)

    def dreams(self, page: str = "", *, limit: int = ROWS) -> Page:
        listing = self._beta.dreams.with_raw_response.list
        return self._page(listing, page, limit=limit, include_archived=True)

    def dream(self, dream_id: str) -> dict[str, Any]:
        return self._object(self._beta.dreams.with_raw_response.retrieve, dream_id)

    def create_dream(
        self, store_id: str, session_ids: Sequence[str], *, model: str, instructions: str
    ) -> dict[str, Any]:
        return self._object(
            self._beta.dreams.with_raw_response.create,
            inputs=[
                {"type": "memory_store", "memory_store_id": store_id},
                {"type": "sessions", "session_ids": list(session_ids)},
            ],
            model=model,
            instructions=instructions or omit,
            output_behavior={"type": "create_new"},
        )

    def cancel_dream(self, dream_id: str) -> None:
        self._object(self._beta.dreams.with_raw_response.cancel, dream_id)

    def archive_dream(self, dream_id: str) -> None:
        self._object(self._beta.dreams.with_raw_response.archive, dream_id)

    def _page(
        self, listing: Callable[..., Any], page: str, *ids: str, limit: int = ROWS, **query: Any
    ) -> Page:
        with self._translated():
            answer = listing(*ids, limit=limit, page=page or omit, **query)
        return _read(answer.http_response.content)

    def _object(self, asking: Callable[..., Any], *ids: str, **said: Any) -> dict[str, Any]:
        """One object, as it is now. Raises Clash where an expectation does not hold."""
        with self._translated():
            try:
                answer = asking(*ids, **said)
            except anthropic.ConflictError as error:
                raise Clash(f"It answered 409: {self._told(error.body)}.") from error
        return _value(answer.http_response.content)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """What the client complains of, in our words."""
        try:
            yield
        except anthropic.APIStatusError as error:
            raise self._refusal(error) from error
        except anthropic.APITimeoutError as error:
            raise Away(f"No answer within {SECONDS_TO_ANSWER:.0f} seconds.") from error
        except anthropic.APIConnectionError as error:
            raise Away(f"No connection: {self._told(error.__cause__ or error)}.") from error

    def _refusal(self, error: anthropic.APIStatusError) -> Exception:
        status, said = error.status_code, self._told(error.body)
        if status == 429:
            return Busy(waiting.told(error.response.headers))
        if status in _AWAY or status >= 500:
            return Away(f"It answered {status}: {said}.")
        if status == 403:
            return KeyRefused(f"This key may not read that: {said}. Enter one that may.")
        if status == 404:
            return Gone(f"There is no {error.request.url.path} there: {said}.")
        if status < 400:
            return Refused(
                f"It answered {status}, which leads elsewhere. A key is sent to the base URL alone:"
                " link the address that it leads to."
            )
        return KeyRefused() if status == 401 else Refused(f"It answered {status}: {said}.")

    def _told(self, said: object) -> str:
        """What the other side says of it, in one line, and without the key if it repeats it."""
        inner = said.get("error") if isinstance(said, dict) else None
        text = inner.get("message") if isinstance(inner, dict) else said
        line = " ".join(payloads.storable(str(text or "nothing more")).split())
        return line.replace(self._key, "…")[:LONGEST_SAYING].rstrip(".")


def _value(body: bytes) -> dict[str, Any]:
    try:
        value = payloads.load(body)
    except ValueError:
        raise Unreadable from None
    if not isinstance(value, dict):
        raise Unreadable
    return value


def _read(body: bytes) -> Page:
    value = _value(body)
    rows = value.get("data")
    if not isinstance(rows, list):
        raise Unreadable
    following = value.get("next_page")
    return Page(
        [row for row in rows if isinstance(row, dict)],
        following if rows and isinstance(following, str) else "",
    )
