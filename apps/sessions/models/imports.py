"""Files on their way in."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.accounts.models import User, Workspace
from apps.core.ids import PrefixedIdField

LEASE = timedelta(seconds=30)  # renewed every second: a dead worker's import waits no longer
MOST_ATTEMPTS = 5
MOST_REFUSALS_KEPT = 200


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def claimable(self) -> Self:
        """Waiting, or begun by a worker that is gone."""
        return self.filter(
            Q(status=Import.Status.PENDING)
            | Q(status=Import.Status.RUNNING, lease_expires_at__lt=timezone.now()),
            attempts__lt=MOST_ATTEMPTS,
        )

    def exhausted(self) -> Self:
        """Begun as often as may be, and every worker that did is gone."""
        return self.filter(
            status=Import.Status.RUNNING,
            lease_expires_at__lt=timezone.now(),
            attempts__gte=MOST_ATTEMPTS,
        )

    def claim(self, import_id: str) -> "Import | None":
        """Take the import for this worker, or None if it is taken, finished or gone."""
        taken = (
            self.claimable()
            .filter(pk=import_id)
            .update(
                status=Import.Status.RUNNING,
                lease_expires_at=timezone.now() + LEASE,
                attempts=F("attempts") + 1,
            )
        )
        return self.select_related("workspace").get(pk=import_id) if taken else None


class Import(models.Model):
    """Uploaded files, how far they are read, and what came of it."""

    class Status(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"

    id = PrefixedIdField(prefix="imp")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="imports")
    user = models.ForeignKey(User, models.PROTECT, related_name="imports")
    format = models.CharField(max_length=16, default="auto")
    agent_name = models.CharField(max_length=256, blank=True)
    strict = models.BooleanField(default=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    # [{"name": as uploaded, "path": below UPLOADS_DIR, "size": bytes}]
    files = models.JSONField(default=list)
    bytes_total = models.BigIntegerField(default=0)
    bytes_done = models.BigIntegerField(default=0)
    # Tally of importing.take: sessions, threads, events added; skipped; refused.
    tally = models.JSONField(default=dict, blank=True)
    refusals = models.JSONField(default=list, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(Q(status__in=("completed", "failed")) & Q(ended_at__isnull=False))
                | (Q(status__in=("pending", "running")) & Q(ended_at=None)),
                name="an_import_that_ended_says_when",
            ),
        )
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="import_newest"),)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in {Import.Status.COMPLETED, Import.Status.FAILED}

    def try_again(self) -> bool:
        """Put a failed import back among the waiting; False if it has not failed."""
        failed = Import.objects.filter(pk=self.pk, status=Import.Status.FAILED)
        cleared = {"bytes_done": 0, "tally": {}, "refusals": [], "error": "", "attempts": 0}
        changed = failed.update(status=Import.Status.PENDING, ended_at=None, **cleared)
        self.refresh_from_db()
        return bool(changed)

    def renew(self, *, bytes_done: int, tally: dict[str, Any]) -> None:
        """Say how far it is, and keep the lease."""
        Import.objects.filter(pk=self.pk, status=Import.Status.RUNNING).update(
            bytes_done=bytes_done, tally=tally, lease_expires_at=timezone.now() + LEASE
        )

    def end(self, status: "Import.Status", **results: Any) -> None:
        """Write the results, once; a worker that lost its lease writes nothing."""
        Import.objects.filter(pk=self.pk, status=Import.Status.RUNNING).update(
            status=status, ended_at=timezone.now(), lease_expires_at=None, **results
        )
        self.refresh_from_db()
