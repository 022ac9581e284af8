"""`manage.py create_user`: a person, their place in a workspace, and a link that signs them in."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from apps.accounts.actions import people
from apps.accounts.models import SignInLink, Workspace
from apps.accounts.rights import Role
from apps.core.errors import DomainError


class Command(BaseCommand):
    help = "Create a person, make them a member of a workspace, and print their first link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--workspace", default=people.DEFAULT_WORKSPACE, metavar="W")
        parser.add_argument("--role", default=Role.OPERATOR, metavar="R", help=_roles())
        parser.add_argument("--name", default="", help="how others read them in the console")
        parser.add_argument("--email", default="", metavar="E")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read a password; print no link"
        )
        parser.add_argument("--superuser", action="store_true", help="may make workspaces")
        parser.add_argument("--at", default="http://127.0.0.1:8000", help="the site's address")

    @transaction.atomic
    def handle(self, *, workspace: str, role: str, at: str, **options: Any) -> None:
        place = Workspace.objects.filter(slug=workspace).first()
        if place is None:
            raise CommandError(f"There is no workspace “{workspace}”.")
        if role not in Role.values:
            raise CommandError(f"There is no role “{role}”: it is {_roles()}.")
        password = _read_password() if options["password_stdin"] else ""
        try:
            person = people.create_member(
                workspace=place,
                role=Role(role),
                username=options["username"],
                name=options["name"],
                email=options["email"],
                password=password,
                is_superuser=options["superuser"],
            )
        except DomainError as error:
            raise CommandError(error.message) from None
        if not password:
            self.stdout.write(at + reverse("accounts:use_link", args=[SignInLink.issue(person)]))


def _roles() -> str:
    *most, last = Role.values
    return f"{', '.join(most)} or {last}"


def _read_password() -> str:
    """The first line, without its end: `echo` writes one."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("There is no password on the standard input.")
    return password
