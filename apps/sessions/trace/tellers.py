"""What each type of event says in the list."""

from collections.abc import Callable
from dataclasses import replace
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
    Entry,
    took,
)
from apps.sessions.trace.lanes import Lane
from apps.sessions.trace.rows import Row, Telling
from apps.sessions.trace.words import GRADES, STOPS, first_line, memory_act, one_line


def tell(entry: Entry, telling: Telling) -> Row | None:
    """Say one event as a row, or nothing where another row says it."""
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
