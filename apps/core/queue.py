"""Handing work to the workers."""

from typing import Any

import structlog
from celery import Task
from django.db import transaction


def enqueue(task: Task[Any, Any], **arguments: object) -> None:
    """Send the task once the surrounding transaction is committed, and not if it never is.

    The worker's log lines carry the id of the request that asked for the work.
    """
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")

    def send() -> None:
        task.apply_async(kwargs=arguments, headers={"request_id": request_id})

    transaction.on_commit(send)
