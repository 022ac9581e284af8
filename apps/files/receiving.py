"""Uploads on their way in: streamed to the disk and hashed meanwhile, never through memory."""

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import Any, TypeAlias

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from apps.files.models import LONGEST_UPLOAD

Content: TypeAlias = "File[Any]"  # only the type checker knows that it is generic


def incoming_folder() -> Path:
    return Path(settings.UPLOADS_DIR) / "incoming"


class Incoming(TemporaryUploadedFile):
    """A file that lies where it can be renamed instead of copied, and is gone if it is not."""

    def __init__(self, name: str, content_type: str) -> None:
        incoming_folder().mkdir(parents=True, exist_ok=True)
        file = tempfile.NamedTemporaryFile(dir=incoming_folder())  # noqa: SIM115 -- closed with the request
        UploadedFile.__init__(self, file, name, content_type, 0)
        self._disk = file
        self._digest = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        self._disk.write(chunk)
        self._digest.update(chunk)
        self.size = (self.size or 0) + len(chunk)

    def finish(self) -> None:
        """Everything is on the disk before anybody is told that it is kept."""
        self._disk.flush()
        os.fsync(self._disk.fileno())
        self._disk.seek(0)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def sha256_of(content: Content) -> str:
    """The hash of the whole content, taken on its way in where it came that way."""
    if isinstance(content, Incoming):
        return content.sha256
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def clear_incoming() -> None:
    """Delete what processes that were killed in the middle of an upload have left."""
    folder = incoming_folder()
    oldest = time.time() - LONGEST_UPLOAD.total_seconds()
    for left in folder.iterdir() if folder.is_dir() else ():
        if left.stat().st_mtime < oldest:
            left.unlink(missing_ok=True)
