"""What a session's page asks of the record about one event, its thread and its session."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from apps.core.payloads import storable_all
from apps.sessions import budgeting, memories
from apps.sessions.browsing import Reader, first
from apps.sessions.memories import Mounted
from apps.sessions.models import Resource
from apps.sessions.models.event import CONFIRMATION
from apps.sessions.trace.card import Card, Section, Whole, card, pretty, raw
from apps.sessions.trace.entries import RECEIVED, SENT, Entry
from apps.sessions.trace.lanes import Lane
from apps.sessions.trace.place import TABS
from apps.sessions.trace.verdicts import Verdict, verdicts


@dataclass(frozen=True, slots=True)
class Spending:
    """A thread's own cost and that of the threads it made."""

    children: tuple[Lane, ...]
    delegated: Decimal
    together: Decimal


class Inspector:
    """Looks closely at what a reader selected."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    @property
    def tab(self) -> str:
        """The tab that is asked for, or else the one that has something to say."""
        return self.reader.place.tab or ("event" if self.reader.selected else "session")

    @cached_property
    def card(self) -> Card | None:
        """The selected event in full."""
        if self.reader.selected is None:
            return None
        return card(self._whole(self.reader.selected), self.reader.lanes, self.reader.began)

    def _whole(self, entry: Entry) -> Whole:
        ends = self.reader.every.filter(closes=entry.sequence).exclude(type=CONFIRMATION)
        end = None if entry.is_end else first(ends.order_by("sequence"))
        start = first(self.reader.every.filter(sequence=entry.closes)) if entry.closes else None
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
        rows = self.reader.every.filter(sequence__in=[entry.sequence for entry in entries])
        found = rows.values_list("sequence", "payload")
        return {at: storable_all(value) if isinstance(value, dict) else {} for at, value in found}

    def _counterpart(self, entry: Entry) -> Entry | None:
        """The other half of a message between threads: it lies nearby, in the other thread."""
        other = {SENT: RECEIVED, RECEIVED: SENT}.get(entry.type)
        if other is None or entry.peer is None:
            return None
        near = self.reader.every.filter(
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
        rows = self.reader.every.filter(
            sequence=self.reader.selected.sequence if self.reader.selected else 0
        )
        return str(rows.values_list(Cast("payload", TextField()), flat=True).get())

    @cached_property
    def raw(self) -> Section | None:
        return raw(self.raw_text()) if self.reader.selected else None

    @cached_property
    def whole_text(self) -> str:
        """Everything that the selected event says."""
        rows = self.reader.every.filter(
            sequence=self.reader.selected.sequence if self.reader.selected else 0
        )
        return rows.values_list("text", flat=True).get()

    @cached_property
    def beside(self) -> tuple[str, str]:
        """The ids of the events before and after the selected one, in what the list shows."""
        if self.reader.selected is None:
            return "", ""
        at = self.reader.anchor().sequence
        ids = self.reader.events.values_list("public_id", flat=True)
        before = ids.filter(sequence__lt=at).order_by("-sequence").first()
        after = ids.filter(sequence__gt=at).order_by("sequence").first()
        return before or "", after or ""

    @cached_property
    def lane(self) -> Lane:
        """The thread that the inspector speaks of: the selected event's, else the list's."""
        thread = (
            self.reader.lanes.get(self.reader.selected.thread)
            if self.reader.selected
            else self.reader.lane
        )
        return thread or self.reader.lanes.all[0]

    @property
    def tabs(self) -> list[tuple[str, str, str]]:
        """Name, label and address of the inspector's tabs."""
        return [(name, name.capitalize(), self.reader.place.link(tab=name)) for name in TABS]

    @property
    def spending(self) -> Spending:
        """What the inspected thread spent itself, and through others."""
        children = self.reader.lanes.below(self.lane)
        delegated = sum((lane.cost for lane in children), Decimal(0))
        return Spending(children, delegated, self.lane.cost + delegated)

    @property
    def verdicts(self) -> list[Verdict]:
        return verdicts(self.reader.session.outcome_evaluations)

    @cached_property
    def mounts(self) -> list[Resource]:
        """What the session has mounted."""
        return list(self.reader.session.resources.in_order().select_related("file"))

    @cached_property
    def memories(self) -> list[Mounted]:
        """What the session did to the memories that it has mounted."""
        return memories.of(self.reader.session)

    @property
    def budget(self) -> Decimal | None:
        """US dollars that the session may cost."""
        budget = self.reader.session.budget
        return budgeting.amount(budget) / 100 if budget else None

    @property
    def agent_json(self) -> str:
        """The agent as it was when the session began."""
        snapshot = self.reader.session.agent_snapshot
        return pretty(snapshot) if len(snapshot) > 1 else ""
