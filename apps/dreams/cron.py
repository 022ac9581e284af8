"""Five fields of cron on the clock of a time zone, and the moments that they name.

Where clocks go forward, a moment that does not exist comes as soon as they have; where they go
back, one that exists twice comes once.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from django.utils.timezone import now

from apps.core.errors import DomainError

FIELDS = 5
_BEYOND_POSIX = re.compile(r"#|(?<![a-z])l", re.IGNORECASE)  # the nth or last of a month


class BadCron(DomainError):
    """schedule.expression: this is no cron expression of five fields, as `0 6 * * 1-5`."""


class UnknownTimezone(DomainError):
    """schedule.timezone: there is no such time zone. Name one as `Europe/Berlin` or `UTC`."""


def checked(expression: str, timezone: str) -> None:
    """Raises BadCron, UnknownTimezone."""
    if timezone not in _timezones():
        raise UnknownTimezone
    if len(expression.split()) != FIELDS or _BEYOND_POSIX.search(expression):
        raise BadCron
    after(expression, timezone, now())


def after(expression: str, timezone: str, moment: datetime) -> datetime:
    """The first moment later than this one, in UTC. Raises BadCron for one that never comes."""
    try:
        return next(_moments(expression, timezone, moment))
    except (CronSimError, StopIteration):
        raise BadCron from None


def upcoming(expression: str, timezone: str, count: int) -> list[datetime]:
    """The next moments, in UTC."""
    return list(islice(_moments(expression, timezone, now()), count))


def _moments(expression: str, timezone: str, moment: datetime) -> Iterator[datetime]:
    for each in CronSim(expression, moment.astimezone(ZoneInfo(timezone))):
        yield each.astimezone(UTC)


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())
