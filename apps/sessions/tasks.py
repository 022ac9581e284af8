"""What workers and the schedule run for sessions."""

from celery import shared_task

from apps.core.queue import enqueue
from apps.sessions import uploading


@shared_task
def run_import(*, import_id: str, **_future: object) -> None:
    uploading.attempt(import_id)


@shared_task
def resume_imports(**_future: object) -> None:
    """Go on with what a dead worker or a silent queue has left behind."""
    for import_id in uploading.resumable():
        enqueue(run_import, import_id=import_id)


@shared_task
def clear_imports(**_future: object) -> None:
    uploading.clear_away()
