"""Uploads on their way in: streamed to the disk that keeps them, never through memory."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from apps.core.templatetags.ui import bytes_

LEFT_FREE = 100_000_000
"""Bytes that the database may need meanwhile."""


class _Incoming(TemporaryUploadedFile):
    """A file that lies where it can be renamed instead of copied, and is gone if it is not."""

    def __init__(self, name: str, content_type: str, charset: str, extra: Any) -> None:
        folder = Path(settings.UPLOADS_DIR) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115 -- closed with the request
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)


class Uploads(TemporaryFileUploadHandler):
    """Takes files that are allowed and fit; of any other request, all but the files."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.complaint = _complaint(int(request.META.get("CONTENT_LENGTH") or 0))
        """Why no file of this request is taken, or nothing."""

    def new_file(self, *args: Any, **options: Any) -> None:
        if self.complaint:
            raise SkipFile
        super(TemporaryFileUploadHandler, self).new_file(*args, **options)
        self.file = _Incoming(
            self.file_name or "",
            self.content_type or "",
            self.charset or "",
            self.content_type_extra,
        )


def _complaint(size: int) -> str:
    """The length a request gives is checked before its first byte lies on the disk."""
    if size > settings.UPLOAD_LIMIT:
        limit = bytes_(settings.UPLOAD_LIMIT)
        return f"That is more than {limit} at once. Choose fewer, or import from a terminal."
    folder = Path(settings.UPLOADS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if size > free - LEFT_FREE:
        return (
            f"The server's disk has {bytes_(free)} left, too little for {bytes_(size)} of files."
            " Free some, or choose fewer."
        )
    return ""
