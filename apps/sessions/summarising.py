"""What happened, in plain words and numbers, derived from the events alone.

The database counts and gives the few texts that are quoted; how they are told is pure. Every
statement names the event that it rests on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Left
from django.utils import timezone

from apps.core.templatetags.ui import duration
from apps.sessions.models import Event, Session, Status
from apps.sessions.models.event import EventQuerySet, Kind
from apps.sessions.trace.entries import RESULTS, USES
from apps.sessions.trace.lanes import Lane, Lanes
from apps.sessions.trace.verdicts import Verdict, verdicts
from apps.sessions.trace.words import first_line, memory_act

LONGEST_QUOTE = 1_600
MOST_ERRORS_READ = 500
MOST_TOOLS = 12
MOST_TROUBLES = 20
MOST_PATHS = 12
_MOST_TOUCHES = 400
_FILE_TOOL = r"^(read|write|edit|multiedit|create|view|str_replace|insert|notebookedit)"


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


def tell(session: Session, lanes: Lanes) -> Story:
    """Read what the story needs: a fixed number of questions, however long the session."""
    events = Event.objects.filter(session=session)
    counts = _counts(events)
    tools = _tools(events)
    touches = list(_touches(events))
    found = _troubles(events, {tally.name: tally.last_success for tally in tools})
    team = workers(lanes.all)
    story = Story(
        opening=opening(session),
        asked=_quote(events.filter(type="user.message").order_by("sequence"), counts.asked),
        staffing=staffing(team, len(lanes.all), counts),
        workers=team,
        doing=doing(counts, tools, alone=len(lanes.all) == 1),
        tools=tools[:MOST_TOOLS],
        other_tools=max(0, len(tools) - MOST_TOOLS),
        memories=[touch for kind, touch in touches if kind == Kind.MEMORY][:MOST_PATHS],
        files=[touch for kind, touch in touches if kind != Kind.MEMORY][:MOST_PATHS],
        failing=failing(found, session.error_count),
        troubles=found[:MOST_TROUBLES],
        verdicts=verdicts(session.outcome_evaluations),
        came_out=_quote(
            events.filter(type="agent.message", thread_id=lanes.all[0].pk).order_by("-sequence")
        ),
        by_cost=sorted(team, key=lambda worker: -worker.cost),
    )
    _name_events(events, story)
    return story


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


# ---- what the sentences rest on -----------------------------------------------------------------


def _counts(events: EventQuerySet) -> Counts:
    types = {
        "asked": "user.message",
        "messages": "agent.message",
        "requests": "span.model_request_end",
        "delegations": "agent.thread_message_sent",
    }
    counted = {name: Count("pk", filter=Q(type=each)) for name, each in types.items()}
    return Counts(**events.aggregate(**counted))


def _tools(events: EventQuerySet) -> list[ToolTally]:
    used, answered = Q(type__in=USES), Q(type__in=RESULTS)
    rows = (
        events.filter(kind__in=(Kind.TOOL, Kind.MEMORY))
        .exclude(tool_name="")
        .values_list("tool_name")
        .annotate(
            uses=Count("pk", filter=used),
            failures=Count("pk", filter=answered & Q(is_error=True)),
            event=Min("sequence", filter=used),
            last_success=Max("sequence", filter=answered & Q(is_error=False)),
        )
        .order_by("-uses", "tool_name")
    )
    return [
        ToolTally(name, uses, failures, event or 0, last or 0)
        for name, uses, failures, event, last in rows
    ]


def _touches(events: EventQuerySet) -> Iterable[tuple[int, Touch]]:
    named = Q(kind=Kind.MEMORY) | Q(tool_name__iregex=_FILE_TOOL)
    rows = (
        events.filter(named, type__in=USES)
        .values_list("kind", "tool_name", Left("text", 300))
        .annotate(first=Min("sequence"), times=Count("pk"))
        .order_by("first")[:_MOST_TOUCHES]
    )
    merged: dict[tuple[int, str, str], Touch] = {}
    for kind, tool, text, first, times in rows:
        verb, path = memory_act(tool, text if kind == Kind.MEMORY else path_in(text))
        known = merged.get((kind, verb, path))
        before, event = (known.times, known.event) if known else (0, first)
        merged[kind, verb, path] = Touch(verb, path, before + times, event)
    return [(kind, touch) for (kind, _verb, _path), touch in merged.items()]


def path_in(text: str) -> str:
    """The path that a file tool's input names first."""
    line = next((line for line in text.splitlines() if "path" in line.partition(":")[0]), "")
    return (line.partition(":")[2] or text.partition("\n")[0]).strip()


def _troubles(events: EventQuerySet, successes: dict[str, int]) -> list[Trouble]:
    rows = (
        events.filter(is_error=True)
        .order_by("sequence")
        .values_list("sequence", "tool_name", Left("text", 400))[:MOST_ERRORS_READ]
    )
    return troubles(rows, successes)


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


_VARYING = re.compile(
    r"\"[^\"]*\"|'[^']*'|`[^`]*`|(?:/[\w.@-]+)+/?|\b[\w-]*\d[\w.:-]*\b", re.UNICODE
)


def mask(text: str) -> str:
    """The text without what differs between two failures of one kind: names, paths, numbers."""
    return _VARYING.sub("…", text).lower()


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


def _quote(events: EventQuerySet, count: int = 0) -> Quote | None:
    row = events.values_list("sequence", Left("text", LONGEST_QUOTE + 1)).first()
    if row is None:
        return None
    sequence, text = row
    return Quote(text[:LONGEST_QUOTE], sequence, len(text) > LONGEST_QUOTE, max(0, count - 1))


def _name_events(events: EventQuerySet, story: Story) -> None:
    """Every statement links to its event, whose id is looked up for all of them at once."""
    quotes = [quote for quote in (story.asked, story.came_out) if quote]
    told: list[Quote | ToolTally | Touch | Trouble] = [
        *quotes,
        *story.tools,
        *story.memories,
        *story.files,
        *story.troubles,
    ]
    wanted = {each.event for each in told} | {each.recovered_at for each in story.troubles}
    ids = dict(events.filter(sequence__in=wanted).values_list("sequence", "public_id"))
    for each in told:
        each.id = ids.get(each.event, "")
    for trouble in story.troubles:
        trouble.recovered_id = ids.get(trouble.recovered_at, "")
