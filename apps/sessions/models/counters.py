"""What sessions and threads count of their events."""

from decimal import Decimal

from django.db import models
from django.utils import timezone


class Status(models.TextChoices):
    """The contract's four. Finished work is `idle`; `terminated` cannot go on."""

    IDLE = "idle"
    RUNNING = "running"
    RESCHEDULING = "rescheduling"
    TERMINATED = "terminated"


class Counted(models.Model):
    """Sums over events, written by `recording.record` in the transaction that writes the events."""

    event_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cache_read_tokens = models.BigIntegerField(default=0)
    cache_write_tokens = models.BigIntegerField(default=0)
    # US dollars of tokens at list price; running time is priced from active_seconds.
    token_cost = models.DecimalField(max_digits=18, decimal_places=9, default=Decimal(0))
    # Model requests whose model has no list price: where there are any, a cost is "at least".
    unpriced_requests = models.PositiveIntegerField(default=0)
    active_seconds = models.FloatField(default=0)
    running_since = models.DateTimeField(null=True, blank=True)
    first_event_at = models.DateTimeField(null=True, blank=True)
    last_event_at = models.DateTimeField(null=True, blank=True)

    status = models.CharField(max_length=12, choices=Status, default=Status.IDLE)
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def tokens(self) -> int:
        """All tokens, cached ones included."""
        return (
            self.input_tokens
            + self.output_tokens
            + self.cache_read_tokens
            + self.cache_write_tokens
        )

    @property
    def duration_seconds(self) -> float | None:
        """Seconds from the first event to the last, or None without two clock readings."""
        if self.first_event_at is None or self.last_event_at is None:
            return None
        return (self.last_event_at - self.first_event_at).total_seconds()
