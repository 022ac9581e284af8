"""What workers and the schedule run for models."""

from celery import shared_task

from apps.core.queue import enqueue
from apps.engine import batching, checking, keeping
from apps.engine.models import Batch


@shared_task
def check_model_key(*, workspace_id: str, **_future: object) -> None:
    checking.check(workspace_id)


@shared_task
def fetch_batches(**_future: object) -> None:
    """Have workers look at each batch that is under way."""
    for batch_id in Batch.objects.open().values_list("pk", flat=True):
        enqueue(fetch_batch, batch_id=batch_id)


@shared_task
def fetch_batch(*, batch_id: str, **_future: object) -> None:
    batching.look_at(batch_id)


@shared_task
def forget_answers(**_future: object) -> None:
    keeping.forget()
