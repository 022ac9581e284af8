"""`manage.py create_user`: a person, their workspace, and a link that signs them in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from apps.accounts.models import Member, SignInLink, User, Workspace


class Command(BaseCommand):
    help = "Create a person, make them a member of a workspace, and print their first link."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--workspace", default="default", metavar="W")
        parser.add_argument("--superuser", action="store_true", help="an administrator")
        parser.add_argument("--at", default="http://127.0.0.1:8000", help="the site's address")

    @transaction.atomic
    def handle(self, *, username: str, workspace: str, superuser: bool, at: str, **_: Any) -> None:
        place = Workspace.objects.filter(slug=workspace).first()
        if place is None:
            raise CommandError(f"There is no workspace “{workspace}”.")
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a person “{username}” already.")
        create = User.objects.create_superuser if superuser else User.objects.create_user
        person = create(username)
        Member.objects.create(workspace=place, user=person)
        token = SignInLink.issue(person)
        self.stdout.write(at + reverse("accounts:use_link", args=[token]))
