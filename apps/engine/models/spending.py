"""What models cost, added up where it is paid: by job, and by day, purpose and model.

Both are written in the transaction that keeps an answer, so that they add up to the calls.
"""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.engine.asking import Job
from apps.engine.pricing import Usage


class Figures(models.Model):
    """Tokens and dollars of several requests."""

    requests = models.PositiveIntegerField(default=0)
    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cache_read_tokens = models.BigIntegerField(default=0)
    cache_write_tokens = models.BigIntegerField(default=0)
    cost_usd = models.DecimalField(max_digits=18, decimal_places=9, default=Decimal(0))
    # Of models without a list price: their tokens are counted, their cost is not known.
    unpriced_requests = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    @property
    def usage(self) -> Usage:
        return Usage(
            self.input_tokens, self.output_tokens, self.cache_read_tokens, self.cache_write_tokens
        )

    @property
    def tokens(self) -> int:
        return sum(self.usage)


def more(usage: Usage, cost: Decimal | None) -> dict[str, object]:
    """One request more, as an update of any row of figures."""
    return {
        "requests": F("requests") + 1,
        "input_tokens": F("input_tokens") + usage.input,
        "output_tokens": F("output_tokens") + usage.output,
        "cache_read_tokens": F("cache_read_tokens") + usage.cache_read,
        "cache_write_tokens": F("cache_write_tokens") + usage.cache_write,
        "cost_usd": F("cost_usd") + (cost or Decimal(0)),
        "unpriced_requests": F("unpriced_requests") + int(cost is None),
    }


class JobSpendQuerySet(models.QuerySet["JobSpend"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def of(self, job: Job) -> Self:
        return self.filter(workspace_id=job.workspace_id, job_kind=job.kind, job_id=job.id)


class JobSpend(Figures):
    """What a job asked and paid so far. Its row is the lock that its budget is kept by."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    job_kind = models.CharField(max_length=32)
    job_id = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = JobSpendQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "job_kind", "job_id"), name="a_job_has_one_bill"
            ),
        )
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="spend_newest"),)

    def __str__(self) -> str:
        return f"{self.job_kind} {self.job_id}"


class DaySpendQuerySet(models.QuerySet["DaySpend"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)


class DaySpend(Figures):
    """What a workspace paid in a day for one purpose to one model."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    spent_on = models.DateField()
    purpose = models.CharField(max_length=64)
    model = models.CharField(max_length=128)

    objects = DaySpendQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "spent_on", "purpose", "model"),
                name="a_day_has_one_bill_for_each_purpose_and_model",
            ),
        )

    def __str__(self) -> str:
        return f"{self.spent_on} {self.purpose} {self.model}"
