"""What a session's page asks of the record. Every question is bounded, however long the session."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from apps.core.payloads import storable_all
from apps.sessions.models import Event, Session, Thread, Timeline
from apps.sessions.models.event import CONFIRMATION, EventQuerySet
from apps.sessions.timeline import Fold
from apps.sessions.trace.card import Card, Section, Whole, card, pretty, raw
from apps.sessions.trace.debug import debug
from apps.sessions.trace.entries import RECEIVED, SENT, Companions, Entry, wanted
from apps.sessions.trace.lanes import Lane, Lanes, gaps, lanes
from apps.sessions.trace.place import CHIPS, TABS, Chip, Place
from apps.sessions.trace.rows import Row, Telling, transcript, with_gaps
from apps.sessions.trace.verdicts import Verdict, verdicts

WINDOW = 60
FOUND = 50


class NoSuchEvent(LookupError):
    """The address names an event that the session does not have."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a window lies: after a sequence, before one, or around one."""

    way: str = "after"
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """Some rows of the list, and whether there are others before and after them."""

    cursor: Cursor
    rows: list[Row]
    first: int
    last: int
    has_earlier: bool
    has_later: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A chip and what is to be said of it now."""

    chip: Chip
    on: bool
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Spending:
    """A thread's own cost and that of the threads it made."""

    children: tuple[Lane, ...]
    delegated: Decimal
    together: Decimal


