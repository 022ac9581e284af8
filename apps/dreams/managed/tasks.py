"""What workers and the schedule run for managed dreams and mirrors."""

from celery import shared_task

from apps.core.queue import enqueue
from apps.dreams.managed import mirroring, running, settling
from apps.dreams.models import Dream
from apps.linking.tasks import vendor


def go_on(dream: Dream) -> None:
    """What the dreams' own task does with a managed one."""
    running.go_on(dream, vendor)


@shared_task
def serve_mirror(*, mirror_id: str, **_future: object) -> None:
    mirroring.attempt(mirror_id, vendor)


@shared_task
def list_stores(*, link_id: str, **_future: object) -> None:
    mirroring.list_stores(link_id, vendor)


@shared_task
def settle_dream(*, dream_id: str, **_future: object) -> None:
    settling.attempt(dream_id, vendor)


@shared_task
def sweep_managed(**_future: object) -> None:
    """Have workers take up what is to be written back, told or listed."""
    for mirror_id in mirroring.due():
        enqueue(serve_mirror, mirror_id=mirror_id)
    for dream_id in settling.due():
        enqueue(settle_dream, dream_id=dream_id)
    for link_id in mirroring.lists_due():
        enqueue(list_stores, link_id=link_id)
