"""The second stage: a few sessions in the hands of one worker, kept a second's worth at a time."""

import time
from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.dreams import engines, keeping, reading, telling
from apps.dreams.engines import Engine, Observed, Usage
from apps.dreams.failing import Lost, SessionUnavailable
from apps.dreams.findings import Observation, Transcript
from apps.dreams.models import Dream, DreamInput, Reading, Stage
from apps.dreams.models.dream import MOST_TRIES_OF_A_SESSION, DreamQuerySet, lease_end
from apps.sessions.models import Session

STOPPED = "the workers that read it stopped each time"
KEPT_EVERY = 1.0
"""Seconds of reading that are written down together, and may be lost with their worker."""


class Read(NamedTuple):
    """A session that was read, and when reading it began."""

    mine: DreamInput
    session: Session
    transcript: Transcript
    observed: Observed
    since: datetime


def observe(dream: Dream, input_ids: Sequence[int], holder: str) -> None:
    """Read those of the sessions that nobody else reads. Raises Lost, SessionUnavailable.

    One that a worker stopped at before is kept alone: if it stops this one as well, it takes
    nothing with it.
    """
    engine = engines.named(dream.engine)
    inputs = DreamInput.objects.in_bulk(input_ids)
    read: list[Read] = []
    began = time.monotonic()
    try:
        for mine in (inputs[each] for each in input_ids if each in inputs):
            is_risky = mine.attempts > 0
            if is_risky or time.monotonic() - began > KEPT_EVERY:
                _keep(dream, engine, read)
                began = time.monotonic()
            if DreamInput.objects.claim(mine.pk, holder):
                read.append(_read(dream, engine, mine))
            if is_risky:
                _keep(dream, engine, read)
    finally:
        _keep(dream, engine, read)


def give_up_on_the_unreadable(dream: Dream) -> None:
    """What every worker stopped at is left out, and said to be."""
    dream.inputs.unread().filter(
        attempts__gte=MOST_TRIES_OF_A_SESSION, lease_expires_at__lt=timezone.now()
    ).update(status=DreamInput.Status.FAILED, reason=STOPPED, lease_expires_at=None)


def _read(dream: Dream, engine: Engine, mine: DreamInput) -> Read:
    since = timezone.now()
    sessions = Session.objects.visible_in(dream.workspace).select_related("agent")
    session = sessions.filter(public_id=mine.session_id).first()
    if session is None:
        raise SessionUnavailable
    if not _is_under_way(dream).exists():
        raise Lost
    transcript = reading.transcript(session)
    return Read(mine, session, transcript, engine.observe(transcript), since)


@transaction.atomic
def _keep(dream: Dream, engine: Engine, read: list[Read]) -> None:
    """Write down what was read, and be done with it. Raises Lost."""
    if not read:
        return
    done = read.copy()
    read.clear()
    renew(dream, reduce(add, (each.observed.usage for each in done)))
    kept = keeping.keep_readings(
        engine, [(each.session, each.transcript, each.observed) for each in done]
    )
    for each, reading_of_it in zip(done, kept, strict=True):
        _settle(each, reading_of_it)
    DreamInput.objects.bulk_update(
        [each.mine for each in done],
        ["status", "last_sequence", "observation_count", "lease_expires_at"],
    )
    telling.steps(dream, [_step(each) for each in done])


def _settle(read: Read, kept: Reading) -> None:
    read.mine.status = DreamInput.Status.READ
    read.mine.last_sequence = kept.last_sequence
    read.mine.observation_count = sum(map(_is_signal, read.observed.observations))
    read.mine.lease_expires_at = None


def _is_signal(seen: Observation) -> bool:
    """Not so what a session shows in any case: the way that it took."""
    return bool(seen.spans) and seen.details.get("what") != "path"


def _step(read: Read) -> telling.Step:
    public_id = read.session.public_id
    given = {"session_id": public_id, "events": len(read.transcript.turns)}
    return telling.Step("read_session", given, _told(read.observed), read.since, on=public_id)


def renew(dream: Dream, usage: Usage) -> None:
    """The dream is alive, and this much was spent on it. Raises Lost."""
    if not _is_under_way(dream).update(
        lease_expires_at=lease_end(),
        attempts=0,
        input_tokens=F("input_tokens") + usage.input_tokens,
        output_tokens=F("output_tokens") + usage.output_tokens,
        cache_read_tokens=F("cache_read_tokens") + usage.cache_read_tokens,
        cache_write_tokens=F("cache_write_tokens") + usage.cache_write_tokens,
    ):
        raise Lost


def _is_under_way(dream: Dream) -> DreamQuerySet:
    return Dream.objects.filter(pk=dream.pk, status=Dream.Status.RUNNING, stage=Stage.OBSERVE)


def _told(observed: Observed) -> str:
    seen = [f"{each.kind}: {each.statement}" for each in observed.observations if each.spans]
    return "\n".join(seen) or "Nothing to learn from."
