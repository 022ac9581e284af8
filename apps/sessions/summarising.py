"""What happened, in plain words and numbers, derived from the events alone.

The database counts and gives the few texts that are quoted; how they are told is pure. Every
statement names the event that it rests on.
"""

from collections.abc import Iterable

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Left

from apps.sessions.models import Event, Session
from apps.sessions.models.event import EventQuerySet, Kind
from apps.sessions.trace.entries import RESULTS, USES
from apps.sessions.trace.lanes import Lanes
from apps.sessions.trace.story import (
    MOST_ERRORS_READ,
    Counts,
    Quote,
    Story,
    ToolTally,
    Touch,
    Trouble,
    doing,
    failing,
    opening,
    path_in,
    staffing,
    troubles,
    waiting,
    workers,
)
from apps.sessions.trace.verdicts import verdicts
from apps.sessions.trace.words import memory_act

LONGEST_QUOTE = 1_600
MOST_TOOLS = 12
MOST_TROUBLES = 20
MOST_PATHS = 12
_MOST_TOUCHES = 400
_FILE_TOOL = r"^(read|write|edit|multiedit|create|view|str_replace|insert|notebookedit)"


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
        waiting=waiting(session, team[0].name, counts, tools),
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


def _troubles(events: EventQuerySet, successes: dict[str, int]) -> list[Trouble]:
    rows = (
        events.filter(is_error=True)
        .order_by("sequence")
        .values_list("sequence", "tool_name", Left("text", 400))[:MOST_ERRORS_READ]
    )
    return troubles(rows, successes)


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
