"""What workers and the schedule run for links."""

from celery import shared_task

from apps.core.queue import enqueue, enqueue_in
from apps.linking import syncing
from apps.linking.remote import Writable


@shared_task
def sync_link(*, link_id: str, **_future: object) -> None:
    seconds = syncing.attempt(link_id, vendor)
    if seconds is not None:
        enqueue_in(seconds, sync_link, link_id=link_id)


@shared_task
def check_link(*, link_id: str, **_future: object) -> None:
    syncing.check(link_id, vendor)


@shared_task
def sync_links(**_future: object) -> None:
    """Have workers take up what is due, and what a dead worker has left behind."""
    for link_id in syncing.due():
        enqueue(sync_link, link_id=link_id)


def vendor(base_url: str, key: str) -> Writable:
    """A workspace there. Only workers may ask for it."""
    # Two seconds and 60 MB, which a web process that only queues these tasks must not pay.
    from apps.linking.vendor import Vendor  # noqa: PLC0415

    return Vendor(base_url, key)
