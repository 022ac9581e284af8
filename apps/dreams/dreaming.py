"""A dream from its first stage to its last, on any worker, as far as it can get at a time.

    collect → observe → connect → curate → check → propose

Every stage writes what it came to and the name of the next in one transaction, so that a worker may
die anywhere: who comes after does the stage that was begun, and nothing that was finished. Reading
is handed out a few sessions at a time, and whoever has read the last of them goes on.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.core.ids import new_id
from apps.dreams import (
    billing,
    collecting,
    engines,
    handing_in,
    observing,
    proposing,
    stages,
    telling,
)
from apps.dreams.comparing import settling
from apps.dreams.engines import Engine
from apps.dreams.failing import Failure, GaveUp, Lost, ModelFailed, TookTooLong
from apps.dreams.models import Dream, Stage, WaitsFor
from apps.dreams.models.dream import ENDED
from apps.engine.asking import EngineBusy, EngineError
from apps.webhooks.publishing import publish

Jobs = list[list[int]]
LEAST_WAIT, PATIENCE, MOST_WAIT = 1.0, 60.0, 3_600.0
"""Seconds that a dream waits for a busy model: at least, where it does not say, and at most."""

_ELSEWHERE: dict[str, Callable[[Dream], None]] = {}


def leave_to(engine: str, go_on: Callable[[Dream], None]) -> None:
    """Have the dreams of this engine dreamed elsewhere: it takes each as far as it goes now."""
    _ELSEWHERE[engine] = go_on


def attempt(dream_id: str, *, holder: str) -> Jobs:
    """Take the dream as far as it goes, if it is free; what is to be read is for other jobs."""
    dream = Dream.objects.claim(dream_id, holder)
    if dream is None:
        return []
    engine = engines.named(dream.engine)
    try:
        return _advance(dream, engine)
    except Lost:
        return []
    except Failure as failure:
        fail(dream, failure)
        return []
    except EngineBusy as busy:
        put_back(dream, busy)
        return []
    except EngineError as error:
        fail(dream, ModelFailed(error))
        return []


def read(dream_id: str, input_ids: list[int], *, holder: str) -> bool:
    """Read these sessions, and say whether the dream can go on now."""
    reading = Dream.objects.filter(status=Dream.Status.RUNNING, stage=Stage.OBSERVE)
    dream = reading.not_put_back().select_related("workspace").filter(pk=dream_id).first()
    if dream is None:
        return False
    try:
        observing.observe(dream, input_ids, holder)
    except Lost:
        return False
    except Failure as failure:
        fail(dream, failure)
        return False
    except EngineBusy as busy:
        put_back(dream, busy)
        return False
    except EngineError as error:
        fail(dream, ModelFailed(error))
        return False
    return not dream.inputs.unread().exists()


def dream_here(dream_id: str) -> None:
    """Everything in this process, one after the other: for where there is no worker."""
    holder = new_id("job")
    while jobs := attempt(dream_id, holder=holder):
        for input_ids in jobs:
            read(dream_id, input_ids, holder=holder)


def due() -> list[str]:
    """The dreams that a worker should take up; what can go no further fails here."""
    for each in Dream.objects.late().select_related("workspace"):
        fail(each, TookTooLong())
    for each in Dream.objects.exhausted().select_related("workspace"):
        fail(each, GaveUp())
    return list(Dream.objects.due().values_list("pk", flat=True))


def waiting_for(dream_id: str) -> list[str]:
    """The dreams that had only this one to wait for: to read for them, or before them."""
    beside = Q(side__comparison__sides__dreams=dream_id) & ~Q(pk=dream_id)
    waiting = Dream.objects.due().filter(Q(gathering=dream_id) | beside)
    return list(waiting.values_list("pk", flat=True).distinct())


def put_back(dream: Dream, busy: EngineBusy) -> None:
    """Let it wait as long as the model asks for, or a minute; nobody holds it meanwhile."""
    seconds = min(max(busy.after or PATIENCE, LEAST_WAIT), MOST_WAIT)
    until = timezone.now() + timedelta(seconds=seconds)
    dream.put_back(until=until, waits_for=WaitsFor.MODEL)


def fail(dream: Dream, failure: Failure) -> None:
    """End it with the reason, whoever holds it; one that has ended stays as it ended."""
    why = {"error_type": failure.type, "error_message": failure.message}
    end(dream, Dream.Status.FAILED, failure.message, **why)


@transaction.atomic
def end(dream: Dream, status: Dream.Status, text: str, **changes: Any) -> bool:
    """End it otherwise than well; False if it has ended already."""
    ended = Dream.objects.unended().filter(pk=dream.pk)
    if not ended.update(status=status, **ENDED, ended_at=timezone.now(), **changes):
        return False
    billing.settle(dream)
    dream.refresh_from_db()
    telling.end(dream, text, is_failure=status == Dream.Status.FAILED)
    publish(f"dream.{status}", workspace=dream.workspace, object_id=dream.pk)
    settling.settle(dream)
    return True


def _advance(dream: Dream, engine: Engine) -> Jobs:
    if dream.engine in _ELSEWHERE:
        _ELSEWHERE[dream.engine](dream)
        return []
    if dream.stage in {"", Stage.COLLECT}:
        collecting.collect(dream, engine)
    if dream.stage == Stage.OBSERVE:
        observing.give_up_on_the_unreadable(dream)
        if dream.inputs.unread().exists():
            return [] if handing_in.waits(dream, engine) else _hand_out(dream)
        if dream.is_gathering:
            proposing.end_gathering(dream)
            return []
        dream.stage = Stage.CONNECT
    order = list(_STAGES)
    for stage in order[order.index(Stage(dream.stage)) :]:
        _STAGES[stage](dream, engine)
    return []


def _hand_out(dream: Dream) -> Jobs:
    """Let go of the dream, and say which of its sessions nobody reads."""
    free = Q(lease_expires_at=None) | Q(lease_expires_at__lt=timezone.now())
    ids = list(dream.inputs.unread().filter(free).order_by("pk").values_list("pk", flat=True))
    if not dream.keep(lease_holder="", attempts=0):
        raise Lost
    size = settings.DREAM_SESSIONS_PER_JOB
    return [ids[start : start + size] for start in range(0, len(ids), size)]


_STAGES: Mapping[Stage, Callable[[Dream, Engine], None]] = {
    Stage.CONNECT: stages.connect,
    Stage.CURATE: stages.curate,
    Stage.CHECK: stages.check,
    Stage.PROPOSE: proposing.propose,
}
