"""`manage.py check_evidence`: whether what proposals quote is what the events say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.memory.models import MemoryStore
from apps.reviews import rechecking
from apps.reviews.models import Evidence


class Command(BaseCommand):
    """Ends with an error if any quote is broken; one whose session was erased is only told."""

    help = "Compare every quote of evidence with its event, in all memory stores or in one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--store", default="", metavar="ID", help="this one alone")

    def handle(self, *, store: str, **_: Any) -> None:
        if store and not MemoryStore.objects.filter(pk=store).exists():
            raise CommandError(f"There is no memory store “{store}”.")
        broken = erased = 0
        for each in rechecking.recheck(store):
            broken += each.is_broken
            erased += not each.is_broken
            self.stdout.write(f"{each.evidence.proposal_id} {each.evidence}: {each.problem}")
        rows = Evidence.objects.filter(proposal__store=store) if store else Evidence.objects.all()
        self.stdout.write(f"{rows.count()} quotes, {broken} broken, {erased} with erased sources")
        if broken:
            raise CommandError(f"{broken} quotes are not what their events say.")
