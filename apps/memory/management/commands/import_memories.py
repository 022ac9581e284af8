"""`manage.py import_memories`: files into a memory store, after a look at what that would do."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from apps.accounts.acting import Actor
from apps.core.api.shapes import read
from apps.core.errors import DomainError
from apps.memory import naming
from apps.memory.actions import importing, stores
from apps.memory.api.shapes import NewStore
from apps.memory.porting import opening, planning, telling
from apps.memory.porting.planning import Options, Plan


class Command(BaseCommand):
    """Says what it would do and asks; a plan that is none any more by then writes nothing."""

    help = "Import a folder, a zip or a text file into a memory store."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="PATH", type=Path)
        parser.add_argument("--store", required=True, metavar="NAME", help="its name or its id")
        parser.add_argument("--workspace", default="default", metavar="W")
        parser.add_argument("--prefix", default="/", metavar="/X/", help="the folder to put it in")
        parser.add_argument("--create", action="store_true", help="make the store if there is none")
        parser.add_argument(
            "--delete", action="store_true", help="delete what is there and not in the import"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, **options: Any) -> None:
        """Print the plan, ask, do it, and print the counts last."""
        try:
            self._import(options)
        except DomainError as error:
            raise CommandError(error.message) from None

    def _import(self, options: dict[str, Any]) -> None:
        by = Actor.system(naming.workspace(options["workspace"]))
        wanted = Options.checked(options["prefix"], deletes=options["delete"])
        bundle = opening.opened(options["path"].expanduser())
        store_id = self._store_id(options, by)
        plan = planning.plan(store_id, bundle, wanted)
        if store_id:
            plan = importing.plan_import(store_id=store_id, bundle=bundle, options=wanted, by=by)
        for line in telling.lines(plan):
            self.stdout.write(line)
        if not (options["yes"] or not plan.writes or self._agreed(plan)):
            raise CommandError("Nothing was written.")
        with transaction.atomic():
            if not store_id:
                given = read(NewStore, {"name": options["store"]})
                store_id = stores.create_store(given=given, by=by).pk
            importing.import_memories(
                store_id=store_id, bundle=bundle, options=wanted, expected_plan=plan.sha256, by=by
            )
        self.stdout.write(str(plan))

    def _store_id(self, options: dict[str, Any], by: Actor) -> str:
        """Empty if it is yet to be made. Raises NoSuchStore, NotTheOnlyStore."""
        found = naming.stores(options["store"], workspace=by.workspace)
        if not found and options["create"]:
            return ""
        return str(naming.only(found, options["store"], workspace=by.workspace).pk)

    def _agreed(self, plan: Plan) -> bool:
        try:
            return input(f"{plan}. Write this? [y/N] ").strip().lower() in {"y", "yes"}
        except EOFError:
            raise CommandError("Nothing was written: nobody was there to ask. Say --yes.") from None
