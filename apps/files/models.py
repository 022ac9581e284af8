"""Files, and the bytes that they share."""

from datetime import timedelta
from typing import Self

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import DomainError, NotFound
from apps.core.ids import PrefixedIdField

LONGEST_UPLOAD = timedelta(days=1)
"""After this a blob that no file has come to is one that was given up."""
EXPIRED_IS_TOLD_FOR = timedelta(days=30)
"""So long an expired file is answered with `file_expired`, and not as one that never was."""


class NoSuchFile(NotFound):
    """There is no file with this id."""


class FileExpired(NotFound):
    """This file has expired: its content is not kept any longer."""

    code = "file_expired"


class StorageQuotaExceeded(DomainError):
    """The files of this workspace take all the room it has. Delete some, then try again."""

    code = "storage_quota_exceeded"


class BlobQuerySet(models.QuerySet["Blob"]):
    def settled(self) -> Self:
        """Blobs that no upload is writing any more."""
        given_up = Q(created_at__lt=timezone.now() - LONGEST_UPLOAD)
        return self.filter(Q(kept_at__isnull=False) | given_up)

    def unused(self) -> Self:
        return self.settled().filter(
            ~models.Exists(File.objects.filter(blob=models.OuterRef("pk")))
        )

    def hold(self, blob_id: str) -> bool:
        """Keep the blob from being swept until this transaction ends; False if it is gone.

        The weakest lock that does: sessions that mount the same file never wait for each other.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM files_blob WHERE id = %s FOR KEY SHARE", [blob_id])
            return cursor.fetchone() is not None


class Blob(models.Model):
    """Bytes in the storage. The row is there before they are and goes after them."""

    id = PrefixedIdField(prefix="blob")
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When its first file was made; null while it is being written.
    kept_at = models.DateTimeField(null=True, blank=True)

    objects = BlobQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kept_at=None) | ~Q(sha256=""), name="a_kept_blob_knows_its_hash"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def path(self) -> str:
        """Where the bytes lie in the storage, spread over folders."""
        return f"files/{self.pk[-2:]}/{self.pk}"


class FileQuerySet(models.QuerySet["File"]):
    def visible_in(self, workspace: Workspace) -> Self:
        """Every file of this workspace that has not expired."""
        lasting = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(lasting, workspace=workspace)

    def present(self, file_id: str, *, workspace: Workspace) -> "File":
        """The file with this id. Raises NoSuchFile or FileExpired."""
        found = self.select_related("blob").filter(
            workspace=workspace, pk=payloads.storable(file_id)
        )
        file = found.first()
        if file is None:
            raise NoSuchFile
        if file.has_expired:
            raise FileExpired
        return file


class File(models.Model):
    """A file of the contract (3.11)."""

    id = PrefixedIdField(prefix="file")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="files")
    # Null once the file has expired and its bytes are gone.
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="files")
    filename = models.CharField(max_length=255)
    mime_type = models.CharField(max_length=255)
    size_bytes = models.BigIntegerField()
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
            models.CheckConstraint(
                condition=Q(blob__isnull=False) | Q(expires_at__isnull=False),
                name="only_an_expired_file_has_no_bytes",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="file_newest"),
            models.Index(
                fields=("workspace", "scope_id", "-created_at", "-id"),
                condition=~Q(scope_id=""),
                name="file_by_scope",
            ),
            models.Index(
                fields=("expires_at",),
                condition=Q(expires_at__isnull=False),
                name="file_by_expiry",
            ),
        )

    def __str__(self) -> str:
        return self.filename

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()
