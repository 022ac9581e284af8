"""Having workers take up a dream at once, where there is a queue to say so."""

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from apps.core.queue import enqueue
from apps.dreams import tasks
from apps.dreams.models import Dream

_LOG = structlog.get_logger("agentsite.dreams")


def hand_out(dream: Dream) -> None:
    """Without a queue it waits: the sweep finds what is due once the queue is back."""

    def send() -> None:
        try:
            for each in Dream.objects.unended().of_run(dream).values_list("pk", flat=True):
                enqueue(tasks.run_dream, dream_id=each)
        except OperationalError as error:
            _LOG.warning(f"{dream.pk} waits: the queue does not answer ({error})")

    transaction.on_commit(send)
