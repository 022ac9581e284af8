"""What a memory said from one write to the next. Never changed but by redaction, never deleted."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import PrefixedIdField
from apps.memory.models.memory import Memory
from apps.memory.models.store import MemoryStore


class Operation(models.TextChoices):
    """What a write did. A rename is a modification."""

    CREATED = "created", "Created"
    MODIFIED = "modified", "Modified"
    DELETED = "deleted", "Deleted"


class MemoryVersionQuerySet(models.QuerySet["MemoryVersion"]):
    def of(self, store: MemoryStore) -> Self:
        return self.filter(store=store)

    def in_order(self) -> Self:
        return self.order_by("sequence")


class MemoryVersion(models.Model):
    """A version of the contract, in its place in the store's chain."""

    class ActorType(models.TextChoices):
        """The contract's names of who writes; empty is the system itself."""

        USER = "user_actor", "Person"
        API_KEY = "api_actor", "API key"
        SESSION = "session_actor", "Session"
        SERVICE_ACCOUNT = "service_account_actor", "Service account"

    id = PrefixedIdField(prefix="memver")
    store = models.ForeignKey(MemoryStore, models.CASCADE, related_name="versions", db_index=False)
    memory = models.ForeignKey(Memory, models.CASCADE, related_name="versions", db_index=False)
    sequence = models.PositiveIntegerField()
    operation = models.CharField(max_length=8, choices=Operation)
    # Null once redacted; a deleted memory's last version has a path and no content.
    path = models.CharField(max_length=1024, null=True)  # noqa: DJ001 -- null is redacted
    content = models.TextField(null=True)  # noqa: DJ001 -- null is redacted or deleted
    content_sha256 = models.CharField(max_length=64, null=True)  # noqa: DJ001 -- as content
    content_size_bytes = models.PositiveIntegerField(null=True)

    actor_type = models.CharField(max_length=24, choices=ActorType, blank=True)
    actor_id = models.CharField(max_length=128, blank=True)
    actor_name = models.CharField(max_length=256, blank=True)
    # Why, in a line: a restore says of what, an import from where.
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    redacted_at = models.DateTimeField(null=True, blank=True)
    redacted_by_type = models.CharField(max_length=24, choices=ActorType, blank=True)
    redacted_by_id = models.CharField(max_length=128, blank=True)

    # Its place in the chain (chain.py). The salt goes with a redaction.
    salt = models.CharField(max_length=32, null=True)  # noqa: DJ001 -- null is redacted
    seal = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = MemoryVersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("store", "sequence"), name="versions_of_a_store_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1), name="versions_of_a_store_are_numbered_from_one"
            ),
            models.CheckConstraint(
                condition=Q(redacted_at=None, path__isnull=False, salt__isnull=False)
                | Q(
                    redacted_at__isnull=False,
                    path=None,
                    content=None,
                    content_sha256=None,
                    content_size_bytes=None,
                    salt=None,
                ),
                name="only_a_redacted_version_says_nothing",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at__isnull=False)
                | Q(operation="deleted", content=None, content_sha256=None)
                | (
                    ~Q(operation="deleted") & Q(content__isnull=False, content_sha256__isnull=False)
                ),
                name="only_a_deletion_has_no_content",
            ),
            models.CheckConstraint(
                condition=Q(operation__in=Operation.values), name="a_version_did_a_known_thing"
            ),
        )
        indexes = (
            models.Index(fields=("memory", "-sequence"), name="version_by_memory"),
            models.Index(fields=("store", "-created_at", "-id"), name="version_newest"),
            models.Index(
                fields=("store", "actor_id", "-created_at", "-id"), name="version_by_actor"
            ),
        )

    def __str__(self) -> str:
        return str(self.id)
