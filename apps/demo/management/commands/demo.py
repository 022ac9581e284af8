"""Fill a workspace with the demo's sessions and memories."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.demo import dreaming, grading, sessions
from apps.demo.memories import filling, mounting
from apps.sessions import importing


class Command(BaseCommand):
    """Running it twice adds nothing: the ids of the demo do not depend on the day."""

    help = "Fill a workspace with about sixty sessions of imagined agents, and their memories."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--workspace", default="default", help="its slug; `default` if not given"
        )

    def handle(self, *, workspace: str, **_options: Any) -> None:
        try:
            place = Workspace.objects.get(slug=workspace)
        except Workspace.DoesNotExist:
            raise CommandError(f"There is no workspace called {workspace}.") from None
        now = timezone.now()
        memories = filling.fill(place, now)
        tally = importing.take(sessions.records(now), workspace=place)
        mounting.mount(place)
        grading.fill(place)
        dreaming.begin(place)
        self.stdout.write(f"The demo is in {place.slug}: {tally}, {memories} memories added.")
