"""What may reach a store without a person, and where one person is not enough."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.memory.chain import GENESIS
from apps.memory.models import MemoryStore


class StorePolicy(models.Model):
    """The rules of one store's reviews, and the end of its chain of decisions."""

    class Mode(models.TextChoices):
        """Who decides."""

        REVIEW = "review", "People decide everything"
        AUTO_SAFE = "auto_safe", "Safe additions apply by themselves"
        AUTO = "auto", "Everything unflagged applies by itself"

    store = models.OneToOneField(
        MemoryStore, models.CASCADE, primary_key=True, related_name="policy"
    )
    mode = models.CharField(max_length=9, choices=Mode, default=Mode.REVIEW)
    # Two people for what is flagged, whatever the flag is.
    two_for_flagged = models.BooleanField(default=False)
    # Two people where more sessions than this read the memory in the last 30 days; None never asks.
    two_over_sessions = models.PositiveIntegerField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    # Of its decisions, by `chaining`: the newest one's number and hash.
    decision_count = models.PositiveIntegerField(default=0)
    chain_hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(mode__in=["review", "auto_safe", "auto"]),
                name="a_store_has_a_known_policy",
            ),
        )

    def __str__(self) -> str:
        return f"{self.store_id}: {self.mode}"
