"""Writers at the same moment: of those who expected the same, exactly one wins."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.memory import chain, verifying, writing
from apps.memory.actions import memories, stores, versions
from apps.memory.api.shapes import NewStore
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6
HAMMERS, ATTEMPTS = 8, 12


def at_once(*calls):
    """What each call returns or raises, all of them begun together."""
    ready = threading.Barrier(len(calls))

    def run(call):
        try:
            ready.wait(timeout=30)
            return call()
        except Exception as error:  # noqa: BLE001 -- the result under test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def lost(results, kind):
    return [each for each in results if isinstance(each, kind)]


@pytest.fixture
def by():
    return make.actor()


@pytest.fixture
def store(by):
    return stores.create_store(given=NewStore(name="Team notes"), by=by)


@pytest.fixture
def memory(by, store):
    return memories.create_memory(store_id=store.pk, path="/a", content="0", by=by)


def require_whole(store):
    """The chain has no gap, and the store and its memories say what its end says."""
    store.refresh_from_db()
    kept = list(MemoryVersion.objects.in_order())
    assert [each.sequence for each in kept] == list(range(1, store.version_count + 1))
    assert [each.previous_hash for each in kept] == [
        chain.GENESIS,
        *(each.hash for each in kept[:-1]),
    ]
    assert store.chain_hash == kept[-1].hash
    assert store.memory_count == Memory.objects.live().count()


def test_one_wins_and_the_others_are_told(by, store, memory):
    def write(number):
        return lambda: memories.update_memory(
            store_id=store.pk,
            memory_id=memory.pk,
            content=f"by {number}",
            expected_sha256=memory.content_sha256,
            by=by,
        )

    results = at_once(*(write(number) for number in range(WRITERS)))

    refused = lost(results, writing.PreconditionFailed)
    assert len(refused) == WRITERS - 1
    [won] = [each for each in results if isinstance(each, Memory)]
    assert Memory.objects.get().content == won.content
    assert MemoryVersion.objects.count() == 2
    require_whole(store)


def test_hammering_one_memory_loses_nothing(by, store, memory):
    """Each expects what it read or wrote last; `tests.benchmarks hammer` does it over HTTP."""

    def hammer(number):
        won, known = 0, memory.content_sha256
        for attempt in range(ATTEMPTS):
            try:
                changed = memories.update_memory(
                    store_id=store.pk,
                    memory_id=memory.pk,
                    content=f"{number} {attempt}",
                    expected_sha256=known,
                    by=by,
                )
            except writing.PreconditionFailed as faster:
                known = faster.extra["current_sha256"]
            else:
                won, known = won + 1, changed.content_sha256
        return won

    won = at_once(*(lambda number=number: hammer(number) for number in range(HAMMERS)))

    assert MemoryVersion.objects.count() == 1 + sum(won)
    assert sum(won) >= ATTEMPTS, "somebody wins whenever all try"
    assert verifying.verify(store).faults == []
    require_whole(store)


def test_of_those_who_expect_nothing_all_are_kept(by, store, memory):
    def write(number):
        return lambda: memories.update_memory(
            store_id=store.pk, memory_id=memory.pk, content=f"by {number}", by=by
        )

    results = at_once(*(write(number) for number in range(WRITERS)))

    assert len(lost(results, Memory)) == WRITERS
    assert MemoryVersion.objects.count() == WRITERS + 1
    require_whole(store)


def test_a_path_is_given_once_also_to_folders(by, store):
    taken = ["/x", "/x", "/x/y", "/x/y", "/x/y/z", "/x"]
    calls = [
        lambda path=path: memories.create_memory(store_id=store.pk, path=path, content=path, by=by)
        for path in taken
    ]

    results = at_once(*calls)

    assert len(lost(results, writing.PathTaken)) == len(taken) - 1
    assert MemoryVersion.objects.count() == 1
    require_whole(store)


def test_a_deletion_and_a_change_of_the_same(by, store, memory):
    expected = memory.content_sha256
    results = at_once(
        lambda: memories.delete_memory(
            store_id=store.pk, memory_id=memory.pk, expected_sha256=expected, by=by
        ),
        lambda: memories.update_memory(
            store_id=store.pk,
            memory_id=memory.pk,
            content="new",
            expected_sha256=expected,
            by=by,
        ),
    )

    assert len(lost(results, Memory)) == 1
    assert len(lost(results, writing.PreconditionFailed | writing.NoSuchMemory)) == 1
    require_whole(store)


def test_a_full_store_is_filled_to_the_last_place(by, store, settings):
    settings.MEMORIES_PER_STORE = 3

    results = at_once(
        *(
            lambda n=n: memories.create_memory(store_id=store.pk, path=f"/{n}", content="", by=by)
            for n in range(WRITERS)
        )
    )

    assert len(lost(results, writing.StoreFull)) == WRITERS - 3
    assert Memory.objects.count() == 3
    require_whole(store)


def test_a_store_that_is_deleted_meanwhile(by, store, memory):
    results = at_once(
        lambda: stores.delete_store(store_id=store.pk, by=by),
        lambda: memories.create_memory(store_id=store.pk, path="/b", content="", by=by),
        lambda: stores.delete_store(store_id=store.pk, by=by),
    )

    assert results.count(None) == 1
    assert len(lost(results, writing.NoSuchStore)) in {1, 2}
    assert not MemoryStore.objects.exists()
    assert not MemoryVersion.objects.exists()


def test_a_redaction_is_noted_once(by, store, memory):
    memories.update_memory(store_id=store.pk, memory_id=memory.pk, content="1", by=by)
    first = memory.memory_version_id

    results = at_once(
        *(
            lambda: versions.redact_version(store_id=store.pk, version_id=first, by=by)
            for _ in range(3)
        )
    )

    assert {each.redacted_at for each in results} == {
        MemoryVersion.objects.get(pk=first).redacted_at
    }
    assert by.workspace.audit_entries.filter(action="memory_version.redacted").count() == 1
