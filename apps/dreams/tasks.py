"""What workers and the schedule run for dreams."""

from typing import Any

from celery import shared_task

from apps.core.queue import enqueue
from apps.dreams import dreaming, scheduling


@shared_task(bind=True)
def run_dream(self: Any, /, *, dream_id: str, **_future: object) -> None:
    for input_ids in dreaming.attempt(dream_id, holder=self.request.id):
        enqueue(read_sessions, dream_id=dream_id, input_ids=input_ids)
    _go_on(dream_id)


@shared_task(bind=True)
def read_sessions(self: Any, /, *, dream_id: str, input_ids: list[int], **_future: object) -> None:
    if dreaming.read(dream_id, input_ids, holder=self.request.id):
        enqueue(run_dream, dream_id=dream_id)
    _go_on(dream_id)


@shared_task
def sweep_dreams(**_future: object) -> None:
    """Have workers take up what waits, what a dead worker left behind, what is scheduled."""
    scheduling.run_due()
    for dream_id in dreaming.due():
        enqueue(run_dream, dream_id=dream_id)


def _go_on(dream_id: str) -> None:
    """A dream that waited for this one need not wait for the sweep."""
    for waiting in dreaming.waiting_for(dream_id):
        enqueue(run_dream, dream_id=waiting)
