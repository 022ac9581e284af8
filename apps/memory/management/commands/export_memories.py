"""`manage.py export_memories`: a memory store as a folder of files, or as a zip."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.errors import DomainError
from apps.memory import exporting, naming


class Command(BaseCommand):
    help = "Export a memory store into a new folder, or into a .zip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path)
        parser.add_argument("--store", required=True, metavar="NAME", help="its name or its id")
        parser.add_argument("--workspace", default="default", metavar="W")
        parser.add_argument("--prefix", default="/", metavar="/X/", help="only this folder of it")

    def handle(self, **options: Any) -> None:
        try:
            count = self._export(options)
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{count:,} {'memory' if count == 1 else 'memories'} exported")

    def _export(self, options: dict[str, Any]) -> int:
        workspace = naming.workspace(options["workspace"])
        found = naming.stores(options["store"], workspace=workspace)
        store = naming.only(found, options["store"], workspace=workspace)
        path: Path = options["path"].expanduser()
        write = exporting.into_zip if path.suffix == ".zip" else exporting.into_folder
        return write(store, path, options["prefix"])
