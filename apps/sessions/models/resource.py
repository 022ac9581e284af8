"""What a session has mounted: files and repositories."""

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
    """A mount of the contract (3.3): a file's copy, or a repository."""

    class Type(models.TextChoices):
        FILE = "file"
        GITHUB_REPOSITORY = "github_repository"

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
            models.CheckConstraint(
                condition=Q(type="file", file__isnull=False, url="", sealed_token="")
                | (Q(type="github_repository", file=None) & ~Q(url="")),
                name="a_resource_is_a_file_or_a_repository",
            ),
        )

    def __str__(self) -> str:
        return self.mount_path
