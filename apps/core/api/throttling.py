"""How often a key may ask: so many requests a minute, counted for all processes together.

Of a large number a process takes a thousandth at a time: to ask for every single one costs a fifth
of a request. So nobody gets more than their number, and the last few of it may be left in another
process; a number below two thousand is counted one by one.
"""

import time
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

MINUTE = 60
SHARES = 1_000
_LOG = structlog.get_logger("agentsite.throttle")
_SAFE = {"GET", "HEAD", "OPTIONS"}


class PerMinute(BaseThrottle):
    """Fixed windows per key, reads and writes apart. If the counter is away, nobody is held up."""

    _wait = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        is_read = request.method in _SAFE
        most = settings.API_READS_PER_MINUTE if is_read else settings.API_WRITES_PER_MINUTE
        if not most or request.auth is None:
            return True
        window, into = divmod(time.time(), MINUTE)
        self._wait = MINUTE - into
        name = f"api:{request.auth.pk}:{'r' if is_read else 'w'}"
        return _shares.number(name, f"{window:.0f}", max(1, most // SHARES)) <= most

    def wait(self) -> float:
        return max(1.0, self._wait)


@dataclass
class Shares:
    """What this process has taken from each counter and not given out yet."""

    _taken: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def number(self, name: str, window: str, share: int) -> int:
        """The how manieth of its window this is; 0 where nothing counts."""
        with self._lock:
            of, number, last = self._taken.get(name, ("", 1, 0))
            if of != window or number > last:
                last = counted(f"{name}:{window}", share)
                number = max(0, last - share + 1)
            self._taken[name] = (window, number + 1, last)
            return number


_shares = Shares()


def counted(name: str, many: int = 1) -> int:
    """How many there were of the name with these, over all processes; 0 where nothing counts."""
    try:
        counter = caches["default"]
        if isinstance(counter, RedisCache):
            return _count_at_once(counter, name, many)
        return many if cache.add(name, many, timeout=2 * MINUTE) else cache.incr(name, many)
    except (RedisError, OSError, ValueError) as error:  # no counter, or it expired in between
        _LOG.warning(f"requests are not counted: {error}")
        return 0


def _count_at_once(counter: RedisCache, name: str, many: int) -> int:
    """In one round trip: `add` and `incr` take three."""
    key = counter.make_and_validate_key(name)
    pipe = _client(settings.CACHES["default"]["LOCATION"]).pipeline(transaction=False)
    pipe.incr(key, many)
    pipe.expire(key, 2 * MINUTE)
    count: int = pipe.execute()[0]
    return count


@lru_cache(maxsize=8)
def _client(location: str) -> Any:
    """One for the process, whose connections its threads share.

    Django's own cache, and the connection it has, lives as long as the context of one request.
    """
    counter: Any = caches.create_connection("default")
    return counter._cache.get_client(None, write=True)  # noqa: SLF001 -- what Django offers is slow
