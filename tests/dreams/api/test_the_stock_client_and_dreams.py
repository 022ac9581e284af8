"""The vendor's own client, as strict as it can be, against a running server."""

import anthropic
import pytest

from apps.dreams import dreaming
from tests import make
from tests.dreams.engine import MODEL


@pytest.fixture
def client(live_server):
    _, secret = make.key()
    with anthropic.Anthropic(
        base_url=live_server.url, api_key=secret, _strict_response_validation=True, max_retries=0
    ) as client:
        yield client.beta


def inputs(store, session_ids):
    return [
        {"type": "memory_store", "memory_store_id": store.pk},
        {"type": "sessions", "session_ids": session_ids},
    ]


def test_a_dream_from_its_asking_to_its_archive(client, store, hurt, engine):
    ids = hurt()
    made = client.dreams.create(
        inputs=inputs(store, ids), model={"id": MODEL, "speed": "standard"}, instructions="Look."
    )
    assert (made.status, made.outputs, made.session_id, made.error) == ("pending", [], None, None)
    assert made.inputs[1].session_ids == sorted(ids)

    dreaming.dream_here(made.id)
    done = client.dreams.retrieve(made.id)

    assert (done.status, done.instructions, done.model.id) == ("completed", "Look.", MODEL)
    assert done.usage.input_tokens == 130
    lessons = client.memory_stores.memories.list(done.outputs[0].memory_store_id)
    assert [each.path for each in lessons] == ["/lessons/hot-stove.md"]
    assert client.sessions.retrieve(done.session_id).archived_at is not None
    assert client.dreams.archive(made.id).archived_at is not None
    assert [each.id for each in client.dreams.list()] == []
    assert [each.id for each in client.dreams.list(include_archived=True)] == [made.id]


def test_lists_by_status_and_time(client, store, hurt, engine):
    ids = hurt()
    first = client.dreams.create(inputs=inputs(store, ids), model=MODEL)
    second = client.dreams.create(inputs=inputs(store, ids), model=MODEL)
    client.dreams.cancel(first.id)

    assert [each.id for each in client.dreams.list(limit=1)] == [second.id, first.id]
    assert [each.id for each in client.dreams.list(statuses=["canceled"])] == [first.id]
    assert [each.id for each in client.dreams.list(statuses=["pending", "canceled"])] == [
        second.id,
        first.id,
    ]
    assert [each.id for each in client.dreams.list(created_at_gt=first.created_at)] == [second.id]
    assert [each.id for each in client.dreams.list(created_at_lt=second.created_at)] == [first.id]


def test_a_held_store_is_a_conflict_that_is_not_tried_again(client, store, hurt, engine):
    into = {"type": "update_existing", "memory_store_id": store.pk}
    given = {"inputs": inputs(store, hurt()), "model": MODEL, "output_behavior": into}
    first = client.dreams.create(**given)

    with pytest.raises(anthropic.ConflictError) as refused:
        client.dreams.create(**given)
    assert refused.value.response.headers["x-should-retry"] == "false"

    client.dreams.cancel(first.id)
    assert client.dreams.create(**given).output_behavior.memory_store_id == store.pk


def test_what_has_ended_cannot_be_canceled_and_what_goes_on_not_archived(
    client, store, hurt, engine
):
    made = client.dreams.create(inputs=inputs(store, hurt()), model=MODEL)
    with pytest.raises(anthropic.BadRequestError):
        client.dreams.archive(made.id)
    dreaming.dream_here(made.id)
    with pytest.raises(anthropic.BadRequestError):
        client.dreams.cancel(made.id)

    other = client.dreams.create(inputs=inputs(store, [])[:1], model=MODEL)
    assert client.dreams.cancel(other.id).status == "canceled"
    assert client.dreams.cancel(other.id).status == "canceled"
