"""Jobs of the stack itself, and the workers' own sign of life."""

from typing import Any

from celery import bootsteps, shared_task
from django.db import connection

from apps.core.models import Heartbeat
from apps.core.queue import app

SIGN_EVERY = 10.0


@shared_task(ignore_result=True)
def heartbeat(**_future: object) -> None:
    """Proves the whole way: the schedule sent it, the queue kept it, a worker ran it."""
    Heartbeat.objects.beat(Heartbeat.SCHEDULE)


class SignOfLife(bootsteps.StartStopStep):
    """A worker says that it lives as soon as it takes jobs, however busy it is later."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def start(self, parent: Any) -> None:
        _show()
        parent.timer.call_repeatedly(SIGN_EVERY, _show)


def _show() -> None:
    try:
        Heartbeat.objects.beat(Heartbeat.WORKER)
    finally:
        connection.close()  # this process forks the ones that work: they must not inherit it


app.steps["consumer"].add(SignOfLife)
