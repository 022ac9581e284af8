"""The vendor's own client, as strict as it can be, against a running server."""

import hashlib

import anthropic
import pytest

from apps.memory import writing
from apps.memory.authors import Author
from tests import make


@pytest.fixture
def key():
    return make.key()


@pytest.fixture
def client(live_server, key):
    _, secret = key
    with anthropic.Anthropic(
        base_url=live_server.url, api_key=secret, _strict_response_validation=True
    ) as client:
        yield client.beta.memory_stores


@pytest.fixture
def store(client):
    return client.create(name="Team notes")


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_store_from_its_making_to_its_end(client):
    store = client.create(name="Team notes", description="How we work", metadata={"a": "1"})
    other = client.create(name="Team notes")

    changed = client.update(store.id, description="", metadata={"a": None, "b": "2"})

    assert (changed.description, changed.metadata, changed.name) == ("", {"b": "2"}, "Team notes")
    assert changed.updated_at > store.updated_at
    assert [each.id for each in client.list(limit=1)] == [other.id, store.id]
    assert client.archive(other.id).archived_at is not None
    assert [each.id for each in client.list()] == [store.id]
    assert [each.id for each in client.list(include_archived=True)] == [other.id, store.id]
    assert [each.id for each in client.list(created_at_gte=store.created_at)] == [store.id]
    assert client.delete(other.id).type == "memory_store_deleted"
    with pytest.raises(anthropic.NotFoundError):
        client.retrieve(other.id)


def test_a_memory_from_its_making_to_its_end(client, store, key):
    memories = client.memories
    made = memories.create(store.id, path="/team/refunds.md", content="Ask first.")

    assert (made.content, made.content_sha256) == (None, sha256("Ask first."))
    assert memories.retrieve(made.id, memory_store_id=store.id).content == "Ask first."
    assert memories.retrieve(made.id, memory_store_id=store.id, view="basic").content is None

    changed = memories.update(
        made.id,
        memory_store_id=store.id,
        content="Pay first.",
        path="/team/money/refunds.md",
        precondition={"type": "content_sha256", "content_sha256": made.content_sha256},
        view="full",
    )
    assert (changed.id, changed.path, changed.content) == (
        made.id,
        "/team/money/refunds.md",
        "Pay first.",
    )
    assert memories.delete(made.id, memory_store_id=store.id).type == "memory_deleted"
    with pytest.raises(anthropic.NotFoundError):
        memories.retrieve(made.id, memory_store_id=store.id)

    history = list(client.memory_versions.list(store.id, memory_id=made.id, limit=1))
    assert [each.operation for each in history] == ["deleted", "modified", "created"]
    assert {each.created_by.api_key_id for each in history} == {key[0].pk}
    assert [each.path for each in history] == [
        "/team/money/refunds.md",
        "/team/money/refunds.md",
        "/team/refunds.md",
    ]
    assert history[0].content_sha256 is None


def test_listing_as_find_and_as_ls(client, store):
    for path in ("/a.md", "/team/x/1.md", "/team/x/2.md", "/team/y.md", "/z.md"):
        client.memories.create(store.id, path=path, content="text")

    whole = client.memories.list(store.id, limit=2)
    level = client.memories.list(store.id, depth=1, limit=1)
    below = client.memories.list(store.id, depth=1, path_prefix="/team/", view="full")

    assert [each.path for each in whole] == [
        "/a.md",
        "/team/x/1.md",
        "/team/x/2.md",
        "/team/y.md",
        "/z.md",
    ]
    assert [(each.type, each.path) for each in level] == [
        ("memory", "/a.md"),
        ("memory_prefix", "/team/"),
        ("memory", "/z.md"),
    ]
    assert [each.path for each in below] == ["/team/x/", "/team/y.md"]
    assert list(below)[1].content == "text"


def test_a_conflict_is_told_once_and_in_full(client, store):
    made = client.memories.create(store.id, path="/a/b", content="one")

    with pytest.raises(anthropic.ConflictError) as taken:
        client.memories.create(store.id, path="/a", content="two")
    with pytest.raises(anthropic.ConflictError) as stale:
        client.memories.update(
            made.id,
            memory_store_id=store.id,
            content="two",
            precondition={"type": "content_sha256", "content_sha256": sha256("other")},
        )
    with pytest.raises(anthropic.ConflictError) as kept:
        client.memories.delete(
            made.id, memory_store_id=store.id, expected_content_sha256=sha256("other")
        )

    told = taken.value.body["error"]
    assert told["type"] == "memory_path_conflict_error"
    assert (told["conflicting_path"], told["conflicting_memory_id"]) == ("/a/b", made.id)
    for refused in (taken, stale, kept):
        response = refused.value.response
        assert response.headers["x-should-retry"] == "false"
        assert response.request.headers["x-stainless-retry-count"] == "0"
    for refused in (stale, kept):
        assert refused.value.body["error"]["type"] == "memory_precondition_failed_error"


def test_a_version_is_redacted_unless_it_is_what_the_memory_says(client, store, key):
    made = client.memories.create(store.id, path="/a", content="secret")
    client.memories.update(made.id, memory_store_id=store.id, content="public")
    versions = client.memory_versions

    redacted = versions.redact(made.memory_version_id, memory_store_id=store.id)

    assert (redacted.content, redacted.path, redacted.content_sha256) == (None, None, None)
    assert redacted.content_size_bytes is None
    assert redacted.created_by == redacted.redacted_by
    assert redacted.redacted_by.api_key_id == key[0].pk
    assert versions.retrieve(redacted.id, memory_store_id=store.id) == redacted
    head = client.memories.retrieve(made.id, memory_store_id=store.id).memory_version_id
    with pytest.raises(anthropic.BadRequestError):
        versions.redact(head, memory_store_id=store.id)


def test_who_wrote(client, store, key):
    client.memories.create(store.id, path="/a", content="by a key")
    person = make.user()
    for path, author in (
        ("/b", Author.session("sesn_1")),
        ("/c", Author.of(make.actor(person))),
        ("/d", Author("service_account_actor", "svac_1")),
        ("/e", Author()),
    ):
        with writing.writing(store.id, by=author) as pen:
            pen.create(path, "text")
    listed = client.memory_versions.list

    by_path = {each.path: each.created_by for each in listed(store.id)}

    assert by_path["/a"].api_key_id == key[0].pk
    assert by_path["/b"].session_id == "sesn_1"
    assert by_path["/c"].user_id == person.public_id
    assert by_path["/d"].service_account_id == "svac_1"
    assert by_path["/e"] is None
    assert [each.path for each in listed(store.id, api_key_id=key[0].pk)] == ["/a"]
    assert [each.path for each in listed(store.id, session_id="sesn_1")] == ["/b"]
    assert [each.path for each in listed(store.id, service_account_id="svac_1")] == ["/d"]
    assert list(listed(store.id, session_id="sesn_1", api_key_id=key[0].pk)) == []
