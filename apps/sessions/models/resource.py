"""What a session has mounted: files, repositories and memory stores."""

from functools import partial
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import MD5
from django.utils import timezone

from apps.core.ids import new_id
from apps.files.models import File
from apps.sessions.models.session import Session


class ResourceQuerySet(models.QuerySet["Resource"]):
    def in_order(self) -> Self:
        return self.order_by("pk")


class Resource(models.Model):
    """A mount of the contract (3.3): a file's copy, a repository, or a memory store."""

    class Type(models.TextChoices):
        FILE = "file"
        GITHUB_REPOSITORY = "github_repository"
        MEMORY_STORE = "memory_store"

    class Access(models.TextChoices):
        READ_WRITE = "read_write"
        READ_ONLY = "read_only"

    session = models.ForeignKey(Session, models.CASCADE, related_name="resources", db_index=False)
    public_id = models.CharField(max_length=128, default=partial(new_id, "sesrsc"))
    type = models.CharField(max_length=32, choices=Type)
    mount_path = models.CharField(max_length=4096)
    # Of a file: the session's own copy. Deleted, it takes its mount along.
    file = models.ForeignKey(File, models.CASCADE, null=True, blank=True, related_name="mounts")
    # Of a repository: where it is, what to check out (the contract's; null is the default branch),
    # and what opens it (core.sealing; never told again).
    url = models.CharField(max_length=2048, blank=True)
    checkout = models.JSONField(null=True, blank=True)
    sealed_token = models.TextField(blank=True)
    # Of a memory store: its id, which outlives the store, how it was called when it was mounted,
    # what the agent may do there, and what it is told about that.
    memory_store_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=255, blank=True)
    description = models.CharField(max_length=1024, blank=True)
    access = models.CharField(max_length=16, choices=Access, blank=True)
    instructions = models.CharField(max_length=4096, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("session", "public_id"), name="a_resource_id_is_unique_in_its_session"
            ),
            # By digest: a path may be longer than an entry of an index.
            models.UniqueConstraint(
                "session", MD5("mount_path"), name="a_path_is_mounted_once_in_a_session"
            ),
            models.UniqueConstraint(
                fields=("session", "memory_store_id"),
                condition=~Q(memory_store_id=""),
                name="a_memory_store_is_mounted_once_in_a_session",
            ),
            models.CheckConstraint(
                condition=Q(
                    type="file",
                    file__isnull=False,
                    url="",
                    sealed_token="",
                    memory_store_id="",
                )
                | (Q(type="github_repository", file=None, memory_store_id="") & ~Q(url=""))
                | (
                    Q(type="memory_store", file=None, url="", sealed_token="")
                    & Q(access__in=("read_write", "read_only"))
                    & ~Q(memory_store_id="")
                ),
                name="a_resource_is_a_file_a_repository_or_a_memory_store",
            ),
        )
        indexes = (
            models.Index(
                fields=("memory_store_id",),
                condition=~Q(memory_store_id=""),
                name="resource_by_memory_store",
            ),
        )

    def __str__(self) -> str:
        return self.mount_path
