"""Having workers take things up at once, where there is a queue to say so."""

from collections.abc import Iterable
from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core.queue import enqueue

_LOG = structlog.get_logger("agentsite.outcomes")


def hand_out(task: Task[Any, Any], name: str, ids: Iterable[object]) -> None:
    """Without a queue they wait: the sweep finds what is due once the queue is back."""
    ids = list(ids)

    def send() -> None:
        try:
            for each in ids:
                enqueue(task, **{name: each})
        except OperationalError as error:
            _LOG.warning(f"{len(ids)} tasks wait: the queue does not answer ({error})")

    transaction.on_commit(send)
