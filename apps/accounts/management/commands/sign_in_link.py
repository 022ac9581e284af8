"""`manage.py sign_in_link`: a way in for whoever has a terminal but no password."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from apps.accounts.actions.people import NoSuchPerson, first_sign_in_link


class Command(BaseCommand):
    help = "Print a link that signs one person in, once, within an hour."
    requires_system_checks = []  # noqa: RUF012 -- Django's own form

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", nargs="?", default="", help="else the first administrator")
        parser.add_argument("--at", default="http://127.0.0.1:8000", help="the site's address")

    def handle(self, *, username: str, at: str, **_: Any) -> None:
        try:
            token = first_sign_in_link(username)
        except NoSuchPerson as error:
            raise CommandError(error.message) from None
        self.stdout.write(at + reverse("accounts:use_link", args=[token]))
