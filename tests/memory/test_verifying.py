"""A row that was touched behind the application's back is found, and named."""

from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from apps.memory import chain, retaining, tasks, verifying, writing
from apps.memory.actions import stores as store_actions
from apps.memory.actions import versions as version_actions
from apps.memory.actions.verifying import begin_check, check_history, running_check
from apps.memory.authors import Author
from apps.memory.models import HistoryCheck, MemoryStore, MemoryVersion
from tests import make

pytestmark = pytest.mark.django_db

INES = Author("user_actor", "user_1", "ines")


@pytest.fixture
def store():
    """Six versions of two memories."""
    store = MemoryStore.objects.create(workspace=make.workspace(), name="Team notes")
    with writing.writing(store.pk, by=INES, reason="seeding") as pen:
        memory = pen.create("/a", "one")
        other = pen.create("/b", "ünlike")
        pen.update(memory.pk, content="two")
        pen.update(memory.pk, path="/c")
        pen.update(other.pk, content="")
        pen.delete(memory.pk)
    store.refresh_from_db()
    return store


@pytest.fixture
def versions(store):
    return list(MemoryVersion.objects.of(store).in_order())


def behind_our_back(*statements):
    """As somebody with the database's own rights would: with every trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("memory_memoryversion", "memory_memory", "memory_memorystore"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement, *values in statements:
            cursor.execute(statement, values)
        for table in ("memory_memoryversion", "memory_memory", "memory_memorystore"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def change(version, assignment, *values):
    behind_our_back(
        (f"UPDATE memory_memoryversion SET {assignment} WHERE id = %s", *values, version.pk)
    )


def delete(*versions):
    statement = "DELETE FROM memory_memoryversion WHERE id = %s"
    behind_our_back(*((statement, each.pk) for each in versions))


def found(store):
    """Where it is wrong, and how."""
    store.refresh_from_db()
    faults = verifying.verify(store).faults
    return [(each.sequence, each.version_id, each.problem) for each in faults]


def rehashed(version, previous):
    """The row's hash anew, as somebody would who knows how."""
    version.refresh_from_db()
    version.previous_hash = previous
    version.seal = writing.seal_of(version)
    change(
        version,
        "seal = %s, previous_hash = %s, hash = %s",
        version.seal,
        previous,
        writing.hash_of(version),
    )
    return writing.hash_of(version)


HASH = (
    "its hash is not of what it says: its place, author, time, reason, operation, "
    "memory or seal was changed"
)


def test_what_was_written_passes(store):
    verdict = verifying.verify(store)

    assert (verdict.has_passed, verdict.faults) == (True, [])
    assert (verdict.version_count, verdict.chain_hash) == (6, store.chain_hash)


def test_a_store_that_was_never_written_to_passes():
    empty = MemoryStore.objects.create(workspace=make.workspace(), name="Empty")

    verdict = verifying.verify(empty)

    assert (verdict.has_passed, verdict.chain_hash) == (True, chain.GENESIS)


def test_a_changed_byte(store, versions):
    change(versions[2], "content = 'twO'")

    assert found(store) == [
        (3, versions[2].pk, "its content is not what its content_sha256 says"),
    ]


def test_a_changed_byte_with_its_hash(store, versions):
    change(versions[2], "content = 'twO', content_sha256 = %s", chain.content_sha256("twO"))

    assert found(store) == [
        (3, versions[2].pk, "its path, content hash, size or salt is not what was sealed"),
    ]


def test_a_changed_byte_with_its_hash_and_seal(store, versions):
    sha256 = chain.content_sha256("twO")
    sealed = chain.seal(
        salt=versions[2].salt, path="/a", content_sha256=sha256, content_size_bytes=3
    )
    change(versions[2], "content = 'twO', content_sha256 = %s, seal = %s", sha256, sealed)

    assert found(store) == [(3, versions[2].pk, HASH)]


def test_a_changed_byte_with_everything_up_to_its_link(store, versions):
    change(versions[2], "content = 'twO', content_sha256 = %s", chain.content_sha256("twO"))
    rehashed(versions[2], versions[1].hash)

    assert found(store) == [
        (3, versions[2].pk, "it was changed, and its hash with it: version 4 follows another"),
    ]


