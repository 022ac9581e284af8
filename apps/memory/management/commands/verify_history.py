"""`manage.py verify_history`: whether what memory stores say of the past is what was written."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.memory import verifying
from apps.memory.models import MemoryStore


class Command(BaseCommand):
    help = "Walk the history of every memory store, or of one, and name each row that is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--store", default="", metavar="ID", help="this one alone")

    def handle(self, *, store: str, **_: Any) -> None:
        stores = MemoryStore.objects.order_by("pk")
        if store:
            stores = stores.filter(pk=store)
            if not stores.exists():
                raise CommandError(f"There is no memory store “{store}”.")
        wrong = sum(not self._verify(each) for each in stores.iterator())
        if wrong:
            raise CommandError(f"Not as written: {wrong} of {stores.count()} memory stores.")

    def _verify(self, store: MemoryStore) -> bool:
        """Whether all is as it was written."""
        verdict, _ = verifying.check(store)
        said = f"{verdict.fault_count} faults" if verdict.faults else "as written"
        self.stdout.write(
            f"{store.pk} {store.name}: {verdict.version_count} versions "
            f"to {verdict.chain_hash}, {said}"
        )
        for fault in verdict.faults:
            self.stdout.write(f"  {fault}")
        if verdict.fault_count > len(verdict.faults):
            self.stdout.write(f"  and {verdict.fault_count - len(verdict.faults)} more")
        return verdict.has_passed
