"""Uploads on their way in: streamed to the disk and hashed meanwhile, never through memory."""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from django.conf import settings
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from apps.core.api.errors import TooLarge
from apps.core.errors import DomainError
from apps.core.templatetags.ui import bytes_
from apps.files.models import LONGEST_UPLOAD, StorageQuotaExceeded

T = TypeVar("T")
Content: TypeAlias = "File[Any]"  # only the type checker knows that it is generic

LEFT_FREE = 100_000_000
"""Bytes of the disk that the database may need meanwhile."""


def incoming_folder() -> Path:
    folder = Path(settings.UPLOADS_DIR) / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def clear_incoming() -> None:
    """Delete what processes that were killed in the middle of an upload have left."""
    oldest = time.time() - LONGEST_UPLOAD.total_seconds()
    for left in incoming_folder().iterdir():
        if left.stat().st_mtime < oldest:
            left.unlink(missing_ok=True)


def length_of(request: HttpRequest) -> int:
    """The bytes that the client says its body has; 0 if it does not say.

    A body in chunks does not, though the server may put a length there.
    """
    told = request.META.get("CONTENT_LENGTH") or ""
    is_told = told.isdecimal() and "HTTP_TRANSFER_ENCODING" not in request.META
    return int(told) if is_told else 0


def require_disk(size: int) -> None:
    """Raises StorageQuotaExceeded where the disk has no room for so many bytes."""
    free = shutil.disk_usage(incoming_folder()).free
    if size > free - LEFT_FREE:
        raise StorageQuotaExceeded(
            f"The server's disk has {bytes_(free)} left, too little for {bytes_(size)} more."
        )


def too_large() -> TooLarge:
    return TooLarge(f"A file has at most {bytes_(settings.FILE_LIMIT)}.")


class Incoming(TemporaryUploadedFile):
    """A file that lies where it can be renamed instead of copied, and is gone if it is not.

    `sent_as` is its name as the sender has it, not yet fit for anything.
    """

    def __init__(self, sent_as: str, content_type: str) -> None:
        self.sent_as = sent_as
        self._disk = tempfile.NamedTemporaryFile(dir=incoming_folder())  # noqa: SIM115 -- see close
        UploadedFile.__init__(self, self._disk, "incoming", content_type, 0)
        self._digest = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        """Raises TooLarge once it has more than the limit."""
        if (self.size or 0) + len(chunk) > settings.FILE_LIMIT:
            raise too_large()
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


class Uploads(FileUploadHandler):
    """Takes the files of a page's form, and goes on past what it cannot take."""

    file: Incoming

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.refused: list[str] = []
        """Why which files were not taken."""
        self._has_room = self._is_fine(require_disk, length_of(request))

    def new_file(self, *args: Any, **options: Any) -> None:
        if not self._has_room:
            raise SkipFile
        super().new_file(*args, **options)
        self.file = Incoming(self.file_name or "", self.content_type or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not self._is_fine(self.file.add, raw_data, what=f"{self.file_name}: "):
            raise SkipFile

    def file_complete(self, file_size: int) -> Incoming:
        self.file.finish()
        return self.file

    def upload_interrupted(self) -> None:
        """Called after the last file too, if that one was not taken."""
        if hasattr(self, "file"):
            self.file.close()

    def _is_fine(self, do: Callable[[T], None], given: T, *, what: str = "") -> bool:
        try:
            do(given)
        except DomainError as error:
            self.refused.append(f"{what}{error.message}")
            return False
        return True
