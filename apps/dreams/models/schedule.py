"""When dreams start by themselves, and over which sessions."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.dreams.models.dream import Dream, OutputBehavior


class DreamScheduleQuerySet(models.QuerySet["DreamSchedule"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def open(self) -> Self:
        """Those that nobody archived."""
        return self.filter(archived_at=None)

    def due(self) -> Self:
        return self.open().filter(paused_at=None, due_at__lte=now())


class DreamSchedule(models.Model):
    """A dream that is asked for again and again: when, about which store, over which sessions."""

    id = PrefixedIdField(prefix="dsch")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="dream_schedules")
    name = models.CharField(max_length=255)
    memory_store_id = models.CharField(max_length=64)
    # Five fields, and the zone whose clock they are about.
    cron = models.CharField(max_length=200)
    timezone = models.CharField(max_length=64, default="UTC")
    # Up to so many seconds later than the moment, so that not all start at once.
    jitter_seconds = models.PositiveIntegerField(default=0)

    # Which sessions: of this agent (its public id; empty: of all), begun in the last so many hours.
    agent_id = models.CharField(max_length=128, blank=True)
    window_hours = models.PositiveIntegerField(null=True, blank=True)
    only_ended = models.BooleanField(default=True)
    # Only those that no dream about this store has read as they are now.
    only_unread = models.BooleanField(default=True)
    most_sessions = models.PositiveIntegerField(default=100)
    # With fewer that are new, there is nothing to dream of yet.
    least_new_sessions = models.PositiveIntegerField(default=1)

    model = models.CharField(max_length=256)
    instructions = models.TextField(blank=True)
    output_behavior = models.CharField(
        max_length=15, choices=OutputBehavior, default=OutputBehavior.UPDATE_EXISTING
    )
    # As Dream.policy.
    policy = models.CharField(max_length=16, blank=True)
    # As Dream.cap_usd and Dream.is_batched, of each of its dreams.
    cap_usd = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    is_batched = models.BooleanField(default=False)

    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)
    created_by_type = models.CharField(max_length=24, blank=True)
    created_by_id = models.CharField(max_length=128, blank=True)
    created_by_name = models.CharField(max_length=256, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    # Empty: a person paused it. Else what made it useless, as the store that is gone.
    paused_reason = models.CharField(max_length=500, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    # By `scheduling`: the next moment of the cron, and that with its jitter.
    next_moment_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)

    objects = DreamScheduleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="a_dream_schedule_has_a_name"),
            models.CheckConstraint(
                condition=Q(cap_usd=None) | Q(cap_usd__gt=0),
                name="dreams_of_a_schedule_may_cost_something",
            ),
            models.CheckConstraint(
                condition=Q(next_moment_at=None, due_at=None)
                | Q(next_moment_at__isnull=False, due_at__gte=models.F("next_moment_at")),
                name="a_schedule_is_due_at_its_moment_or_later",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="dream_schedule_newest"),
            models.Index(
                fields=("due_at",),
                condition=Q(paused_at=None, archived_at=None),
                name="dream_schedule_due",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None


class DreamScheduleRunQuerySet(models.QuerySet["DreamScheduleRun"]):
    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class DreamScheduleRun(models.Model):
    """What came of one moment of a schedule: a dream, or the reason why there is none."""

    id = PrefixedIdField(prefix="dsrun")
    schedule = models.ForeignKey(DreamSchedule, models.CASCADE, related_name="runs", db_index=False)
    # Null: somebody ran it by hand.
    moment = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    dream = models.ForeignKey(
        Dream, models.CASCADE, null=True, blank=True, related_name="schedule_runs"
    )
    reason = models.CharField(max_length=500, blank=True)

    objects = DreamScheduleRunQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("schedule", "moment"), name="a_schedule_runs_once_for_one_moment"
            ),
            models.CheckConstraint(
                condition=(Q(dream=None) & ~Q(reason="")) | Q(dream__isnull=False, reason=""),
                name="a_scheduled_run_has_a_dream_or_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=("schedule", "-created_at", "-id"), name="dream_schedule_run_newest"
            ),
        )

    def __str__(self) -> str:
        return str(self.id)
