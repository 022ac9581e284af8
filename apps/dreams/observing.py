"""The second stage: a few sessions in the hands of one worker, kept a second's worth at a time."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import add
from typing import NamedTuple

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from apps.dreams import assigning, billing, engines, keeping, reading, telling
from apps.dreams.beating import beating
from apps.dreams.engines import Assignment, Engine, Observed, Usage
from apps.dreams.failing import ABOUT_ALL, Lost, ModelFailed, SessionUnavailable
from apps.dreams.findings import Observation, Transcript
from apps.dreams.models import Dream, DreamInput, Reading, Stage
from apps.dreams.models.dream import MOST_TRIES_OF_A_SESSION, DreamQuerySet, lease_end
from apps.engine.asking import EngineBusy, EngineError
from apps.sessions.models import Session

LONGEST_REASON = 500
STOPPED = "the workers that read it stopped each time"
EVENTS_AT_A_TIME = 5_000
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
    """Read those of the sessions that nobody else reads. Raises Lost, Failure, EngineBusy.

    One that a worker stopped at before is kept alone: if it stops this one as well, it takes
    nothing with it.
    """
    engine, work = engines.named(dream.engine), assigning.of(dream)
    inputs = list(DreamInput.objects.filter(pk__in=input_ids).order_by("pk"))
    read: list[Read] = []
    began = time.monotonic()
    try:
        for some in _together(inputs, _sizes(dream, inputs), engine):
            is_risky = some[0].attempts > 0
            if is_risky or time.monotonic() - began > KEPT_EVERY:
                _keep(dream, engine, read)
                began = time.monotonic()
            mine = DreamInput.objects.claim([each.pk for each in some], holder)
            _read(dream, engine, work, mine, read)
            if is_risky:
                _keep(dream, engine, read)
    finally:
        _keep(dream, engine, read)


def give_up_on_the_unreadable(dream: Dream) -> None:
    """What every worker stopped at is left out, and said to be."""
    dream.inputs.unread().filter(
        attempts__gte=MOST_TRIES_OF_A_SESSION, lease_expires_at__lt=timezone.now()
    ).update(status=DreamInput.Status.FAILED, reason=STOPPED, lease_expires_at=None)


def _sizes(dream: Dream, inputs: Iterable[DreamInput]) -> Mapping[str, int]:
    """The events of each session."""
    ids = [each.session_id for each in inputs]
    rows = Session.objects.visible_in(dream.workspace).filter(public_id__in=ids)
    return dict(rows.values_list("public_id", "event_count"))


def _together(
    inputs: Iterable[DreamInput], sizes: Mapping[str, int], engine: Engine
) -> Iterator[list[DreamInput]]:
    """As many as the engine takes at a time; a long one, or what stopped a worker, is alone."""
    some: list[DreamInput] = []
    events = 0
    for each in inputs:
        events += sizes.get(each.session_id, 0)
        is_full = len(some) == engine.at_once or events > EVENTS_AT_A_TIME
        if some and (some[0].attempts or each.attempts or is_full):
            yield some
            some, events = [], sizes.get(each.session_id, 0)
        some.append(each)
    if some:
        yield some


def _read(
    dream: Dream, engine: Engine, work: Assignment, mine: list[DreamInput], read: list[Read]
) -> None:
    """Add to `read` what can be read of these; leave out what cannot."""
    if not mine:
        return
    since = timezone.now()
    sessions = _sessions(dream, mine)
    if not _is_under_way(dream).exists():
        raise Lost
    transcripts = reading.transcripts_of(sessions)
    told = _asked(dream, engine, work, mine, transcripts)
    failed: list[tuple[DreamInput, EngineError]] = []
    for each, session, transcript, came in zip(mine, sessions, transcripts, told, strict=True):
        if isinstance(came, Observed):
            read.append(Read(each, session, transcript, came, since))
        else:
            failed.append((each, came))
    _leave_out(dream, failed)


def _sessions(dream: Dream, mine: Sequence[DreamInput]) -> list[Session]:
    rows = Session.objects.visible_in(dream.workspace).select_related("agent")
    found = {
        each.public_id: each for each in rows.filter(public_id__in=[m.session_id for m in mine])
    }
    if len(found) < len(mine):
        raise SessionUnavailable
    return [found[each.session_id] for each in mine]


def _asked(
    dream: Dream,
    engine: Engine,
    work: Assignment,
    mine: Sequence[DreamInput],
    transcripts: Sequence[Transcript],
) -> list[Observed | EngineError]:
    """What the engine says; whoever waits for a model holds what they read meanwhile."""
    try:
        with beating(lambda: _renew_claims(dream, mine)):
            return engine.observe(transcripts, work)
    except EngineBusy:
        _release(mine)
        raise


def _renew_claims(dream: Dream, mine: Sequence[DreamInput]) -> None:
    until = lease_end()
    _is_under_way(dream).update(lease_expires_at=until)
    DreamInput.objects.unread().filter(pk__in=[each.pk for each in mine]).update(
        lease_expires_at=until
    )


@transaction.atomic
def _miss(dream: Dream, mine: DreamInput, error: EngineError) -> None:
    """Say why this one is left out, and count what finding that out took. Raises Lost."""
    renew(dream, Usage(*error.usage))
    mine.status, mine.reason = DreamInput.Status.FAILED, error.message[:LONGEST_REASON]
    mine.lease_expires_at = None
    mine.save(update_fields=["status", "reason", "lease_expires_at"])


def _leave_out(dream: Dream, failed: Sequence[tuple[DreamInput, EngineError]]) -> None:
    """What the model cannot answer is told of its session alone. Raises ModelFailed, EngineBusy

    where it is about all of them; and Lost.
    """
    whole = next((error for _, error in failed if isinstance(error, ABOUT_ALL)), None)
    busy = [error for _, error in failed if isinstance(error, EngineBusy)]
    for mine, error in failed:
        if isinstance(error, (EngineBusy, *ABOUT_ALL)):
            _release([mine])
        else:
            _miss(dream, mine, error)
    if whole is not None:
        raise ModelFailed(whole)
    if busy:
        raise max(busy, key=lambda error: error.after or 0)


def _release(mine: Sequence[DreamInput]) -> None:
    """They were not read, and no worker stopped at them."""
    DreamInput.objects.unread().filter(pk__in=[each.pk for each in mine]).update(
        lease_expires_at=None, lease_holder="", attempts=Greatest(F("attempts") - 1, 0)
    )


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
        ["status", "last_sequence", "observation_count", "dropped", "lease_expires_at"],
    )
    telling.steps(dream, [_step(each) for each in done])


def _settle(read: Read, kept: Reading) -> None:
    read.mine.status = DreamInput.Status.READ
    read.mine.last_sequence = kept.last_sequence
    read.mine.observation_count = sum(map(_is_signal, read.observed.observations))
    read.mine.dropped = dict(read.observed.dropped)
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
        **billing.spent(dream, usage),
    ):
        raise Lost


def _is_under_way(dream: Dream) -> DreamQuerySet:
    return Dream.objects.filter(pk=dream.pk, status=Dream.Status.RUNNING, stage=Stage.OBSERVE)


def _told(observed: Observed) -> str:
    seen = [f"{each.kind}: {each.statement}" for each in observed.observations if each.spans]
    return "\n".join(seen) or "Nothing to learn from."
