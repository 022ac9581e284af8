"""Jobs of the stack itself."""

from celery import shared_task

from apps.core.models import Heartbeat


@shared_task(ignore_result=True)
def heartbeat(**_future: object) -> None:
    """Proves the whole way: the schedule sent it, the queue kept it, a worker ran it."""
    Heartbeat.objects.beat(Heartbeat.SCHEDULE)
