"""Files as the contract writes them."""

from typing import Any

from apps.core.api.times import stamp
from apps.files.models import File


def metadata(file: File) -> dict[str, Any]:
    """What the API answers for a file."""
    return {
        "id": file.pk,
        "type": "file",
        "filename": file.filename,
        "mime_type": file.mime_type,
        "size_bytes": file.size_bytes,
        "created_at": stamp(file.created_at),
        "downloadable": file.downloadable,
        "expires_at": stamp(file.expires_at) if file.expires_at else None,
        "scope": {"type": "session", "id": file.scope_id} if file.scope_id else None,
    }
