"""Schedules: on the clock of their zone, once for each moment, and only where something is new."""

from datetime import UTC, datetime

import pytest
import time_machine

from apps.dreams import cron, dreaming, scheduling
from apps.dreams.actions import schedules as actions
from apps.dreams.models import Dream, DreamSchedule
from apps.memory.actions import stores
from tests import make
from tests.dreams.engine import MODEL

pytestmark = pytest.mark.django_db


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    """Monday, half past five."""
    with time_machine.travel(at("2026-11-23T05:30"), tick=False) as clock:
        yield clock


@pytest.fixture
def scheduled(store, engine):
    def made(**values):
        given = {"name": "nightly", "memory_store_id": store.pk, "cron": "0 6 * * *"}
        values = given | {"model": MODEL} | values
        return actions.create_schedule(values=values, by=make.actor())

    return made


def runs(schedule):
    rows = schedule.runs.order_by("created_at", "pk")
    return [(each.moment, each.dream is not None, each.reason) for each in rows]


def test_it_runs_at_its_moment_and_once(scheduled, hurt, clock):
    ids = hurt()
    schedule = scheduled()
    scheduling.run_due()
    assert runs(schedule) == []

    clock.move_to(at("2026-11-23T06:00:05"))
    stale = DreamSchedule.objects.get(pk=schedule.pk)
    scheduling.run_due()
    scheduling.run_due()

    assert runs(schedule) == [(at("2026-11-23T06:00"), True, "")]
    dream = Dream.objects.get()
    assert (dream.schedule, dream.session_ids) == (schedule, sorted(ids))
    assert dream.output_behavior == "update_existing"
    assert scheduling._take(stale) is False  # who looked at the same time comes too late


def test_moments_missed_while_nothing_ran_are_made_up_for_once(scheduled, hurt, clock):
    hurt()
    schedule = scheduled()
    clock.move_to(at("2026-11-26T09:00"))
    scheduling.run_due()
    scheduling.run_due()

    assert [moment for moment, _, _ in runs(schedule)] == [at("2026-11-23T06:00")]
    schedule.refresh_from_db()
    assert schedule.next_moment_at == at("2026-11-27T06:00")


def test_without_enough_that_is_new_it_says_so(scheduled, hurt, clock, engine):
    hurt()
    schedule = scheduled(least_new_sessions=2, output_behavior="create_new")
    clock.move_to(at("2026-11-23T06:00"))
    scheduling.run_due()
    dreaming.dream_here(Dream.objects.get().pk)
    hurt(count=1)
    clock.move_to(at("2026-11-24T06:00"))
    scheduling.run_due()

    assert runs(schedule)[1] == (
        at("2026-11-24T06:00"),
        False,
        "1 new sessions of the 2 that it waits for",
    )


def test_it_reads_only_what_its_filter_lets_through(scheduled, hurt, clock):
    (mine,) = hurt(count=1, agent="cook", created_at=at("2026-11-23T01:00"))
    hurt(count=1, agent="cook", created_at=at("2026-11-20T01:00"))
    hurt(count=1, agent="waiter", created_at=at("2026-11-23T01:00"))
    agent = make.Session.objects.get(public_id=mine).agent
    scheduled(agent_id=agent.public_id, window_hours=24)
    clock.move_to(at("2026-11-23T06:00"))
    scheduling.run_due()

    assert Dream.objects.get().session_ids == [mine]


def test_while_a_dream_holds_the_store_the_moment_passes(scheduled, hurt, clock, dream_of, store):
    dream_of(hurt(), updates=store.pk)
    schedule = scheduled()
    clock.move_to(at("2026-11-23T06:00"))
    scheduling.run_due()

    assert runs(schedule)[0][2].startswith("Another dream is writing")


def test_without_its_store_it_pauses_itself(scheduled, hurt, clock, store):
    hurt()
    schedule = scheduled()
    stores.archive_store(store_id=store.pk, by=make.actor())
    clock.move_to(at("2026-11-23T06:00"))
    scheduling.run_due()

    schedule.refresh_from_db()
    assert schedule.is_paused
    assert "archived" in schedule.paused_reason


def test_paused_its_moments_pass_and_are_not_made_up_for(scheduled, hurt, clock):
    hurt()
    schedule = scheduled()
    actions.pause_schedule(schedule_id=schedule.pk, by=make.actor())
    clock.move_to(at("2026-11-25T07:00"))
    scheduling.run_due()
    actions.unpause_schedule(schedule_id=schedule.pk, by=make.actor())
    scheduling.run_due()

    assert runs(schedule) == []
    schedule.refresh_from_db()
    assert schedule.next_moment_at == at("2026-11-26T06:00")


def test_jitter_is_another_for_each_moment_and_one_for_one(scheduled):
    schedule = scheduled(jitter_seconds=3600)
    first = schedule.due_at
    scheduling.set_next(schedule, after=at("2026-11-23T05:30"))
    again = schedule.due_at
    scheduling.set_next(schedule, after=at("2026-11-23T06:30"))

    assert first == again
    assert schedule.due_at - schedule.next_moment_at != first - at("2026-11-23T06:00")


def test_wall_clocks_that_go_forward_and_back():
    spring = cron.after("30 2 * * *", "Europe/Berlin", at("2026-03-28T12:00"))
    autumn = cron.after("30 2 * * *", "Europe/Berlin", at("2026-10-24T12:00"))

    assert spring == at("2026-03-29T01:00")  # there is no half past two that night
    assert cron.after("30 2 * * *", "Europe/Berlin", autumn).day == 26  # there are two


@pytest.mark.parametrize(
    "expression",
    ["", "x", "* * * *", "* * * * * *", "0 0 L * *", "0 0 * * 1#2", "@daily", "0 0 31 2 *"],
)
def test_what_is_no_cron_is_refused(expression):
    with pytest.raises(cron.BadCron):
        cron.checked(expression, "UTC")


def test_a_zone_that_is_nowhere_is_refused():
    with pytest.raises(cron.UnknownTimezone):
        cron.checked("0 6 * * *", "Mars/Olympus")
