"""Having workers take up evaluations at once, where there is a queue to say so."""

from collections.abc import Iterable

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core.queue import enqueue
from apps.outcomes import tasks

_LOG = structlog.get_logger("agentsite.outcomes")


def hand_out(evaluation_ids: Iterable[str]) -> None:
    """Without a queue they wait: the sweep finds what is due once the queue is back."""
    ids = list(evaluation_ids)

    def send() -> None:
        try:
            for each in ids:
                enqueue(tasks.run_evaluation, evaluation_id=each)
        except OperationalError as error:
            _LOG.warning(f"{len(ids)} evaluations wait: the queue does not answer ({error})")

    transaction.on_commit(send)
