"""Bytes into the storage and out of it again, with nothing left behind by whoever dies meanwhile.

A blob's row is committed before its first byte is written, and deleted after its last one is gone:
whatever lies in the storage has a row, and the sweep finds every row that nothing refers to.
"""

from collections.abc import Iterable
from typing import IO

from django.core.files.storage import Storage, storages
from django.db import transaction
from django.utils import timezone

from apps.files.models import EXPIRED_IS_TOLD_FOR, Blob, File, FileExpired
from apps.files.receiving import Content


def storage() -> Storage:
    return storages["files"]


def write(content: Content) -> Blob:
    """Put the bytes where they stay. Without a file within a day, they are swept away."""
    blob = Blob.objects.create()
    storage().save(blob.path, content)
    return blob


def read(file: File) -> IO[bytes]:
    """The bytes of a file, which can be sought in. Raises FileExpired."""
    if file.blob is None:
        raise FileExpired
    return storage().open(file.blob.path, "rb")


def discard(blob_ids: Iterable[str]) -> int:
    """Delete those of the blobs that no file has; how many that were."""
    return sum(_discard(blob_id) for blob_id in blob_ids)


@transaction.atomic
def _discard(blob_id: str) -> bool:
    # Locked first and looked at then: a copy that holds it is either seen or still to come.
    settled = Blob.objects.settled().select_for_update(skip_locked=True)
    blob = settled.filter(pk=blob_id).first()
    if blob is None or blob.files.exists():
        return False
    storage().delete(blob.path)
    blob.delete()
    return True


def sweep() -> int:
    """Forget what has expired, and delete all bytes that no file has."""
    now = timezone.now()
    expired = File.objects.filter(expires_at__lte=now)
    expired.filter(expires_at__lte=now - EXPIRED_IS_TOLD_FOR).delete()
    expired.exclude(blob=None).update(blob=None)
    return discard(Blob.objects.unused().values_list("pk", flat=True))
