"""Making, changing, pausing, running, archiving and deleting schedules of dreams."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, authored, note
from apps.core import payloads
from apps.core.api.times import stamp
from apps.core.errors import DomainError
from apps.dreams import cron, finding, scheduling
from apps.dreams.actions.handing_out import hand_out
from apps.dreams.models import DreamSchedule, DreamScheduleRun
from apps.memory import finding as memory
from apps.memory.writing import StoreArchived

_FIELDS = (
    "name",
    "memory_store_id",
    "cron",
    "timezone",
    "jitter_seconds",
    "agent_id",
    "window_hours",
    "only_ended",
    "only_unread",
    "most_sessions",
    "least_new_sessions",
    "model",
    "instructions",
    "output_behavior",
    "policy",
    "cap_usd",
    "is_batched",
)


class ScheduleArchived(DomainError):
    """This schedule is archived: it runs no more, and cannot be changed."""


@transaction.atomic
def create_schedule(*, values: dict[str, Any], by: Actor) -> DreamSchedule:
    """Make a schedule of these columns of it.

    Raises BadCron, UnknownTimezone, NoSuchStore, StoreArchived.
    """
    schedule = DreamSchedule(
        workspace=by.workspace, **payloads.storable_all(values), **authored(by)
    )
    _settle(schedule, by)
    schedule.save(force_insert=True)
    note(by, "dream_schedule.created", schedule.pk, after=_told(schedule))
    return schedule


@transaction.atomic
def update_schedule(*, schedule_id: str, values: dict[str, Any], by: Actor) -> DreamSchedule:
    """Change what is named; the rest stays. Raises as creating does, and ScheduleArchived."""
    schedule = _held(schedule_id, by)
    before = _told(schedule)
    for name, value in payloads.storable_all(values).items():
        setattr(schedule, name, value)
    after = _told(schedule)
    if after != before:
        _settle(schedule, by)
        schedule.updated_at = timezone.now()
        schedule.save(update_fields=[*_FIELDS, "updated_at", "next_moment_at", "due_at"])
        note(by, "dream_schedule.updated", schedule.pk, before=before, after=after)
    return schedule


@transaction.atomic
def pause_schedule(*, schedule_id: str, by: Actor) -> DreamSchedule:
    """Let its moments pass; once more changes nothing. Raises NoSuchSchedule, ScheduleArchived."""
    schedule = _held(schedule_id, by)
    if not schedule.is_paused:
        schedule.paused_at, schedule.paused_reason = timezone.now(), ""
        schedule.save(update_fields=["paused_at", "paused_reason"])
        note(by, "dream_schedule.paused", schedule.pk, after={"status": "paused"})
    return schedule


@transaction.atomic
def unpause_schedule(*, schedule_id: str, by: Actor) -> DreamSchedule:
    """Go on with the next moment; those that passed stay passed.

    Raises NoSuchSchedule, ScheduleArchived.
    """
    schedule = _held(schedule_id, by)
    if schedule.is_paused:
        schedule.paused_at, schedule.paused_reason = None, ""
        scheduling.set_next(schedule, after=timezone.now())
        schedule.save(update_fields=["paused_at", "paused_reason", "next_moment_at", "due_at"])
        note(by, "dream_schedule.unpaused", schedule.pk, after={"status": "active"})
    return schedule


@transaction.atomic
def run_schedule(*, schedule_id: str, by: Actor) -> DreamScheduleRun:
    """Run it now, also while it is paused; its moments stay as they are.

    Raises NoSuchSchedule, ScheduleArchived.
    """
    schedule = _held(schedule_id, by)
    run = scheduling.run(schedule, moment=None, by=by)
    note(by, "dream_schedule.run", schedule.pk, after={"run_id": run.pk, "dream_id": run.dream_id})
    if run.dream is not None:
        hand_out(run.dream)
    return run


@transaction.atomic
def archive_schedule(*, schedule_id: str, by: Actor) -> DreamSchedule:
    """End it, for good; once more changes nothing. Raises NoSuchSchedule."""
    schedule = finding.schedule(by.workspace, schedule_id)
    if schedule.archived_at is None:
        schedule.archived_at = timezone.now()
        schedule.save(update_fields=["archived_at"])
        after = {"archived_at": stamp(schedule.archived_at)}
        note(by, "dream_schedule.archived", schedule.pk, after=after)
    return schedule


@transaction.atomic
def delete_schedule(*, schedule_id: str, by: Actor) -> None:
    """Forget it and its runs; its dreams stay. Raises NoSuchSchedule."""
    schedule = finding.schedule(by.workspace, schedule_id)
    note(by, "dream_schedule.deleted", schedule.pk, before=_told(schedule))
    schedule.delete()


def _held(schedule_id: str, by: Actor) -> DreamSchedule:
    """The schedule, until the transaction ends."""
    held = DreamSchedule.objects.visible_in(by.workspace).select_for_update()
    schedule = held.filter(pk=payloads.storable(schedule_id)).first()
    if schedule is None:
        raise finding.NoSuchSchedule
    if schedule.archived_at is not None:
        raise ScheduleArchived
    schedule.workspace = by.workspace
    return schedule


def _settle(schedule: DreamSchedule, by: Actor) -> None:
    cron.checked(schedule.cron, schedule.timezone)
    if memory.store(by.workspace, schedule.memory_store_id).archived_at is not None:
        raise StoreArchived
    scheduling.set_next(schedule, after=timezone.now())


def _told(schedule: DreamSchedule) -> dict[str, Any]:
    """What the audit log says of a schedule."""
    cap = schedule.cap_usd
    told = {name: getattr(schedule, name) for name in _FIELDS}
    return told | {"cap_usd": None if cap is None else f"{cap:f}"}
