"""Signs of life of the processes that nobody talks to."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, name: str) -> None:
        """Write down that this part of the stack lives, now."""
        self.bulk_create(
            [self.model(name=name, seen_at=timezone.now())],
            update_conflicts=True,
            update_fields=["seen_at"],
            unique_fields=["name"],
        )

    def seen_since(self, instant: datetime) -> Self:
        return self.filter(seen_at__gte=instant)


class Heartbeat(models.Model):
    """When a part of the stack was last seen alive: `worker`, `schedule`."""

    WORKER = "worker"
    SCHEDULE = "schedule"

    name = models.CharField(max_length=50, primary_key=True)
    seen_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
