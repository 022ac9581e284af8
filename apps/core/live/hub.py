"""One connection on LISTEN per web process."""

import asyncio
import contextvars
from collections.abc import Callable
from typing import Any, Protocol

import psycopg
import structlog
from django.db import connection
from psycopg import AsyncConnection, sql

from apps.core.errors import DomainError

CHANNEL = "agentsite_live"
GLANCE = 60.0  # seconds without news after which the connection is asked whether it lives
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
PATIENCE = 5.0
_LOG = structlog.get_logger("agentsite.live")


Parameters = Callable[[], dict[str, Any]]


class Hearer(Protocol):
    """What the hub tells its news to. Called by the event loop; must not wait."""

    def hear(self, payload: str) -> None:
        """This was committed just now."""

    def miss(self) -> None:
        """Listening begins; what was said before was not heard."""


class NotListening(DomainError):
    """Live updates are not available just now. Try again in a moment."""

    status = 503
    type = "api_error"


class Hub:
    """Hears the channel for all who follow in this process, and finds its way back to it."""

    def __init__(self, parameters: Parameters | None = None, *, patience: float = PATIENCE) -> None:
        """`parameters` are those of the connection; without them it is the database's own."""
        self._parameters = parameters or of_database
        self._patience = patience
        self._hearers: list[Hearer] = []
        self._listening = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def tell(self, hearer: Hearer) -> None:
        """Tell this one too, from now on."""
        self._hearers.append(hearer)

    async def ready(self) -> None:
        """Return once everything that is committed from now on will be heard.

        Raises NotListening after some seconds.
        """
        if self._task is None:
            # Not in the context of whoever happens to be first: their request id is not ours.
            loop = asyncio.get_running_loop()
            self._listening = asyncio.Event()
            self._task = loop.create_task(self._listen(), context=contextvars.Context())
        try:
            async with asyncio.timeout(self._patience):
                await self._listening.wait()
        except TimeoutError:
            raise NotListening from None

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _listen(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                async with await AsyncConnection.connect(**self._parameters()) as heard:
                    await heard.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    pause = FIRST_PAUSE
                    self._listening.set()
                    for hearer in self._hearers:
                        hearer.miss()
                    await self._hear_all(heard)
            except psycopg.Error as error:
                reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
                _LOG.warning(f"not listening, next try in {pause:.1f} s: {reason}")
            finally:
                self._listening.clear()
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _hear_all(self, heard: AsyncConnection[Any]) -> None:
        while True:
            async for said in heard.notifies(timeout=GLANCE):
                for hearer in self._hearers:
                    hearer.hear(said.payload)
            await heard.execute("SELECT 1")  # raises if the other side is gone without a word


def of_database() -> dict[str, Any]:
    """The database's, for a connection that asks nothing and must notice when it is cut."""
    ours = connection.get_connection_params()
    kept = {name: ours[name] for name in ours if name not in _OF_QUERIES}
    return {
        "connect_timeout": int(PATIENCE),
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        **kept,
        "application_name": "agentsite live",
        "autocommit": True,
    }


_OF_QUERIES = {"cursor_factory", "context", "prepare_threshold"}
