"""What a person or a client may do with files."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import DomainError
from apps.core.queue import enqueue
from apps.files import naming, storing
from apps.files.models import Blob, File, FileExpired, NoSuchFile, StorageQuotaExceeded
from apps.files.receiving import Content, sha256_of
from apps.files.tasks import discard_blobs


class TookTooLong(DomainError):
    """The upload took more than a day and was given up. Try again."""


def upload(
    *,
    by: Actor,
    content: Content,
    filename: str,
    mime_type: str = "",
    expires_in: timedelta | None = None,
    scope_id: str = "",
    downloadable: bool = False,
) -> File:
    """Keep the content as a new file. What a session produced is downloadable and has its scope.

    Call it outside a transaction: then whatever dies meanwhile leaves nothing that is not swept.
    Raises BadFilename, StorageQuotaExceeded, TookTooLong.
    """
    kind = naming.mime_type_of(filename, mime_type)
    name = naming.filename_of(filename, kind)
    require_room(by.workspace, content.size)
    sha256 = sha256_of(content)  # a storage may close what it has written
    return _keep(
        storing.write(content),
        sha256=sha256,
        by=by,
        filename=name,
        mime_type=kind,
        size_bytes=content.size,
        scope_id=scope_id,
        downloadable=downloadable,
        expires_at=timezone.now() + expires_in if expires_in else None,
    )


@transaction.atomic
def _keep(blob: Blob, *, sha256: str, by: Actor, **fields: Any) -> File:
    if settings.FILES_QUOTA:  # two uploads at once must not both take the last room
        Workspace.objects.select_for_update(no_key=True).get(pk=by.workspace.pk)
        require_room(by.workspace, fields["size_bytes"])
    waiting = Blob.objects.filter(pk=blob.pk, kept_at=None)
    kept = {"sha256": sha256, "size_bytes": fields["size_bytes"], "kept_at": timezone.now()}
    if not waiting.update(**kept):
        raise TookTooLong
    blob.refresh_from_db()
    file = File.objects.create(workspace=by.workspace, blob=blob, **fields)
    note(by, "file.created", file.pk, after=_told(file))
    return file


def require_room(workspace: Workspace, size: int) -> None:
    """Raises StorageQuotaExceeded where a file of this size does not fit any more."""
    if not settings.FILES_QUOTA:
        return
    taken = File.objects.filter(workspace=workspace).exclude(blob=None)
    used: int = taken.aggregate(sum=Sum("size_bytes", default=0))["sum"]
    if used + size > settings.FILES_QUOTA:
        raise StorageQuotaExceeded


@transaction.atomic
def delete(*, file_id: str, by: Actor) -> None:
    """Delete the file; its bytes follow. Raises NoSuchFile."""
    files = File.objects.filter(workspace=by.workspace, pk=payloads.storable(file_id))
    file = files.select_for_update(no_key=True).first()
    if file is None:
        raise NoSuchFile
    note(by, "file.deleted", file.pk, before=_told(file))
    file.delete()
    _discard_soon([file.blob_id])


@transaction.atomic
def copy_for_session(file: File, *, session_id: str, by: Actor) -> File:
    """The same bytes under a new id, as a file of this session.

    It may be downloaded if the original may, and expires when that does. Raises FileExpired, and
    NoSuchFile if it is deleted at this moment.
    """
    if file.blob_id is None or file.has_expired:
        raise FileExpired
    if not Blob.objects.hold(file.blob_id):
        raise NoSuchFile
    copy = File.objects.create(
        workspace=by.workspace,
        blob_id=file.blob_id,
        filename=file.filename,
        mime_type=file.mime_type,
        size_bytes=file.size_bytes,
        scope_id=session_id,
        downloadable=file.downloadable,
        expires_at=file.expires_at,
    )
    note(by, "file.created", copy.pk, after=_told(copy) | {"copy_of": file.pk})
    return copy


@transaction.atomic
def delete_of_session(session_id: str, workspace: Workspace) -> int:
    """Delete every file of the session, copies and deliverables; how many there were.

    The log has the session's end; it says no more of each of these.
    """
    if not session_id:
        return 0
    files = File.objects.filter(workspace=workspace, scope_id=session_id)
    gone = dict(files.select_for_update(no_key=True).values_list("pk", "blob_id"))
    File.objects.filter(pk__in=gone).delete()
    _discard_soon(gone.values())
    return len(gone)


def _told(file: File) -> dict[str, Any]:
    """What the audit log says of a file."""
    return {
        "filename": file.filename,
        "mime_type": file.mime_type,
        "size_bytes": file.size_bytes,
        "scope_id": file.scope_id,
        "expires_at": file.expires_at.isoformat() if file.expires_at else None,
    }


def _discard_soon(blob_ids: Iterable[str | None]) -> None:
    """Have a worker delete the bytes; if the queue is away, the sweep does within the hour."""
    wanted = [blob_id for blob_id in blob_ids if blob_id]

    def send() -> None:
        enqueue(discard_blobs, blob_ids=wanted)

    if wanted:
        transaction.on_commit(send, robust=True)
