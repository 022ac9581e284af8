"""Every write is a version; a path is taken once; whoever expects something else is told."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from apps.memory import chain, writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from tests import make

pytestmark = pytest.mark.django_db

INES = Author("user_actor", "user_1", "ines")


@pytest.fixture
def store():
    return MemoryStore.objects.create(workspace=make.workspace(), name="Team notes")


def write(store, path, content="text"):
    with writing.writing(store.pk, by=INES) as pen:
        return pen.create(path, content)


def test_a_write_is_a_version_with_its_author(store):
    memory = write(store, "/team/refunds.md", "Ask for the booking first.")

    version = MemoryVersion.objects.get()
    store.refresh_from_db()
    assert (version.operation, version.path, version.content, version.actor_id) == (
        "created",
        "/team/refunds.md",
        "Ask for the booking first.",
        "user_1",
    )
    assert memory.memory_version_id == version.pk
    assert (store.memory_count, store.size_bytes, store.version_count) == (1, 26, 1)


def test_each_version_is_chained_to_the_one_before(store):
    memory = write(store, "/a", "one")
    with writing.writing(store.pk, by=INES) as pen:
        pen.update(memory.pk, content="two")
        pen.delete(memory.pk)

    versions = list(MemoryVersion.objects.in_order())
    store.refresh_from_db()
    assert [each.sequence for each in versions] == [1, 2, 3]
    assert [each.previous_hash for each in versions] == [
        chain.GENESIS,
        versions[0].hash,
        versions[1].hash,
    ]
    assert [writing.hash_of(each) for each in versions] == [each.hash for each in versions]
    assert [writing.seal_of(each) for each in versions] == [each.seal for each in versions]
    assert store.chain_hash == versions[2].hash
    assert (store.memory_count, store.size_bytes) == (0, 0)


@pytest.mark.parametrize("path", ["/a/b", "/a", "/a/b/c"])
def test_a_path_is_a_file_or_a_folder_and_never_both(store, path):
    there = write(store, "/a/b")

    with pytest.raises(writing.PathTaken) as refused:
        write(store, path)

    assert refused.value.extra == {
        "conflicting_path": "/a/b",
        "conflicting_memory_id": there.pk,
    }
    assert MemoryVersion.objects.count() == 1


def test_two_neighbours_whose_names_begin_alike_do_not_conflict(store):
    write(store, "/a")

    assert write(store, "/ab").path == "/ab"


def test_the_database_takes_a_path_once(store):
    write(store, "/a")

    with pytest.raises(IntegrityError, match="a_path_is_taken_once_in_a_store"):
        Memory.objects.create(store=store, path="/a", memory_version_id="memver_x")


def test_what_is_the_same_already_is_no_version(store):
    memory = write(store, "/a", "one")

    with writing.writing(store.pk, by=INES) as pen:
        pen.update(memory.pk, content="one", path="/a")

    assert MemoryVersion.objects.count() == 1


def test_a_precondition_that_does_not_hold_changes_nothing(store):
    memory = write(store, "/a", "one")

    with (
        pytest.raises(writing.PreconditionFailed) as refused,
        writing.writing(store.pk, by=INES) as pen,
    ):
        pen.update(memory.pk, content="two", expected_sha256="0" * 64)

    assert refused.value.status == 409
    assert Memory.objects.get().content == "one"


def test_all_of_a_transaction_or_none(store):
    def twice():
        with writing.writing(store.pk, by=INES) as pen:
            pen.create("/a", "one")
            pen.create("/a", "two")

    with pytest.raises(writing.PathTaken):
        twice()

    store.refresh_from_db()
    assert (MemoryVersion.objects.count(), store.version_count) == (0, 0)


def test_a_deleted_memory_frees_its_path_and_keeps_its_history(store):
    first = write(store, "/a", "one")
    with writing.writing(store.pk, by=INES) as pen:
        pen.delete(first.pk)
    second = write(store, "/a", "two")

    assert second.pk != first.pk
    assert MemoryVersion.objects.filter(memory=first).count() == 2


def test_a_memory_comes_back_under_its_own_id(store):
    memory = write(store, "/a", "one")
    with writing.writing(store.pk, by=INES) as pen:
        gone = pen.delete(memory.pk)
        pen.revive(gone, path="/b", content="one again")

    back = Memory.objects.live().get()
    assert (back.pk, back.path, back.content) == (memory.pk, "/b", "one again")


def test_an_archived_store_takes_deletions_alone(store):
    memory = write(store, "/a", "one")
    MemoryStore.objects.update(archived_at=store.created_at)

    with pytest.raises(writing.StoreArchived):
        write(store, "/b")
    with writing.writing(store.pk, by=INES, only_deleting=True) as pen:
        pen.delete(memory.pk)

    assert not Memory.objects.live().exists()


def test_a_full_store_takes_no_new_path(store, settings):
    settings.MEMORIES_PER_STORE = 1
    memory = write(store, "/a", "one")

    with pytest.raises(writing.StoreFull):
        write(store, "/b")
    with writing.writing(store.pk, by=INES) as pen:
        assert pen.update(memory.pk, content="two").content == "two"


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        ("x" * 102_401, writing.ContentTooLarge),
        ("é" * 51_201, writing.ContentTooLarge),
        ("a\x00b", writing.BadContent),
        ("\ud800", writing.BadContent),
    ],
)
def test_what_no_memory_holds(store, content, refused):
    with pytest.raises(refused):
        write(store, "/a", content)


def test_the_largest_content_is_kept_to_the_byte(store):
    assert write(store, "/a", "x" * 102_400).content_size_bytes == 102_400


def test_a_version_is_never_changed(store):
    write(store, "/a", "one")

    for change in ({"content": "other"}, {"actor_id": "user_2"}, {"hash": "0" * 64}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            MemoryVersion.objects.update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        MemoryVersion.objects.all()._raw_delete("default")


def test_a_store_is_erased_only_with_an_audit_entry(store):
    write(store, "/a")

    with (
        pytest.raises(DatabaseError, match="with an audit entry"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT agentsite_erase_memory_store(%s, 'audit_none')", [store.pk])


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sequence": 0}, "versions_of_a_store_are_numbered_from_one"),
        ({"sequence": 1}, "versions_of_a_store_are_numbered_once"),
        ({"operation": "eaten"}, "a_version_did_a_known_thing"),
        ({"operation": "deleted"}, "only_a_deletion_has_no_content"),
        ({"salt": None}, "only_a_redacted_version_says_nothing"),
    ],
)
def test_what_no_version_may_be(store, fields, constraint):
    memory = write(store, "/a", "one")
    version = MemoryVersion.objects.get()
    kept = {
        each.attname: getattr(version, each.attname)
        for each in MemoryVersion._meta.concrete_fields
        if not each.primary_key
    }

    with pytest.raises(IntegrityError, match=constraint):
        MemoryVersion.objects.create(**{**kept, "memory": memory, "sequence": 2, **fields})


def test_a_store_without_a_name_is_none():
    with pytest.raises(IntegrityError, match="a_memory_store_has_a_name"):
        MemoryStore.objects.create(workspace=make.workspace(), name="")


def test_a_deleted_memory_holds_no_content(store):
    memory = write(store, "/a", "one")

    with pytest.raises(IntegrityError, match="a_deleted_memory_says_nothing"):
        Memory.objects.filter(pk=memory.pk).update(deleted_at=store.created_at)
