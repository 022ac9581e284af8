"""What dreams cost, by day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDay

from apps.accounts.models import Workspace
from apps.dreams import drawing
from apps.dreams.costing import cost_of
from apps.dreams.drawing import Stack
from apps.dreams.models import Dream
from apps.dreams.overview import weeks
from apps.engine.models import JobSpend
from apps.engine.pricing import Usage

DAYS = 14
WIDTH, HEIGHT = 384, 132
_PER_DOLLAR = 10_000


@dataclass(frozen=True, slots=True)
class Spending:
    """US dollars by day; `unpriced` dreams had a model without a list price."""

    by_day: list[tuple[datetime, Decimal]]
    dreams: int
    unpriced: int

    @property
    def total(self) -> Decimal:
        return sum((cost for _, cost in self.by_day), Decimal(0))

    @property
    def bars(self) -> list[Stack]:
        labels = ["" for _ in self.by_day]
        labels[0], labels[-1] = weeks.labels([self.by_day[0][0]])[0], "today"
        rows = [
            (label, (("is-as-it-is", int(cost * _PER_DOLLAR)),), "")
            for label, (_, cost) in zip(labels, self.by_day, strict=True)
        ]
        return drawing.stacks(rows, width=WIDTH, height=HEIGHT, room=4)


def spending(workspace: Workspace) -> Spending:
    """By the day that a dream was asked for: by its bill where it has one, else at list price."""
    days = weeks.days(DAYS)
    by_day: defaultdict[datetime, Decimal] = defaultdict(Decimal)
    dreams = unpriced = 0
    rows = (
        Dream.objects.visible_in(workspace)
        .filter(created_at__gte=days[0])
        .annotate(day=TruncDay("created_at"), bill=_bill())
        .values("day", "model", has_bill=Q(bill__isnull=False))
        .annotate(
            count=Count("pk"),
            billed=Sum("bill"),
            input=Sum("input_tokens"),
            output=Sum("output_tokens"),
            cache_read=Sum("cache_read_tokens"),
            cache_write=Sum("cache_write_tokens"),
        )
        .order_by()
    )
    for row in rows:
        usage = Usage(row["input"], row["output"], row["cache_read"], row["cache_write"])
        cost = row["billed"] if row["has_bill"] else cost_of(row["model"], usage)
        dreams += row["count"]
        if cost is None:
            unpriced += row["count"]
        else:
            by_day[row["day"]] += cost
    return Spending([(day, by_day[day]) for day in days], dreams, unpriced)


def _bill() -> Subquery:
    """What a dream paid; nothing of one that asked nobody, or a model without a list price."""
    bills = JobSpend.objects.filter(
        workspace=OuterRef("workspace"),
        job_kind="dream",
        job_id=OuterRef("pk"),
        unpriced_requests=0,
    )
    return Subquery(bills.values("cost_usd")[:1])
