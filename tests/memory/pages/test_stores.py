"""The pages of memory stores: their list, making and changing one, its end."""

import pytest

from apps.accounts.models import AuditEntry
from apps.memory.actions import stores
from apps.memory.models import MemoryStore
from tests import make
from tests.memory.pages.conftest import at, body, new_store, words

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


def test_an_empty_workspace_says_what_to_do_next(client):
    shown = body(client.get(at("stores")))

    assert "No memory stores yet" in shown
    assert at("new_store") in shown


def test_whoever_may_only_look_is_not_offered_more(viewer, store, write):
    memory = write()

    for path in (at("stores"), at("store", store), at("memory", store, memory)):
        shown = body(viewer.get(path))
        assert at("new_store") not in shown
        assert at("new_memory", store) not in shown
        assert at("edit", store, memory) not in shown
        assert at("delete_store", store) not in shown
    for name in ("edit_store", "archive_store", "delete_store", "new_memory", "restore_store"):
        assert viewer.get(at(name, store)).status_code == 403
    assert viewer.post(at("checks", store)).status_code == 403


def test_the_list_tells_how_much_is_in_it_and_who_changed_it_last(client, store, write):
    write("/a.md", "12345")
    write("/b.md", "123")
    new_store("Empty", description="Nothing yet")

    shown = words(client.get(at("stores")))

    assert "Team notes 2 8 B T tom now" in shown
    assert "Empty Nothing yet 0 0 B – never" in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(client, rows, django_assert_num_queries):
    for number in range(rows):
        new_store(f"Store {number}")
    client.get(at("stores"))

    with django_assert_num_queries(6):
        client.get(at("stores"))


def test_archived_stores_stand_apart(client, store):
    stores.archive_store(store_id=store.pk, by=make.actor())
    new_store("In use")

    assert "Team notes" not in words(client.get(at("stores")))
    archived = words(client.get(at("stores") + "?show=archived"))
    assert "Team notes" in archived
    assert "In use 0" not in archived


def test_an_address_of_another_list_is_told(client):
    answer = client.get(at("stores") + "?cursor=damaged")

    assert answer.status_code == 400
    assert "damaged" in body(answer)


def test_a_store_is_made(client):
    given = {"name": EVIL, "description": "How we work", "metadata": "team: support\n\nb:2"}

    answer = client.post(at("new_store"), given)

    store = MemoryStore.objects.get()
    assert answer.url == at("store", store)
    assert store.metadata == {"team": "support", "b": "2"}
    assert EVIL not in body(client.get(at("store", store)))


def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(client):
    given = {"name": "a\tb", "description": "Kept", "metadata": "team: x"}

    answer = client.post(at("new_store"), given)

    assert answer.status_code == 422
    assert "control characters are not allowed" in words(answer)
    assert "Kept" in body(answer)
    assert "no pair" in words(client.post(at("new_store"), given | {"metadata": "team"}))
    assert not MemoryStore.objects.exists()


def test_a_store_is_changed_and_pairs_that_went_are_gone(client):
    store = new_store(metadata={"a": "1", "b": "2"}, description="Old")
    given = {"name": "Ours", "description": "", "metadata": "b: 3"}

    answer = client.post(at("edit_store", store), given)

    store.refresh_from_db()
    assert answer.status_code == 302
    assert (store.name, store.description, store.metadata) == ("Ours", "", {"b": "3"})


def test_an_archived_store_is_not_changed(client, store):
    stores.archive_store(store_id=store.pk, by=make.actor())

    answer = client.post(at("edit_store", store), {"name": "Other"})

    assert answer.status_code == 422
    assert "This memory store is archived" in words(answer)


def test_archiving_asks_first(client, store):
    assert "cannot be undone" in words(client.get(at("archive_store", store)))

    client.post(at("archive_store", store))

    store.refresh_from_db()
    assert store.archived_at is not None
    shown = body(client.get(at("store", store)))
    assert "Archived" in shown
    assert at("new_memory", store) not in shown


def test_deleting_wants_the_name_and_says_what_goes(client, store, write):
    write()
    asked = words(client.get(at("delete_store", store)))
    assert "1 memory of 11 B and 1 version of their history are erased" in asked

    wrong = client.post(at("delete_store", store), {"name": "team"})
    assert wrong.status_code == 422
    assert "This is another name" in words(wrong)
    assert "Type the name" in words(client.post(at("delete_store", store), {}))

    answer = client.post(at("delete_store", store), {"name": "Team notes"})
    assert answer.url == at("stores")
    assert not MemoryStore.objects.exists()
    assert AuditEntry.objects.filter(action="memory_store.deleted").exists()


def test_the_neighbours_store_is_not_there(client):
    store = new_store(of=make.workspace("next-door"))

    for name in (
        "store", "edit_store", "archive_store", "delete_store", "activity", "checks", "search",
        "chain", "new_memory", "restore_store",
    ):  # fmt: skip
        assert client.get(at(name, store)).status_code == 404, name
    assert "Team notes" not in words(client.get(at("stores")))
