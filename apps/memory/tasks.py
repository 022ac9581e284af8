"""What the schedule runs for memory."""

from celery import shared_task

from apps.core.queue import enqueue
from apps.memory import retaining, tidiness, verifying
from apps.memory.models import MemoryStore


@shared_task
def forget_old_versions(**_future: object) -> None:
    retaining.forget_old_versions()


@shared_task
def verify_histories(**_future: object) -> None:
    """Each store once a day, as tasks of their own: some take minutes."""
    for store_id in verifying.due():
        enqueue(verify_history, store_id=store_id)


@shared_task
def verify_history(*, store_id: str, check_id: str = "", **_future: object) -> None:
    verifying.check_again(store_id, check_id)


@shared_task
def look_for_likeness(*, store_id: str, **_future: object) -> None:
    for store in MemoryStore.objects.filter(pk=store_id):
        tidiness.look(store)
