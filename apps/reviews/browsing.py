"""The queue as it is browsed: narrowed, by age within risk, a page at a time, never all counted.

What is decided is browsed the same way, the last decided first.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.lookups import GreaterThan, LessThan

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.pagination import Row
from apps.reviews.drafting import Kind
from apps.reviews.models import Proposal, Source
from apps.reviews.models.proposal import QUEUE_ORDER, ProposalQuerySet

SIZE = 50
AROUND = 10
"""Rows above the selected one, where it is not on the first page."""
MOST: Final = 99
"""Proposals that are counted one by one; more are 99+."""
_DECIDED_ORDER = ("decided_at", "pk")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address narrows the queue to. What is unknown narrows nothing."""

    status: str = ""
    kind: str = ""
    store: str = ""
    changeset: str = ""
    dream: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Asked":
        """The names of an address; a value that a choice does not have counts as none."""
        given = {name: payloads.storable(query.get(name, "")) for name in cls.__dataclass_fields__}
        if given["status"] not in Proposal.Status.values or given["status"] == WAITING:
            given["status"] = ""
        if given["kind"] not in set(Kind):
            given["kind"] = ""
        return cls(**given)

    @property
    def is_of_waiting(self) -> bool:
        return not self.status

    def query(self, **more: str) -> str:
        """As an address says it, `?` included; empty if nothing is narrowed."""
        said = {name: value for name, value in (asdict(self) | more).items() if value}
        return f"?{urlencode(said)}" if said else ""

    def rows(self, workspace: Workspace) -> ProposalQuerySet:
        """In no order yet."""
        found = Proposal.objects.visible_in(workspace)
        found = found.filter(status=self.status) if self.status else found.waiting()
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.store:
            found = found.filter(store=self.store)
        if self.changeset:
            found = found.filter(changeset=self.changeset)
        return found.of_dream(self.dream) if self.dream else found


WAITING = Proposal.Status.PENDING


