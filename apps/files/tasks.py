"""What workers and the schedule run for files."""

from celery import shared_task

from apps.files import receiving, storing


@shared_task
def discard_blobs(*, blob_ids: list[str], **_future: object) -> None:
    storing.discard(blob_ids)


@shared_task
def sweep_files(**_future: object) -> None:
    """Delete what expired, what nobody has any longer, and what broken uploads left."""
    storing.sweep()
    receiving.clear_incoming()
