"""Questions that were handed in together, to be answered within a day at half the price."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.engine.asking import Job


class BatchQuerySet(models.QuerySet["Batch"]):
    def of(self, job: Job) -> Self:
        return self.filter(workspace_id=job.workspace_id, job_kind=job.kind, job_id=job.id)

    def open(self) -> Self:
        """Those whose answers may still come."""
        return self.filter(status__in=OPEN)


class Batch(models.Model):
    """Some questions of a job at the vendor's, who answers them when there is room."""

    class Status(models.TextChoices):
        SENDING = "sending", "Is being sent"
        IN_PROGRESS = "in_progress", "Waits for answers"
        CANCELING = "canceling", "Is being canceled"
        ENDED = "ended", "Ended"

    id = PrefixedIdField(prefix="mbatch")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="model_batches")
    job_kind = models.CharField(max_length=32)
    job_id = models.CharField(max_length=64)
    # The vendor's id of it; empty until they have said it.
    vendor_id = models.CharField(max_length=128, blank=True)
    # Batches of the vendor's that were taken for this one while that was empty, and are not.
    not_ours = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=11, choices=Status, default=Status.SENDING)
    questions = models.PositiveIntegerField()
    answered = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status="ended", ended_at__isnull=False)
                | (~Q(status="ended") & Q(ended_at=None)),
                name="a_batch_ends_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="in_progress", vendor_id=""),
                name="a_batch_under_way_has_the_vendors_id",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "job_kind", "job_id"), name="batch_of_job"),
            models.Index(fields=("created_at",), condition=~Q(status="ended"), name="batch_open"),
        )

    def __str__(self) -> str:
        return str(self.pk)


OPEN = (Batch.Status.SENDING, Batch.Status.IN_PROGRESS, Batch.Status.CANCELING)
