"""Reading uploaded files, by a worker that may die at any line.

A worker holds an import by a lease, which a thread beside the reading renews: a strict import is
one long transaction, and what it writes itself nobody sees before the end. Importing is
idempotent, so going on after a death is beginning again.
"""

import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from threading import Event as Signal
from threading import Thread
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from apps.core.errors import DomainError
from apps.sessions.importing import take
from apps.sessions.models import Import
from apps.sessions.reading import Reading, Source
from apps.sessions.records import Record, SessionRecord

RENEW_EVERY = 1.0
KEEP_FAILED = timedelta(days=7)
"""How long the files of a failed import wait for another try."""
GIVEN_UP = (
    "The workers that read this stopped before its end, each time. What was kept stays; trying"
    " again adds the rest."
)


def folder_of(import_id: str) -> Path:
    """Where an import's files lie until they are read."""
    return Path(settings.UPLOADS_DIR) / "imports" / import_id


def attempt(import_id: str) -> None:
    """Read the files of an import, if nobody else does, and write down what came of it."""
    work = Import.objects.claim(import_id)
    if work is None:
        return
    try:
        _read(work)
    except FileNotFoundError:
        work.end(Import.Status.FAILED, error="The files are not there any more. Choose them again.")
    except DomainError as error:
        work.end(Import.Status.FAILED, error=error.message)


def _read(work: Import) -> None:
    files = sorted(work.files, key=lambda file: file["name"].startswith("agent-"))
    sources = [Source(Path(default_storage.path(file["path"])), file["name"]) for file in files]
    reading = Reading(sources, work.format)
    found_in: set[str] = set()
    with _Keeping(work, reading) as keeping:
        tally = take(
            _noting(reading, found_in),
            workspace=work.workspace,
            agent=work.agent_name,
            strict=work.strict,
            progress=keeping.add,
        )
    work.end(
        Import.Status.COMPLETED,
        bytes_done=reading.bytes_done,
        tally=tally.counts() | {"sources": sorted(found_in)},
        refusals=[asdict(refusal) for refusal in tally.refusals],
    )
    shutil.rmtree(folder_of(work.pk), ignore_errors=True)


def _noting(records: Reading, found_in: set[str]) -> Iterator[Record]:
    """The records, and on the way which formats they were in."""
    for record in records:
        if isinstance(record, SessionRecord):
            found_in.add(record.source)
        yield record


class _Keeping:
    """Renews the lease every second, from a thread and a connection of its own."""

    def __init__(self, work: Import, reading: Reading) -> None:
        self._work = work
        self._reading = reading
        self._events = 0
        self._over = Signal()
        self._thread = Thread(target=self._renew, name=f"lease of {work.pk}", daemon=True)

    def add(self, events: int) -> None:
        self._events += events

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _renew(self) -> None:
        try:
            while not self._over.wait(RENEW_EVERY):
                self._work.renew(bytes_done=self._reading.bytes_done, tally={"read": self._events})
        finally:
            connection.close()


def resumable() -> list[str]:
    """The imports that a worker should take up; those that were tried too often fail here."""
    for exhausted in Import.objects.exhausted():
        exhausted.end(Import.Status.FAILED, error=GIVEN_UP)
    return list(Import.objects.claimable().values_list("pk", flat=True))


def clear_away() -> None:
    """Delete the files of imports that failed so long ago that nobody will try them again."""
    failed = Import.objects.filter(
        status=Import.Status.FAILED, ended_at__lt=timezone.now() - KEEP_FAILED
    )
    folders = folder_of("").iterdir() if folder_of("").is_dir() else ()
    here = {folder.name: folder for folder in folders}
    for import_id in failed.filter(pk__in=here).values_list("pk", flat=True):
        shutil.rmtree(here[import_id], ignore_errors=True)