@dataclass(frozen=True, slots=True)
class Listed:
    """A row, and whether what it was drafted against says something else by now."""

    proposal: Proposal
    is_out_of_date: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows; `after` is the id of the last where more follow, `is_first` if none precede."""

    rows: Sequence[Listed]
    after: str = ""
    is_first: bool = True


class Queue:
    """What one reader browses."""

    def __init__(self, workspace: Workspace, asked: Asked) -> None:
        self.workspace = workspace
        self.asked = asked
        self.rows = asked.rows(workspace)

    def page(self, *, around: Proposal | None = None, after: str = "") -> Page:
        """The first page, the one after a proposal, or the one that a proposal stands on."""
        last = self.find(after) if after else None
        if last is not None:
            return self._cut(self._behind(last), is_first=False)
        first = self._cut(self._ordered(self.rows))
        if around is None or not self.holds(around) or around.pk in _ids(first):
            return first
        above = list(self._listed(self._ahead(around))[:AROUND])[::-1]
        here = list(self._listed(self.rows.filter(pk=around.pk)))
        rest = self._cut(self._behind(around))
        return Page(_rows([*above, *here]) + list(rest.rows), rest.after, is_first=False)

    def these(self, ids: Sequence[str]) -> list[Listed]:
        """As they are now, whatever became of them."""
        return _rows(self._listed(Proposal.objects.visible_in(self.workspace).filter(pk__in=ids)))

    def find(self, proposal_id: str) -> Proposal | None:
        """One of the workspace's, where it stands or stood."""
        rows = Proposal.objects.visible_in(self.workspace).for_list()
        return rows.filter(pk=payloads.storable(proposal_id)).first()

    def holds(self, proposal: Proposal) -> bool:
        """Whether it can stand in it: it has the status that is asked for."""
        return proposal.status == (self.asked.status or WAITING)

    def first(self, *, free_for: str = "", now: datetime | None = None) -> Proposal | None:
        """Where to begin: the first that nobody else is looking at, or else the first."""
        ordered = self._ordered(self.rows)
        return self._free(ordered, free_for, now).first() or ordered.first()

    def next(
        self, at: Proposal, *, free_for: str = "", now: datetime | None = None
    ) -> Proposal | None:
        """The one behind, or the first once the end is reached."""
        behind = self._free(self._behind(at), free_for, now).first()
        if behind is not None:
            return behind
        again = self._ordered(self.rows.exclude(pk=at.pk))
        return self._free(again, free_for, now).first()

    def neighbours(self, at: Proposal) -> tuple[int, str, str]:
        """How many stand ahead of it, a hundred at most; the ids before and behind it."""
        ahead = list(self._ahead(at).values_list("pk", flat=True)[: MOST + 1])
        behind = self._behind(at).values_list("pk", flat=True).first()
        return len(ahead), ahead[0] if ahead else "", behind or ""

    def counts(self) -> Counter[int]:
        """By risk, a hundred of each at most: that many rows of an index are walked."""
        parts = [
            self.rows.filter(risk=risk).order_by().values_list("risk", flat=True)[: MOST + 1]
            for risk in Proposal.Risk
        ]
        return Counter(parts[0].union(*parts[1:], all=True))

    def oldest(self) -> Proposal | None:
        """What waits the longest, of what is shown first: the first of each risk is its oldest."""
        firsts = [self._ordered(self.rows.filter(risk=risk))[:1] for risk in Proposal.Risk]
        found = list(firsts[0].union(*firsts[1:], all=True))
        return min(found, key=lambda each: each.created_at, default=None)

    def _cut(self, rows: ProposalQuerySet, *, is_first: bool = True) -> Page:
        found = list(self._listed(rows)[: SIZE + 1])
        after = found[SIZE - 1].pk if len(found) > SIZE else ""
        return Page(_rows(found[:SIZE]), after, is_first)

    def _ordered(self, rows: ProposalQuerySet) -> ProposalQuerySet:
        if self.asked.is_of_waiting:
            return rows.order_by(*QUEUE_ORDER)
        return rows.order_by(*(f"-{name}" for name in _DECIDED_ORDER))

    def _behind(self, at: Proposal) -> ProposalQuerySet:
        beyond = GreaterThan if self.asked.is_of_waiting else LessThan
        return self._ordered(self.rows.filter(beyond(*self._places(at))))

    def _ahead(self, at: Proposal) -> ProposalQuerySet:
        """The nearest first."""
        short = LessThan if self.asked.is_of_waiting else GreaterThan
        return self._ordered(self.rows.filter(short(*self._places(at)))).reverse()

    def _places(self, at: Proposal) -> tuple[Row, Row]:
        names = QUEUE_ORDER if self.asked.is_of_waiting else _DECIDED_ORDER
        return Row(*(F(name) for name in names)), Row(*(Value(getattr(at, name)) for name in names))

    @staticmethod
    def _free(rows: ProposalQuerySet, free_for: str, now: datetime | None) -> ProposalQuerySet:
        if not free_for:
            return rows
        taken = Q(claimed_until__gt=now) & ~Q(claimed_by_id=free_for)
        return rows.exclude(taken)

    @staticmethod
    def _listed(rows: ProposalQuerySet) -> ProposalQuerySet:
        moved = (
            ~Q(memory__content_sha256=F("base_sha256"))
            | ~Q(memory__path=F("path"))
            | Q(memory__deleted_at__isnull=False)
        )
        sources = Source.objects.filter(moved, proposal=OuterRef("pk"))
        return rows.for_list().alias(moved=Exists(sources)).annotate(has_moved=F("moved"))


def _rows(found: "ProposalQuerySet | Sequence[Proposal]") -> list[Listed]:
    return [Listed(each, each.is_waiting and bool(vars(each)["has_moved"])) for each in found]


def _ids(page: Page) -> set[str]:
    return {each.proposal.pk for each in page.rows}


def capped(count: int) -> str:
    """A count as it is shown."""
    return f"{MOST}+" if count > MOST else str(count)
