"""Spans on their way into the record: what a request brings is kept in one transaction.

First all its traces are locked, in their order, then all the sessions that they belong to, in
theirs: two requests wait for each other, and never in a circle.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain
from operator import or_

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import derived_id
from apps.otlp.decoding import RawSpan
from apps.otlp.mapping.meaning import Kind, read
from apps.otlp.models import LaneMemory, Span, Trace
from apps.otlp.placing import PRIMARY, Arrival, State
from apps.otlp.sessions import SessionAtHand
from apps.otlp.telling import SOURCE
from apps.otlp.tracing import TraceAtHand
from apps.sessions import importing
from apps.sessions.models import Session, Thread

MOST_STEPS_UP = 50
MOST_SETTLED = 1_000


@transaction.atomic
def receive(spans: Iterable[RawSpan], *, workspace: Workspace) -> None:
    """Keep the spans. What is known already adds nothing."""
    given: dict[str, dict[str, RawSpan]] = defaultdict(dict)
    for span in spans:
        given[span.trace_id].setdefault(span.span_id, span)
    if given:
        _Intake(workspace).take(given)


def settle() -> int:
    """Place what has waited long enough for its parents; how many traces that were."""
    overdue = Trace.objects.overdue().values_list("pk", flat=True)[:MOST_SETTLED]
    return sum(_settle(pk) for pk in list(overdue))


@transaction.atomic
def _settle(trace_pk: int) -> bool:
    waiting = Trace.objects.overdue().select_for_update(skip_locked=True, of=("self",))
    trace = waiting.select_related("workspace").filter(pk=trace_pk).first()
    if trace is not None:
        _Intake(trace.workspace).settle(trace)
    return trace is not None


@transaction.atomic
def forget() -> int:
    """Delete traces without news; how many."""
    old = Trace.objects.forgettable().order_by("touched_at", "pk")[:MOST_SETTLED]
    found = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Span.objects.filter(trace__in=found).delete()
    Trace.objects.filter(pk__in=found).delete()
    return len(found)


@dataclass(slots=True)
class _Intake:
    """The spans of one request, or of one trace that has waited."""

    workspace: Workspace
    traces: dict[int, TraceAtHand] = field(default_factory=dict)
    """By the keys of their rows, in the order in which these are locked."""

    def take(self, given: dict[str, dict[str, RawSpan]]) -> None:
        """Place what can be placed, and let the rest wait."""
        self._lock(sorted(given))
        arrivals = {
            pk: {
                span.span_id: Arrival(span, read(span))
                for span in given[each.row.trace_id].values()
            }
            for pk, each in self.traces.items()
        }
        self._recall(
            {pk: _about(arrivals[pk]) for pk, each in self.traces.items() if not each.is_new}
        )
        for pk, each in self.traces.items():
            each.named(given[each.row.trace_id].values())
            for arrival in arrivals[pk].values():
                each.admit(arrival)
        self._finish(overdue=False)

    def settle(self, trace: Trace) -> None:
        """Place all that waits of this trace, whose row is locked."""
        self.traces = {trace.pk: TraceAtHand(trace, is_new=False)}
        self._recall({trace.pk: Q(state=State.WAITING)})
        self._finish(overdue=True)

    def _finish(self, *, overdue: bool) -> None:
        self._look_above()
        self._tell(overdue=overdue)
        self._keep()

    # ---- what is known --------------------------------------------------------------------------

    def _lock(self, trace_ids: list[str]) -> None:
        """Lock the rows of these traces until the transaction ends; make those that are new."""
        now = timezone.now()
        mine = Trace.objects.filter(workspace=self.workspace, trace_id__in=trace_ids)
        known = set(mine.values_list("trace_id", flat=True))
        new = [
            Trace(workspace=self.workspace, trace_id=each, touched_at=now)
            for each in trace_ids
            if each not in known
        ]
        if new:
            Trace.objects.bulk_create(new, ignore_conflicts=True)
        for row in mine.select_for_update().order_by("trace_id"):
            is_new = row.trace_id not in known and row.touched_at == now
            self.traces[row.pk] = TraceAtHand(row, is_new)

    def _recall(self, wanted: dict[int, Q]) -> None:
        if not wanted:
            return
        which = reduce(or_, (Q(trace=pk) & about for pk, about in wanted.items()))
        for row in Span.objects.filter(which):
            self.traces[row.trace_id].recall(row)

    def _look_above(self) -> None:
        """Load what stands between the spans at hand and the first that has a lane."""
        seen: set[tuple[int, str]] = set()
        for _ in range(MOST_STEPS_UP):
            missing = {pk: each.missing() for pk, each in self.traces.items()}
            steps = {(pk, span_id) for pk, ids in missing.items() for span_id in ids} - seen
            if not steps:
                return
            seen |= steps
            self._recall({pk: Q(span_id__in=ids) for pk, ids in missing.items() if ids})

    # ---- sessions -------------------------------------------------------------------------------

    def _tell(self, *, overdue: bool) -> None:
        in_time = sorted(self.traces.values(), key=lambda each: each.began)
        told = [each for each in in_time if each.arrivals]
        if not told:
            return
        sessions = self._sessions(sorted({each.key for each in told}))
        for trace in told:
            sessions[trace.key].take(trace, overdue=overdue)
        news = [each for each in sessions.values() if each.has_news]
        if news:
            records = chain.from_iterable(each.records() for each in news)
            importing.take(records, workspace=self.workspace)
            self._remember(news)
        for trace in told:
            trace.row.session_id = trace.row.session_id or sessions[trace.key].pk

    def _sessions(self, keys: list[str]) -> dict[str, SessionAtHand]:
        """The sessions with these keys, locked whether they are there yet or not."""
        with connection.cursor() as cursor:
            names = [f"{self.workspace.pk}/{key}" for key in keys]
            cursor.execute(_LOCK_NAMES, [names])
        named = {derived_id("sesn", SOURCE, key): key for key in keys}
        rows = Session.objects.filter(workspace=self.workspace, public_id__in=named)
        found = {named[row.public_id]: row for row in rows}
        kept = self._memories([row.pk for row in found.values()])
        return {
            key: SessionAtHand(key, self.workspace, row, kept[row.pk] if row else [])
            for key in keys
            for row in [found.get(key)]
        }

    def _memories(self, sessions: list[int]) -> dict[int, list[LaneMemory]]:
        """What the lanes remember that these traces may go on with."""
        kept: dict[int, list[LaneMemory]] = defaultdict(list)
        if sessions:
            lanes = {k.lane for each in self.traces.values() for k in each.known.values()}
            of = LaneMemory.objects.filter(
                Q(thread__public_id__in=lanes - {PRIMARY}) | Q(thread__position=0),
                thread__session__in=sessions,
            )
            for memory in of.select_related("thread__parent"):
                kept[memory.thread.session_id].append(memory)
        return kept

    def _remember(self, news: Sequence[SessionAtHand]) -> None:
        named = {each.public_id: each for each in news}
        rows = Session.objects.filter(workspace=self.workspace, public_id__in=named)
        by_pk = {row.pk: named[row.public_id] for row in rows.only("public_id")}
        lanes = {lane for each in news for lane in each.memories} - {PRIMARY}
        threads = Thread.objects.filter(
            Q(public_id__in=lanes) | Q(position=0), session__in=list(by_pk)
        )
        memories = []
        for thread in threads.only("public_id", "position", "agent_name", "session_id"):
            session = by_pk[thread.session_id]
            session.pk = thread.session_id
            memories.append(session.memory_of(thread))
            session.name_late(thread)
        LaneMemory.objects.bulk_create(
            memories,
            update_conflicts=True,
            unique_fields=["thread"],
            update_fields=["name", "memory"],
        )

    # ---- what is kept of the spans --------------------------------------------------------------

    def _keep(self) -> None:
        spans = [
            each.changed[span_id]
            for each in self.traces.values()
            for span_id in sorted(each.changed)
        ]
        if spans:
            Span.objects.bulk_create(
                spans,
                update_conflicts=True,
                unique_fields=["trace", "span_id"],
                update_fields=["parent_id", "state", "lane", "anchored", "is_request", "body"],
            )
        Trace.objects.bulk_create(
            [each.row for each in self.traces.values()],
            update_conflicts=True,
            unique_fields=["workspace", "trace_id"],
            update_fields=[
                "session",
                "conversation",
                "claimed",
                "passed_over",
                "waiting_since",
                "touched_at",
            ],
        )


_LOCK_NAMES = """
    SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
    FROM unnest(%s::text[]) WITH ORDINALITY AS names (name, place) ORDER BY place
"""


def _about(arrivals: dict[str, Arrival]) -> Q:
    """The spans that tell where these belong, and those that wait for them."""
    named = set(arrivals) | {each.span.parent_id for each in arrivals.values()} - {""}
    asked = [key for key, each in arrivals.items() if each.meaning.kind == Kind.MODEL]
    within = Q(is_request=True, parent_id__in=asked)
    return Q(span_id__in=named) | Q(state=State.WAITING) | within
