"""Checking and restoring while others write."""

import threading

import pytest
from django.db import connection

from apps.memory import verifying, writing
from apps.memory.actions import restoring, versions
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.restoring import PlanIsStale
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

INES = Author("user_actor", "user_1", "ines")


@pytest.fixture
def store():
    return MemoryStore.objects.create(workspace=make.workspace(), name="Team notes")


def write(store, verb, *given, **named):
    with writing.writing(store.pk, by=INES) as pen:
        return getattr(pen, verb)(*given, **named)


def at_once(*works):
    """Run each in a thread of its own; what they raised, in their order."""
    raised = [None] * len(works)

    def run(place, work):
        try:
            work()
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_a_check_finds_nothing_wrong_with_what_is_being_written_and_redacted(store):
    memory = write(store, "create", "/a", "0")
    is_over = threading.Event()
    verdicts = []

    def keep_writing():
        by = make.actor()
        for number in range(1, 61):
            write(store, "update", memory.pk, content=str(number))
            other = write(store, "create", f"/{number}", "text")
            write(store, "delete", other.pk)
            if number % 5 == 0:
                version = MemoryVersion.objects.get(memory=other, operation="created")
                versions.redact_version(store_id=store.pk, version_id=version.pk, by=by)

    def write_and_end():
        try:
            keep_writing()
        finally:
            is_over.set()

    def keep_checking():
        while not is_over.is_set():
            verdicts.append(verifying.check(MemoryStore.objects.get(pk=store.pk))[0])

    raised = at_once(write_and_end, keep_checking, keep_checking)

    assert raised == [None, None, None]
    assert [fault for each in verdicts for fault in each.faults] == []
    assert len({each.version_count for each in verdicts}) > 1
    assert verifying.verify(store).version_count == 1 + 3 * 60


def test_of_two_who_restore_from_one_preview_one_is_told_to_look_again(store):
    memory = write(store, "create", "/a", "one")
    write(store, "update", memory.pk, content="two")
    by = make.actor()
    token = restoring.preview_store(store_id=store.pk, at=1, by=by).token

    def restore():
        restoring.restore_store(store_id=store.pk, at=1, token=token, by=by)

    raised = at_once(restore, restore, restore)

    assert [type(each) for each in raised if each] == [PlanIsStale] * 2
    assert MemoryVersion.objects.count() == 3
    assert Memory.objects.get().content == "one"
