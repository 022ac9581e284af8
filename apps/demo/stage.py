"""The stage that a session is played on: threads with clocks of their own, in the wire's order.

A scene moves a `Lane` forward (`say`, `call`, `delegate`, `report` …); the `Stage` keeps ids,
usage and the session's status, and hands everything over as records, merged by time. It decides
nothing by today's date: only `occurred_at` and dates named in texts move with the anchor.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from random import Random
from typing import Any

from apps.core.ids import derived_id
from apps.demo.calendar import night, stamp, workday
from apps.demo.cast import Agent
from apps.demo.lane import Lane
from apps.demo.words import vary
from apps.sessions.records import EventRecord, Record, SessionRecord, ThreadRecord

SOURCE = "demo"
ENVIRONMENT = derived_id("env", "demo", "sandbox")


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of a session before the curtain rises."""

    key: str
    title: str
    agent: Agent
    age: int
    """Working days before the anchor; for a nightly run, days."""
    hour: float
    metadata: dict[str, str]
    facts: dict[str, str] = field(default_factory=dict)
    nightly: bool = False


class Stage:
    """One session being played."""

    def __init__(self, opening: Opening, anchor: datetime) -> None:
        self.opening, self.anchor, self.age = opening, anchor, opening.age
        self.rng = Random(f"agentsite demo {opening.key}")  # noqa: S311 -- a play, not a secret
        day = (night if opening.nightly else workday)(anchor, opening.age)
        self.start = day + timedelta(hours=opening.hour, seconds=self.rng.uniform(0, 900))
        self.facts = {"today": f"{day:%-d %B %Y}", "date": f"{day:%Y-%m-%d}", **opening.facts}
        self.session_id = derived_id("sesn", SOURCE, opening.key)
        self.events: list[EventRecord] = []
        self.status = "idle"
        self.usage = dict.fromkeys(
            (
                "input_tokens",
                "output_tokens",
                "cache_read_input_tokens",
                "cache_creation_input_tokens",
            ),
            0,
        )
        self.active = 0.0
        self._woken = self.start
        self._outcome = ("", 0)
        self.lanes: dict[str, Lane] = {}
        self.primary = Lane(self, self.thread_id("primary"), opening.agent, self.start)
        self.lanes["primary"] = self.primary

    # ---- what lanes ask of the stage --------------------------------------------------------

    def thread_id(self, name: str) -> str:
        return derived_id("sthr", SOURCE, self.opening.key, name)

    def vary(self, text: str, **facts: str) -> str:
        return vary(self.rng, text, self.facts | facts)

    def day(self, back: int, form: str = "%Y-%m-%d") -> str:
        """The date so many days before this session began."""
        return (self.start - timedelta(days=back)).strftime(form)

    def emit(self, lane: Lane, type_: str, fields: dict[str, Any]) -> str:
        """Note an event at the lane's clock and return its id."""
        number = str(len(self.events) + 1)
        public_id = derived_id("sevt", SOURCE, self.opening.key, number)
        self.events.append(
            EventRecord(
                session=self.opening.key,
                type=type_,
                public_id=public_id,
                payload={
                    "id": public_id,
                    "type": type_,
                    **fields,
                    "processed_at": stamp(lane.at),
                },
                occurred_at=lane.at,
                thread="" if lane is self.primary else lane.thread_id,
            )
        )
        lane.wait(self.rng.uniform(0.002, 0.03))
        return public_id

    def spent(self, usage: dict[str, int]) -> None:
        for key, count in usage.items():
            self.usage[key] += count

    # ---- the session as a whole ------------------------------------------------------------

    def user(self, text: str, attachments: tuple[tuple[str, int], ...] = ()) -> None:
        """A person writes; an attachment is a file's name and how many tokens it weighs."""
        text = self.vary(text)
        files = [
            {
                "type": "document",
                "source": {"type": "file", "file_id": derived_id("file", SOURCE, name)},
                "title": name,
            }
            for name, _ in attachments
        ]
        self.primary.emit("user.message", content=[{"type": "text", "text": text}, *files])
        self.primary.hear(text)
        self.primary.burden(sum(weight for _, weight in attachments))

    def wake(self) -> None:
        self.status = "running"
        self._woken = self.primary.at
        self.primary.emit("session.status_running")

    def rest(self, stop: str = "end_turn", *waiting: str) -> None:
        """The session falls idle; with `requires_action`, until these tool uses are decided."""
        self.primary.pause_for_breath()
        self.active += (self.primary.at - self._woken).total_seconds()
        self.primary.emit("session.usage", usage=self._usage())
        reason: dict[str, Any] = {"type": stop} | ({"event_ids": [*waiting]} if waiting else {})
        self.primary.emit("session.status_idle", stop_reason=reason)
        self.status = "idle"

    def _usage(self) -> dict[str, Any]:
        return {
            "input_tokens": self.usage["input_tokens"],
            "output_tokens": self.usage["output_tokens"],
            "cache_read_input_tokens": self.usage["cache_read_input_tokens"],
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.usage["cache_creation_input_tokens"],
                "ephemeral_1h_input_tokens": 0,
            },
            "active_seconds": round(self.active, 1),
        }

    def pause(self, minutes: float) -> None:
        """Nobody writes for about so long."""
        self.primary.wait(60 * minutes * self.rng.uniform(0.8, 1.25))

    def sleep(self, hour: float) -> None:
        """The next working day, about this hour."""
        self.age -= 1
        if self.age < 1:
            raise ValueError(f"{self.opening.key} reaches into the future")
        later = workday(self.anchor, self.age) + timedelta(hours=hour)
        self.primary.at = later + timedelta(seconds=self.rng.uniform(0, 2400))

    def lane(self, name: str, agent: Agent) -> Lane:
        """The thread of this name, made if it is new."""
        if name not in self.lanes:
            child = Lane(self, self.thread_id(name), agent, self.primary.at, parent=self.primary)
            self.primary.emit(
                "session.thread_created",
                agent_name=agent.name,
                session_thread_id=child.thread_id,
            )
            self.lanes[name] = child
        return self.lanes[name]

    def define_outcome(self, description: str, rubric: str, limit: int) -> None:
        outcome = derived_id("outc", SOURCE, self.opening.key, description)
        self._outcome = (outcome, 0)
        self.primary.emit(
            "user.define_outcome",
            outcome_id=outcome,
            description=description,
            rubric={"type": "text", "content": rubric},
            max_iterations=limit,
        )
        self.primary.hear(description + rubric)

    def grade(self, result: str, explanation: str) -> None:
        """The grader reads the work in a context of its own and says what it thinks."""
        self.primary.pause_for_breath()
        outcome, iteration = self._outcome
        self._outcome = (outcome, iteration + 1)
        about = {"outcome_id": outcome, "iteration": iteration}
        begun = self.primary.emit("span.outcome_evaluation_start", **about)
        for _ in range(self.rng.randint(1, 3)):
            self.primary.wait(self.rng.uniform(11, 16))
            self.primary.emit("span.outcome_evaluation_ongoing", **about)
        self.primary.wait(self.rng.uniform(3, 10))
        usage = {
            "input_tokens": self.rng.randint(5_200, 15_800),
            "output_tokens": self.rng.randint(640, 1_900),
            "cache_read_input_tokens": 0,
            "cache_creation_input_tokens": 0,
        }
        self.spent(usage)
        explanation = self.vary(explanation)
        self.primary.emit(
            "span.outcome_evaluation_end",
            outcome_evaluation_start_id=begun,
            **about,
            result=result,
            explanation=explanation,
            usage=usage,
        )
        self.primary.hear(explanation)

    # ---- handing over ----------------------------------------------------------------------

    def records(self) -> Iterator[Record]:
        opening = self.opening
        yield SessionRecord(
            key=opening.key,
            source=SOURCE,
            agent=opening.agent.snapshot(),
            title=opening.title,
            created_at=self.start,
            metadata=opening.metadata,
            public_id=self.session_id,
            environment_id=ENVIRONMENT,
            status=self.status,
        )
        for lane in self.lanes.values():
            yield ThreadRecord(
                session=opening.key,
                public_id=lane.thread_id,
                agent=lane.agent.shape(),
                parent="" if lane is self.primary else self.primary.thread_id,
                created_at=lane.born,
                status=self.status if lane is self.primary else lane.status,
            )
        yield from sorted(self.events, key=attrgetter("occurred_at"))
