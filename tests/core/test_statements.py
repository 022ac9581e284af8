"""Statements that are planned once for a connection."""

import pytest
from django.db import connection, transaction
from django.db.utils import DataError

from apps.accounts.models import AuditEntry, Workspace
from apps.core.statements import insert, prepared
from tests import make

pytestmark = pytest.mark.django_db
HALF = "SELECT 84 / %(by)s::int AS half"


def half(by):
    with prepared() as cursor:
        cursor.execute(HALF, {"by": by})
        return cursor.fetchone()[0]


def planned():
    """How often what the connection keeps of this statement was run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE 'SELECT 84 / %%'"
        )
        return [count for (count,) in cursor.fetchall()]


def test_from_the_second_time_on_a_statement_is_kept():
    assert [half(2) for _ in range(4)] == [42, 42, 42, 42]

    assert planned() == [3]


def test_statements_work_after_a_rollback_as_before():
    half(2)
    half(2)

    with pytest.raises(DataError), transaction.atomic():
        half(0)

    assert [half(3), half(4)] == [28, 21]


def test_statements_are_seen_by_whoever_counts_them(django_assert_num_queries):
    with django_assert_num_queries(1) as seen:
        half(2)

    assert "84 / " in seen[0]["sql"]


def test_a_row_is_kept_as_the_object_has_it():
    workspace = make.workspace()
    entry = AuditEntry(
        workspace=workspace,
        actor_type="system_actor",
        actor_name="%s",
        action="boat.built",
        object_id="boat_1",
        after={"name": "Ünder", "crew": [1, None]},
    )

    insert(entry)

    kept = AuditEntry.objects.get(pk=entry.pk)
    names = [field.attname for field in AuditEntry._meta.concrete_fields]
    assert [getattr(kept, name) for name in names] == [getattr(entry, name) for name in names]


def test_a_row_that_was_kept_can_be_saved_again():
    workspace = Workspace(name="New", slug="new")

    insert(workspace)
    workspace.name = "Newer"
    workspace.save()

    assert Workspace.objects.get(slug="new").name == "Newer"
