"""How the queue does: what waits, how long decisions take, and what becomes of proposals."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Aggregate, Count, DurationField, F, Q
from django.db.models.functions import TruncWeek

from apps.accounts.models import Workspace
from apps.dreams import drawing
from apps.dreams.drawing import Stack
from apps.dreams.overview import weeks
from apps.reviews.drafting import Kind
from apps.reviews.models import Decision, Proposal, Verdict
from apps.reviews.models.proposal import QUEUE_ORDER

MOST = 99
AS_IS, EDITED, REJECTED = "is-as-it-is", "is-edited", "is-rejected"
WIDTH, HEIGHT = 384, 168


class Median(Aggregate):
    """The middle one, of spans of time."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a decision. Counts stop at MOST."""

    by_risk: Counter[int]
    oldest: datetime | None

    @property
    def count(self) -> int:
        return sum(self.by_risk.values())

    @property
    def is_capped(self) -> bool:
        """Whether there may be more than was counted."""
        return any(count > MOST for count in self.by_risk.values())

    @property
    def risks(self) -> list[tuple[str, str]]:
        """By name, as they are written."""
        return [(risk.label.lower(), capped(self.by_risk[risk])) for risk in Proposal.Risk]

    @property
    def told(self) -> str:
        return capped(MOST + 1 if self.is_capped else self.count)


def capped(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)


def waiting(workspace: Workspace) -> Waiting:
    """By risk, each counted up to a limit along the queue's own index; and the oldest of all."""
    queue = Proposal.objects.visible_in(workspace).waiting()
    # By age within risk: the oldest of each is among those that are counted.
    parts = [
        queue.filter(risk=risk).order_by(*QUEUE_ORDER).values("risk", "created_at")[: MOST + 1]
        for risk in Proposal.Risk
    ]
    rows = list(parts[0].union(*parts[1:], all=True))
    by_risk = Counter(row["risk"] for row in rows)
    return Waiting(by_risk, min((row["created_at"] for row in rows), default=None))


@dataclass(frozen=True, slots=True)
class Tally:
    """Decisions of people and of policies: accepted as proposed, accepted edited, rejected."""

    as_is: int = 0
    edited: int = 0
    rejected: int = 0

    @property
    def decided(self) -> int:
        return self.as_is + self.edited + self.rejected

    @property
    def accepted(self) -> int:
        return self.as_is + self.edited

    @property
    def percent(self) -> int | None:
        return round(100 * self.accepted / self.decided) if self.decided else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.as_is + other.as_is, self.edited + other.edited, self.rejected + other.rejected
        )


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Decisions of the last weeks, by week and by kind, and how long they took."""

    by_week: list[tuple[datetime, Tally]]
    by_kind: list[tuple[str, Tally]]
    median: timedelta | None

    @property
    def total(self) -> Tally:
        return sum((tally for _, tally in self.by_week), Tally())

    @property
    def this_week(self) -> Tally:
        return self.by_week[-1][1]

    @property
    def bars(self) -> list[Stack]:
        below = weeks.labels([week for week, _ in self.by_week])
        rows = [
            (
                label,
                ((AS_IS, tally.as_is), (EDITED, tally.edited), (REJECTED, tally.rejected)),
                f"{tally.percent}%" if tally.decided else "",
            )
            for label, (_, tally) in zip(below, self.by_week, strict=True)
        ]
        return drawing.stacks(rows, width=WIDTH, height=HEIGHT)


def acceptance(workspace: Workspace) -> Acceptance:
    """Every decision that accepted or rejected something, also one that was undone later."""
    begun = weeks.begun()
    by_week: dict[datetime, Tally] = dict.fromkeys(begun, Tally())
    by_kind: dict[str, Tally] = dict.fromkeys(Kind, Tally())
    decisions = Decision.objects.visible_in(workspace).filter(
        created_at__gte=begun[0], verdict__in=(Verdict.ACCEPT, Verdict.REJECT)
    )
    rows = (
        decisions.annotate(week=TruncWeek("created_at"))
        .values("week", "proposal__kind", "verdict")
        .annotate(count=Count("pk"), edited=Count("pk", filter=_IS_EDITED))
        .order_by()
    )
    for row in rows:
        tally = _tally(row["verdict"], row["count"], row["edited"])
        if row["week"] in by_week:
            by_week[row["week"]] += tally
        by_kind[row["proposal__kind"]] += tally
    kinds = [(kind, tally) for kind, tally in by_kind.items() if tally.decided]
    return Acceptance(list(by_week.items()), kinds, _median(workspace, begun[0]))


_IS_EDITED = ~Q(content_sha256="") | Q(hunks__isnull=False)


def _tally(verdict: str, count: int, edited: int) -> Tally:
    if verdict == Verdict.REJECT:
        return Tally(rejected=count)
    return Tally(as_is=count - edited, edited=edited)


def _median(workspace: Workspace, since: datetime) -> timedelta | None:
    """From a proposal to the word of a person about it; policies take no time."""
    decided = Decision.objects.visible_in(workspace).filter(
        created_at__gte=since, is_automatic=False, verdict__in=(Verdict.ACCEPT, Verdict.REJECT)
    )
    took = decided.aggregate(took=Median(F("created_at") - F("proposal__created_at")))
    median: timedelta | None = took["took"]
    return median
