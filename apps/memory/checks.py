"""Settings of memory that would break what the contract promises."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

LEAST_DAYS = 30


@register()
def retention(**_: Any) -> list[CheckMessage]:
    """Runs with `migrate`, `up` and `check`."""
    days = settings.MEMORY_VERSIONS_KEPT_DAYS
    if days and days < LEAST_DAYS:
        return [
            Error(f"MEMORY_VERSIONS_KEPT_DAYS is 0, which keeps all, or at least {LEAST_DAYS}.")
        ]
    return []