class Reader:
    """Who reads one session: looks up what the address asks for, and nothing more."""

    def __init__(self, session: Session, place: Place) -> None:
        self.session = session
        self.place = place

    @cached_property
    def lanes(self) -> Lanes:
        rows = list(Thread.objects.filter(session=self.session).as_lanes())
        unfolded = self.place.archived or any(
            row.archived_at and row.public_id == self.place.thread for row in rows
        )
        return lanes(rows, unfolded=unfolded)

    @cached_property
    def lane(self) -> Lane | None:
        """The thread that the list is narrowed to."""
        return self.lanes.by_id(self.place.thread) if self.place.thread else None

    @cached_property
    def fold(self) -> Fold:
        folded = Timeline.objects.filter(session=self.session).values_list("folded", flat=True)
        stored = folded.first()
        return Fold.load(stored) if stored else Fold()

    @property
    def began(self) -> datetime | None:
        """The first event's time; None without a clock."""
        return self.session.first_event_at if self.session.timed else None

    @cached_property
    def selected(self) -> Entry | None:
        return self._entry(self.place.event) if self.place.event else None

    @cached_property
    def range(self) -> tuple[int, int] | None:
        """The sequences from one event to another, if the address names two."""
        if self.selected is None or not self.place.to:
            return None
        low, high = sorted((self.selected.sequence, self._entry(self.place.to).sequence))
        return low, high

    def _entry(self, public_id: str) -> Entry:
        entry = _first(self._events.filter(public_id=public_id))
        if entry is None:
            raise NoSuchEvent(public_id)
        return entry

    @property
    def _events(self) -> EventQuerySet:
        return Event.objects.filter(session=self.session)

    @property
    def events(self) -> EventQuerySet:
        """The events that the list shows."""
        place, shown = self.place, self._events
        if self.lane is not None:
            shown = Event.objects.filter(thread_id=self.lane.pk)
        if place.q:
            shown = shown.mentioning(place.q)
        if place.view == "debug":
            return shown.of_kinds(place.kinds, errors=place.shows_errors) if place.types else shown
        if place.types:
            return shown.told_in_transcript(place.kinds, errors=place.shows_errors)
        return shown.of_search() if place.q else shown.of_transcript()

    # ---- the list ------------------------------------------------------------------------------

    def window(self, cursor: Cursor) -> Window:
        """Read the rows there; the one before them is looked at, to say how long it had been."""
        size = FOUND if self.place.q else WINDOW
        before, after = {
            "after": (0, size),
            "before": (size, 0),
            "around": (size // 2, size // 2),
        }[cursor.way]
        pivot = cursor.sequence + (before == 0)
        head = self._read("-sequence", before + 1, sequence__lt=pivot)
        tail = self._read("sequence", after + 1, sequence__gte=pivot)
        entries = [*reversed(head[:before]), *tail[:after]]
        return Window(
            cursor,
            rows=self._rows(entries, head[before:]),
            first=entries[0].sequence if entries else cursor.sequence,
            last=entries[-1].sequence if entries else cursor.sequence,
            has_earlier=len(head) > before,
            has_later=len(tail) > after,
        )

    def _read(self, order: str, limit: int, **where: int) -> list[Entry]:
        rows = self.events.filter(**where).as_rows(self.place.q).order_by(order)
        return [Entry(*row) for row in rows[:limit]]

    def _rows(self, entries: list[Entry], preceding: list[Entry]) -> list[Row]:
        known = [*preceding, *entries]
        telling = Telling(
            lanes=self.lanes,
            companions=Companions([*known, *self._companions(known)]),
            began=self.began,
            in_lane=self.lane is not None,
            matches=bool(self.place.q),
        )
        if self.place.view == "debug":
            return debug(entries, telling)
        rows = transcript(entries, telling)
        if self.place.types or self.place.q or not self.session.timed:
            return rows
        before = [row.ends or row.at for row in transcript(preceding, telling)]
        return list(with_gaps(rows, max(before, default=None)))

    def _companions(self, entries: list[Entry]) -> list[Entry]:
        closed, needed = wanted(entries)
        rows = self._events.filter(Q(closes__in=closed) | Q(sequence__in=needed)).as_rows()
        return [Entry(*row) for row in rows]

    def anchor(self) -> Cursor:
        """Around the selected event, or from the beginning."""
        return Cursor("around", self._told_at(self.selected)) if self.selected else Cursor()

    def around(self, sequence: int) -> Cursor:
        """Around the event with this number, where it is told."""
        entry = _first(self._events.filter(sequence=sequence))
        return Cursor("around", self._told_at(entry) if entry else sequence)

    def _told_at(self, entry: Entry) -> int:
        """An end is told with its start, unless words, kinds or every event were asked for."""
        told_apart = self.place.view == "debug" or self.place.q or self.place.types
        return entry.closes if entry.is_end and entry.closes and not told_apart else entry.sequence

    def failure(self, sequence: int, *, before: bool) -> Cursor:
        """Around the next failure in one direction, or around this event if there is none."""
        failures = self._events.filter(is_error=True)
        if self.lane is not None:
            failures = failures.filter(thread_id=self.lane.pk)
        if before:
            found = failures.filter(sequence__lt=sequence).order_by("-sequence")
        else:
            found = failures.filter(sequence__gt=sequence).order_by("sequence")
        entry = _first(found)
        return Cursor("around", self._told_at(entry) if entry else sequence)

    @cached_property
    def first_error(self) -> str:
        """The first failure's event, if anything failed."""
        if not self.session.error_count:
            return ""
        failures = self._events.filter(is_error=True).order_by("sequence")
        return failures.values_list("public_id", flat=True).first() or ""

    @cached_property
    def chips(self) -> list[Found]:
        """The filters that have something to show."""
        found = []
        for chip in CHIPS:
            count = self._count(chip)
            hidden = chip.name == "status" and self.place.view != "debug"
            if (count and not hidden) or chip.name in self.place.types:
                href = self.place.link(types=self.place.toggled(chip.name), event="", to="")
                found.append(Found(chip, self.place.shows(chip.name), count, href))
        return found

    def _count(self, chip: Chip) -> int:
        if chip.name == "errors":
            return self.session.error_count
        if chip.name == "threads" and self.place.view != "debug":
            return len(self.fold.links) + self.fold.links_left_out
        every = sum(self.fold.counts.get(kind, 0) for kind in chip.kinds)
        ends = sum(self.fold.ends.get(kind, 0) for kind in chip.kinds)
        return every if self.place.view == "debug" else every - ends

    # ---- the inspector -------------------------------------------------------------------------

    @cached_property
    def card(self) -> Card | None:
        """The selected event in full."""
        if self.selected is None:
            return None
        return card(self._whole(self.selected), self.lanes, self.began)

    def _whole(self, entry: Entry) -> Whole:
        ends = self._events.filter(closes=entry.sequence).exclude(type=CONFIRMATION)
        end = None if entry.is_end else _first(ends.order_by("sequence"))
        start = _first(self._events.filter(sequence=entry.closes)) if entry.closes else None
        payloads = self._payloads([each for each in (entry, start, end) if each is not None])
        return Whole(
            entry=entry,
            payload=payloads[entry.sequence],
            start=start,
            start_payload=payloads[start.sequence] if start else {},
            end=end,
            end_payload=payloads[end.sequence] if end else {},
            counterpart=self._counterpart(entry),
        )

    def _payloads(self, entries: list[Entry]) -> dict[int, dict[str, Any]]:
        rows = self._events.filter(sequence__in=[entry.sequence for entry in entries])
        found = rows.values_list("sequence", "payload")
        return {at: storable_all(value) if isinstance(value, dict) else {} for at, value in found}

    def _counterpart(self, entry: Entry) -> Entry | None:
        """The other half of a message between threads: it lies nearby, in the other thread."""
        other = {SENT: RECEIVED, RECEIVED: SENT}.get(entry.type)
        if other is None or entry.peer is None:
            return None
        near = self._events.filter(
            type=other,
            thread_id=entry.peer,
            peer_id=entry.thread,
            sequence__range=(max(1, entry.sequence - 200), entry.sequence + 200),
        )
        found = [Entry(*row) for row in near.as_rows().order_by("sequence")]
        same = [each for each in found if each.excerpt == entry.excerpt]
        return min(same, key=lambda each: abs(each.sequence - entry.sequence), default=None)

    def raw_text(self) -> str:
        """The selected event's payload, as it was kept."""
        rows = self._events.filter(sequence=self.selected.sequence if self.selected else 0)
        return str(rows.values_list(Cast("payload", TextField()), flat=True).get())

    @cached_property
    def raw(self) -> Section | None:
        return raw(self.raw_text()) if self.selected else None

    @cached_property
    def whole_text(self) -> str:
        """Everything that the selected event says."""
        rows = self._events.filter(sequence=self.selected.sequence if self.selected else 0)
        return rows.values_list("text", flat=True).get()

    @cached_property
    def beside(self) -> tuple[str, str]:
        """The ids of the events before and after the selected one, in what the list shows."""
        if self.selected is None:
            return "", ""
        at = self.anchor().sequence
        ids = self.events.values_list("public_id", flat=True)
        before = ids.filter(sequence__lt=at).order_by("-sequence").first()
        after = ids.filter(sequence__gt=at).order_by("sequence").first()
        return before or "", after or ""

    @cached_property
    def inspected_lane(self) -> Lane:
        """The thread that the inspector speaks of: the selected event's, else the list's."""
        thread = self.lanes.get(self.selected.thread) if self.selected else self.lane
        return thread or self.lanes.all[0]

    @property
    def tabs(self) -> list[tuple[str, str, str]]:
        """Name, label and address of the inspector's tabs."""
        return [(name, name.capitalize(), self.place.link(tab=name)) for name in TABS]

    @property
    def spending(self) -> Spending:
        """What the inspected thread spent itself, and through others."""
        children = self.lanes.below(self.inspected_lane)
        delegated = sum((lane.cost for lane in children), Decimal(0))
        return Spending(children, delegated, self.inspected_lane.cost + delegated)

    @property
    def verdicts(self) -> list[Verdict]:
        return verdicts(self.session.outcome_evaluations)

    @property
    def agent_json(self) -> str:
        """The agent as it was when the session began."""
        snapshot = self.session.agent_snapshot
        return pretty(snapshot) if len(snapshot) > 1 else ""

    # ---- the minimap ---------------------------------------------------------------------------

    def timeline(self) -> dict[str, Any]:
        """Everything that the minimap draws."""
        fold = self.fold
        return {
            **fold.dump(),
            "timed": self.session.timed,
            "events": self.session.event_count,
            "gaps": gaps(fold.marks) if self.session.timed else [],
            "lanes": [[lane.position, lane.id, lane.label] for lane in self.lanes.all],
        }


def _first(events: EventQuerySet) -> Entry | None:
    row = events.as_rows().first()
    return Entry(*row) if row else None
