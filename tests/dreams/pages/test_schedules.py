"""The pages of schedules: what is typed is told in words, and each moment's outcome is listed."""

from datetime import UTC, datetime

import pytest
import time_machine

from apps.dreams.actions import schedules as actions
from apps.dreams.models import Dream, DreamSchedule, OutputBehavior
from tests import make
from tests.dreams.engine import MODEL
from tests.dreams.pages.conftest import at, body, words

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


def asked(store, **more):
    """What the form sends."""
    return {
        "name": "Nightly",
        "memory_store_id": store.pk,
        "cron": "0 2 * * *",
        "timezone": "Europe/Berlin",
        "jitter_minutes": "5",
        "only_ended": "on",
        "only_unread": "on",
        "most_sessions": "100",
        "least_new_sessions": "2",
        "model": MODEL,
        "output_behavior": OutputBehavior.UPDATE_EXISTING,
        "instructions": "",
        "policy": "auto_safe",
    } | more


@pytest.fixture
def schedule(client, store, engine):
    client.post(at("new_schedule"), asked(store))
    return DreamSchedule.objects.get()


def test_a_schedule_is_made_changed_and_told(client, store, schedule):
    assert (schedule.jitter_seconds, schedule.policy, schedule.only_unread) == (
        300,
        "auto_safe",
        True,
    )
    assert 'value="5"' in body(client.get(at("edit_schedule", schedule)))

    changed = asked(store, name="Weekly", cron="30 6 * * 1", window_hours="168")
    answer = client.post(at("edit_schedule", schedule), changed)

    assert answer.url == at("schedule", schedule)
    shown = words(client.get(answer.url))
    assert "Weekly Active At 06:30 on Monday, Europe/Berlin" in shown
    assert "Begun in the last 168 h" in shown


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 3, 27, 12, tzinfo=UTC), ["28 Mar 2026, 02:30 CET", "29 Mar 2026, 03:00"]),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), ["25 Oct 2026, 02:30", "26 Oct 2026, 02:30 CET"]),
    ],
)
def test_the_next_runs_follow_the_clocks(client, now, expected):
    with time_machine.travel(now, tick=False):
        answer = client.get(at("upcoming"), {"cron": "30 2 * * *", "timezone": "Europe/Berlin"})

    shown = words(answer)
    assert "At 02:30 every day" in shown
    assert body(answer).count("<time") == 10  # each run, and how long until then
    for moment in expected:
        assert moment in shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"cron": "61 * * * *"}, "This names no moment"),
        ({"cron": "0 2 30 2 *"}, "This names no moment"),
        ({"cron": "@daily"}, "This names no moment"),
        ({"cron": "\x00"}, ""),
        ({"timezone": "Mars/Olympus"}, "There is no such time zone"),
        ({"timezone": "../../etc/passwd"}, "There is no such time zone"),
        ({"memory_store_id": "memstore_gone"}, "memory store"),
        ({"most_sessions": "0"}, "Enter a number between"),
        ({"jitter_minutes": "61"}, "Enter 0 to 60 minutes"),
        ({"least_new_sessions": "-1"}, "Enter 0 to 1,000 sessions"),
        ({"name": ""}, "Give it a name"),
    ],
)
def test_the_form_keeps_what_was_typed_and_says_what_is_allowed(client, store, engine, given, told):
    answer = client.post(at("new_schedule"), asked(store, instructions=EVIL) | given)

    assert answer.status_code == 422
    assert told in words(answer)
    assert EVIL not in body(answer)
    assert "&lt;script&gt;" in body(answer)
    assert not DreamSchedule.objects.exists()


@pytest.mark.parametrize("typed", [{"cron": "x"}, {"timezone": "x"}, {}, {"cron": "\x00"}])
def test_what_is_typed_wrong_is_no_error_of_the_page(client, typed):
    answer = client.get(at("upcoming"), {"cron": "0 2 * * *", "timezone": "UTC"} | typed)

    assert answer.status_code == 200


def test_it_is_paused_resumed_and_run(client, schedule, hurt):
    client.post(at("pause", schedule))
    assert "Paused" in words(client.get(at("schedule", schedule)))
    client.post(at("resume", schedule))
    assert "Paused" not in words(client.get(at("schedules")))

    answer = client.post(at("run", schedule))
    assert answer.url == at("schedule", schedule)
    shown = words(client.get(answer.url))
    assert "No dream: 0 new sessions of the 2 that it waits for" in shown

    hurt()
    answer = client.post(at("run", schedule))
    dream = Dream.objects.get()
    assert answer.url == at("dream", dream)
    assert "Nightly," in words(client.get(answer.url))
    assert at("dream", dream) in body(client.get(at("schedule", schedule)))


def test_deleting_asks_first_and_leaves_the_dreams(client, schedule, hurt):
    hurt()
    client.post(at("run", schedule))

    assert "Delete Nightly ?" in words(client.get(at("delete_schedule", schedule)))
    assert DreamSchedule.objects.exists()
    client.post(at("delete_schedule", schedule))

    assert not DreamSchedule.objects.exists()
    assert Dream.objects.exists()


def test_one_whose_store_is_gone_says_why_it_stopped(client, schedule, hurt, store):
    hurt()
    store.delete()
    client.post(at("run", schedule))

    shown = words(client.get(at("schedule", schedule)))

    assert "Paused by itself" in shown
    assert "a store that is gone" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_however_long(client, store, engine, rows, django_assert_num_queries):
    for number in range(rows):
        client.post(at("new_schedule"), asked(store, name=f"Nightly {number}"))
    schedule = DreamSchedule.objects.first()
    for _ in range(rows):
        actions.run_schedule(schedule_id=schedule.pk, by=make.actor())

    with django_assert_num_queries(6):
        shown = body(client.get(at("schedules")))
    assert shown.count('class="row-link"') == rows
    with django_assert_num_queries(7):
        shown = words(client.get(at("schedule", schedule)))
    assert shown.count("No dream:") == rows


def test_whoever_may_only_look_changes_nothing(viewer, store, schedule):
    for name in ("edit_schedule", "delete_schedule", "pause", "resume", "run"):
        assert viewer.post(at(name, schedule)).status_code == 403
    assert viewer.post(at("new_schedule"), asked(store)).status_code == 403
    assert at("run", schedule) not in body(viewer.get(at("schedule", schedule)))


def test_the_neighbours_see_none_of_it(stranger, schedule):
    for name in ("schedule", "edit_schedule", "delete_schedule"):
        assert stranger.get(at(name, schedule, of="next-door")).status_code == 404
    for name in ("pause", "resume", "run", "delete_schedule"):
        assert stranger.post(at(name, schedule, of="next-door")).status_code == 404
    assert "Nightly" not in body(stranger.get(at("schedules", of="next-door")))