def test_a_longer_content(store, versions):
    change(versions[1], "content = 'longer'")

    ((sequence, version_id, problem),) = found(store)

    assert (sequence, version_id) == (2, versions[1].pk)
    assert problem == (
        "its content is not what its content_sha256 says; "
        "its content is not as long as its content_size_bytes says"
    )


def test_a_deleted_version_in_the_middle(store, versions):
    delete(versions[2])

    assert found(store) == [(3, "", "it is missing")]


def test_several_deleted_versions(store, versions):
    delete(versions[2], versions[3])

    assert found(store) == [(3, "", "it and all up to 4 are missing")]


def test_the_first_version_deleted(store, versions):
    delete(versions[0])

    assert found(store) == [(1, "", "it is missing")]


def test_the_last_version_deleted(store, versions):
    delete(versions[5])

    faults = found(store)

    assert faults[0] == (6, "", "it is missing")
    assert (0, versions[3].pk) in {each[:2] for each in faults}  # the head it leaves alone
    assert any(versions[5].pk in each[2] for each in faults)


def test_the_last_version_deleted_and_the_store_told_so(store, versions):
    check_history(store_id=store.pk, by=make.actor())
    delete(versions[5])
    behind_our_back(
        (
            """UPDATE memory_memorystore SET version_count = 5, chain_hash = %s, changed_at = %s,
            memory_count = 2, size_bytes = 3""",
            versions[4].hash,
            versions[4].created_at,
        ),
        (
            """UPDATE memory_memory SET deleted_at = NULL, memory_version_id = %s, content = 'two',
            content_sha256 = %s, content_size_bytes = 3, updated_at = %s WHERE id = %s""",
            versions[3].pk,
            versions[3].content_sha256,
            versions[3].created_at,
            versions[3].memory_id,
        ),
    )

    assert found(store) == [(6, "", "it is missing")]


def test_all_versions_of_a_memory_deleted(store, versions):
    delete(versions[1], versions[4])

    assert found(store) == [
        (2, "", "it is missing"),
        (5, "", "it is missing"),
        (0, versions[4].pk, f"its versions are missing; the newest was {versions[4].pk}"),
    ]


def test_two_swapped_versions(store, versions):
    swap = "UPDATE memory_memoryversion SET sequence = %s WHERE id = %s"
    behind_our_back(
        (swap, 99, versions[1].pk), (swap, 2, versions[2].pk), (swap, 3, versions[1].pk)
    )

    place = "it stands in another place: it was written as version"
    assert found(store) == [
        (2, versions[2].pk, f"{place} 3"),
        (3, versions[1].pk, f"{place} 2"),
    ]


def test_a_version_taken_out_and_the_rest_moved_up(store, versions):
    delete(versions[3])
    move = "UPDATE memory_memoryversion SET sequence = %s WHERE id = %s"
    behind_our_back((move, 4, versions[4].pk), (move, 5, versions[5].pk))

    place = "it stands in another place: it was written as version"
    assert found(store)[:3] == [
        (4, versions[4].pk, f"{place} 5"),
        (5, versions[5].pk, f"{place} 6"),
        (6, "", "it is missing"),
    ]


@pytest.mark.parametrize(
    "assignment",
    [
        "actor_id = 'user_2'",
        "actor_type = 'session_actor'",
        "actor_name = 'somebody else'",
        "reason = 'another'",
        "created_at = created_at + interval '1 microsecond'",
        "operation = 'created'",
        "hash = repeat('0', 64)",
        "previous_hash = repeat('0', 64)",
    ],
)
def test_a_changed_column(store, versions, assignment):
    change(versions[2], assignment)

    assert found(store) == [(3, versions[2].pk, HASH)]


@pytest.mark.parametrize("assignment", ["path = '/z'", "salt = repeat('0', 32)"])
def test_a_changed_column_under_the_seal(store, versions, assignment):
    change(versions[2], assignment)

    ((sequence, version_id, problem),) = found(store)
    assert (sequence, version_id) == (3, versions[2].pk)
    assert "not what was sealed" in problem


def test_a_version_given_to_another_memory(store, versions):
    change(versions[2], "memory_id = %s", versions[1].memory_id)

    assert found(store) == [(3, versions[2].pk, HASH)]


