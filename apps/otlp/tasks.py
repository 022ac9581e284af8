"""What the schedule runs for traces."""

from celery import shared_task

from apps.otlp import receiving


@shared_task
def settle_spans(**_future: object) -> None:
    """Show what waits for a parent that is still at work."""
    receiving.settle()


@shared_task
def forget_traces(**_future: object) -> None:
    """Clear away what is only kept to recognise spans that come again."""
    receiving.forget()
