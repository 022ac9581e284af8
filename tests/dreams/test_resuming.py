"""Workers die anywhere: what is finished stays finished, and the dream still ends right."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.dreams import dreaming, observing
from apps.dreams.actions import dreams as actions
from apps.dreams.models import Dream
from apps.memory.actions import stores
from apps.reviews.models import Changeset, Proposal
from apps.sessions.actions import sessions as session_actions
from apps.sessions.models import Event, Session
from apps.webhooks.models import OutboxEvent
from tests import make

pytestmark = pytest.mark.django_db


def later(**spans):
    return time_machine.travel(timezone.now() + timedelta(**spans), tick=False)


def crash(dream):
    with pytest.raises(MemoryError):
        dreaming.dream_here(dream.pk)


def finished(dream):
    dreaming.dream_here(dream.pk)
    dream.refresh_from_db()
    return dream


def test_a_worker_that_dies_while_reading_costs_one_session(hurt, dream_of, engine):
    ids = sorted(hurt(count=4))
    dream = dream_of(ids)
    engine.breaks_at = ids[2]
    crash(dream)
    before = list(engine.read)

    with later(minutes=5):
        assert dreaming.due() == [dream.pk]
        finished(dream)

    assert before == ids[:3]
    assert engine.read == [*before, ids[2], ids[3]]
    assert dream.status == "completed"
    assert dream.input_tokens == 4 * 10 + 100


def test_a_worker_that_dies_while_curating_leaves_what_was_found(hurt, dream_of, engine):
    dream = dream_of(hurt())
    engine.breaks_at = "curate"
    crash(dream)
    found = dream.patterns.get().pk

    with later(minutes=5):
        finished(dream)

    assert (dream.status, dream.patterns.get().pk) == ("completed", found)
    assert len(engine.read) == 3
    assert Proposal.objects.count() == 1
    told = Event.objects.filter(session__public_id=dream.session_id, type="agent.tool_use")
    assert told.filter(tool_name="connect").count() == 1


def test_a_job_that_is_delivered_again_takes_up_its_own_work_at_once(hurt, dream_of, engine):
    ids = sorted(hurt())
    dream = dream_of(ids)
    (jobs,) = dreaming.attempt(dream.pk, holder="one")
    engine.breaks_at = ids[1]
    with pytest.raises(MemoryError):
        dreaming.read(dream.pk, jobs, holder="two")

    assert dreaming.read(dream.pk, jobs, holder="three") is False
    assert dreaming.read(dream.pk, jobs, holder="two") is True
    assert engine.read == [ids[0], ids[1], ids[2], ids[1]]


def test_two_workers_at_once_do_nothing_twice(hurt, dream_of, engine):
    dream = dream_of(hurt())
    engine.before["curate"] = lambda: dreaming.dream_here(dream.pk)
    finished(dream)

    assert (dream.status, engine.curated) == ("completed", 1)
    assert Changeset.objects.count() == 1


def test_a_dream_that_gets_no_further_fails(hurt, dream_of, engine):
    dream = dream_of(hurt())
    for minutes in range(0, 60, 10):
        engine.breaks_at = "curate"
        with later(minutes=minutes):
            crash(dream)

    with later(hours=2):
        assert dreaming.due() == []

    dream.refresh_from_db()
    assert (dream.status, dream.error_type) == ("failed", "internal_error")
    assert OutboxEvent.objects.filter(object_id=dream.pk).get().type == "dream.failed"


def test_a_session_that_nobody_can_read_is_left_out(hurt, dream_of, engine):
    ids = sorted(hurt(count=4))
    dream = dream_of(ids)
    for minutes in (0, 10, 20):
        engine.breaks_at = ids[0]
        with later(minutes=minutes):
            crash(dream)

    with later(hours=1):
        finished(dream)

    assert (dream.status, dream.funnel["read"]) == ("completed", 3)
    assert dream.funnel["dropped"][0]["examples"] == [ids[0]]


@pytest.mark.parametrize(("tries", "kept"), [(0, [0, 0, 0]), (1, [0, 1, 2])])
def test_where_a_worker_stopped_before_each_session_is_kept_alone(
    tries, kept, hurt, dream_of, engine
):
    ids = sorted(hurt())
    dream = dream_of(ids)
    (jobs,) = dreaming.attempt(dream.pk, holder="one")
    dream.inputs.update(attempts=tries)
    found = []
    read = dream.inputs.filter(status="read")
    for each in ids:
        engine.before[each] = lambda: found.append(read.count())
    dreaming.read(dream.pk, jobs, holder="two")

    assert found == kept
    assert not dream.inputs.unread().exists()


def test_a_dream_takes_no_longer_than_it_may(hurt, dream_of, settings):
    dream = dream_of(hurt())
    with later(hours=settings.DREAM_TIMEOUT_HOURS + 1):
        dreaming.due()

    dream.refresh_from_db()
    assert dream.error_type == "timeout"


def test_canceled_in_the_middle_it_stops_and_hands_in_nothing(hurt, dream_of, engine, monkeypatch):
    monkeypatch.setattr(observing, "KEPT_EVERY", 0)
    ids = sorted(hurt())
    dream = dream_of(ids)
    engine.before[ids[1]] = lambda: actions.cancel_dream(dream_id=dream.pk, by=make.actor())
    finished(dream)

    assert (dream.status, engine.read) == ("canceled", ids[:2])
    assert dream.inputs.unread().count() == 2
    assert Changeset.objects.count() == 0
    assert Session.objects.get(public_id=dream.session_id).archived_at is not None


@pytest.mark.parametrize("step", ["a session", "curate"])
def test_without_its_store_it_fails(step, hurt, dream_of, engine, store):
    ids = sorted(hurt())
    dream = dream_of(ids)
    engine.before[ids[1] if step == "a session" else step] = lambda: stores.archive_store(
        store_id=store.pk, by=make.actor()
    )
    finished(dream)

    assert (dream.status, dream.error_type) == ("failed", "input_memory_store_unavailable")
    assert dream.output_store_id


def test_without_one_of_its_sessions_it_fails(hurt, dream_of, engine):
    ids = sorted(hurt())
    dream = dream_of(ids)
    engine.before[ids[0]] = lambda: session_actions.delete_session(
        session_id=ids[2], by=make.actor()
    )
    finished(dream)

    assert (dream.status, dream.error_type) == ("failed", "input_session_unavailable")


def test_a_store_that_is_too_large_is_not_read(hurt, dream_of, settings, store):
    settings.DREAM_STORE_LIMIT = 1
    store.size_bytes = 2
    store.save(update_fields=["size_bytes"])

    assert finished(dream_of(hurt())).error_type == "input_memory_store_too_large"


def test_no_store_is_made_beyond_the_most(hurt, dream_of, settings):
    settings.DREAM_MOST_STORES = 1

    assert finished(dream_of(hurt())).error_type == "memory_store_org_limit_exceeded"


def test_of_more_sessions_than_one_dream_reads_others_read_the_rest(hurt, dream_of, engine):
    dream = dream_of(hurt(count=103))
    (other,) = dream.gathering.all()

    assert dreaming.attempt(dream.pk, holder="early") == []
    assert dreaming.waiting_for(other.pk) == []
    finished(other)
    assert dreaming.waiting_for(other.pk) == [dream.pk]
    finished(dream)

    assert (len(dream.session_ids), len(other.session_ids)) == (100, 3)
    assert (other.status, other.changeset_id) == (Dream.Status.COMPLETED, "")
    assert dream.patterns.get().session_count == 103
    assert len(engine.read) == 103
    assert Changeset.objects.count() == 1


def test_nobody_is_made_to_read_what_was_read_before(hurt, dream_of, engine):
    known = hurt(count=103)
    first = dream_of(known)
    finished(first.gathering.get())
    finished(first)
    new = hurt(count=2)
    dream = finished(dream_of([*known, *new]))

    assert (len(dream.session_ids), dream.gathering.count()) == (100, 0)
    assert set(new) < set(dream.session_ids)
    assert engine.read[103:] == sorted(new)
    assert dream.patterns.get().session_count == 105
    counts = {name: dream.funnel[name] for name in ("sessions", "read", "reused", "with_signal")}
    assert counts == {"sessions": 105, "read": 2, "reused": 103, "with_signal": 105}
