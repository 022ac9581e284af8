"""Alive and ready, for whatever watches over the processes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.models import Heartbeat
from apps.core.queue import app
from apps.core.tasks import heartbeat


@pytest.fixture
def working_queue():
    """A queue that answers: Celery's own, in memory."""
    before = app.conf.broker_url, app.conf.broker_write_url
    app.conf.broker_url = app.conf.broker_write_url = "memory://"
    yield
    app.conf.broker_url, app.conf.broker_write_url = before


def test_alive_asks_neither_for_a_sign_in_nor_for_the_database(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["cache-control"]


@pytest.mark.django_db
def test_ready_once_a_worker_was_seen(client, working_queue):
    before = client.get("/readyz")
    Heartbeat.objects.beat(Heartbeat.WORKER)
    after = client.get("/readyz")

    assert (before.status_code, before.json()["worker"]) == (503, {"ok": False})
    assert (after.status_code, after.json()["status"]) == (200, "ok")


@pytest.mark.django_db
def test_a_worker_not_seen_for_a_minute_is_gone(client, working_queue):
    Heartbeat.objects.beat(Heartbeat.WORKER)
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=61))

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert not answer.json()["worker"]["ok"]


@pytest.mark.django_db
def test_the_schedule_shows_that_it_reaches_a_worker():
    heartbeat(something_from_a_newer_version=1)
    heartbeat()

    assert list(Heartbeat.objects.values_list("name", flat=True)) == [Heartbeat.SCHEDULE]