def test_a_history_begun_elsewhere(store, versions):
    change(versions[0], "content = 'onE', content_sha256 = %s", chain.content_sha256("onE"))
    rehashed(versions[0], "1" * 64)

    assert found(store) == [(1, versions[0].pk, "it is not what the chain began with")]


def test_a_history_written_anew_to_its_end_is_told_by_the_last_check(store, versions):
    check_history(store_id=store.pk, by=make.actor())
    change(versions[2], "actor_id = 'user_2'")
    previous = versions[1].hash
    for version in versions[2:]:
        previous = rehashed(version, previous)
    behind_our_back(("UPDATE memory_memorystore SET chain_hash = %s", previous))

    ((sequence, version_id, problem),) = found(store)

    assert (sequence, version_id) == (6, versions[5].pk)
    assert problem.startswith("another version stood here when the history was checked at ")


@pytest.mark.parametrize(
    ("assignment", "named"),
    [
        ("content = 'x'", "its content is"),
        ("content_sha256 = repeat('0', 64)", "its content_sha256 is"),
        ("path = '/z'", "its path is"),
        ("updated_at = now() + interval '1 day'", "its updated_at is"),
        ("content = 'x', path = '/z'", "its path, content is"),
    ],
)
def test_a_memory_that_says_something_else_than_its_newest_version(
    store, versions, assignment, named
):
    head = versions[4]
    behind_our_back((f"UPDATE memory_memory SET {assignment} WHERE id = %s", head.memory_id))

    (fault,) = verifying.verify(store).faults

    assert (fault.version_id, fault.memory_id) == (head.pk, head.memory_id)
    assert fault.problem == f"{named} not what version 5 says"
    assert str(fault).startswith(f"memory {head.memory_id}: its ")


def test_a_memory_taken_to_another_store(store, versions):
    other = MemoryStore.objects.create(workspace=make.workspace(), name="Other")
    memory_id = versions[5].memory_id
    behind_our_back(("UPDATE memory_memory SET store_id = %s WHERE id = %s", other.pk, memory_id))

    assert found(store) == [
        (each.sequence, each.pk, f"its memory {memory_id} is not in this store")
        for each in versions
        if each.memory_id == memory_id
    ]


def test_a_memory_brought_back_by_hand(store, versions):
    behind_our_back(
        ("UPDATE memory_memory SET deleted_at = NULL WHERE id = %s", versions[5].memory_id)
    )

    problems = [problem for _, _, problem in found(store)]

    assert problems == [
        "its deleted_at is not what version 6 says",
        "its number of memories is said to be 1, and is 2",
    ]


def test_a_memory_that_points_to_an_older_version(store, versions):
    behind_our_back(
        (
            "UPDATE memory_memory SET memory_version_id = %s WHERE id = %s",
            versions[1].pk,
            versions[1].memory_id,
        )
    )

    assert found(store) == [
        (
            0,
            versions[4].pk,
            f"its newest version is {versions[4].pk}, and it says {versions[1].pk}",
        )
    ]


@pytest.mark.parametrize(
    ("assignment", "problem"),
    [
        ("memory_count = 7", "its number of memories is said to be 7, and is 1"),
        ("size_bytes = 7", "its size is said to be 7, and is 0"),
        ("version_count = 5", "its number of versions is said to be 5, and is 6"),
    ],
)
def test_a_store_that_counts_wrongly(store, assignment, problem):
    behind_our_back((f"UPDATE memory_memorystore SET {assignment}",))

    assert found(store) == [(0, "", problem)]


def test_a_redaction_leaves_the_chain_whole(store, versions):
    version_actions.redact_version(
        store_id=store.pk, version_id=versions[2].pk, by=make.actor(make.user())
    )

    assert verifying.verify(store).has_passed


def test_a_redaction_that_nobody_noted(store, versions):
    empty = (
        "path = NULL, content = NULL, content_sha256 = NULL, content_size_bytes = NULL, "
        "salt = NULL, redacted_at = now(), redacted_by_type = 'user_actor'"
    )
    with connection.cursor() as cursor:  # the trigger lets it through
        cursor.execute(
            f"UPDATE memory_memoryversion SET {empty} WHERE id = %s",
            [versions[2].pk],
        )

    assert found(store) == [
        (3, versions[2].pk, "it was redacted, and the audit log does not say so")
    ]


