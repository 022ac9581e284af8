"""Batches of messages: taken now, answered when they end, told in no order."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.standin.asked import Rejected, invalid
from tests.standin.faults import Json

_CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_MOST = 100_000


@dataclass(slots=True)
class Batch:
    id: str
    requests: list[Json]
    ends: float
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended_at: datetime | None = None
    canceled_at: datetime | None = None
    results: list[Json] = field(default_factory=list)

    def wire(self, url: str) -> Json:
        """As a client sees it; results may be read at an address of `url`."""
        kinds = [each["result"]["type"] for each in self.results]
        counts = {
            each: kinds.count(each) for each in ("succeeded", "errored", "canceled", "expired")
        }
        status = "ended" if self.ended_at else "canceling" if self.canceled_at else "in_progress"
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": status,
            "request_counts": counts | {"processing": len(self.requests) - len(kinds)},
            "created_at": self.created_at.isoformat(),
            "expires_at": (self.created_at + timedelta(days=1)).isoformat(),
            "ended_at": self.ended_at and self.ended_at.isoformat(),
            "cancel_initiated_at": self.canceled_at and self.canceled_at.isoformat(),
            "archived_at": None,
            "results_url": f"{url}/v1/messages/batches/{self.id}/results"
            if self.ended_at
            else None,
        }


class Batches:
    """All batches; `answer` says the result of one request when its batch ends."""

    def __init__(self, answer: Callable[[Json], Json]) -> None:
        self.seconds = 0.0
        """How long those take that come from now on; `float("inf")`: until `end`."""
        self._answer = answer
        self._all: dict[str, Batch] = {}
        self._lock = threading.RLock()

    def create(self, body: Json) -> Batch:
        requests = body.get("requests")
        if not isinstance(requests, list) or not 1 <= len(requests) <= _MOST:
            raise invalid(f"requests: from 1 to {_MOST} of them")
        names = [each.get("custom_id") for each in requests]
        if any(not isinstance(each, str) or not _CUSTOM_ID.fullmatch(each) for each in names):
            raise invalid(
                "requests: custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'"
            )
        if len(set(names)) < len(names):
            raise invalid("requests: custom_id: must be unique within a batch")
        with self._lock:
            public_id = f"msgbatch_standin{len(self._all) + 1:08}"
            self._all[public_id] = Batch(public_id, requests, time.monotonic() + self.seconds)
            return self._all[public_id]

    def get(self, public_id: str) -> Batch:
        """As it is now: its time may have come, or somebody waits for it to be canceled."""
        with self._lock:
            if public_id not in self._all:
                raise Rejected(404, "not_found_error", f"No message batch {public_id}")
            batch = self._all[public_id]
            if time.monotonic() >= batch.ends or batch.canceled_at:
                self._end(batch)
            return batch

    def page(self, query: dict[str, str]) -> list[Batch]:
        """All, newest first, after or before the one that is named."""
        with self._lock:
            newest_first = list(self._all)[::-1]
            start, end = 0, len(newest_first)
            if after := query.get("after_id"):
                start = newest_first.index(after) + 1
            if before := query.get("before_id"):
                end = newest_first.index(before)
            return [self.get(each) for each in newest_first[start:end]]

    def cancel(self, public_id: str) -> Batch:
        """Nothing of it that was not answered will be; it has ended when it is next looked at."""
        with self._lock:
            batch = self.get(public_id)
            if batch.ended_at is None:
                batch.canceled_at = datetime.now(UTC)
            return batch

    def results(self, public_id: str) -> list[Json]:
        batch = self.get(public_id)
        if batch.ended_at is None:
            raise invalid(f"Batch {public_id} has not ended: it has no results yet")
        return batch.results[::-1]

    def delete(self, public_id: str) -> Json:
        with self._lock:
            if self.get(public_id).ended_at is None:
                raise invalid(f"Batch {public_id} has not ended: cancel it first")
            del self._all[public_id]
        return {"id": public_id, "type": "message_batch_deleted"}

    def end(self) -> None:
        """The time of all that run has come."""
        with self._lock:
            for batch in self._all.values():
                self._end(batch)

    def _end(self, batch: Batch) -> None:
        if batch.ended_at is not None:
            return
        batch.ended_at = datetime.now(UTC)
        for each in batch.requests:
            result: Any = (
                {"type": "canceled"} if batch.canceled_at else self._answer(each["params"])
            )
            batch.results.append({"custom_id": each["custom_id"], "result": result})
