"""What a check of a store's history found."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PrefixedIdField
from apps.memory.models.store import MemoryStore

MOST_KEPT = 100
"""Checks that a store keeps, and besides the last that passed, which the next is compared with."""


class HistoryCheckQuerySet(models.QuerySet["HistoryCheck"]):
    def of(self, store: MemoryStore) -> Self:
        return self.filter(store=store)

    def passed(self) -> Self:
        return self.filter(fault_count=0)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def forgettable(self) -> Self:
        """Of the checks of one store, those that neither people nor the next check look at."""
        newest = self.newest_first().values("pk")[:MOST_KEPT]
        passed = self.passed().newest_first().values("pk")[:1]
        return self.exclude(pk__in=newest).exclude(pk__in=passed)


class HistoryCheck(models.Model):
    """One look at the whole chain of a store, with where it ended.

    A later check compares: a history that was written anew, hashes and all, no longer contains it.
    """

    id = PrefixedIdField(prefix="memcheck")
    # The database itself deletes these with their store (0010): a store is erased by a function.
    store = models.ForeignKey(
        MemoryStore, models.CASCADE, related_name="checks", db_constraint=False, db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    version_count = models.PositiveIntegerField()
    chain_hash = models.CharField(max_length=64)
    fault_count = models.PositiveIntegerField(default=0)
    # The first of them, in order: version_id, sequence, memory_id, problem.
    faults = models.JSONField(default=list, blank=True)

    objects = HistoryCheckQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(fault_count=0, faults=[]) | (Q(fault_count__gt=0) & ~Q(faults=[])),
                name="a_check_that_failed_says_where",
            ),
        )
        indexes = (models.Index(fields=("store", "-created_at", "-id"), name="check_newest"),)

    def __str__(self) -> str:
        return str(self.id)

    @property
    def has_passed(self) -> bool:
        return self.fault_count == 0

    @property
    def is_over(self) -> bool:
        """A check that a worker is at is not saved yet."""
        return not self._state.adding
