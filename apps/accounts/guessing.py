"""How often one may guess at a password or a link: each wrong guess makes the next wait longer.

An attempt counts before it is looked at, in a cache that all processes share, so that a thousand
at once are not one. What turns out right is given back. Without the cache nobody is held up.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from apps.accounts.models.people import hashed
from apps.core.errors import DomainError

FIRST_WAIT = 5.0
LONGEST_WAIT = 15 * 60.0
REMEMBERED = 60 * 60
PER_PERSON = 5
"""Wrong passwords for one name from one address before the first wait."""
PER_ADDRESS = 30
"""From one address for all names and links: an office shares one."""
_LOG = structlog.get_logger("agentsite.guessing")


class TooManyAttempts(DomainError):
    """Too many attempts."""

    status = 429
    type = "rate_limit_error"

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, round(seconds))
        super().__init__(f"Too many attempts. Try again in {_spoken(self.seconds)}.")


def _spoken(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} s"
    return f"{-(-seconds // 60)} min"


@dataclass(frozen=True, slots=True)
class Counter:
    """Guesses of one kind, and how many of them are free."""

    name: str
    free: int
    is_personal: bool = False

    @property
    def over_at(self) -> str:
        """Where the end of its wait stands."""
        return f"{self.name}:until"


def at_a_password(request: HttpRequest, username: str) -> list[Counter]:
    address = address_of(request)
    person = hashed(f"{username.casefold()} {address}")
    return [Counter(f"guess:{person}", PER_PERSON, is_personal=True), _of_address(address)]


def at_a_link(request: HttpRequest) -> list[Counter]:
    return [_of_address(address_of(request))]


def _of_address(address: str) -> Counter:
    return Counter(f"guess:{hashed(address)}", PER_ADDRESS)


def address_of(request: HttpRequest) -> str:
    """Whom we talk to: behind TLS, what the nearest proxy saw. Of IPv6 the network, /64.

    Only the last entry of `X-Forwarded-For` is our proxy's word; what stands before it is
    whatever the other side made up.
    """
    told = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS:
        told = request.headers.get("x-forwarded-for", told).rpartition(",")[2].strip()
    try:
        address = ip_address(told)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
    return str(address)


def attempt(counters: Sequence[Counter]) -> None:
    """Count one more. Raises TooManyAttempts while any of them has to wait."""
    try:
        over_at = cache.get_many([counter.over_at for counter in counters])
        if over_at:
            raise TooManyAttempts(max(over_at.values()) - time.time())
        for counter in counters:
            _count(counter)
    except (RedisError, OSError) as error:
        _LOG.warning(f"attempts are not counted: {error}")


def _count(counter: Counter) -> None:
    cache.add(counter.name, 0, timeout=REMEMBERED)
    try:
        made = cache.incr(counter.name)
    except ValueError:  # it was forgotten in between
        return
    cache.touch(counter.name, REMEMBERED)
    if made < counter.free:
        return
    wait = min(FIRST_WAIT * 2 ** min(made - counter.free, 16), LONGEST_WAIT)
    # Whoever sets the wait is let through; who comes at the same time is not.
    if not cache.add(counter.over_at, time.time() + wait, timeout=wait):
        raise TooManyAttempts(wait)


def was_right(counters: Iterable[Counter]) -> None:
    """Give the attempt back; whoever knows a name's password begins again at none."""
    try:
        for counter in counters:
            if counter.is_personal:
                cache.delete_many([counter.name, counter.over_at])
            elif _give_back(counter) < counter.free:
                cache.delete(counter.over_at)
    except (RedisError, OSError) as error:
        _LOG.warning(f"attempts are not counted: {error}")


def _give_back(counter: Counter) -> int:
    try:
        return cache.decr(counter.name)
    except ValueError:  # it was forgotten meanwhile
        return 0
