"""Files and where their bytes lie."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField


class FileQuerySet(models.QuerySet["File"]):
    def visible_in(self, workspace: Workspace) -> Self:
        """Every file of this workspace that has not expired."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(lasting, workspace=workspace)


class File(models.Model):
    """A file of the contract (3.11)."""

    id = PrefixedIdField(prefix="file")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="files")
    filename = models.CharField(max_length=255)
    mime_type = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=255)  # in the default storage
    # The session that it belongs to, as a public id: a copy mounted there, or its deliverable.
    scope_id = models.CharField(max_length=128, blank=True)
    # Only what a session produced may be downloaded by the API, as with the vendor.
    downloadable = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(size_bytes__gte=0), name="a_file_has_a_size"),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="file_newest"),
            models.Index(
                fields=("workspace", "scope_id", "-created_at", "-id"),
                condition=~Q(scope_id=""),
                name="file_by_scope",
            ),
        )

    def __str__(self) -> str:
        return self.filename
