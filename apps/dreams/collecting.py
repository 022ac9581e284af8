"""The first stage: what the dream is about is there, and which sessions are still to be read."""

from collections.abc import Collection, Mapping

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from apps.dreams import copying, keeping, telling
from apps.dreams.engines import Engine
from apps.dreams.failing import Lost, SessionUnavailable, StoreTooLarge, StoreUnavailable
from apps.dreams.models import Dream, DreamInput, OutputBehavior, Stage
from apps.memory.models import MemoryStore
from apps.sessions.models import Session

Counts = tuple[int, int]


def collect(dream: Dream, engine: Engine) -> None:
    """Raises Lost and every Failure that an input may be."""
    store = require_inputs(dream)
    if settings.DREAM_STORE_LIMIT and store.size_bytes > settings.DREAM_STORE_LIMIT:
        raise StoreTooLarge
    if not dream.session_id:
        dream.session_id = telling.begin(dream, store.name)
        _keep(dream, session_id=dream.session_id)
    is_new = dream.output_behavior == OutputBehavior.CREATE_NEW
    if is_new and not dream.is_gathering and not dream.is_compared:
        if not dream.output_store_id:
            copying.make_output(dream, store)
        copying.copy(dream, store)
    elif not dream.is_compared:
        dream.output_store_id = store.pk
    _plan_reading(dream, engine)


def require_inputs(dream: Dream) -> MemoryStore:
    """The input store. Raises StoreUnavailable, SessionUnavailable."""
    stores = MemoryStore.objects.visible_in(dream.workspace).open()
    store = stores.filter(pk=dream.input_store_id).first()
    if store is None:
        raise StoreUnavailable
    there = Session.objects.visible_in(dream.workspace).filter(public_id__in=dream.session_ids)
    if there.count() < len(dream.session_ids):
        raise SessionUnavailable
    return store


def read_before(workspace_id: str, engine: Engine, ids: Collection[str]) -> Mapping[str, Counts]:
    """Those of these sessions that the engine has read, and that have not changed since:

    up to which event, and how much was seen there.
    """
    readings = keeping.readings_of(workspace_id, engine, ids).current()
    counted = readings.annotate(
        count=Count("observations", filter=~Q(observations__details__what="path"))
    )
    columns = counted.values_list("session__public_id", "last_sequence", "count")
    return {public_id: (last, count) for public_id, last, count in columns}


def reuse(dream: Dream, known: Mapping[str, Counts]) -> None:
    """Have the dream take in what was read before, however many: it reads none of them."""
    DreamInput.objects.bulk_create(
        (
            DreamInput(
                dream=dream,
                session_id=public_id,
                status=DreamInput.Status.REUSED,
                last_sequence=last,
                observation_count=count,
            )
            for public_id, (last, count) in known.items()
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def _plan_reading(dream: Dream, engine: Engine) -> None:
    """What was read before and has not changed is not read again."""
    known = read_before(dream.workspace_id, engine, dream.session_ids)
    reuse(dream, known)
    new = [public_id for public_id in dream.session_ids if public_id not in known]
    DreamInput.objects.bulk_create(
        (DreamInput(dream=dream, session_id=public_id) for public_id in new),
        ignore_conflicts=True,
    )
    _keep(dream, stage=Stage.OBSERVE, output_store_id=dream.output_store_id, attempts=0)
    dream.stage = Stage.OBSERVE
    count = dream.inputs.count()
    telling.say(
        dream,
        "collected",
        f"{count} sessions; {count - len(new)} of them were read before and have not"
        f" changed since, {len(new)} are to be read.",
    )


def _keep(dream: Dream, **changes: object) -> None:
    if not dream.keep(**changes):
        raise Lost
