"""Bringing files into a store: the plan of it, and what was planned, whole or not at all."""

from typing import Any

from django.db import transaction

from apps.accounts.acting import Actor, note
from apps.core import payloads
from apps.core.errors import Conflict
from apps.memory import finding, writing
from apps.memory.authors import Author
from apps.memory.porting import planning, telling
from apps.memory.porting.planning import Kind, Options, Plan
from apps.memory.porting.reading import Bundle


class PlanOutdated(Conflict):
    """The memory store has changed since this import was planned. Look at what it would do now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan=telling.plan_object(plan))
        self.plan = plan


def plan_import(*, store_id: str, bundle: Bundle, options: Options, by: Actor) -> Plan:
    """What importing this would do now. Raises NoSuchStore, StoreArchived."""
    store = finding.store(by.workspace, store_id)
    if store.archived_at is not None:
        raise writing.StoreArchived
    return planning.plan(store.pk, bundle, options)


@transaction.atomic
def import_memories(
    *, store_id: str, bundle: Bundle, options: Options, expected_plan: str = "", by: Actor
) -> Plan:
    """Do what the plan says and return it; an expected plan must still be the one.

    Files that are refused are left as they are. Raises NoSuchStore, StoreArchived, PlanOutdated.
    """
    reason = payloads.storable(f"Imported from {bundle.origin}"[:500])
    with writing.writing(store_id, by=Author.of(by), within=by.workspace, reason=reason) as pen:
        plan = planning.plan(pen.store.pk, bundle, options)
        if expected_plan not in {"", plan.sha256}:
            raise PlanOutdated(plan)
        _write(plan, pen)
    if plan.writes:
        note(by, "memory_store.imported", pen.store.pk, after=_told(plan))
    return plan


def _write(plan: Plan, pen: writing.Pen) -> None:
    """What goes makes room for what comes."""
    touched = [*plan.of(Kind.DELETED), *plan.of(Kind.MODIFIED)]
    with pen.many(step.memory_id for step in touched):
        for step in plan.of(Kind.DELETED):
            pen.delete(step.memory_id)
        for step in plan.of(Kind.MODIFIED):
            pen.update(step.memory_id, content=step.content)
        for step in plan.of(Kind.CREATED):
            pen.create(step.path, step.content)


def _told(plan: Plan) -> dict[str, Any]:
    """Counts: the versions themselves say the rest."""
    return {"origin": plan.origin, **{kind.value: plan.counts[kind] for kind in Kind}}
