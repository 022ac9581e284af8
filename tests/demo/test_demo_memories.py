"""The demo's stores: a long history, the same each time, and everything wrong that is listed."""

import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from apps.core.ids import derived_id
from apps.demo.memories import filling, mounting
from apps.demo.memories.filling import STORES
from apps.demo.memories.flaws import FLAWS, Flaw
from apps.demo.memories.notes import Swap, changed
from apps.demo.sessions import SCRIPTS
from apps.memory import verifying
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.sessions import importing
from apps.sessions.models import MemoryUse
from tests import make
from tests.demo.reading import NOW, made

INDEXES = {"/README.md", "/index.md", "/MEMORY.md", "/CLAUDE.md"}


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """What the stores hold, by store and path; made once and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        filling.fill(make.workspace(), NOW)
        rows = (
            Memory.objects.live()
            .select_related("store")
            .values_list("store__name", "path", "content")
        )
        held = {}
        for name, path, content in rows:
            held.setdefault(name.lower().replace(" ", "-"), {})[path] = content
        transaction.set_rollback(True)
    return held


@pytest.mark.parametrize("flaw", [pytest.param(flaw, id=flaw.id) for flaw in FLAWS])
def test_a_flaw_is_where_it_says(flaw: Flaw, filled):
    memories = filled[flaw.store]

    for path, sign in zip(flaw.paths, flaw.signs, strict=True):
        assert re.search(sign, memories[path]), path
    assert flaw.right in {"", *flaw.paths}


def test_what_is_outdated_names_a_day_that_has_passed(filled):
    for flaw in FLAWS:
        if flaw.kind == "outdated":
            (text,) = (filled[flaw.store][path] for path in flaw.paths)
            days = [
                datetime.strptime(day, "%d %B %Y").replace(tzinfo=UTC)
                for day in re.findall(r"\d+ [A-Z]\w+ \d{4}", text)
            ]
            assert days
            assert all(day < NOW - timedelta(days=30) for day in days)


def test_one_file_is_far_larger_than_any_other(filled):
    (flaw,) = (flaw for flaw in FLAWS if flaw.kind == "oversized")
    sizes = Counter(
        {(slug, path): len(text) for slug, held in filled.items() for path, text in held.items()}
    )

    (largest, size), (_, next_size) = sizes.most_common(2)

    assert largest == (flaw.store, *flaw.paths)
    assert size > 60_000 > 10 * next_size


def test_one_store_has_no_index(filled):
    without = {slug for slug, held in filled.items() if not INDEXES & held.keys()}

    assert without == {flaw.store for flaw in FLAWS if flaw.kind == "missing_index"}


def test_a_page_that_is_led_to_is_missing_only_where_it_is_listed(filled):
    dangling = {
        (slug, path)
        for slug, held in filled.items()
        for path, text in held.items()
        for target in re.findall(r"\]\(([\w/.-]+\.md)\)", text)
        if f"{path.rpartition('/')[0]}/{target}" not in held
    }

    assert dangling == {
        (flaw.store, path) for flaw in FLAWS if flaw.kind == "dangling" for path in flaw.paths
    }


def test_every_kind_of_flaw_is_there_and_named_once():
    assert {flaw.kind for flaw in FLAWS} == {
        "duplicate", "contradiction", "outdated", "oversized", "missing_index", "dangling",
        "overgeneralised",
    }  # fmt: skip
    assert len({flaw.id for flaw in FLAWS}) == len(FLAWS)


@pytest.mark.django_db
def test_it_is_some_hundred_and_fifty_memories_over_months():
    began = time.monotonic()
    count = filling.fill(make.workspace(), NOW)
    seconds = time.monotonic() - began

    versions = MemoryVersion.objects.all()
    times = list(versions.order_by("created_at").values_list("created_at", flat=True))
    sessions = set(versions.filter(actor_type="session_actor").values_list("actor_id", flat=True))
    people = set(versions.filter(actor_type="user_actor").values_list("actor_id", flat=True))
    assert (count, MemoryStore.objects.count()) == (count, 4)
    assert 150 <= count <= 190
    assert versions.count() > count + 60
    assert times[-1] - times[0] > timedelta(days=120)
    assert times[-1] < NOW
    assert sessions <= {derived_id("sesn", "demo", script.key) for script in SCRIPTS}
    assert (len(sessions) > 30, len(people) > 12) == (True, True)
    assert set(versions.values_list("operation", flat=True)) == {"created", "modified", "deleted"}
    assert seconds < 10  # two on a quiet machine


@pytest.mark.django_db
def test_the_second_time_adds_nothing():
    filling.fill(make.workspace(), NOW)
    versions = MemoryVersion.objects.count()

    assert filling.fill(make.workspace(), NOW + timedelta(days=3)) == 0
    assert MemoryVersion.objects.count() == versions


@pytest.mark.django_db
def test_each_session_mounts_the_notes_of_its_desk_and_reads_what_is_there():
    place = make.workspace()
    filling.fill(place, NOW)
    importing.take(made(), workspace=place)

    assert mounting.mount(place) == len(SCRIPTS)
    assert mounting.mount(place) == 0

    reads = MemoryUse.objects.filter(session__workspace=place).reads()
    there = set(Memory.objects.live().values_list("store", "path"))
    missing = set(reads.values_list("memory_store_id", "path")) - there
    assert {path for _, path in missing} <= {"/claims-policy.md"}
    assert reads.count() > 60
    assert reads.values("session").distinct().count() > 50


@pytest.mark.django_db
def test_another_workspace_has_stores_of_its_own():
    filling.fill(make.workspace(), NOW)

    assert filling.fill(make.workspace("other"), NOW) > 0


@pytest.mark.django_db
def test_the_chains_hold():
    filling.fill(make.workspace(), NOW)

    verdicts = [verifying.verify(store) for store in MemoryStore.objects.all()]

    assert [verdict.has_passed for verdict in verdicts] == [True] * 4


@pytest.mark.parametrize("days", range(1, 8))
def test_only_times_and_dates_depend_on_the_day(days):
    for store in STORES:
        first = filling.steps(store, filling.midnight(NOW))
        again = filling.steps(store, filling.midnight(NOW + timedelta(days=days)))
        for note in store.notes:
            changes = [write.change for write in note.writes]
            assert _of(note.path, first) == _of(note.path, again)
            assert [change for _, change in _of(note.path, again)] == changes, note.path


def _of(path, history):
    """Who did what to this memory, in order."""
    return [(step.by, step.change) for step in history if step.path == path]


def test_a_change_of_words_that_are_not_there_is_a_mistake_of_the_demo():
    with pytest.raises(ValueError, match="nothing says 'b'"):
        changed("a", Swap("b", "c"))
