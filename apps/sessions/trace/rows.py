"""Rows of the list: the conversation as it is told, and the gaps in it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from apps.core.templatetags.ui import duration, money, tokens
from apps.sessions.models.event import CONFIRMATION, Kind
from apps.sessions.trace.entries import (
    ICONS,
    RECEIVED,
    RESULTS,
    SENT,
    TONES,
    USES,
    Companions,
    Entry,
    took,
)
from apps.sessions.trace.lanes import Lane, Lanes
from apps.sessions.trace.words import GRADES, STOPS, first_line, memory_act, one_line

IDLE = timedelta(seconds=30)
MOST_NAMES = 4
MOST_PARTS = 6
NEARBY = 12
"""Events between two messages of one request that went to different threads."""
_CLAMPED = 420
"""Characters that six lines surely hold; the page measures what is shorter."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that a row tells together."""

    id: str
    sequence: int
    icon: str
    tone: str
    name: str
    text: str
    figures: str = ""
    failed: bool = False
    covers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. Everything in it is text; what it looks like is said by `tone`."""

    id: str
    sequence: int
    at: datetime
    tone: str
    icon: str
    who: str
    type: str = ""
    lane: Lane | None = None
    verb: str = ""
    code: str = ""
    names: tuple[str, ...] = ()
    text: str = ""
    quoted: bool = False
    quiet: str = ""
    figures: str = ""
    thin: bool = False
    failed: bool = False
    goes_on: bool = False
    parts: tuple[Part, ...] = ()
    covers: tuple[int, ...] = ()
    """The sequences of every event that this row tells."""
    offset: float | None = None
    ends: datetime | None = None
    idle: timedelta | None = None
    """How long nothing happened before it, if that is worth a line."""
    waited_for: str = ""

    @property
    def parts_left(self) -> int:
        """How many parts wait to be opened."""
        return max(0, len(self.parts) - MOST_PARTS) if len(self.parts) > MOST_PARTS + 1 else 0

    @property
    def points_at(self) -> float | None:
        """Where the playhead stands: at a failure's end, where its triangle is."""
        if self.offset is None or not (self.failed and self.ends):
            return self.offset
        return self.offset + (self.ends - self.at).total_seconds()

    @property
    def leads_with_code(self) -> bool:
        """Whether the tool's name stands before the verb."""
        return self.verb in ("failed.", "answered")

    @property
    def is_long(self) -> bool:
        """Whether there is surely more to open."""
        return self.goes_on or len(self.text) > _CLAMPED or self.text.count("\n") > 5


@dataclass(frozen=True, slots=True)
class Telling:
    """What a row needs to know beside its event."""

    lanes: Lanes
    companions: Companions
    began: datetime | None = None
    """The session's first event; None without a clock."""
    in_lane: bool = False
    matches: bool = False
    """Whether events were found by their text: then each is told where it stands."""
    _memo: dict[int, Lane | None] = field(default_factory=dict)

    def lane(self, pk: int | None) -> Lane | None:
        if pk is None:
            return None
        if pk not in self._memo:
            self._memo[pk] = self.lanes.get(pk)
        return self._memo[pk]

    def label(self, pk: int | None) -> str:
        lane = self.lane(pk)
        return lane.label if lane else "a thread"


def transcript(entries: Iterable[Entry], telling: Telling) -> list[Row]:
    """Tell these events as a conversation: uses with their results, starts with their ends."""
    told = [row for entry in entries if (row := _row(entry, telling))]
    return [_placed(row, telling) for row in _together(told, telling)]


def with_gaps(
    rows: Iterable[Row], busy_until: datetime | None = None, shortest: timedelta = IDLE
) -> Iterator[Row]:
    """Say before each row how long nothing had happened."""
    for row in rows:
        idle = row.at - busy_until if busy_until else None
        ends = row.ends or row.at
        busy_until = max(busy_until or ends, ends)
        if idle is not None and idle > shortest:
            waited_for = "the user" if row.tone == "user" else ""
            yield replace(row, idle=idle, waited_for=waited_for)
        else:
            yield row


