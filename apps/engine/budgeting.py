"""What may still be spent: a job's cap, and its workspace's for the day and the month.

Decided under the lock of the job's bill and of the workspace's caps, with what is spent and what
calls under way may cost at most.
"""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from apps.engine.asking import BudgetSpent, Job
from apps.engine.models import Call, DaySpend, JobSpend, ModelConnection
from apps.engine.models.calls import CallQuerySet


class Occupied(Exception):
    """Another worker asks this very question now, or calls under way may need what is left."""

    def __init__(self, seconds: float) -> None:
        """`seconds`: after which it is free at the latest, as far as one can tell."""
        super().__init__()
        self.seconds = seconds


def require(job: Job, bill: JobSpend, worst: Decimal | None, *, apart_from: Call | None) -> None:
    """See that what is spent, what runs and this together keep every cap there is.

    Raises BudgetSpent, and Occupied where it may fit once others have cost less.
    """
    connection = ModelConnection.objects.filter(workspace_id=job.workspace_id).first()
    caps = _workspace_caps(connection)
    if job.cap is None and not caps:
        return
    if worst is None:
        raise BudgetSpent(
            "This model has no list price here, so that no cap can be kept. Choose another model,"
            " or remove the caps."
        )
    if connection is not None and caps:
        ModelConnection.objects.select_for_update().get(pk=connection.pk)
    mine = apart_from.pk if apart_from is not None else ""
    if job.cap is not None:
        reserved = _reserved(Call.objects.of(job), mine)
        _require(bill.cost_usd, reserved, worst, job.cap, BudgetSpent())
    if not caps:
        return
    reserved = _reserved(Call.objects.filter(workspace_id=job.workspace_id), mine)
    for cap, since, name in caps:
        days = DaySpend.objects.filter(workspace_id=job.workspace_id, spent_on__gte=since)
        spent = days.aggregate(all=Sum("cost_usd"))["all"] or Decimal(0)
        refusal = BudgetSpent(
            f"What this workspace may spend on models in a {name} is spent. An admin can raise it"
            " under Settings, Models."
        )
        _require(spent, reserved, worst, cap, refusal)


def _workspace_caps(connection: ModelConnection | None) -> list[tuple[Decimal, date, str]]:
    """Each cap, the day since which it counts, and what that time is called."""
    if connection is None:
        return []
    today = timezone.localdate()
    found = [
        (connection.daily_cap, today, "day"),
        (connection.monthly_cap, today.replace(day=1), "month"),
    ]
    return [(cap, since, name) for cap, since, name in found if cap is not None]


def _reserved(calls: CallQuerySet, mine: str) -> Decimal:
    total = calls.reserving().exclude(pk=mine).aggregate(all=Sum("reserved_usd"))["all"]
    return total or Decimal(0)


def _require(
    spent: Decimal, reserved: Decimal, worst: Decimal, cap: Decimal, refusal: BudgetSpent
) -> None:
    if spent + worst > cap:
        raise refusal
    if spent + reserved + worst > cap:  # it may fit once those under way have cost less
        raise Occupied(settings.ENGINE_LEASE_SECONDS)
