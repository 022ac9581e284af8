"""Making a dream, or as many as the sessions take. It is a row then; a worker takes it up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import IntegrityError, transaction

from apps.accounts.acting import Actor, authored, note
from apps.core import payloads
from apps.core.errors import Conflict, DomainError, NotFound
from apps.dreams import choosing, collecting, engines
from apps.dreams.models import ComparisonSide, Dream, DreamSchedule, OutputBehavior
from apps.memory import finding as memory
from apps.memory.writing import StoreArchived

MOST_SESSIONS = 100
"""Of one dream, as the contract has it."""


class NotTheInput(DomainError):
    """output_behavior.memory_store_id: a dream updates the store that it reads, and no other."""


class StoreHeld(Conflict):
    """Another dream is writing into this memory store. Wait for its end, or cancel it."""


class UnknownSessions(NotFound):
    """inputs: there is no such session in this workspace."""


@dataclass(frozen=True, slots=True)
class DreamPlan:
    """What to dream about. `updates` is the store to write into; empty: a new one."""

    store_id: str
    session_ids: Sequence[str]
    model: str = engines.LOCAL
    speed: str = ""
    instructions: str = ""
    updates: str = ""
    policy: str = ""
    cap_usd: Decimal | None = None
    """Of all that it asks a model."""
    is_batched: bool = False
    schedule: DreamSchedule | None = None
    side: ComparisonSide | None = None
    """Of the comparison that it is for: it hands nothing in then, and makes no store."""


@transaction.atomic
def start(plan: DreamPlan, *, by: Actor) -> Dream:
    """Make the dream. Of more sessions than one dream reads, others read the rest for it, and it

    looks for what recurs in all of them. Nobody is made to read what was read before.

    Raises NoSuchStore, StoreArchived, NotTheInput, UnknownSessions, StoreHeld.
    """
    ids = require_inputs(plan, by=by)
    known = _read_before(plan, ids, by) if len(ids) > MOST_SESSIONS else {}
    first = sorted(ids, key=lambda each: each in known)
    own, others = first[:MOST_SESSIONS], first[MOST_SESSIONS:]
    dream = _made(replace(plan, session_ids=sorted(own)), by)
    unread = [each for each in others if each not in known]
    for start_at in range(0, len(unread), MOST_SESSIONS):
        some = unread[start_at : start_at + MOST_SESSIONS]
        _made(replace(plan, session_ids=some), by, gathers_for=dream)
    collecting.reuse(dream, {each: known[each] for each in others if each in known})
    return dream


def _read_before(plan: DreamPlan, ids: Sequence[str], by: Actor) -> Mapping[str, collecting.Counts]:
    engine = engines.named(engines.speaking_for(plan.model, by.workspace))
    return collecting.read_before(by.workspace.pk, engine, ids)


def require_inputs(plan: DreamPlan, *, by: Actor) -> list[str]:
    """The ids of its sessions, if all that it is to read is there.

    Raises NoSuchStore, StoreArchived, NotTheInput, UnknownSessions.
    """
    store = memory.store(by.workspace, plan.store_id)
    if plan.updates and plan.updates != plan.store_id:
        raise NotTheInput
    if store.archived_at is not None:
        raise StoreArchived
    ids = sorted(map(payloads.storable, set(plan.session_ids)))
    if missing := sorted(set(ids) - choosing.known(by.workspace, ids)):
        raise UnknownSessions(f"inputs: there is no session {missing[0]} in this workspace.")
    return ids


def _made(plan: DreamPlan, by: Actor, gathers_for: Dream | None = None) -> Dream:
    behavior = OutputBehavior.UPDATE_EXISTING if plan.updates else OutputBehavior.CREATE_NEW
    try:
        with transaction.atomic():
            dream = Dream.objects.create(
                workspace=by.workspace,
                input_store_id=plan.store_id,
                session_ids=list(plan.session_ids),
                output_behavior=behavior,
                model=plan.model,
                speed=plan.speed,
                engine=engines.speaking_for(plan.model, by.workspace),
                instructions=payloads.storable(plan.instructions),
                policy=plan.policy,
                cap_usd=plan.cap_usd,
                is_batched=plan.is_batched,
                schedule=plan.schedule,
                gathers_for=gathers_for,
                side=plan.side,
                **authored(by),
            )
    except IntegrityError:
        raise StoreHeld from None
    told = {"memory_store_id": plan.store_id, "sessions": len(plan.session_ids)}
    note(by, "dream.created", dream.pk, after=told | {"model": plan.model, "output": behavior})
    return dream
