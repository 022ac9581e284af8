"""Schedules that are due start their dreams: once for each moment, whoever looks how often."""

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor
from apps.core.errors import DomainError, NotFound
from apps.dreams import choosing, cron, starting
from apps.dreams.choosing import Choice
from apps.dreams.models import DreamSchedule, DreamScheduleRun, OutputBehavior
from apps.dreams.starting import DreamPlan, StoreHeld
from apps.memory.writing import StoreArchived

LONGEST_REASON = 500


def run_due() -> None:
    """Start what is due. A moment that was missed while nothing ran is made up for once."""
    for schedule in DreamSchedule.objects.due().select_related("workspace"):
        moment = schedule.next_moment_at
        if moment is not None and _take(schedule):
            run(schedule, moment=moment, by=Actor.system(schedule.workspace))


@transaction.atomic
def run(schedule: DreamSchedule, *, moment: datetime | None, by: Actor) -> DreamScheduleRun:
    """Start the schedule's dream now, or write down why there is none.

    A schedule whose store is gone is paused: it would never work again.
    """
    kept = DreamScheduleRun(schedule=schedule, moment=moment)
    choice = choice_of(schedule)
    store_id = schedule.memory_store_id
    rows = choosing.sessions(schedule.workspace, choice, store_id)
    new = choosing.unread(rows, store_id)[: schedule.least_new_sessions].count()
    if new < schedule.least_new_sessions:
        kept.reason = f"{new} new sessions of the {schedule.least_new_sessions} that it waits for"
    else:
        ids = choosing.public_ids(schedule.workspace, choice, store_id)
        try:
            kept.dream = starting.start(plan_of(schedule, ids), by=by)
        except StoreHeld as held:
            kept.reason = held.message
        except (StoreArchived, NotFound) as gone:
            kept.reason = gone.message
            _pause(schedule, gone)
    kept.reason = kept.reason[:LONGEST_REASON]
    kept.save()
    return kept


def set_next(schedule: DreamSchedule, *, after: datetime) -> None:
    """Work out when it is due next, not kept yet. Raises BadCron."""
    schedule.next_moment_at = cron.after(schedule.cron, schedule.timezone, after)
    schedule.due_at = schedule.next_moment_at + _jitter(schedule)


def choice_of(schedule: DreamSchedule) -> Choice:
    return Choice(
        agent_id=schedule.agent_id,
        window_hours=schedule.window_hours,
        only_ended=schedule.only_ended,
        only_unread=schedule.only_unread,
        most=schedule.most_sessions,
    )


def plan_of(schedule: DreamSchedule, session_ids: list[str]) -> DreamPlan:
    is_update = schedule.output_behavior == OutputBehavior.UPDATE_EXISTING
    return DreamPlan(
        store_id=schedule.memory_store_id,
        session_ids=session_ids,
        model=schedule.model,
        instructions=schedule.instructions,
        updates=schedule.memory_store_id if is_update else "",
        policy=schedule.policy,
        cap_usd=schedule.cap_usd,
        is_batched=schedule.is_batched,
        schedule=schedule,
    )


def _take(schedule: DreamSchedule) -> bool:
    """Move on to the next moment; False if somebody else has."""
    mine = DreamSchedule.objects.due().filter(
        pk=schedule.pk, next_moment_at=schedule.next_moment_at
    )
    set_next(schedule, after=timezone.now())
    taken = mine.update(next_moment_at=schedule.next_moment_at, due_at=schedule.due_at)
    return bool(taken)


def _pause(schedule: DreamSchedule, why: DomainError) -> None:
    schedule.paused_at = timezone.now()
    schedule.paused_reason = why.message[:LONGEST_REASON]
    schedule.save(update_fields=["paused_at", "paused_reason"])


def _jitter(schedule: DreamSchedule) -> timedelta:
    """Another share of it for each moment, and always the same for one."""
    chance = random.Random(f"{schedule.pk} {schedule.next_moment_at}")  # noqa: S311 -- no secret
    return timedelta(seconds=chance.randint(0, schedule.jitter_seconds))
