"""What a scenario's tables are made of: scripts of turns, turns of scenes.

A scene is anything that moves a lane forward. The small ones that every scenario needs are here.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from apps.demo.cast import Agent
from apps.demo.lane import Call, Lane
from apps.demo.stage import Opening, Stage

Scene = Callable[[Lane], None]
Ending = Literal["idle", "running", "rescheduling", "terminated"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the work must reach, and how often it may try."""

    description: str
    rubric: str
    limit: int = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """A person writes, the agents work, the agent answers."""

    ask: str
    scenes: tuple[Scene, ...]
    answer: str = ""
    """The last message of the turn; empty where a scene has said it."""
    after: float = 0
    """Minutes since the turn before."""
    next_day: float = 0
    """The hour of the next working day at which it is asked instead."""
    attachments: tuple[tuple[str, int], ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A session as it is written."""

    key: str
    title: str
    user: str
    agent: Agent
    age: int
    hour: float
    turns: tuple[Turn, ...]
    facts: dict[str, str] = field(default_factory=dict)
    team: str = ""
    nightly: bool = False
    ends: Ending = "idle"


def play(script: Script, anchor: datetime) -> Stage:
    """Play a script to its end and return the stage with everything that happened on it."""
    who = {"user": script.user, "team": script.team, "scenario": script.key.split("-")[0]}
    stage = Stage(
        Opening(
            key=script.key,
            title=script.title,
            agent=script.agent,
            age=script.age,
            hour=script.hour,
            metadata=who,
            facts=script.facts,
            nightly=script.nightly,
        ),
        anchor,
    )
    for number, turn in enumerate(script.turns, start=1):
        _play(turn, stage, ends=script.ends if number == len(script.turns) else "idle")
    return stage


def _play(turn: Turn, stage: Stage, *, ends: Ending) -> None:
    lane = stage.primary
    if turn.next_day:
        stage.sleep(turn.next_day)
    elif turn.after:
        stage.pause(turn.after)
    stage.user(turn.ask, turn.attachments)
    if turn.outcome:
        stage.define_outcome(turn.outcome.description, turn.outcome.rubric, turn.outcome.limit)
    stage.wake()
    for scene in turn.scenes:
        scene(lane)
    if turn.answer:
        lane.say(turn.answer)
    _CURTAIN[ends](stage)


def _breaks_off(stage: Stage) -> None:
    stage.primary.overloaded(2)
    stage.primary.emit("session.status_rescheduled")
    stage.status = "rescheduling"


def _dies(stage: Stage) -> None:
    stage.primary.trouble(
        "unknown_error", "The sandbox was lost and could not be restored.", "terminal"
    )
    stage.primary.emit("session.status_terminated")
    stage.status = "terminated"


def _goes_on(stage: Stage) -> None:
    """The curtain stays up, in the middle of a request; a coordinator waits for its threads."""
    if not any(lane.status == "running" for lane in stage.lanes.values()):
        stage.primary.emit("span.model_request_start")


_CURTAIN: dict[Ending, Callable[[Stage], None]] = {
    "idle": lambda stage: stage.rest(),
    "running": _goes_on,
    "rescheduling": _breaks_off,
    "terminated": _dies,
}

# ---- scenes for everyone -----------------------------------------------------------------------


def say(text: str) -> Scene:
    return lambda lane: lane.say(text)


def do(*calls: Call, say: str = "") -> Scene:
    """Tool calls written out by hand, all at once; inputs and results may vary, too."""

    def scene(lane: Lane) -> None:
        lane.calls([varied(lane, call) for call in calls], say=say)

    return scene


def varied(lane: Lane, call: Call) -> Call:
    """The same call with every choice drawn."""
    drawn = {
        key: lane.vary(value) if isinstance(value, str) else value
        for key, value in call.input.items()
    }
    return Call(call.tool, drawn, lane.vary(call.result), call.is_error, call.seconds)


def grade(result: str, explanation: str) -> Scene:
    return lambda lane: lane.stage.grade(result, explanation)


def overloaded(times: int = 1) -> Scene:
    return lambda lane: lane.overloaded(times)


def refused(call: Call, why: str) -> Scene:
    return lambda lane: lane.refused(varied(lane, call), why)


def interrupted(call: Call, correction: str, *, say: str = "", after: float = 1.5) -> Scene:
    """A person stops the work and says what is wrong; the work goes on from there."""

    def scene(lane: Lane) -> None:
        lane.interrupted(varied(lane, call), say)
        lane.stage.rest()
        lane.stage.pause(after)
        lane.stage.user(correction)
        lane.stage.wake()

    return scene


@dataclass(frozen=True, slots=True)
class Job:
    """What one thread is asked, does, and reports. The same name later is the same thread."""

    name: str
    agent: Agent
    ask: str
    scenes: tuple[Scene, ...]
    report: str


def team(*jobs: Job, say: str = "", notes: tuple[str, ...] = ()) -> Scene:
    """Delegate all jobs at once, let them run side by side, receive the reports."""

    def scene(lane: Lane) -> None:
        stage = lane.stage
        lanes = [stage.lane(job.name, job.agent) for job in jobs]
        asks = [lane.vary(job.ask) for job in jobs]
        lane.delegate(list(zip(lanes, asks, strict=True)), say)
        for child, job in zip(lanes, jobs, strict=True):
            for part in job.scenes:
                part(child)
            child.report(child.vary(job.report))
        lane.collect(notes)

    return scene


def hand_out(*jobs: Job, say: str = "") -> Scene:
    """Delegate, and leave while the threads are still at it."""

    def scene(lane: Lane) -> None:
        lanes = [lane.stage.lane(job.name, job.agent) for job in jobs]
        asks = [lane.vary(job.ask) for job in jobs]
        lane.delegate(list(zip(lanes, asks, strict=True)), say)
        for child, job in zip(lanes, jobs, strict=True):
            for part in job.scenes:
                part(child)

    return scene
