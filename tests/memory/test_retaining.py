"""Old versions are forgotten where a server is set up to, and nothing else is."""

from datetime import timedelta

import pytest
import time_machine
from django.core.checks import run_checks

from apps.accounts.models import AuditEntry
from apps.memory import retaining, tasks, writing
from apps.memory.authors import Author
from apps.memory.models import MemoryStore, MemoryVersion
from tests import make

pytestmark = pytest.mark.django_db
LATER = make.START + timedelta(days=41)


@pytest.fixture
def store(settings):
    settings.MEMORY_VERSIONS_KEPT_DAYS = 40
    return MemoryStore.objects.create(workspace=make.workspace(), name="Team notes")


def say(store, path, *contents, at=make.START):
    """A memory that says one thing after the other."""
    with (
        time_machine.travel(at, tick=False),
        writing.writing(store.pk, by=Author.session("sesn_1")) as pen,
    ):
        memory = pen.create(path, contents[0])
        for content in contents[1:]:
            pen.update(memory.pk, content=content)
    return memory


def delete(store, memory, at=make.START):
    with (
        time_machine.travel(at, tick=False),
        writing.writing(store.pk, by=Author()) as pen,
    ):
        pen.delete(memory.pk)


def forget(**batch):
    with time_machine.travel(LATER, tick=False):
        return retaining.forget_old_versions(**batch)


def said(memory):
    versions = MemoryVersion.objects.filter(memory=memory).in_order()
    return [each.content for each in versions]


def test_of_a_live_memory_the_newest_stay(store):
    memory = say(store, "/a", *map(str, range(12)))

    assert forget() == 2

    assert said(memory) == [None, None, *map(str, range(2, 12))]
    first = MemoryVersion.objects.in_order()[0]
    assert (first.path, first.salt, first.redacted_at) == (None, None, LATER)
    assert (first.actor_id, first.redacted_by_type) == ("sesn_1", "")


def test_of_a_deleted_memory_nothing_stays(store):
    memory = say(store, "/a", "one", "two")
    delete(store, memory)

    assert forget() == 3

    assert said(memory) == [None, None, None]


def test_what_is_young_stays(store):
    old = say(store, "/a", "one")
    delete(store, old)
    young = say(store, "/b", "one", at=make.START + timedelta(days=2))
    delete(store, young, at=make.START + timedelta(days=2))

    assert forget() == 2

    assert (said(old), said(young)) == ([None, None], ["one", None])
    assert forget() == 0


def test_the_chain_holds(store):
    say(store, "/a", *map(str, range(15)))
    before = list(MemoryVersion.objects.in_order().values_list("hash", "previous_hash", "seal"))

    forget()

    kept = MemoryVersion.objects.in_order()
    assert list(kept.values_list("hash", "previous_hash", "seal")) == before
    assert [writing.hash_of(each) for each in kept] == [each.hash for each in kept]


def test_it_is_written_down_for_each_store(store):
    other = MemoryStore.objects.create(workspace=make.workspace("other"), name="Others")
    for where, count in ((store, 12), (other, 11)):
        say(where, "/a", *map(str, range(count)))

    forget()

    entries = AuditEntry.objects.filter(action="memory_store.old_versions_redacted")
    assert {
        (each.workspace_id, each.object_id, each.actor_type, each.after["versions"])
        for each in entries
    } == {
        (store.workspace_id, store.pk, "system_actor", 2),
        (other.workspace_id, other.pk, "system_actor", 1),
    }


def test_a_long_history_goes_in_batches(store):
    memory = say(store, "/a", *map(str, range(18)))

    assert forget(batch=3) == 8
    assert said(memory).count(None) == 8


def test_without_the_setting_everything_stays(store, settings):
    settings.MEMORY_VERSIONS_KEPT_DAYS = 0
    memory = say(store, "/a", "one")
    delete(store, memory)

    with time_machine.travel(LATER, tick=False):
        tasks.forget_old_versions(unknown="from a newer process")

    assert said(memory) == ["one", None]


@pytest.mark.parametrize(("days", "is_fine"), [(0, True), (30, True), (29, False), (-1, False)])
def test_less_than_thirty_days_is_refused(settings, days, is_fine):
    settings.MEMORY_VERSIONS_KEPT_DAYS = days

    told = [each.msg for each in run_checks() if "MEMORY_VERSIONS_KEPT_DAYS" in each.msg]

    assert (not told) == is_fine
