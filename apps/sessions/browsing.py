"""What a session's page asks of the record. Every question is bounded, however long the session."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from apps.sessions.models import Event, Session, Thread, Timeline
from apps.sessions.models.event import EventQuerySet
from apps.sessions.timeline import Fold
from apps.sessions.trace.debug import debug
from apps.sessions.trace.entries import Companions, Entry, wanted
from apps.sessions.trace.lanes import Lane, Lanes, gaps, lanes
from apps.sessions.trace.place import CHIPS, Chip, Place
from apps.sessions.trace.rows import Row, Telling
from apps.sessions.trace.transcript import transcript, with_gaps

WINDOW = 60
FOUND = 50
MOST_ENDED = 200


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
        entry = first(self.every.filter(public_id=public_id))
        if entry is None:
            raise NoSuchEvent(public_id)
        return entry

    @property
    def every(self) -> EventQuerySet:
        """All events of the session, shown or not."""
        return Event.objects.filter(session=self.session)

    @property
    def events(self) -> EventQuerySet:
        """The events that the list shows."""
        place, shown = self.place, self.every
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
        rows = self.every.filter(Q(closes__in=closed) | Q(sequence__in=needed)).as_rows()
        return [Entry(*row) for row in rows]

    def anchor(self) -> Cursor:
        """Around the selected event, or from the beginning."""
        return Cursor("around", self._told_at(self.selected)) if self.selected else Cursor()

    def around(self, sequence: int) -> Cursor:
        """Around the event with this number, where it is told."""
        entry = first(self.every.filter(sequence=sequence))
        return Cursor("around", self._told_at(entry) if entry else sequence)

    def _told_at(self, entry: Entry) -> int:
        """An end is told with its start, unless words, kinds or every event were asked for."""
        told_apart = self.place.view == "debug" or self.place.q or self.place.types
        return entry.closes if entry.is_end and entry.closes and not told_apart else entry.sequence

    def failure(self, sequence: int, *, before: bool) -> Cursor:
        """Around the next failure in one direction, or around this event if there is none."""
        failures = self.every.filter(is_error=True)
        if self.lane is not None:
            failures = failures.filter(thread_id=self.lane.pk)
        if before:
            found = failures.filter(sequence__lt=sequence).order_by("-sequence")
        else:
            found = failures.filter(sequence__gt=sequence).order_by("sequence")
        entry = first(found)
        return Cursor("around", self._told_at(entry) if entry else sequence)

    def ended_since(self, sequence: int) -> list[int]:
        """Of the events up to this one, those that later ones end: they are told otherwise now."""
        ends = self.every.filter(sequence__gt=sequence, closes__lte=sequence).order_by("sequence")
        return [closes for closes in ends.values_list("closes", flat=True)[:MOST_ENDED] if closes]

    @cached_property
    def first_error(self) -> str:
        """The first failure's event, if anything failed."""
        if not self.session.error_count:
            return ""
        failures = self.every.filter(is_error=True).order_by("sequence")
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


def first(events: EventQuerySet) -> Entry | None:
    """The first of these events."""
    row = events.as_rows().first()
    return Entry(*row) if row else None