def test_what_was_forgotten_as_it_was_set_up_to_be_passes(store, versions, settings):
    settings.MEMORY_VERSIONS_KEPT_DAYS = 30
    behind_our_back(
        ("UPDATE memory_memoryversion SET created_at = created_at - interval '1 year'",)
    )
    previous = chain.GENESIS
    for version in versions:
        previous = rehashed(version, previous)
    behind_our_back(
        (
            """UPDATE memory_memorystore SET changed_at = changed_at - interval '1 year',
            chain_hash = %s""",
            previous,
        ),
        (
            """UPDATE memory_memory SET updated_at = updated_at - interval '1 year',
            deleted_at = deleted_at - interval '1 year'""",
        ),
    )

    assert retaining.forget_old_versions() > 0

    assert found(store) == []


def test_a_check_is_kept_with_what_it_found(store, versions):
    by = make.actor()
    passed = check_history(store_id=store.pk, by=by)
    change(versions[2], "actor_id = 'user_2'")

    failed = check_history(store_id=store.pk, by=by)

    assert (passed.has_passed, passed.version_count) == (True, 6)
    assert (passed.chain_hash, passed.faults) == (store.chain_hash, [])
    assert (failed.has_passed, failed.fault_count) == (False, 1)
    assert failed.faults == [
        {
            "sequence": 3,
            "version_id": versions[2].pk,
            "memory_id": versions[2].memory_id,
            "problem": HASH,
        }
    ]
    assert list(HistoryCheck.objects.of(store).newest_first()) == [failed, passed]


def test_many_faults_are_counted_and_some_told(store):
    with writing.writing(store.pk, by=INES) as pen:
        for number in range(verifying.MOST_KEPT + 10):
            pen.create(f"/many/{number}", "text")
    behind_our_back(("UPDATE memory_memoryversion SET actor_id = 'x' WHERE sequence > 6",))

    verdict = verifying.verify(store)

    assert verdict.fault_count == verifying.MOST_KEPT + 10
    assert len(verdict.faults) == verifying.MOST_KEPT


def test_a_check_goes_with_its_store(store):
    check_history(store_id=store.pk, by=make.actor())

    store_actions.delete_store(store_id=store.pk, by=make.actor())

    assert not HistoryCheck.objects.exists()


@pytest.mark.parametrize("fields", [{"fault_count": 1}, {"faults": [{"sequence": 1}]}])
def test_a_check_that_failed_says_where(store, fields):
    with pytest.raises(IntegrityError, match="a_check_that_failed_says_where"):
        HistoryCheck.objects.create(store=store, version_count=6, chain_hash="x", **fields)


def test_a_check_of_no_store():
    with pytest.raises(IntegrityError, match="checks_go_with_their_store"):
        HistoryCheck.objects.create(store_id="memstore_x", version_count=0, chain_hash="x")


def test_the_neighbours_store_cannot_be_checked(store):
    with pytest.raises(writing.NoSuchStore):
        check_history(store_id=store.pk, by=make.actor(of=make.workspace("next-door")))


def test_each_store_is_due_once_a_day(store):
    other = MemoryStore.objects.create(workspace=make.workspace(), name="Other")
    check_history(store_id=other.pk, by=make.actor())
    assert verifying.due() == [store.pk]

    tasks.verify_history(store_id=store.pk)
    tasks.verify_history(store_id="memstore_erased_meanwhile")

    assert verifying.due() == []
    HistoryCheck.objects.update(created_at=timezone.now() - verifying.OFTEN)
    assert set(verifying.due()) == {store.pk, other.pk}


def test_the_schedule_asks_for_each_store_that_is_due(
    store, monkeypatch, django_capture_on_commit_callbacks
):
    sent = []
    monkeypatch.setattr(
        tasks.verify_history, "apply_async", lambda kwargs, headers: sent.append(kwargs)
    )

    with django_capture_on_commit_callbacks(execute=True):
        tasks.verify_histories()

    assert sent == [{"store_id": store.pk}]


def test_a_store_that_was_erased_meanwhile_is_none(store):
    store_actions.delete_store(store_id=store.pk, by=make.actor())

    with pytest.raises(writing.NoSuchStore):
        verifying.check(store)


