"""The outbox."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField


class OutboxEventQuerySet(models.QuerySet["OutboxEvent"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def waiting(self) -> Self:
        """Those that were not handed on yet, oldest first."""
        return self.filter(dispatched_at=None).order_by("created_at", "pk")


class OutboxEvent(models.Model):
    """Something that whoever subscribed is told: which kind of thing happened, to what, when."""

    id = PrefixedIdField(prefix="whe")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="outbox_events")
    type = models.CharField(max_length=64)  # `proposal.accepted`
    object_id = models.CharField(max_length=256)
    # Ids alone: whoever is told looks the rest up.
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    dispatched_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxEventQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(type__regex=r"^[a-z_]+\.[a-z_]+$"),
                name="an_outbox_event_has_a_dotted_type",
            ),
        )
        indexes = (
            models.Index(
                fields=("created_at", "id"),
                condition=Q(dispatched_at=None),
                name="outbox_waiting",
            ),
            models.Index(fields=("workspace", "-created_at", "-id"), name="outbox_newest"),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.object_id}"
