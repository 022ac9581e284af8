"""Generated sessions: text of real words, about 1.2 kB an event."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from apps.sessions.records import EventRecord, Record, SessionRecord, ThreadRecord
from tests import make

WORDS = (
    "agent tool result error session thread memory report draft clause build log cache retry file"
    " path line test review policy customer refund flight fare payment amount total method card"
    " reservation search update delete create model request token cost hour minute second because"
    " although however therefore before after during within without between across against under"
).split()


def text(chance: random.Random, words: int) -> str:
    return " ".join(
        chance.choices(WORDS, k=words - 6) + [f"{chance.random():.9f}" for _ in "abcdef"]
    )


def events(key: str, size: int, *, threads: int = 1) -> Iterator[EventRecord]:
    """`size` events (a multiple of 5), spread over the threads of a session."""
    chance = random.Random(key)
    for turn in range(size // 5):
        lane = turn % threads
        where = {"key": key, "thread": f"sthr_{key}_{lane}" if lane else ""}
        at = turn * 5.0
        yield make.event("agent.message", text(chance, 160), after=at, **where)
        yield from make.call(
            "bash",
            {"command": text(chance, 30)},
            text(chance, 220),
            after=at + 1,
            is_error=chance.random() < 0.03,
            **where,
        )
        yield from make.request(after=at + 3, tokens=(400, 90, 12_000, 300), **where)


def session(key: str, size: int, *, threads: int = 1) -> Iterator[Record]:
    yield SessionRecord(
        key=key,
        source="native",
        agent={"name": "benchmark"},
        title=f"Session of {size} events",
        created_at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
    )
    for lane in range(1, threads):
        yield ThreadRecord(key, f"sthr_{key}_{lane}", {"name": f"worker {lane}"}, parent="primary")
    yield from events(key, size, threads=threads)
