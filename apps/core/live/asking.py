"""Asking the database on behalf of streams, which have no thread and no connection of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import structlog
from django.db import DatabaseError, connections

_AT_ONCE = 2
_THREADS = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="live")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0
_LOG = structlog.get_logger("agentsite.live")

T = TypeVar("T")


async def ask(question: Callable[[], T]) -> T:
    """Have a thread ask it, which gives its connection back at once."""

    def asked() -> T:
        try:
            return question()
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_THREADS, asked)


async def insist(question: Callable[[], T]) -> T:
    """Ask until the database answers."""
    pause = _FIRST_PAUSE
    while True:
        try:
            return await ask(question)
        except DatabaseError as error:
            _LOG.warning(f"the database does not answer, next try in {pause:.1f} s: {error}")
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST_PAUSE)
