"""What a page's import is of, kept until somebody has looked at what it would do."""

import io
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from typing import IO, cast

from django.core.files.base import ContentFile

from apps.accounts.acting import Actor
from apps.core.errors import DomainError
from apps.files import actions as files
from apps.files import naming, storing
from apps.files.models import File
from apps.files.receiving import Incoming
from apps.memory.porting import opening, reading, zips
from apps.memory.porting.reading import Bundle
from apps.memory.writing import LARGEST

KEPT_FOR = timedelta(hours=1)
_ZIP = "application/zip"


class SameName(DomainError):
    """Two of these files have the same name. Put their folders into a zip, then bring that."""


def keep_upload(*, uploads: Sequence[Incoming], by: Actor) -> File:
    """Keep what was brought as one file, for an hour, once it is sure that it can be read.

    Raises SameName, ImportTooLarge, what `opening.from_upload` and `files.actions.upload` raise.
    """
    if sum(each.size or 0 for each in uploads) > reading.MOST_BYTES:
        raise reading.ImportTooLarge
    named = [(each.sent_as, cast("IO[bytes]", each)) for each in uploads]
    name, content, kind = _as_one(named)
    opening.from_upload([(name, content)])
    content.seek(0)
    kept = uploads[0] if content is named[0][1] else ContentFile(content.read())
    return files.upload(by=by, content=kept, filename=name, mime_type=kind, expires_in=KEPT_FOR)


def kept_upload(*, file_id: str, by: Actor) -> Bundle:
    """What is in it. Raises NoSuchFile, FileExpired, and what `opening.from_upload` raises."""
    file = File.objects.present(file_id, workspace=by.workspace)
    with storing.read(file) as source:
        return opening.from_upload([(file.filename, source)])


def _as_one(named: Sequence[tuple[str, IO[bytes]]]) -> tuple[str, IO[bytes], str]:
    """Its name, content and type. Raises SameName."""
    said, content = named[0]
    name = _fit(said)
    if len(named) > 1:
        return f"{len(named)} files", _packed(named), _ZIP
    if zips.is_zip(content):
        return name, content, _ZIP
    return (name, content, "") if name == said else (name, _packed(named), _ZIP)


def _fit(name: str) -> str:
    """A name that files may have, as close to this one as that allows."""
    try:
        return naming.filename_of(name, _ZIP)
    except naming.BadFilename:
        kept = "".join(sign if sign.isalnum() or sign in " .-_" else "-" for sign in name)
        return kept[-naming.LONGEST :].strip(". ") or "files"


def _packed(named: Sequence[tuple[str, IO[bytes]]]) -> IO[bytes]:
    """One zip of them; of what is too large for a memory, so much that it is seen to be."""
    if len({name for name, _ in named}) < len(named):
        raise SameName
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, source in named:
            archive.writestr(name, source.read(LARGEST + 1))
    packed.seek(0)
    return packed
