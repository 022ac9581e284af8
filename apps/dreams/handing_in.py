"""Asking about all sessions together, for half the price: before they are read, in a batch.

While the batch is under way nobody holds the dream. What came of it is kept where asking looks
first, so that reading afterwards is the same as ever, and asks only what the batch did not answer.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.dreams import assigning, reading
from apps.dreams.beating import beating
from apps.dreams.engines import AsksAhead, Engine
from apps.dreams.failing import Lost
from apps.dreams.models import Dream, WaitsFor
from apps.engine import batching
from apps.engine.asking import Question
from apps.sessions.models import Session

GLANCE = timedelta(seconds=30)
"""How often a dream looks whether its batch has ended."""


def waits(dream: Dream, engine: Engine) -> bool:
    """Hand in what is to be asked, once; whether the dream is to wait for answers.

    Raises Lost, EngineError, EngineBusy.
    """
    if not dream.is_batched or not isinstance(engine, AsksAhead):
        return False
    job = assigning.of(dream).job
    if not batching.is_open(job) and dream.batched_at is None:
        with beating(dream.keep):
            batching.send(job, list(_questions(dream, engine)))
        if not dream.keep(batched_at=timezone.now()):
            raise Lost
    if not batching.is_open(job):
        return False
    dream.put_back(until=timezone.now() + GLANCE, waits_for=WaitsFor.BATCH)
    return True


def _questions(dream: Dream, engine: AsksAhead) -> Iterator[Question[Any]]:
    unread = dream.inputs.unread().values("session_id")
    sessions = Session.objects.visible_in(dream.workspace).filter(public_id__in=unread)
    for transcript in reading.transcripts(sessions):
        yield from engine.questions(transcript)
