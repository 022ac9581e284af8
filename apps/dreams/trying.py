"""What a dream would do, without doing it: which sessions, how many are new, how long, how much."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Avg, Exists, F, OuterRef, Sum

from apps.accounts.models import Workspace
from apps.dreams import choosing, connecting, engines, grouping, keeping
from apps.dreams.choosing import Choice
from apps.dreams.claude import estimating
from apps.dreams.claude.engine import ClaudeEngine
from apps.dreams.claude.estimating import Estimate
from apps.dreams.costing import cost_of, is_free
from apps.dreams.engines import Engine
from apps.dreams.models import Dream, Reading
from apps.dreams.models.reading import ReadingQuerySet
from apps.dreams.starting import MOST_SESSIONS
from apps.engine.pricing import Usage
from apps.memory.models import MemoryStore
from apps.sessions.models import Session, SessionQuerySet

MOST_COUNTED = 1_000
MOST_NAMED = 12
MOST_PATTERNS = 12
MOST_TRIED = 300
"""Sessions whose observations are brought together for a look ahead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Sessions by filter, or by name; what reads them, for which store."""

    choice: Choice
    session_ids: Sequence[str] = ()
    store_id: str = ""
    model: str = engines.LOCAL
    is_batched: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """How many sessions there are, counted up to a limit, and how many of them would be read."""

    found: int
    taken: int
    known: int
    """Of those that would be taken: read before by the same engine, and unchanged since."""

    @property
    def new(self) -> int:
        return self.taken - self.known

    @property
    def is_capped(self) -> bool:
        return self.found > MOST_COUNTED

    @property
    def dreams(self) -> int:
        """One reads a hundred sessions; more read the rest for it."""
        return -(-self.taken // MOST_SESSIONS)


@dataclass(frozen=True, slots=True)
class Trial:
    """A dream that is not dreamt."""

    matching: Matching
    newest: Sequence[Session]
    events: int
    """To be read, of the sessions that are new."""
    estimate: Estimate | None
    """What it would cost; None where nobody can tell."""
    seconds: int | None
    patterns: Sequence[str]
    """Titles of what recurs in what was read before already; None is tried for other engines."""
    is_free: bool
    engine: str
    """What would read them."""


def matching(workspace: Workspace, asked: Asked) -> Matching:
    rows = sessions(workspace, asked)
    found = rows.order_by()[: MOST_COUNTED + 1].count()
    taken = _taken(rows, asked)
    readings = _readings(workspace, asked.model)
    known = Session.objects.filter(pk__in=taken).filter(Exists(readings)).count()
    return Matching(found, min(found, asked.choice.most or found), known)


def sessions(workspace: Workspace, asked: Asked) -> SessionQuerySet:
    """All that match, in no order."""
    if asked.session_ids:
        return Session.objects.visible_in(workspace).filter(public_id__in=asked.session_ids)
    return choosing.sessions(workspace, asked.choice, asked.store_id)


def public_ids(workspace: Workspace, asked: Asked) -> list[str]:
    """Those that a dream would be given."""
    if asked.session_ids:
        return list(asked.session_ids)
    return choosing.public_ids(workspace, asked.choice, asked.store_id)


def trial(workspace: Workspace, asked: Asked) -> Trial:
    """Everything that can be said beforehand; nothing is written."""
    rows = sessions(workspace, asked)
    taken = _taken(rows, asked)
    engine = engines.speaking_for(asked.model, workspace)
    unread = _unread(workspace, asked, taken)
    newest = rows.for_list().order_by("-created_at", "-pk")[:MOST_NAMED]
    counted = matching(workspace, asked)
    return Trial(
        matching=counted,
        newest=list(newest),
        events=_events(unread),
        estimate=_estimate(workspace, asked, unread, len(taken)),
        seconds=_seconds(workspace, engine, counted.taken),
        patterns=_patterns(workspace, engine, taken) if is_free(engine) else (),
        is_free=is_free(engine),
        engine=engine,
    )


def estimate(workspace: Workspace, asked: Asked, *, is_read: bool = False) -> Estimate | None:
    """What it would cost alone; None where nobody can tell. `is_read`: another reads all of it."""
    taken = _taken(sessions(workspace, asked), asked)
    unread = Session.objects.none() if is_read else _unread(workspace, asked, taken)
    return _estimate(workspace, asked, unread, len(taken))


def _unread(workspace: Workspace, asked: Asked, taken: Sequence[int]) -> SessionQuerySet:
    chosen = Session.objects.filter(pk__in=taken)
    return chosen.exclude(Exists(_readings(workspace, asked.model)))


def _taken(rows: SessionQuerySet, asked: Asked) -> list[int]:
    most = asked.choice.most or MOST_COUNTED
    return list(rows.order_by("-created_at", "-pk").values_list("pk", flat=True)[:most])


def _readings(workspace: Workspace, model: str) -> ReadingQuerySet:
    """Of the session outside: as this engine read it, and as it still is."""
    engine = engines.named(engines.speaking_for(model, workspace))
    readings = Reading.objects.of(engine.name, engine.version).current()
    return readings.filter(session=OuterRef("pk"))


def _events(rows: SessionQuerySet) -> int:
    counted: int = rows.aggregate(events=Sum("event_count", default=0))["events"]
    return counted


def _estimate(
    workspace: Workspace, asked: Asked, unread: SessionQuerySet, taken: int
) -> Estimate | None:
    """By the texts themselves where the engine can tell from these, else by what it took so far."""
    engine = engines.named(engines.speaking_for(asked.model, workspace))
    if is_free(engine.name):
        return Estimate(cost=Decimal(0))
    if isinstance(engine, ClaudeEngine):
        return estimating.estimate(
            engine.name,
            unread,
            sessions=taken,
            store_size=_store_size(workspace, asked.store_id),
            is_batched=asked.is_batched,
        )
    return _by_history(workspace, engine, asked.model, _events(unread))


def _store_size(workspace: Workspace, store_id: str) -> int:
    stores = MemoryStore.objects.visible_in(workspace).filter(pk=store_id)
    return stores.values_list("size_bytes", flat=True).first() or 0


def _by_history(workspace: Workspace, engine: Engine, model: str, events: int) -> Estimate | None:
    """By what this engine took for an event so far; None where it never read anything here."""
    readings = Reading.objects.of(engine.name, engine.version).filter(session__workspace=workspace)
    spent = readings.aggregate(
        events=Sum("last_sequence"),
        input=Sum("input_tokens"),
        output=Sum("output_tokens"),
        cache_read=Sum("cache_read_tokens"),
        cache_write=Sum("cache_write_tokens"),
    )
    if not spent["events"]:
        return None
    names = ("input", "output", "cache_read", "cache_write")
    usage = Usage(*(int(spent[name] * events / spent["events"]) for name in names))
    return Estimate(usage.prompt, usage.output, cost_of(model, usage))


def _seconds(workspace: Workspace, engine: str, sessions: int) -> int | None:
    """By the engine's last dreams here; None where there is none."""
    ended = Dream.objects.visible_in(workspace).filter(
        engine=engine, status=Dream.Status.COMPLETED, gathers_for=None
    )
    last = ended.order_by("-created_at", "-pk").values("pk")[:5]
    took = Dream.objects.filter(pk__in=last).aggregate(
        took=Avg(F("ended_at") - F("created_at")), read=Avg("session_ids__len")
    )
    if not took["took"] or not took["read"]:
        return None
    each: timedelta = took["took"] / float(took["read"])
    return max(1, round(each.total_seconds() * sessions))


def _patterns(workspace: Workspace, name: str, taken: Sequence[int]) -> list[str]:
    engine = engines.named(name)
    chosen = Session.objects.filter(pk__in=taken[:MOST_TRIED])
    ids = list(chosen.values_list("public_id", flat=True))
    seen = grouping.sightings(keeping.readings_of(workspace.pk, engine, ids))
    found = connecting.recurring(seen, least_sessions=settings.DREAM_MIN_SESSIONS)
    return [each.title for each in found[:MOST_PATTERNS]]
