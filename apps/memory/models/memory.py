"""One text file of a store, as it is now."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PrefixedIdField
from apps.memory import paths
from apps.memory.models.store import MemoryStore


class MemoryQuerySet(models.QuerySet["Memory"]):
    def live(self) -> Self:
        return self.filter(deleted_at=None)

    def under(self, prefix: str) -> Self:
        """Those in this folder and below it; the prefix ends in '/'."""
        return self.filter(path__gte=prefix, path__lt=paths.after(prefix))


class Memory(models.Model):
    """A memory of the contract: what its newest version says. Deleted, only its history is left.

    The database makes `words` of path and content, for `searching` (migration 0011).
    """

    id = PrefixedIdField(prefix="mem")
    store = models.ForeignKey(MemoryStore, models.CASCADE, related_name="memories", db_index=False)
    # By bytes, whatever the database's own order is: of prefixes, listings and their cursors.
    path = models.CharField(max_length=1024, db_collation="C")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True)

    # Of its newest version, by `writing`.
    memory_version_id = models.CharField(max_length=64)
    content = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    content_size_bytes = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = MemoryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("store", "path"),
                condition=Q(deleted_at=None),
                name="a_path_is_taken_once_in_a_store",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(content="", content_size_bytes=0),
                name="a_deleted_memory_says_nothing",
            ),
        )

    def __str__(self) -> str:
        return self.path
