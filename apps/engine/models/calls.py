"""Questions that were asked, kept under what was asked."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.engine.asking import Job
from apps.engine.models.batches import Batch
from apps.engine.models.spending import Figures


class CallQuerySet(models.QuerySet["Call"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def of(self, job: Job) -> Self:
        return self.filter(workspace_id=job.workspace_id, job_kind=job.kind, job_id=job.id)

    def reserving(self) -> Self:
        """Those that may still cost something: a worker or a batch is at them."""
        held = Q(status=Call.Status.ASKING, lease_expires_at__gt=timezone.now())
        return self.filter(held | Q(status=Call.Status.BATCHED))


class Call(Figures):
    """One question of a job: what came of it, and what it took in all, every try included."""

    class Status(models.TextChoices):
        ASKING = "asking", "Is being asked"
        BATCHED = "batched", "Waits in a batch"
        ANSWERED = "answered", "Answered"
        FAILED = "failed", "Failed"

    id = PrefixedIdField(prefix="mcall")
    workspace = models.ForeignKey(
        Workspace, models.CASCADE, related_name="model_calls", db_index=False
    )
    job_kind = models.CharField(max_length=32)
    job_id = models.CharField(max_length=64)
    purpose = models.CharField(max_length=64)
    model = models.CharField(max_length=128)
    digest = models.CharField(max_length=64)  # of what was asked
    status = models.CharField(max_length=8, choices=Status, default=Status.ASKING)
    # The answer as the model wrote it, JSON; forgotten after a while, and empty then.
    answer = models.TextField(blank=True)
    answered_by = models.CharField(
        max_length=128, blank=True
    )  # the model, which may be a dated one
    # The name of the error of engine.asking that it ended in, and its message.
    failure = models.CharField(max_length=32, blank=True)
    error = models.TextField(blank=True)
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, blank=True, related_name="calls")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True)

    # Who asks it now, until when nobody else may, and what that may cost at most.
    lease_id = models.CharField(max_length=16, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    reserved_usd = models.DecimalField(max_digits=18, decimal_places=9, default=0)

    objects = CallQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "job_kind", "job_id", "digest"),
                name="a_job_asks_the_same_once",
            ),
            models.CheckConstraint(
                condition=Q(status="asking", lease_expires_at__isnull=False)
                | (~Q(status="asking") & Q(lease_expires_at=None)),
                name="a_call_is_held_exactly_while_it_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(status="answered", failure="", answered_at__isnull=False)
                | Q(status="failed", answer="", answered_at=None) & ~Q(failure="")
                | Q(status__in=("asking", "batched"), answer="", answered_at=None, failure=""),
                name="a_call_has_an_answer_or_a_failure_once_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("asking", "batched")) | Q(reserved_usd=0),
                name="a_call_that_has_ended_reserves_nothing",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="call_newest"),
            models.Index(
                fields=("workspace", "job_kind", "job_id"),
                condition=Q(status__in=("asking", "batched")),
                name="call_reserving",
            ),
            models.Index(fields=("answered_at",), condition=~Q(answer=""), name="call_to_forget"),
        )

    def __str__(self) -> str:
        return str(self.pk)
