"""`manage.py create_workspace`: another workspace, with its first admin."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from apps.accounts.actions.people import somebody
from apps.accounts.actions.workspaces import create_workspace
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = "Create an empty workspace, make a person its admin, and print its address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its part of every address: letters, digits, hyphens")
        parser.add_argument("--name", default="", help="else the slug")
        parser.add_argument(
            "--admin", default="", metavar="USERNAME", help="else the first administrator"
        )
        parser.add_argument("--at", default="http://127.0.0.1:8000", help="the site's address")

    def handle(self, *, slug: str, name: str, admin: str, at: str, **_: Any) -> None:
        try:
            made = create_workspace(slug=slug, name=name or slug, admin=somebody(admin))
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(at + reverse("settings:members", args=[made.slug]))
