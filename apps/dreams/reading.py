"""Sessions from the database as transcripts: streamed, three queries for so many at a time.

Only what a reader of the conversation needs: neither model requests nor changes of status.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Cast

from apps.core import payloads
from apps.dreams.findings import Fault, Transcript, Turn
from apps.outcomes import shortfalls
from apps.sessions.models import Event, Session, SessionQuerySet

SESSIONS_AT_A_TIME = 50
_GRADE = "span.outcome_evaluation_end"
_ANSWER = "agent.message"
_USES = ("agent.tool_use", "agent.mcp_tool_use", "agent.custom_tool_use")
READ = (
    *_USES,
    "user.message",
    "user.tool_confirmation",
    "user.interrupt",
    "user.define_outcome",
    "user.tool_result",
    "user.custom_tool_result",
    "agent.message",
    "agent.tool_result",
    "agent.mcp_tool_result",
    _GRADE,
)
_WITH_PAYLOAD = (*_USES, _GRADE)
_UNJUDGED = ("pending", "evaluating", "interrupted")
_PEOPLE = ("user", "user_id", "customer", "customer_id", "author")
_COLUMNS = (
    "session_id", "public_id", "sequence", "type", "text", "tool_name", "is_error", "closes",
    "position", "occurred_at", "verbatim",
)  # fmt: skip


def transcripts(
    sessions: SessionQuerySet, *, at_a_time: int = SESSIONS_AT_A_TIME
) -> Iterator[Transcript]:
    """These sessions, oldest first. The caller has limited them to a workspace."""
    after = 0
    told = sessions.select_related("agent").only(
        "public_id", "agent__name", "metadata", "outcome_result", "created_at", "timed"
    )
    is_last = False
    while not is_last and (batch := list(told.filter(pk__gt=after).order_by("pk")[:at_a_time])):
        after, is_last = batch[-1].pk, len(batch) < at_a_time
        yield from _with_turns(batch)


def transcripts_of(sessions: list[Session]) -> list[Transcript]:
    """These, together. Their agents must be loaded."""
    return list(_with_turns(sessions))


def _with_turns(batch: list[Session]) -> Iterator[Transcript]:
    rows = (
        Event.objects.filter(session__in=batch, type__in=READ)
        .annotate(position=F("thread__position"), verbatim=_verbatim())
        .order_by("session_id", "sequence")
        .values_list(*_COLUMNS)
    )
    of_session = {
        session: tuple(_turn(row) for row in events)
        for session, events in groupby(rows, key=lambda row: row[0])
    }
    fell_short = shortfalls.of([session.pk for session in batch])
    for session in batch:
        turns = of_session.pop(session.pk, ())
        yield _transcript(session, _with_faults(turns, fell_short.get(session.pk, ())))


def _with_faults(
    turns: tuple[Turn, ...], fell_short: Sequence[shortfalls.Shortfall]
) -> tuple[Turn, ...]:
    """Each at the last message of the agent that has the words: graded work is an answer."""
    faults: dict[int, list[Fault]] = defaultdict(list)
    for each in fell_short:
        for at in range(len(turns) - 1, -1, -1):
            if turns[at].type == _ANSWER and (start := turns[at].text.find(each.quote)) >= 0:
                end = start + len(each.quote)
                faults[at].append(Fault(each.criterion, each.reason, start, end))
                break
    if not faults:
        return turns
    return tuple(
        replace(turn, faults=tuple(faults[at])) if at in faults else turn
        for at, turn in enumerate(turns)
    )


def _verbatim() -> Case:
    """The payload as text where something of it is needed; elsewhere it stays where it is."""
    whole = When(type__in=_WITH_PAYLOAD, then=Cast("payload", models.TextField()))
    return Case(whole, default=Value(""), output_field=models.TextField())


def _turn(row: tuple[Any, ...]) -> Turn:
    _, event_id, sequence, kind, text, tool, is_error, closes, thread, at, verbatim = row
    payload = payloads.load(verbatim) if verbatim else {}
    given = payloads.storable_all(payload.get("input"))
    return Turn(
        event_id=event_id,
        sequence=sequence,
        type=kind,
        text=text,
        tool=tool,
        input=given if isinstance(given, dict) else None,
        is_error=is_error,
        closes=closes,
        thread=thread,
        at=at,
        verdict=str(payload.get("result") or "") if kind == _GRADE else "",
    )


def _transcript(session: Session, turns: tuple[Turn, ...]) -> Transcript:
    return Transcript(
        session_id=session.public_id,
        agent=session.agent.name,
        turns=turns,
        user=next((str(session.metadata[key]) for key in _PEOPLE if session.metadata.get(key)), ""),
        succeeded=_succeeded(session),
        at=session.created_at,
    )


def _succeeded(session: Session) -> bool | None:
    """The last verdict, or a reward that came with the session; else nobody judged it."""
    if session.outcome_result in _UNJUDGED:
        return None
    if session.outcome_result:
        return session.outcome_result == "satisfied"
    try:
        return float(session.metadata["reward"]) >= 1
    except (KeyError, TypeError, ValueError):
        return None
