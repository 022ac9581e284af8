"""Several streams of records as one, in the order of time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from heapq import heapify, heappop, heapreplace

from apps.sessions.records import EventRecord, Record, SessionRecord

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


def in_time(streams: Iterable[Iterator[Record]]) -> Iterator[Record]:
    """Merge streams by when their events happened; each keeps its own order, the first leads."""
    waiting = [
        (_time_of(record, _BEFORE_ALL), order, record, stream)
        for order, stream in enumerate(streams)
        if (record := next(stream, None))
    ]
    heapify(waiting)
    while waiting:
        at, order, record, stream = waiting[0]
        yield record
        following = next(stream, None)
        if following:
            heapreplace(waiting, (_time_of(following, at), order, following, stream))
        else:
            heappop(waiting)


def _time_of(record: Record, before: datetime) -> datetime:
    """Never before what came before it in its own stream."""
    if isinstance(record, EventRecord):
        return max(record.occurred_at or before, before)
    if isinstance(record, SessionRecord):
        return max(record.created_at or before, before)
    return before


def introduce(records: Iterator[Record], others: list[Record]) -> Iterator[Record]:
    """Yield other records right after the session that they belong to."""
    for record in records:
        yield record
        if isinstance(record, SessionRecord):
            yield from others
            others = []
