"""`manage.py create_api_key`: a way in for a program, printed alone for a script to take."""

import re
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts.acting import Actor
from apps.accounts.actions import keys
from apps.accounts.models import Workspace
from apps.core.errors import DomainError

_SPAN = re.compile(r"(\d{1,9})([hdw])")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


class Command(BaseCommand):
    help = "Make an API key and print it, alone, once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", default="default", metavar="W")
        parser.add_argument("--name", required=True, metavar="N", help="what it is for")
        parser.add_argument(
            "--scopes", default="read,write", help="some of read,review,write,admin"
        )
        parser.add_argument("--expires", default="", metavar="90d", help="in hours, days or weeks")

    def handle(self, *, workspace: str, name: str, scopes: str, expires: str, **_: Any) -> None:
        place = Workspace.objects.filter(slug=workspace).first()
        if place is None:
            raise CommandError(f"There is no workspace “{workspace}”.")
        try:
            _key, secret = keys.create(
                name=name,
                scopes=[each.strip() for each in scopes.split(",") if each.strip()],
                expires_at=_moment(expires) if expires else None,
                by=Actor.system(place),
            )
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(secret)


def _moment(span: str) -> datetime:
    given = _SPAN.fullmatch(span)
    if given is None:
        raise CommandError("--expires: a number and h, d or w, such as 90d.")
    count, unit = given.groups()
    try:
        return timezone.now() + timedelta(**{_UNITS[unit]: int(count)})
    except OverflowError:
        raise CommandError("--expires: that is too long.") from None
