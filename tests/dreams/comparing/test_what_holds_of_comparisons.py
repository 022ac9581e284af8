"""What may never be true of a comparison, and what the database says to it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.dreams.models import Comparison, ComparisonPick, ComparisonRow, ComparisonSide, Dream
from tests import make

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def comparison(**fields):
    given = {"input_store_id": "s", "session_ids": ["a"], "at_sequence": 0}
    return Comparison.objects.create(workspace=make.workspace(), **given | fields)


def side(of, letter="a"):
    return ComparisonSide.objects.create(comparison=of, letter=letter, model="m", engine="e")


def row(of, number=1, **fields):
    given = {"verdict": "only_a", "draft_a": {"path": "/a"}} | fields
    return ComparisonRow.objects.create(comparison=of, number=number, **given)


def pick(of, **fields):
    given = {"choice": "a", "is_blind": True, "picked_at": NOW, "by_name": "ines"} | fields
    return ComparisonPick.objects.create(row=of, **given)


def dream(of):
    return Dream.objects.create(
        workspace=make.workspace(),
        input_store_id="s",
        session_ids=[],
        model="m",
        engine="e",
        side=of,
    )


HANDED_IN = {"handed_in_at": NOW, "changeset_id": "c", "handed_in_by_name": "ines"}


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("only_a_comparison_that_has_ended_is_archived", {"archived_at": NOW}),
        ("a_comparison_is_handed_in_by_somebody_as_something", HANDED_IN),
        (
            "a_comparison_is_handed_in_by_somebody_as_something",
            HANDED_IN | {"ended_at": NOW, "changeset_id": ""},
        ),
        ("a_comparison_is_handed_in_by_somebody_as_something", {"changeset_id": "c"}),
    ],
)
def test_a_comparison_keeps_its_word(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        comparison(**fields)


@pytest.mark.parametrize(
    ("constraint", "made"),
    [
        ("a_comparison_has_each_side_once", lambda of: [side(of), side(of)]),
        ("a_side_of_a_comparison_is_a_or_b", lambda of: side(of, "c")),
        (
            "a_side_of_a_comparison_dreams_once",
            lambda of: [dream(mine) for mine in [side(of)] for _ in "ab"],
        ),
        ("rows_of_a_comparison_are_numbered_once", lambda of: [row(of), row(of)]),
        ("a_row_holds_the_drafts_that_it_speaks_of", lambda of: row(of, verdict="agree")),
        ("a_row_holds_the_drafts_that_it_speaks_of", lambda of: row(of, verdict="only_b")),
        ("a_row_holds_the_drafts_that_it_speaks_of", lambda of: row(of, draft_b={})),
        ("a_row_holds_the_drafts_that_it_speaks_of", lambda of: row(of, verdict="maybe")),
        ("a_pick_is_one_of_four", lambda of: pick(row(of), choice="c")),
        ("a_pick_says_whose_it_is", lambda of: pick(row(of), by_name="")),
    ],
)
def test_its_parts_keep_theirs(constraint, made):
    of = comparison()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        made(of)
