"""What a client sends of its sessions, as the stream it is: kept while the rest still comes.

Strict takes nothing if a line is bad, and a line may be bad at the very end: so the stream is laid
down on the disk and read twice, and no transaction stays open for as long as a client likes.
"""

import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings

from apps.accounts.models import Workspace
from apps.core.errors import DomainError
from apps.sessions import importing
from apps.sessions.formats import native
from apps.sessions.importing import Tally
from apps.sessions.records import Record, Refusal

_CHUNK = 64 * 1024


class NothingReadable(DomainError):
    """The body holds no session, thread or event that could be read."""


class LineRefused(DomainError):
    """A line was refused and this is strict: nothing was kept."""


def ingest(body: BinaryIO, *, workspace: Workspace, agent: str = "", strict: bool = False) -> Tally:
    """Keep what is new in these lines of native objects, batch by batch.

    Raises NothingReadable where no line says anything, LineRefused in a strict one that is not
    all good.
    """
    if not strict:
        return _take(body, workspace, agent)
    folder = Path(settings.UPLOADS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        laid_down = cast("BinaryIO", file)
        _lay_down(body, laid_down)
        laid_down.seek(0)
        _require_good(laid_down)
        laid_down.seek(0)
        return _take(laid_down, workspace, agent)


def _take(body: BinaryIO, workspace: Workspace, agent: str) -> Tally:
    counted = _Counted(native.read(body, name=""))
    tally = importing.take(counted, workspace=workspace, agent=agent, read=body.tell)
    if not counted.readable:
        raise NothingReadable(_first(tally), errors=errors_of(tally))
    return tally


def _lay_down(body: BinaryIO, file: BinaryIO) -> None:
    while True:
        try:
            piece = body.read(_CHUNK)
        except (OSError, EOFError, zlib.error) as error:
            raise LineRefused(f"The body breaks off ({error}). Nothing was kept.") from error
        if not piece:
            return
        file.write(piece)


def _require_good(body: BinaryIO) -> None:
    tally = Tally()
    for record in native.read(body, name=""):
        if isinstance(record, Refusal):
            tally.refuse(record)
    if tally.refused:
        raise LineRefused(f"{_first(tally)} Nothing was kept.", errors=errors_of(tally))


def errors_of(tally: Tally) -> list[dict[str, int | str]]:
    """The first of the lines that were left out, and why."""
    return [{"line": each.line, "reason": each.reason} for each in tally.refusals]


def _first(tally: Tally) -> str:
    if not tally.refusals:
        return "The body is empty."
    first = tally.refusals[0]
    return f"Line {first.line}: {first.reason}. {tally.refused} refused in all."


class _Counted:
    """Records on their way through, counted as far as they say anything."""

    def __init__(self, records: Iterator[Record]) -> None:
        self._records = records
        self.readable = 0

    def __iter__(self) -> Iterator[Record]:
        for record in self._records:
            self.readable += not isinstance(record, Refusal)
            yield record
