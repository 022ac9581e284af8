"""`manage.py import_sessions`: transcripts from the terminal."""

import glob
import shutil
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from apps.accounts.models import Workspace
from apps.core.errors import DomainError
from apps.sessions.formats import AUTO, FORMATS, find_files
from apps.sessions.importing import NothingImported, Tally, take
from apps.sessions.reading import Reading, Source
from apps.sessions.records import Record, Refusal

STDIN = "-"
MOST_REFUSALS_PRINTED = 50


class Command(BaseCommand):
    help = "Import transcripts: files, folders, patterns, packed files, or - for what is piped in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--format", choices=[AUTO, *FORMATS], default=AUTO)
        parser.add_argument("--agent", default="", metavar="NAME", help="instead of the files' own")
        parser.add_argument("--workspace", default="default", metavar="W")
        parser.add_argument(
            "--strict", action="store_true", help="import nothing if anything is refused"
        )

    def handle(self, **options: Any) -> None:
        """Print each refusal as it comes, and what was added last."""
        workspace = _workspace(options["workspace"])
        try:
            with _sources(options["paths"]) as sources:
                tally = self._take(Reading(sources, options["format"]), workspace, options)
        except NothingImported as nothing:
            raise CommandError(nothing.message) from None
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(_counts(tally))

    def _take(self, reading: Reading, workspace: Workspace, options: dict[str, Any]) -> Tally:
        with tqdm(
            total=reading.bytes_total, unit="B", unit_scale=True, leave=False, disable=None
        ) as bar:
            tally = take(
                self._watched(reading, bar),
                workspace=workspace,
                agent=options["agent"],
                strict=options["strict"],
            )
        if tally.refused > MOST_REFUSALS_PRINTED:
            self.stderr.write(f"and {tally.refused - MOST_REFUSALS_PRINTED:,} more")
        return tally

    def _watched(self, reading: Reading, bar: "tqdm[Any]") -> Iterator[Record]:
        """The records, moving the bar, and printing the first refusals above it."""
        printed = 0
        for record in reading:
            if reading.bytes_done != bar.n:
                bar.update(reading.bytes_done - bar.n)
            if isinstance(record, Refusal) and printed < MOST_REFUSALS_PRINTED:
                printed += 1
                with bar.external_write_mode(file=sys.stderr):
                    self.stderr.write(f"{record.file}:{record.line}: {record.reason}")
            yield record


def _workspace(slug: str) -> Workspace:
    workspace = Workspace.objects.filter(slug=slug).first()
    if workspace is None:
        known = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no workspace “{slug}”. There is: {known}.")
    return workspace


@contextmanager
def _sources(paths: Sequence[str]) -> Iterator[list[Source]]:
    """The files that these paths name. What is piped in is kept aside: it must be read twice."""
    with tempfile.NamedTemporaryFile(prefix="import-") as piped:
        if STDIN in paths:
            shutil.copyfileobj(sys.stdin.buffer, piped)
            piped.flush()
        sources = []
        for path in paths:
            if path == STDIN:
                sources.append(Source(Path(piped.name), "stdin"))
            else:
                sources += [Source(each, str(each)) for each in find_files(_expanded(path))]
        yield sources


def _expanded(path: str) -> list[Path]:
    """A pattern that the shell has not expanded; a name that only looks like one is a name."""
    here = Path(path).expanduser()
    if here.exists() or not glob.has_magic(path):
        return [here]
    found = sorted(glob.glob(str(here), recursive=True))  # noqa: PTH207 -- also from the root
    if not found:
        raise CommandError(f"Nothing matches {path}.")
    return [Path(each) for each in found]


def _counts(tally: Tally) -> str:
    return (
        f"{_number(tally.sessions, 'session')}, {_number(tally.threads, 'thread')},"
        f" {_number(tally.events, 'event')} added"
        f" · {tally.skipped:,} skipped · {tally.refused:,} refused"
    )


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
