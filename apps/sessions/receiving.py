"""Uploads on their way in: streamed to the disk that keeps them, never through memory."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest


class _Incoming(TemporaryUploadedFile):
    """A file that lies where it can be renamed instead of copied, and is gone if it is not."""

    def __init__(self, name: str, content_type: str, charset: str, extra: Any) -> None:
        folder = Path(settings.UPLOADS_DIR) / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115 -- closed with the request
        UploadedFile.__init__(self, file, name, content_type, 0, charset, extra)


class Uploads(TemporaryFileUploadHandler):
    """Takes files up to settings.UPLOAD_LIMIT bytes; of a larger request, all but the files."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.is_too_large = int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_LIMIT

    def new_file(self, *args: Any, **options: Any) -> None:
        if self.is_too_large:
            raise SkipFile
        super(TemporaryFileUploadHandler, self).new_file(*args, **options)
        self.file = _Incoming(
            self.file_name or "",
            self.content_type or "",
            self.charset or "",
            self.content_type_extra,
        )
