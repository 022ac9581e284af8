"""Seal every stored secret with the newest of CREDENTIAL_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.core.resealing import reseal_all


class Command(BaseCommand):
    """Run it after a new key was put in front, and drop the old key after it."""

    help = "Seal stored credentials (keys of linked workspaces, tokens) with the newest key."

    def handle(self, **_options: Any) -> None:
        resealed = reseal_all()
        self.stdout.write(f"{resealed.done} credentials are sealed with the newest key.")
        if resealed.lost:
            told = "\n".join(resealed.lost)
            raise CommandError(f"No key opens these. Enter them again:\n{told}")
