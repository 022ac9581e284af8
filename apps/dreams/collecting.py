"""The first stage: what the dream is about is there, and which sessions are still to be read."""

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from apps.dreams import copying, keeping, telling
from apps.dreams.engines import Engine
from apps.dreams.failing import Lost, SessionUnavailable, StoreTooLarge, StoreUnavailable
from apps.dreams.models import Dream, DreamInput, OutputBehavior, Stage
from apps.memory.models import MemoryStore
from apps.sessions.models import Session


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


@transaction.atomic
def _plan_reading(dream: Dream, engine: Engine) -> None:
    """What was read before and has not changed is not read again."""
    readings = keeping.readings_of(dream, engine, dream.session_ids).current()
    counted = readings.annotate(
        count=Count("observations", filter=~Q(observations__details__what="path"))
    )
    known = {
        public_id: (last, count)
        for public_id, last, count in counted.values_list(
            "session__public_id", "last_sequence", "count"
        )
    }
    DreamInput.objects.bulk_create(
        (
            DreamInput(
                dream=dream,
                session_id=public_id,
                status=DreamInput.Status.REUSED if public_id in known else "waiting",
                last_sequence=known.get(public_id, (0, 0))[0],
                observation_count=known.get(public_id, (0, 0))[1],
            )
            for public_id in dream.session_ids
        ),
        ignore_conflicts=True,
    )
    _keep(dream, stage=Stage.OBSERVE, output_store_id=dream.output_store_id, attempts=0)
    dream.stage = Stage.OBSERVE
    new = len(dream.session_ids) - len(known)
    telling.say(
        dream,
        "collected",
        f"{len(dream.session_ids)} sessions; {len(known)} of them were read before and have not"
        f" changed since, {new} are to be read.",
    )


def _keep(dream: Dream, **changes: object) -> None:
    if not dream.keep(**changes):
        raise Lost