def _placed(row: Row, telling: Telling) -> Row:
    if telling.began is None:
        return row
    return replace(row, offset=(row.at - telling.began).total_seconds())


def _row(entry: Entry, telling: Telling) -> Row | None:
    start = telling.companions.start_of(entry) if entry.is_end else None
    if telling.matches and start is not None and start.type in USES:
        return _found_result(start, entry, telling)
    if start is not None and start.type in _TELLERS:
        return _TELLERS[start.type](start, entry, telling)
    teller = _TELLERS.get(entry.type, _other)
    return teller(entry, telling.companions.end_of(entry), telling)


def _base(entry: Entry, end: Entry | None, telling: Telling, **fields: object) -> Row:
    tone = TONES.get(Kind(entry.kind), "quiet")
    row = Row(
        id=entry.id,
        sequence=entry.sequence,
        at=entry.at,
        tone=tone,
        icon=ICONS.get(Kind(entry.kind), "info"),
        who=telling.label(entry.thread),
        type=entry.type,
        lane=telling.lane(entry.thread),
        covers=(entry.sequence, end.sequence) if end else (entry.sequence,),
        ends=end.at if end else entry.at,
    )
    return replace(row, **fields)  # type: ignore[arg-type]


def _message(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
    who = {"user.message": "user", "system.message": "system"}.get(entry.type)
    fields = {"who": who} if who else {}
    return _base(entry, None, telling, text=entry.text, goes_on=entry.goes_on, **fields)


def _thinking(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
    return _base(
        entry,
        None,
        telling,
        tone="quiet",
        verb="Thinks" if not entry.text else "Thinks:",
        text=entry.text,
        goes_on=entry.goes_on,
        thin=True,
    )


def _call(use: Entry, result: Entry | None, telling: Telling) -> Row:
    figures = _outcome(use, result, telling)
    failed = result is not None and result.is_error
    both = _base(use, result, telling, figures=figures, failed=failed)
    if failed and result is not None:
        return replace(
            both,
            tone="error",
            icon="error",
            code=use.tool,
            verb="failed.",
            text=first_line(result.text),
            goes_on=False,
        )
    if use.kind == Kind.MEMORY:
        verb, path = memory_act(use.tool, use.excerpt)
        return replace(both, verb=verb, code=path, thin=True)
    return replace(both, code=use.tool, quiet=one_line(use.text))


def _outcome(use: Entry, result: Entry | None, telling: Telling) -> str:
    """How it ended and how long it took; waiting to be allowed is no part of that."""
    if result is None:
        return "no result"
    said = "failed" if result.is_error else "ok"
    span = took(telling.companions.confirmation_of(use) or use, result)
    return f"{said} · {duration(span)}" if span else said


def _found_result(use: Entry, result: Entry, telling: Telling) -> Row:
    """A result in which something was found stands at its own place."""
    row = _base(result, None, telling, code=use.tool, figures=_outcome(use, result, telling))
    text = " ".join(result.text.split())
    return replace(row, verb="answered", text=text, failed=result.is_error)


def _lone_result(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
    failed = {"tone": "error", "icon": "error", "failed": True} if entry.is_error else {}
    verb = "failed." if entry.is_error else "answered"
    text = first_line(entry.text) if entry.is_error else entry.text
    return _base(entry, None, telling, code=entry.tool or "a tool", verb=verb, text=text, **failed)


def _request(start: Entry, end: Entry | None, telling: Telling) -> Row:
    told = end or start
    failed = told.is_error
    fields = {"tone": "error", "failed": True} if failed else {}
    return _base(
        start,
        end,
        telling,
        verb="Model request failed" if failed else "Model request",
        quiet=told.model or start.model or _model_of(telling.lane(start.thread)),
        figures=spent(told) if end or start.usage else "no answer",
        thin=True,
        **fields,
    )


def _model_of(lane: Lane | None) -> str:
    return lane.model if lane else ""


def spent(entry: Entry) -> str:
    """A request's tokens and what they cost."""
    usage = entry.usage
    if usage is None:
        return ""
    figures = [f"{tokens(usage.prompt)} in"]
    if usage.cache_read:
        figures.append(f"{tokens(usage.cache_read)} cached")
    figures.append(f"{tokens(usage.output)} out")
    if entry.cost is not None:
        figures.append(money(entry.cost))
    return " · ".join(figures)


def _sent(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
    source, target = telling.lane(entry.thread), telling.lane(entry.peer)
    reports = bool(source and target and source.parent == target.pk)
    return _base(
        entry,
        None,
        telling,
        icon="report" if reports else "thread",
        verb="Reports to" if reports else "Delegates to",
        names=(telling.label(entry.peer),),
        text=entry.text,
        quoted=True,
        goes_on=entry.goes_on,
        figures="" if reports or target is None else f"thread {target.position + 1}",
    )


def _received(entry: Entry, _end: Entry | None, telling: Telling) -> Row | None:
    if not telling.in_lane and not telling.matches and telling.companions.has_sent(entry):
        return None
    return _base(
        entry,
        None,
        telling,
        icon="thread",
        verb="Hears from",
        names=(telling.label(entry.peer),),
        text=entry.text,
        quoted=True,
        goes_on=entry.goes_on,
    )


def _grading(start: Entry, end: Entry | None, telling: Telling) -> Row:
    told = end or start
    payload = told.payload
    iteration = payload.get("iteration")
    number = f" {iteration + 1}" if isinstance(iteration, int) else ""
    result = str(payload.get("result") or "")
    span = took(start, end)
    return _base(
        start,
        end,
        telling,
        who="grader",
        verb=f"Iteration{number}:" if number else "Grading:",
        names=(GRADES.get(result, result or "no verdict"),),
        text=told.text,
        goes_on=told.goes_on,
        figures=duration(span) if span else "",
    )


def _outcome_defined(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
    return _base(entry, None, telling, who="user", verb="Asks to be judged by:", text=entry.text)


def _session_error(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
    error = entry.payload.get("error")
    error = error if isinstance(error, dict) else {}
    name = str(error.get("type") or "").removesuffix("_error").replace("_", " ")
    retry = error.get("retry_status")
    status = str(retry.get("type") or "") if isinstance(retry, dict) else ""
    return _base(
        entry,
        None,
        telling,
        tone="error",
        icon="error",
        names=(f"{name.capitalize()}." if name else "Session error.",),
        text=entry.text,
        failed=True,
        figures={"retrying": "tries again", "exhausted": "gave up", "terminal": "final"}.get(
            status, ""
        ),
    )


def _stopped(entry: Entry, _end: Entry | None, telling: Telling) -> Row | None:
    reason = entry.payload.get("stop_reason")
    reason = reason if isinstance(reason, dict) else {}
    said = STOPS.get(str(reason.get("type") or "end_turn"))
    if said is None:
        return None
    count = len(reason.get("event_ids") or ())
    figures = f"{count} waiting" if count > 1 else ""
    return _base(entry, None, telling, who="session", verb=said, figures=figures)


def _confirmation(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
    allowed = entry.payload.get("result") != "deny"
    waited = took(telling.companions.start_of(entry), entry)
    return _base(
        entry,
        None,
        telling,
        tone="user",
        icon="check" if allowed else "cross",
        who="user",
        verb="Allows" if allowed else "Denies",
        code=entry.tool or "a tool",
        text=entry.text,
        figures=f"after {duration(waited)}" if waited else "",
    )


def _plainly(verb: str, icon: str, who: str = "") -> "Teller":
    def tell(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
        fields = {"who": who} if who else {}
        return _base(entry, None, telling, verb=verb, icon=icon, text=entry.text, **fields)

    return tell


def _other(entry: Entry, _end: Entry | None, telling: Telling) -> Row:
    words = entry.type.replace(".", " ").replace("_", " ").capitalize()
    return _base(entry, None, telling, verb=words, text=entry.text, goes_on=entry.goes_on)


Teller: TypeAlias = Callable[[Entry, Entry | None, Telling], Row | None]

_TELLERS: dict[str, Teller] = {
    "user.message": _message,
    "system.message": _message,
    "agent.message": _message,
    "agent.thinking": _thinking,
    "user.interrupt": _plainly("Interrupts", "stop", "user"),
    "user.define_outcome": _outcome_defined,
    CONFIRMATION: _confirmation,
    SENT: _sent,
    RECEIVED: _received,
    "agent.thread_context_compacted": _plainly("Context compacted", "merge"),
    "span.model_request_start": _request,
    "span.model_request_end": _request,
    "span.outcome_evaluation_start": _grading,
    "span.outcome_evaluation_end": _grading,
    "session.error": _session_error,
    "session.status_idle": _stopped,
    "session.status_rescheduled": _plainly("Waits to be tried again", "clock", "session"),
    "session.status_terminated": _plainly("Terminated", "stop", "session"),
    **dict.fromkeys(USES, _call),
    **dict.fromkeys(RESULTS, _lone_result),
}


# ---- what is told together ----------------------------------------------------------------------


def _together(rows: list[Row], telling: Telling) -> Iterator[Row]:
    """Join calls that ran at once, and messages that one request sent to several threads."""
    groups: list[list[Row]] = []
    latest: dict[int | None, list[Row]] = {}
    for row in rows:
        lane = row.lane.pk if row.lane else None
        group = latest.get(lane)
        if group is not None and not telling.matches and _belongs(group, row):
            group.append(row)
        else:
            latest[lane] = [row]
            groups.append(latest[lane])
    for group in groups:
        yield _joined(group) if len(group) > 1 else group[0]


def _belongs(group: list[Row], row: Row) -> bool:
    first, last = group[0], group[-1]
    if first.type == SENT == row.type:
        at_once = row.sequence - last.sequence <= NEARBY and row.at - last.at < IDLE
        return at_once and row.icon == first.icon == "thread"
    if first.type not in USES or row.type not in USES or "memory" in (first.tone, row.tone):
        return False
    answered = (max(each.covers) for each in group if len(each.covers) > 1)
    return row.sequence < min(answered, default=row.sequence + 1)


def _joined(group: list[Row]) -> Row:
    first = group[0]
    joined = replace(
        first,
        covers=tuple(sequence for row in group for sequence in row.covers),
        ends=max(row.ends or row.at for row in group),
        text="",
        figures="",
        failed=False,
        goes_on=False,
    )
    if first.type == SENT:
        threads = tuple(dict.fromkeys(row.names[0] for row in group))
        names = threads if len(threads) <= MOST_NAMES else threads[: MOST_NAMES - 1]
        if len(names) < len(threads):
            names = (*names, f"{len(threads) - len(names)} others")
        parts = tuple(_part(row, "thread", row.names[0], row.text) for row in group)
        return replace(
            joined, names=names, quoted=False, figures=f"{len(threads)} threads", parts=parts
        )
    failures = sum(row.failed for row in group)
    return replace(
        joined,
        tone="tool",
        icon="tool",
        code="",
        verb=f"{len(group)} tool calls",
        quiet="in parallel" + (f", {failures} failed" if failures else ""),
        parts=tuple(_call_part(row) for row in group),
    )


def _call_part(row: Row) -> Part:
    icon = "cross" if row.failed else "check" if len(row.covers) > 1 else "busy"
    text = row.text if row.failed else row.quiet
    part = _part(row, icon, row.code, text)
    return replace(part, tone="bad" if row.failed else "good", failed=row.failed)


def _part(row: Row, icon: str, name: str, text: str) -> Part:
    return Part(
        id=row.id,
        sequence=row.sequence,
        icon=icon,
        tone=row.tone,
        name=name,
        text=one_line(text),
        figures=row.figures.removeprefix("ok · ") if row.type in USES else "",
        covers=row.covers,
    )
