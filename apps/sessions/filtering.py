"""From the list's filters to the sessions that pass them.

Filters on columns become conditions that an index answers in the order of the list. What events
say is looked up in one of two ways. Words that few events say: in their index, all of them. Words
that are everywhere: event by event from the newest, until MOST_FOUND say them, since reading them
all would take longer the more there are. Left to itself the planner confuses the two, because it
thinks that parsing a text costs next to nothing.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.sessions.models import Event, Session
from apps.sessions.models.event import EventQuerySet
from apps.sessions.models.session import SessionQuerySet

MOST_FOUND = 1_000
# Microseconds to parse an event's text, over those to fetch one that the index has found.
_PARSING_OVER_FETCHING = 25
# More than there ever are: a subquery with a limit is carried out on its own, index first.
_ALL = 1_000_000_000
_SPANS = {
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
_CONDITIONS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "status": lambda value: {"status": value},
    "agent": lambda agent: {"agent": agent},
    "source": lambda value: {"source": value},
    "outcome": lambda value: {"outcome_result": value},
    "within": lambda span: {"created_at__gte": timezone.now() - _SPANS[span]},
    "created_from": lambda day: {"created_at__gte": _midnight(day)},
    "created_to": lambda day: {"created_at__lt": _midnight(day + timedelta(days=1))},
    "errors_only": lambda _yes: {"error_count__gt": 0},
    "tool": lambda name: {"tool_names__contains": [name]},
}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Sessions that pass, and whether older ones may have been missed."""

    sessions: SessionQuerySet
    is_cut: bool = False


def narrow(sessions: SessionQuerySet, chosen: Mapping[str, Any]) -> Narrowed:
    """Keep the sessions that pass every filter chosen."""
    for name, condition in _CONDITIONS.items():
        if name in chosen:
            sessions = sessions.filter(**condition(chosen[name]))
    found = Narrowed(sessions)
    if "error" in chosen:
        found = _keep(found, Event.objects.failing_with(chosen["error"]))
    if "q" in chosen:
        named = found.sessions.newest_named(chosen["q"])
        found = _keep(found, Event.objects.saying(chosen["q"]), named)
    return found


def _keep(
    found: Narrowed, events: EventQuerySet, also: QuerySet[Session] | None = None
) -> Narrowed:
    """Keep the sessions of these events, and `also` these ones."""
    if _are_everywhere(events):
        return _keep_newest(found, events, also)
    said = events.values("session_id")[:_ALL]
    wanted = said if also is None else said.union(also.values("pk"))
    return Narrowed(found.sessions.filter(pk__in=wanted), found.is_cut)


def _keep_newest(
    found: Narrowed, events: EventQuerySet, also: QuerySet[Session] | None
) -> Narrowed:
    inside = events.filter(session__in=found.sessions).order_by("-pk")
    of_events = list(inside.values_list("session_id", flat=True)[: MOST_FOUND + 1])
    wanted = set(of_events[:MOST_FOUND])
    if also is not None:
        wanted.update(also.values_list("pk", flat=True))
    return Narrowed(
        found.sessions.filter(pk__in=wanted), found.is_cut or len(of_events) > MOST_FOUND
    )


def _are_everywhere(events: EventQuerySet) -> bool:
    """Whether finding the newest of them one by one is faster than fetching them all."""
    of_all = _estimate(Event.objects.all())
    return _estimate(events) > math.sqrt(_PARSING_OVER_FETCHING * MOST_FOUND * max(of_all, 1))


def _estimate(events: EventQuerySet) -> int:
    """How many the planner expects, from its statistics: nothing is counted."""
    plan = json.loads(events.order_by().values("pk").explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
