"""What models cost a workspace: by day, and by purpose and model."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.engine.models import DaySpend

DAYS = 30
HEIGHT, WIDTH, GAP = 96, 600, 4


@dataclass(frozen=True, slots=True)
class Day:
    """A day's bar. Positions are whole numbers: no decimal comma gets into one."""

    on: date
    cost: Decimal
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Spend:
    """What a purpose and a model came to."""

    purpose: str
    model: str
    requests: int
    tokens: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Spending:
    """The last thirty days, and what counts against the caps."""

    days: list[Day]
    parts: list[Spend]
    today: Decimal
    month: Decimal

    @property
    def total(self) -> Decimal:
        return sum((day.cost for day in self.days), Decimal(0))

    @property
    def most(self) -> Decimal:
        """Of one day."""
        return max(day.cost for day in self.days)


def of(workspace: Workspace) -> Spending:
    """All that the page shows of it, in three queries."""
    today = timezone.localdate()
    first = today - timedelta(days=DAYS - 1)
    rows = DaySpend.objects.visible_in(workspace)
    recent = rows.filter(spent_on__gte=first)
    costs = dict(recent.values_list("spent_on").annotate(cost=Sum("cost_usd")))
    month = rows.filter(spent_on__gte=today.replace(day=1)).aggregate(all=Sum("cost_usd"))["all"]
    days = [first + timedelta(days=number) for number in range(DAYS)]
    parts = recent.values("purpose", "model").annotate(
        all_requests=Sum("requests"),
        all_tokens=Sum("input_tokens")
        + Sum("output_tokens")
        + Sum("cache_read_tokens")
        + Sum("cache_write_tokens"),
        cost=Sum("cost_usd"),
    )
    return Spending(
        days=_bars([(day, costs.get(day, Decimal(0))) for day in days]),
        parts=[
            Spend(row["purpose"], row["model"], row["all_requests"], row["all_tokens"], row["cost"])
            for row in parts.order_by("-cost", "purpose", "model")
        ],
        today=costs.get(today, Decimal(0)),
        month=month or Decimal(0),
    )


def _bars(days: Iterable[tuple[date, Decimal]]) -> list[Day]:
    known = list(days)
    most = max(cost for _, cost in known) or Decimal(1)
    step = WIDTH // len(known)
    return [
        Day(on, cost, number * step, HEIGHT - size, step - GAP, size)
        for number, (on, cost) in enumerate(known)
        for size in (max(2, round(HEIGHT * cost / most)) if cost else 0,)
    ]
