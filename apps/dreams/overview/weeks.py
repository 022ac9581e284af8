"""The weeks that charts are about: whole ones, the last of them the one that goes on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

WEEKS = 8


def begun(count: int = WEEKS) -> list[datetime]:
    """When each of the last weeks began, the earliest first: on Mondays, in the server's time."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=ago) for ago in range(count - 1, -1, -1)]


def days(count: int) -> list[datetime]:
    """The last days, today among them."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return [today - timedelta(days=ago) for ago in range(count - 1, -1, -1)]


def labels(moments: Sequence[datetime]) -> list[str]:
    """Days of the month; with the month where it is another one."""
    before = [None, *moments]
    return [
        f"{at.day}" if last and last.month == at.month else f"{at.day} {at:%b}"
        for last, at in zip(before, moments, strict=False)
    ]