def test_verifying_takes_a_fixed_number_of_queries(store, django_assert_num_queries):
    with django_assert_num_queries(11):
        verifying.verify(store)
    with writing.writing(store.pk, by=INES) as pen:
        for number in range(30):
            pen.create(f"/many/{number}", "text")
    store.refresh_from_db()

    with django_assert_num_queries(11):
        verifying.verify(store)


class TestTheCommand:
    def test_it_says_one_line_of_a_store_that_is_as_written(self, store):
        said = StringIO()

        call_command("verify_history", stdout=said)

        end = store.chain_hash
        assert said.getvalue() == f"{store.pk} Team notes: 6 versions to {end}, as written\n"
        assert HistoryCheck.objects.get().has_passed

    def test_it_names_every_fault_and_fails(self, store, versions):
        change(versions[2], "content = 'twO'")
        delete(versions[1])
        MemoryStore.objects.create(workspace=make.workspace("next-door"), name="Fine")
        said = StringIO()

        with pytest.raises(CommandError, match="1 of 2 memory stores") as failed:
            call_command("verify_history", stdout=said)

        assert failed.value.returncode == 1
        assert "  version 2: it is missing" in said.getvalue()
        assert (
            f"  version 3 ({versions[2].pk}): its content is not what its content_sha256 says"
            in said.getvalue()
        )

    def test_it_tells_some_of_many_faults_and_counts_the_rest(self, store):
        with writing.writing(store.pk, by=INES) as pen:
            for number in range(verifying.MOST_KEPT):
                pen.create(f"/many/{number}", "text")
        behind_our_back(("UPDATE memory_memoryversion SET actor_id = 'x'",))
        said = StringIO()

        with pytest.raises(CommandError):
            call_command("verify_history", stdout=said)

        assert said.getvalue().endswith("\n  and 6 more\n")

    def test_it_looks_at_one_store(self, store):
        MemoryStore.objects.create(workspace=make.workspace(), name="Other")
        said = StringIO()

        call_command("verify_history", "--store", store.pk, stdout=said)

        assert said.getvalue().count("\n") == 1

    def test_it_knows_no_such_store(self):
        with pytest.raises(CommandError, match="no memory store"):
            call_command("verify_history", "--store", "memstore_none")


@pytest.fixture
def sent(monkeypatch):
    """What was handed to the workers; here every history is a long one."""
    handed = []
    monkeypatch.setattr("apps.memory.actions.verifying.SHORT", 0)
    monkeypatch.setattr(
        tasks.verify_history, "apply_async", lambda kwargs, headers: handed.append(kwargs)
    )
    cache.clear()
    return handed


def test_a_long_history_is_checked_by_a_worker_once(
    store, sent, django_capture_on_commit_callbacks
):
    by = make.actor()
    with django_capture_on_commit_callbacks(execute=True):
        begun = begin_check(store_id=store.pk, by=by)
        again = begin_check(store_id=store.pk, by=by)

    assert not begun.is_over
    assert again.pk == begun.pk
    assert sent == [{"store_id": store.pk, "check_id": begun.pk}]
    assert running_check(store).version_count == 6

    for _ in range(2):  # every task may run twice
        tasks.verify_history(**sent[0])

    kept = HistoryCheck.objects.get()
    assert (kept.pk, kept.is_over, kept.has_passed) == (begun.pk, True, True)
    assert running_check(store) is None


def test_a_short_history_is_checked_at_once(store):
    assert begin_check(store_id=store.pk, by=make.actor()).is_over
    assert running_check(store) is None


def test_old_checks_are_forgotten_but_for_the_last_that_passed(store, versions, monkeypatch):
    monkeypatch.setattr("apps.memory.models.check.MOST_KEPT", 2)
    by = make.actor()
    other = MemoryStore.objects.create(workspace=make.workspace(), name="Other")
    elsewhere = check_history(store_id=other.pk, by=by)
    forgotten = check_history(store_id=store.pk, by=by)
    passed = check_history(store_id=store.pk, by=by)
    change(versions[2], "actor_id = 'user_2'")

    failed = [check_history(store_id=store.pk, by=by) for _ in range(3)]

    kept = list(HistoryCheck.objects.of(store).newest_first())
    assert kept == [failed[2], failed[1], passed]
    assert forgotten not in kept
    assert list(HistoryCheck.objects.of(other)) == [elsewhere]
