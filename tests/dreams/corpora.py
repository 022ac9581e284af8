"""Sessions as transcripts without a database, and small ones for tests to make up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from apps.dreams.connecting import connect
from apps.dreams.findings import Pattern, Seen, Transcript, Turn
from apps.dreams.local.observing import observe
from apps.sessions.promoting import promote
from apps.sessions.reading import Reading, Source
from apps.sessions.records import EventRecord, Record, SessionRecord, ThreadRecord
from tests.demo.reading import made

AIRLINE = Path(__file__).parents[3] / "shared/data/tau-bench/airline-trials-0-2.json"
START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FAILED, WORKED = True, False


@cache
def demo() -> tuple[Transcript, ...]:
    return tuple(_transcripts(made()))


@cache
def airline() -> tuple[Transcript, ...]:
    return tuple(_transcripts(Reading([Source(AIRLINE, AIRLINE.name)])))


def seen_in(transcripts: Iterable[Transcript]) -> Iterator[Seen]:
    for each in transcripts:
        for observation in observe(each):
            yield Seen(each.session_id, each.agent, each.user, each.succeeded, each.at, observation)


def patterns_of(transcripts: Iterable[Transcript]) -> list[Pattern]:
    return connect(seen_in(transcripts))


def _transcripts(records: Iterable[Record]) -> Iterator[Transcript]:
    sessions: dict[str, SessionRecord] = {}
    threads: dict[str, list[str]] = defaultdict(list)
    events: dict[str, list[EventRecord]] = defaultdict(list)
    for record in records:
        if isinstance(record, SessionRecord):
            sessions[record.key] = record
        elif isinstance(record, ThreadRecord):
            threads[record.session].append(record.public_id)
        elif isinstance(record, EventRecord):
            events[record.session].append(record)
    for key, session in sessions.items():
        places = {public_id: place for place, public_id in enumerate(threads[key])}
        turns = tuple(_turns(events[key], places))
        verdicts = [turn.verdict for turn in turns if turn.verdict]
        yield Transcript(
            session_id=key,
            agent=str(session.agent.get("name")),
            turns=turns,
            user=session.metadata.get("user", ""),
            succeeded=verdicts[-1] == "satisfied" if verdicts else None,
            at=session.created_at,
        )


def _turns(events: list[EventRecord], threads: dict[str, int]) -> Iterator[Turn]:
    sequences: dict[str, int] = {}
    for sequence, event in enumerate(events, 1):
        promoted = promote(event.type, event.payload)
        sequences[event.public_id] = sequence
        is_grade = event.type == "span.outcome_evaluation_end"
        yield Turn(
            event_id=event.public_id,
            sequence=sequence,
            type=event.type,
            text=promoted.text,
            tool=promoted.tool_name,
            input=event.payload.get("input") if promoted.tool_name else None,
            is_error=promoted.is_error,
            closes=sequences.get(promoted.closes_id),
            thread=threads.get(event.thread, 0),
            at=event.occurred_at,
            verdict=event.payload["result"] if is_grade else "",
        )


class Session:
    """A session that a test writes down, one turn after the other."""

    def __init__(self, key: str, *, agent: str = "clerk", succeeded: bool | None = None) -> None:
        self._key = key
        self._agent = agent
        self._succeeded = succeeded
        self._turns: list[Turn] = []

    def user(self, text: str) -> "Session":
        return self._add("user.message", text)

    def agent(self, text: str) -> "Session":
        return self._add("agent.message", text)

    def call(self, tool: str, result: str, *, failed: bool = WORKED, **given: Any) -> "Session":
        use = promote("agent.tool_use", {"name": tool, "input": given})
        self._add("agent.tool_use", use.text, tool=tool, input=given)
        return self._add("agent.tool_result", result, closes=len(self._turns), is_error=failed)

    def grade(self, explanation: str, verdict: str) -> "Session":
        self._add("span.outcome_evaluation_start", "")
        kind = "span.outcome_evaluation_end"
        return self._add(kind, explanation, closes=len(self._turns), verdict=verdict)

    def done(self) -> Transcript:
        at = START + timedelta(days=sum(map(ord, self._key)) % 20)
        return Transcript(
            self._key, self._agent, tuple(self._turns), succeeded=self._succeeded, at=at
        )

    def _add(self, kind: str, text: str, **fields: Any) -> "Session":
        number = len(self._turns) + 1
        event_id = f"sevt_{self._key}_{number}"
        self._turns.append(Turn(event_id, number, kind, text, **fields))
        return self
