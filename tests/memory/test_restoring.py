"""What was written comes back as new versions, exactly as a preview said, or not at all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.memory import redacting, restoring, states, writing
from apps.memory.actions import restoring as actions
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.redacting import NoSuchVersion
from apps.memory.restoring import NothingToBringBack, NothingWrittenYet, PlanIsStale
from tests import make

pytestmark = pytest.mark.django_db

INES = Author("user_actor", "user_1", "ines")


@pytest.fixture
def store():
    return MemoryStore.objects.create(workspace=make.workspace(), name="Team notes")


@pytest.fixture
def by():
    return make.actor(make.user())


@pytest.fixture
def pen(store):
    """Each call is a transaction of its own."""

    class Pen:
        def __getattr__(self, verb):
            def write(*given, **named):
                with writing.writing(store.pk, by=INES) as pen:
                    return getattr(pen, verb)(*given, **named)

            return write

    return Pen()


def now(store):
    """What the store says: contents by path."""
    return dict(Memory.objects.live().filter(store=store).values_list("path", "content"))


def count(store):
    store.refresh_from_db()
    return store.version_count


def steps(plan):
    return [(step.kind, step.old_path, step.new_path) for step in plan.steps]


def newest(store):
    return MemoryVersion.objects.of(store).order_by("-sequence").first()


def test_an_earlier_version_comes_back_as_a_new_one(store, pen, by):
    memory = pen.create("/a", "one")
    first = newest(store)
    pen.update(memory.pk, content="two", path="/b")

    restored = actions.restore_memory(store_id=store.pk, version_id=first.pk, by=by)

    (version,) = restored.versions
    assert now(store) == {"/a": "one"}
    assert (version.memory_id, version.operation, version.sequence) == (memory.pk, "modified", 3)
    assert version.actor_id == by.user.public_id
    assert version.reason.startswith("Restored /a as of ")
    assert version.reason.endswith(f"({first.pk})")
    entry = AuditEntry.objects.get(action="memory.restored")
    assert (entry.object_id, entry.after["restored_version_id"]) == (memory.pk, first.pk)


def test_a_deleted_memory_comes_back_under_its_id(store, pen, by):
    memory = pen.create("/a", "one")
    first = newest(store)
    pen.delete(memory.pk)
    plan = actions.preview_memory(store_id=store.pk, version_id=first.pk, by=by)

    actions.restore_memory(store_id=store.pk, version_id=first.pk, token=plan.token, by=by)

    assert steps(plan) == [("create", None, "/a")]
    back = Memory.objects.live().get()
    assert (back.pk, back.content) == (memory.pk, "one")
    assert newest(store).operation == "created"


def test_what_it_says_already_is_no_version(store, pen, by):
    pen.create("/a", "one")

    restored = actions.restore_memory(store_id=store.pk, version_id=newest(store).pk, by=by)

    assert (restored.versions, count(store)) == ([], 1)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("taken", ["/a", "/a/b"])
def test_a_path_that_was_taken_meanwhile_is_named(store, pen, by, taken):
    memory = pen.create("/a", "one")
    first = newest(store)
    pen.delete(memory.pk)
    other = pen.create(taken, "other")
    plan = actions.preview_memory(store_id=store.pk, version_id=first.pk, by=by)

    with pytest.raises(writing.PathTaken, match="in the way") as refused:
        actions.restore_memory(store_id=store.pk, version_id=first.pk, by=by)

    assert [each.conflicting_path for each in plan.collisions] == [taken]
    assert refused.value.extra == {
        "conflicting_path": taken,
        "conflicting_memory_id": other.pk,
    }
    assert count(store) == 3


def test_neither_a_deletion_nor_what_was_redacted_can_come_back(store, pen, by):
    memory = pen.create("/a", "one")
    first = newest(store)
    pen.delete(memory.pk)
    redacting.redact(first.pk, store_id=store.pk, by=INES)

    for version in MemoryVersion.objects.all():
        with pytest.raises(NothingToBringBack):
            actions.restore_memory(store_id=store.pk, version_id=version.pk, by=by)


def test_the_neighbours_versions_are_not_there(store, pen):
    pen.create("/a", "one")
    stranger = make.actor(of=make.workspace("next-door"))

    with pytest.raises(writing.NoSuchStore):
        actions.restore_memory(store_id=store.pk, version_id=newest(store).pk, by=stranger)
    with pytest.raises(writing.NoSuchStore):
        actions.restore_store(store_id=store.pk, at=1, by=stranger)
    with pytest.raises(writing.NoSuchStore):
        actions.preview_store(store_id=store.pk, at=1, by=stranger)


def test_a_version_of_another_store_is_none_of_this_one(store, pen, by):
    pen.create("/a", "one")
    other = MemoryStore.objects.create(workspace=make.workspace(), name="Other")

    with pytest.raises(NoSuchVersion):
        actions.restore_memory(store_id=other.pk, version_id=newest(store).pk, by=by)


def test_a_store_as_it_was(store, pen, by):
    kept = pen.create("/kept", "kept")
    changed = pen.create("/changed", "one")
    moved = pen.create("/moved", "moved")
    gone = pen.create("/gone", "gone")
    at, then = count(store), now(store)
    pen.update(changed.pk, content="two")
    pen.update(moved.pk, path="/elsewhere")
    pen.delete(gone.pk)
    added = pen.create("/added", "added")
    before = count(store)
    plan = actions.preview_store(store_id=store.pk, at=at, by=by)

    restored = actions.restore_store(store_id=store.pk, at=at, token=plan.token, by=by)

    assert steps(plan) == [
        ("delete", "/added", None),
        ("update", "/changed", "/changed"),
        ("create", None, "/gone"),
        ("rename", "/elsewhere", "/moved"),
    ]
    assert plan.counts == {"delete": 1, "update": 1, "create": 1, "rename": 1}
    assert now(store) == then
    assert count(store) == before + 4
    ids = {each.memory_id for each in restored.versions}
    assert ids == {changed.pk, moved.pk, gone.pk, added.pk}
    assert kept.pk not in ids
    assert newest(store).reason == "Restored everything as of version 4"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_id, entry.after["at"]) == (
        "memory_store.restored",
        store.pk,
        at,
    )


def test_a_store_as_it_was_at_an_instant(store, pen, by):
    memory = pen.create("/a", "one")
    moment = newest(store).created_at
    pen.update(memory.pk, content="two")

    actions.restore_store(store_id=store.pk, at=moment, by=by)

    assert now(store) == {"/a": "one"}
    assert "UTC" in newest(store).reason


def test_a_folder_alone(store, pen, by):
    inside = pen.create("/team/a", "one")
    outside = pen.create("/other", "one")
    moved_in = pen.create("/from", "from")
    moved_out = pen.create("/team/out", "out")
    at = count(store)
    pen.update(inside.pk, content="two")
    pen.update(outside.pk, content="two")
    pen.update(moved_in.pk, path="/team/from", content="from, later")
    pen.update(moved_out.pk, path="/out")
    pen.create("/team/new", "new")
    pen.create("/new", "new")

    actions.restore_store(store_id=store.pk, at=at, prefix="/team/", by=by)

    assert now(store) == {
        "/from": "from, later",
        "/new": "new",
        "/other": "two",
        "/team/a": "one",
        "/team/out": "out",
    }


def test_a_folder_whose_place_is_taken_stays_as_it_is(store, pen, by):
    memory = pen.create("/team/a", "one")
    at = count(store)
    pen.delete(memory.pk)
    blocking = pen.create("/team", "a file now")

    with pytest.raises(writing.PathTaken) as refused:
        actions.restore_store(store_id=store.pk, at=at, prefix="/team/", by=by)

    assert refused.value.extra["conflicting_memory_id"] == blocking.pk
    assert now(store) == {"/team": "a file now"}


def test_memories_that_changed_places_change_back(store, pen, by):
    one, two, three = (pen.create(path, path) for path in ("/1", "/2", "/3"))
    at, then = count(store), now(store)
    pen.update(one.pk, path="/aside")
    pen.update(two.pk, path="/1")
    pen.update(three.pk, path="/2")
    pen.update(one.pk, path="/3", content="changed")

    actions.restore_store(store_id=store.pk, at=at, by=by)

    assert now(store) == then
    assert {each.pk: each.path for each in Memory.objects.all()} == {
        one.pk: "/1",
        two.pk: "/2",
        three.pk: "/3",
    }


def test_a_file_becomes_a_folder_again_and_a_folder_a_file(store, pen, by):
    file, inner = pen.create("/a", "file"), pen.create("/b/c", "inner")
    at, then = count(store), now(store)
    pen.update(file.pk, path="/x")
    pen.update(inner.pk, path="/a/c")
    pen.update(file.pk, path="/b")

    actions.restore_store(store_id=store.pk, at=at, by=by)

    assert now(store) == then


def test_a_memory_moves_up_into_the_name_of_its_own_folder(store, pen, by):
    memory = pen.create("/a", "one")
    at = count(store)
    pen.update(memory.pk, path="/a/b")

    actions.restore_store(store_id=store.pk, at=at, by=by)

    assert now(store) == {"/a": "one"}


def test_what_was_redacted_stays_as_it_is_now(store, pen, by):
    live, dead = pen.create("/live", "one"), pen.create("/dead", "one")
    at = count(store)
    pen.update(live.pk, content="two")
    pen.delete(dead.pk)
    pen.create("/new", "new")
    for version in MemoryVersion.objects.filter(sequence__lte=at):
        redacting.redact(version.pk, store_id=store.pk, by=INES)
    plan = actions.preview_store(store_id=store.pk, at=at, by=by)

    actions.restore_store(store_id=store.pk, at=at, token=plan.token, by=by)

    assert steps(plan) == [
        ("lost", None, None),
        ("keep", "/live", "/live"),
        ("delete", "/new", None),
    ]
    assert now(store) == {"/live": "two"}


def test_a_wrong_year_does_not_empty_the_store(store, pen, by):
    pen.create("/a", "one")
    long_ago = timezone.now() - timedelta(days=366)

    with pytest.raises(NothingWrittenYet):
        actions.preview_store(store_id=store.pk, at=long_ago, by=by)


def test_a_preview_holds_until_what_it_shows_changes(store, pen, by):
    memory = pen.create("/a", "one")
    first = newest(store)
    pen.update(memory.pk, content="two")
    asked = {"store_id": store.pk, "version_id": first.pk, "by": by}
    token = actions.preview_memory(**asked).token
    pen.create("/unrelated", "text")

    assert actions.preview_memory(**asked).token == token
    pen.update(memory.pk, content="three")
    with pytest.raises(PlanIsStale) as refused:
        actions.restore_memory(**asked, token=token)

    assert refused.value.status == 409
    assert now(store)["/a"] == "three"
    assert actions.preview_memory(**asked).token != token


def test_any_write_makes_a_stores_preview_stale(store, pen, by):
    pen.create("/a", "one")
    at = count(store)
    pen.create("/b", "two")
    token = actions.preview_store(store_id=store.pk, at=at, by=by).token
    pen.create("/c", "three")

    with pytest.raises(PlanIsStale):
        actions.restore_store(store_id=store.pk, at=at, token=token, by=by)

    assert set(now(store)) == {"/a", "/b", "/c"}


def test_an_archived_store_takes_nothing_back(store, pen, by):
    memory = pen.create("/a", "one")
    first = newest(store)
    pen.delete(memory.pk)
    MemoryStore.objects.update(archived_at=timezone.now())

    with pytest.raises(writing.StoreArchived):
        actions.restore_memory(store_id=store.pk, version_id=first.pk, by=by)


def test_restoring_a_restore_undoes_it(store, pen, by):
    memory = pen.create("/a", "one")
    pen.update(memory.pk, content="two")
    before, at = now(store), count(store)
    actions.restore_store(store_id=store.pk, at=1, by=by)

    actions.restore_store(store_id=store.pk, at=at, by=by)

    assert now(store) == before


def test_a_state_leaves_out_what_was_deleted_and_says_what_was_redacted(store, pen):
    kept, hidden, gone = (pen.create(path, path) for path in ("/a", "/b", "/c"))
    pen.delete(gone.pk)
    at = count(store)
    pen.update(hidden.pk, content="two")
    secret = MemoryVersion.objects.get(memory=hidden, operation="created")
    redacting.redact(secret.pk, store_id=store.pk, by=INES)

    state = states.state_at(store, at)

    assert {path: each.memory_id for path, each in state.by_path.items()} == {"/a": kept.pk}
    assert [each.pk for each in state.redacted] == [secret.pk]


def test_a_state_is_one_query_whatever_the_history(store, pen, django_assert_num_queries):
    memory = pen.create("/a", "0")
    with django_assert_num_queries(1):
        states.state_at(store, 1, is_full=True)

    for each in range(1, 4):
        pen.create(f"/{each}", "text")
        pen.update(memory.pk, content=str(each))

    at = count(store)
    with django_assert_num_queries(1):
        state = states.state_at(store, at, is_full=True)
        assert [each.content for each in state.by_path.values()] == ["text", "text", "text", "3"]


def test_changes_between_two_times(store, pen):
    changed = pen.create("/team/changed", "one\n")
    moved = pen.create("/moved", "text")
    gone = pen.create("/gone", "text")
    back = pen.create("/back", "text")
    old = count(store)
    pen.update(changed.pk, content="two\n")
    pen.update(moved.pk, path="/team/moved")
    pen.delete(gone.pk)
    pen.create("/new", "text")
    pen.update(back.pk, content="other")
    pen.update(back.pk, content="text")
    new = count(store)

    changes = states.with_contents(states.changes_between(store, old, new))

    assert [(each.path, each.kind, each.old_path) for each in changes] == [
        ("/gone", "deleted", ""),
        ("/new", "created", ""),
        ("/team/changed", "modified", ""),
        ("/team/moved", "renamed", "/moved"),
    ]
    (hunk,) = changes[2].hunks()
    assert [(line.kind, line.text) for line in hunk.lines] == [
        ("removed", "one"),
        ("added", "two"),
    ]
    assert changes[3].hunks() == []
    assert [each.path for each in states.changes_between(store, old, new, prefix="/team/")] == [
        "/team/changed",
        "/team/moved",
    ]


def test_what_changed_to_or_from_a_redacted_version_is_not_known(store, pen):
    memory = pen.create("/a", "one")
    pen.update(memory.pk, content="two")
    first = MemoryVersion.objects.get(sequence=1)
    redacting.redact(first.pk, store_id=store.pk, by=INES)

    (change,) = states.changes_between(store, 1, 2, is_full=True)

    assert (change.kind, change.path, change.hunks()) == ("redacted", "/a", [])


def test_what_was_redacted_between_plan_and_writing_stops_it(store, pen, by):
    """As only a redaction can: it does not wait for the store."""
    memory = pen.create("/a", "one")
    first = newest(store)
    pen.update(memory.pk, content="two")
    plan = actions.preview_memory(store_id=store.pk, version_id=first.pk, by=by)
    redacting.redact(first.pk, store_id=store.pk, by=INES)

    with (
        pytest.raises(PlanIsStale),
        writing.writing(store.pk, by=INES) as held,
    ):
        restoring.carry_out(plan, held)

    assert now(store) == {"/a": "two"}
