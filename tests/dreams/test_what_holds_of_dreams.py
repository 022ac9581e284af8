"""What may never be true of a dream, and what the database says to it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.dreams.models import (
    Dream,
    DreamInput,
    DreamSchedule,
    DreamScheduleRun,
    Observation,
    Pattern,
    Reading,
)
from tests import make

pytestmark = pytest.mark.django_db


def dream(**fields):
    given = {"workspace": make.workspace(), "input_store_id": "s", "session_ids": ["a"]}
    return Dream.objects.create(**given | {"model": "m", "engine": "e"} | fields)


def pattern(of, number, **fields):
    given = {"kind": "fact", "key": str(number), "title": "t", "session_count": 1}
    counts = {"agent_count": 1, "user_count": 0}
    return Pattern.objects.create(dream=of, number=number, **given | counts | fields)


def reading():
    return Reading.objects.create(
        session=make.session(), engine="e", version="1", last_sequence=0, read_at=timezone.now()
    )


def observation(of, **fields):
    given = {"number": 1, "kind": "fact", "key": "k", "statement": "s", "spans": [{}]}
    return Observation.objects.create(reading=of, **given | fields)


def schedule(**fields):
    given = {"workspace": make.workspace(), "name": "nightly", "memory_store_id": "s"}
    return DreamSchedule.objects.create(**given | {"cron": "0 6 * * *", "model": "m"} | fields)


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


NOW = timezone.now()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("a_dream_that_has_ended_says_when", {"ended_at": NOW}),
        ("a_dream_that_has_ended_says_when", {"status": "completed"}),
        ("a_dream_that_failed_says_why", {"status": "failed", "ended_at": NOW}),
        ("a_dream_that_failed_says_why", {"error_type": "timeout"}),
        ("a_dream_is_held_exactly_while_it_runs", {"status": "running"}),
        ("a_dream_is_held_exactly_while_it_runs", {"lease_expires_at": NOW}),
        ("only_a_dream_that_has_ended_is_archived", {"archived_at": NOW}),
        ("a_dream_that_waits_runs_and_says_what_for", {"waits_until": NOW, "waits_for": "model"}),
        ("a_dream_that_waits_runs_and_says_what_for", {"waits_for": "batch"}),
        ("a_dream_may_cost_something", {"cap_usd": 0}),
    ],
)
def test_a_dream_does_not_contradict_itself(constraint, fields):
    with refused(constraint):
        dream(**fields)


def test_dreams_of_a_schedule_may_cost_something():
    with refused("dreams_of_a_schedule_may_cost_something"):
        schedule(cap_usd=0)


def test_one_dream_at_a_time_writes_into_a_store():
    first = dream(output_behavior="update_existing")
    dream(output_behavior="update_existing", gathers_for=first)
    dream(output_behavior="update_existing", status="canceled", ended_at=NOW)
    dream()

    with refused("one_dream_at_a_time_writes_into_a_store"):
        dream(output_behavior="update_existing")


def test_a_dream_reads_a_session_once_or_says_why_not():
    mine = dream()
    DreamInput.objects.create(dream=mine, session_id="a")

    with refused("a_dream_reads_a_session_once"), transaction.atomic():
        DreamInput.objects.create(dream=mine, session_id="a")
    with refused("a_session_that_was_not_read_says_why"):
        DreamInput.objects.create(dream=mine, session_id="b", status="failed")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("patterns_of_a_dream_are_numbered_once", {"number": 1}),
        ("a_dream_finds_a_pattern_once", {"key": "1"}),
        ("a_pattern_was_seen_in_a_session", {"session_count": 0}),
        ("no_more_sessions_succeeded_than_were_judged", {"success_count": 1}),
        ("no_more_sessions_succeeded_than_were_judged", {"others_count": 1}),
        ("a_pattern_that_was_dropped_says_why", {"became": "dropped"}),
        ("a_pattern_that_was_dropped_says_why", {"reason": "old"}),
    ],
)
def test_a_pattern_is_what_it_counts(constraint, fields):
    mine = dream()
    pattern(mine, 1)

    with refused(constraint):
        pattern(mine, **{"number": 2} | fields)


def test_an_engine_reads_a_session_once():
    first = reading()

    with refused("an_engine_reads_a_session_once"):
        Reading.objects.create(
            session=first.session, engine="e", version="1", last_sequence=1, read_at=NOW
        )


def test_an_observation_has_its_place_and_shows_it():
    mine = reading()
    observation(mine)

    with refused("observations_of_a_reading_are_numbered_once"), transaction.atomic():
        observation(mine)
    with refused("an_observation_shows_where_it_was_seen"):
        observation(mine, number=2, spans=[])


def test_a_schedule_has_a_name_and_is_due_at_its_moment_or_later():
    with refused("a_dream_schedule_has_a_name"), transaction.atomic():
        schedule(name="")
    with refused("a_schedule_is_due_at_its_moment_or_later"):
        schedule(next_moment_at=NOW, due_at=NOW - timezone.timedelta(seconds=1))


def test_a_schedule_runs_once_for_one_moment_and_says_what_came_of_it():
    mine = schedule()
    DreamScheduleRun.objects.create(schedule=mine, moment=NOW, reason="too few")
    DreamScheduleRun.objects.create(schedule=mine, reason="too few")
    DreamScheduleRun.objects.create(schedule=mine, reason="too few")

    with refused("a_schedule_runs_once_for_one_moment"), transaction.atomic():
        DreamScheduleRun.objects.create(schedule=mine, moment=NOW, reason="too few")
    with refused("a_scheduled_run_has_a_dream_or_a_reason"):
        DreamScheduleRun.objects.create(schedule=mine)
