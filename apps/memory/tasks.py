"""What the schedule runs for memory."""

from celery import shared_task

from apps.memory import retaining


@shared_task
def forget_old_versions(**_future: object) -> None:
    retaining.forget_old_versions()
