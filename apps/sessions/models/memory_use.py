"""What sessions did to which memories: derived from their events, and made anew at will."""

from typing import Self

from django.db import models
from django.db.models import Q

from apps.memory.models import MemoryStore
from apps.sessions.models.session import Session


class UseKind(models.TextChoices):
    """What a tool did at a path. A mention is a command that may have done either."""

    READ = "read", "Read"
    WRITE = "write", "Wrote"
    MENTION = "mention", "Mentioned"


class MemoryUseQuerySet(models.QuerySet["MemoryUse"]):
    def of(self, store: MemoryStore) -> Self:
        """By sessions of the store's own workspace."""
        return self.filter(memory_store_id=store.pk, session__workspace=store.workspace_id)

    def reads(self) -> Self:
        """Those that came to something."""
        return self.filter(kind=UseKind.READ, has_failed=False)


class MemoryUse(models.Model):
    """One event that touched one path of a mounted store.

    Written by `recording.record` with the event; `tracking.rebuild` makes those of a session anew.
    """

    # The database itself deletes these with their session (0006), which is erased by a function.
    session = models.ForeignKey(
        Session,
        models.CASCADE,
        related_name="memory_uses",
        db_constraint=False,
        db_index=False,
    )
    # Of the event that used it.
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    # The store's id, which outlives the store, as the mount's does; a folder's path ends in '/'.
    memory_store_id = models.CharField(max_length=64)
    path = models.CharField(max_length=1025, db_collation="C")
    kind = models.CharField(max_length=8, choices=UseKind)
    # The tool's result was an error, or a person refused it: nothing came of it.
    has_failed = models.BooleanField(default=False)

    objects = MemoryUseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("session", "sequence", "path", "kind", "memory_store_id"),
                name="an_event_uses_a_path_in_one_way_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=UseKind.values), name="a_memory_is_used_in_a_known_way"
            ),
        )
        indexes = (
            models.Index(fields=("memory_store_id", "path", "-at"), name="memory_use_by_path"),
            models.Index(fields=("memory_store_id", "-at", "-id"), name="memory_use_newest"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"
