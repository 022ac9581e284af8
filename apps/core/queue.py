"""Handing work to the workers, and how their work shows in the log."""

import time
from collections.abc import Iterable
from typing import Any

import structlog
from celery import Task
from celery.app import log
from django.db import transaction
from kombu.exceptions import OperationalError

from agentsite.celery import app

__all__ = ["app", "enqueue", "enqueue_in", "hand_out"]

_LOG = structlog.get_logger("agentsite.job")
_QUIET = {"apps.core.tasks.heartbeat"}


def enqueue(task: Task[Any, Any], **arguments: object) -> None:
    """Send the task once the surrounding transaction is committed, and not if it never is.

    The worker's log lines carry the id of the request that asked for the work.
    """
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    headers = {"request_id": request_id} if request_id else {}

    def send() -> None:
        task.apply_async(kwargs=arguments, headers=headers)

    transaction.on_commit(send)


def enqueue_in(seconds: float, task: Task[Any, Any], /, **arguments: object) -> None:
    """Send the task as `enqueue` does, for a worker to take up once so many seconds have passed.

    It is a hint: what must happen is written down, and found by a sweep if this is lost.
    """
    transaction.on_commit(lambda: task.apply_async(kwargs=arguments, countdown=seconds))


def hand_out(task: Task[Any, Any], name: str, ids: Iterable[object]) -> None:
    """Have workers take these up at once: a task for each, with its id as the argument so named.

    Without a queue they wait: the sweep finds what is due once the queue is back.
    """
    ids = list(ids)

    def send() -> None:
        try:
            for each in ids:
                enqueue(task, **{name: each})
        except OperationalError as error:
            _LOG.warning(f"{len(ids)} of {task.name} wait: the queue does not answer ({error})")

    transaction.on_commit(send)


class Job(Task[Any, Any]):
    """Every task: its log lines carry the asking request's id, and the last says how it went."""

    abstract = True
    _began = 0.0  # a pool process does one job at a time

    def before_start(self, task_id: str, args: object, kwargs: object) -> None:
        asked = {"request_id": self.request.get("request_id")}
        named = {name: value for name, value in asked.items() if value}
        structlog.contextvars.bind_contextvars(job_id=task_id, **named)
        self._began = time.perf_counter()

    def after_return(
        self,
        status: str,
        retval: object,
        task_id: str,
        args: object,
        kwargs: object,
        einfo: object,
    ) -> None:
        took = (time.perf_counter() - self._began) * 1000
        say = _LOG.debug if self.name in _QUIET else _LOG.info
        say(f"{self.name} {status.lower()} {took:.0f} ms")
        structlog.contextvars.unbind_contextvars("job_id", "request_id")


class Logging(log.Logging):
    """Leaves the logs as Django has set them up."""

    def setup_logging_subsystem(self, *_: object, **__: object) -> bool:
        return True
