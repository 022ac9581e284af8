"""What happened, told from counts: sentences, and the lists that they rest on. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from apps.core.templatetags.ui import duration
from apps.sessions.models import Session, Status
from apps.sessions.trace.lanes import Lane
from apps.sessions.trace.verdicts import Verdict
from apps.sessions.trace.words import first_line

MOST_ERRORS_READ = 500


@dataclass(slots=True)
class Quote:
    """Words of the session, and the event they are from."""

    text: str
    event: int
    is_cut: bool = False
    others: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """Threads of one agent."""

    name: str
    threads: int
    events: int
    thread: str
    cost: Decimal = Decimal(0)


@dataclass(slots=True)
class ToolTally:
    """How often one tool was used and failed."""

    name: str
    uses: int
    failures: int
    event: int
    last_success: int
    id: str = ""


@dataclass(slots=True)
class Touch:
    """A file or memory, and what was done to it."""

    verb: str
    path: str
    times: int
    event: int
    id: str = ""


@dataclass(slots=True)
class Trouble:
    """Failures that say the same."""

    tool: str
    text: str
    event: int
    last: int
    times: int = 1
    recovered_at: int = 0
    id: str = ""
    recovered_id: str = ""

    @property
    def outcome(self) -> str:
        """How it went on."""
        if self.recovered_at:
            return f"{self.tool} worked again later."
        if self.tool:
            return f"{self.tool} did not work again after that."
        return ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often what happened."""

    asked: int
    messages: int
    requests: int
    delegations: int


@dataclass(frozen=True, slots=True)
class Story:
    """The page: sentences, and the lists that they rest on."""

    opening: str
    asked: Quote | None
    waiting: str
    staffing: str
    workers: list[Worker]
    doing: str
    tools: list[ToolTally]
    other_tools: int
    memories: list[Touch]
    files: list[Touch]
    failing: str
    troubles: list[Trouble]
    verdicts: list[Verdict]
    came_out: Quote | None
    by_cost: list[Worker]


# ---- sentences ----------------------------------------------------------------------------------


def opening(session: Session) -> str:
    """When it was, how long, and where it stands."""
    ending = {
        Status.RUNNING: "It is still running.",
        Status.RESCHEDULING: "It waits to be tried again.",
        Status.TERMINATED: "It was terminated and cannot go on.",
    }.get(Status(session.status), "")
    if not session.timed:
        return f"{_many(session.event_count, 'event')}, recorded without a clock. {ending}".strip()
    started = timezone.localtime(session.first_event_at or session.created_at)
    when = f"Started {started.day} {started:%b %Y at %H:%M}"
    whole = session.duration_seconds or 0
    if whole < 1:
        return f"{when}. {ending}".strip()
    spent = f" and took {duration(whole)}"
    waited = whole - session.active_seconds
    if session.active_seconds and waited >= 1:
        spent += f": {duration(session.active_seconds)} of work, {duration(waited)} of waiting"
    return f"{when}{spent}. {ending}".strip()


def staffing(team: list[Worker], threads: int, counts: Counts) -> str:
    """Who worked, in how many threads, and how work was handed on."""
    first = team[0].name
    if threads == 1:
        return f"One agent, {first}, worked alone."
    agents = f"{len(team)} agents" if len(team) > 1 else f"One agent, {first},"
    handed = f" They sent each other {_many(counts.delegations, 'message')}."
    return f"{agents} worked in {threads} threads, led by {first}." + (
        handed if counts.delegations else ""
    )


def waiting(session: Session, agent: str, counts: Counts, tools: list[ToolTally]) -> str:
    """What there is to say as long as the agent has done nothing, and nothing happened to it."""
    if counts.messages or counts.requests or tools or session.error_count:
        return ""
    if counts.asked or session.outcome_evaluations:
        return f"{agent} was asked, and has not answered yet."
    return f"Nothing has been asked of {agent} yet."


def doing(counts: Counts, tools: list[ToolTally], *, alone: bool = True) -> str:
    """How much was said, asked of models, and done with tools."""
    uses, failures = sum(t.uses for t in tools), sum(t.failures for t in tools)
    did = [f"wrote {_many(counts.messages, 'message')}"]
    if counts.requests:
        did.append(f"asked a model {_times(counts.requests)}")
    if uses:
        which = f"{len(tools)} tools" if len(tools) > 1 else "one tool"
        did.append(f"used {which} {_times(uses)}" + (f", {failures:,} in vain" if failures else ""))
    listed = ", ".join(did[:-1]) + f" and {did[-1]}" if len(did) > 1 else did[0]
    return f"The {'agent' if alone else 'agents'} {listed}."


def failing(found: list[Trouble], errors: int) -> str:
    """How many failures of how many kinds, and how many of these were overcome."""
    if not found:
        return ""
    overcome = sum(bool(trouble.recovered_at) for trouble in found)
    said = f"{_many(errors, 'failure')} of {_many(len(found), 'kind')}"
    if errors > MOST_ERRORS_READ:
        return f"{errors:,} failures. The first {MOST_ERRORS_READ} are told here."
    if not overcome:
        return f"{said}."
    if overcome == len(found):
        return f"{said}. " + ("It was overcome." if overcome == 1 else "All were overcome.")
    return (
        f"{said}. {_many(overcome, 'kind')} of {len(found)} overcome: the same tool worked later."
    )


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _times(number: int) -> str:
    return "once" if number == 1 else "twice" if number == 2 else f"{number:,} times"


# ---- lists --------------------------------------------------------------------------------------


def path_in(text: str) -> str:
    """The path that a file tool's input names first."""
    line = next((line for line in text.splitlines() if "path" in line.partition(":")[0]), "")
    return (line.partition(":")[2] or text.partition("\n")[0]).strip()


def troubles(errors: Iterable[tuple[int, str, str]], successes: dict[str, int]) -> list[Trouble]:
    """Group failures that differ only in names and numbers; say whether the tool worked later."""
    found: dict[tuple[str, str], Trouble] = {}
    for sequence, tool, text in errors:
        line = first_line(text, 240) or "It failed without saying why."
        key = (tool, mask(line))
        if key in found:
            found[key].times += 1
            found[key].last = sequence
        else:
            found[key] = Trouble(tool, line, sequence, sequence)
    for trouble in found.values():
        later = successes.get(trouble.tool, 0)
        trouble.recovered_at = later if later > trouble.last else 0
    return sorted(found.values(), key=lambda trouble: (-trouble.times, trouble.event))


def workers(lanes: Iterable[Lane]) -> list[Worker]:
    """The agents that took part, first come first."""
    found: dict[str, Worker] = {}
    for lane in lanes:
        known = found.get(lane.agent)
        found[lane.agent] = Worker(
            lane.agent or "agent",
            (known.threads if known else 0) + 1,
            (known.events if known else 0) + lane.events,
            known.thread if known else lane.id,
            (known.cost if known else Decimal(0)) + lane.cost,
        )
    return list(found.values())


_VARYING = re.compile(
    r"\"[^\"]*\"|'[^']*'|`[^`]*`|(?:/[\w.@-]+)+/?|\b[\w-]*\d[\w.:-]*\b", re.UNICODE
)


def mask(text: str) -> str:
    """The text without what differs between two failures of one kind: names, paths, numbers."""
    return _VARYING.sub("…", text).lower()
