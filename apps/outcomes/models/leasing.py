"""What one worker at a time has in hand: taken, held, put back, and taken over from the dead."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

MOST_ATTEMPTS = 5
"""Times that workers may take something up without ending it."""
FREED: Mapping[str, Any] = {"lease_holder": "", "lease_expires_at": None, "waits_until": None}
"""What a row is put to that no worker has in hand any more."""
L = TypeVar("L", bound="Leased")


class Unended(models.TextChoices):
    """What has a worker, or waits for one."""

    PENDING = "pending", "Waits"
    RUNNING = "running", "Runs"


class LeasedQuerySet(models.QuerySet[L]):
    def unended(self) -> Self:
        return self.filter(status__in=Unended.values)

    def due(self) -> Self:
        """What a worker should take up: it waits, or its worker is gone."""
        waited = Q(waits_until=None) | Q(waits_until__lte=timezone.now())
        return self.filter(Q(waited, status=Unended.PENDING) | _orphaned())

    def exhausted(self) -> Self:
        """Begun as often as may be, and every worker that did is gone."""
        gone = Q(status=Unended.RUNNING, lease_expires_at__lt=timezone.now())
        return self.filter(gone, attempts__gte=MOST_ATTEMPTS)

    def take(self, pk: object, holder: str, **changes: Any) -> bool:
        """Take it for this holder; False if it is taken, has ended or is gone.

        Who holds it already gets it again: a job that is delivered twice lost its first worker.
        """
        waiting = Q(status=Unended.PENDING)
        mine = Q(status=Unended.RUNNING, lease_holder=holder)
        # Said of the row itself: who waited for another's claim looks at it again, and not at what
        # a subquery has found before.
        taken = self.filter(waiting | mine | _orphaned(), pk=pk).update(
            status=Unended.RUNNING,
            lease_holder=holder,
            lease_expires_at=lease_end(),
            waits_until=None,
            attempts=F("attempts") + 1,
            **changes,
        )
        return bool(taken)


class Leased(models.Model):
    """A row with a `status` that workers take up, one at a time."""

    attempts = models.PositiveSmallIntegerField(default=0)
    lease_holder = models.CharField(max_length=64, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    waits_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def held(self) -> models.QuerySet[Self]:
        """This row, as long as its holder is who took it."""
        rows = type(self)._default_manager  # noqa: SLF001 -- Django's name of it
        mine = Q(status=Unended.RUNNING, lease_holder=self.lease_holder)
        return rows.filter(mine, pk=self.pk)

    def keep(self) -> bool:
        """Renew the lease; False if it is not ours to go on with."""
        return bool(self.held().update(lease_expires_at=lease_end()))

    def put_back(self, seconds: float) -> float:
        """Let go of it for so long. That a model is busy is no attempt."""
        until = timezone.now() + timedelta(seconds=seconds)
        changes: dict[str, Any] = {"status": Unended.PENDING, "attempts": F("attempts") - 1}
        self.held().update(**{**FREED, **changes, "waits_until": until})
        return seconds


def _orphaned() -> Q:
    """Its worker is gone, and another may try."""
    return Q(
        status=Unended.RUNNING, lease_expires_at__lt=timezone.now(), attempts__lt=MOST_ATTEMPTS
    )


def lease_end() -> Any:
    """Until when whoever works on something need not say so again."""
    return timezone.now() + timedelta(seconds=settings.OUTCOME_LEASE_SECONDS)
