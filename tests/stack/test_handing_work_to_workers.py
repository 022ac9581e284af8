"""Work is sent when what it is about is there to be found, and its lines name who asked."""

import pytest
import structlog

from apps.core.queue import app, enqueue
from apps.core.tasks import heartbeat


@pytest.fixture
def sent():
    """What lies in the queue: Celery's own, in memory."""
    before = app.conf.broker_url, app.conf.broker_write_url
    app.conf.broker_url = app.conf.broker_write_url = "memory://"
    with app.connection_for_write() as broker:
        box = broker.SimpleQueue("default")
        box.clear()
        yield box
        box.clear()
    app.conf.broker_url, app.conf.broker_write_url = before


@pytest.mark.django_db
def test_it_is_sent_after_the_commit_and_not_before(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        enqueue(heartbeat, name="x")
    before = sent.qsize()
    waiting[0]()

    assert (before, sent.qsize()) == (0, 1)
    assert sent.get().payload[1] == {"name": "x"}


@pytest.mark.django_db
def test_it_carries_the_id_of_the_request(sent, django_capture_on_commit_callbacks):
    with (
        structlog.contextvars.bound_contextvars(request_id="req_1"),
        django_capture_on_commit_callbacks(execute=True),
    ):
        enqueue(heartbeat)

    assert sent.get().headers["request_id"] == "req_1"
