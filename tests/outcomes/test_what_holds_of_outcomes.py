"""What may never be true of rubrics and evaluations, and what the database says to it."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from apps.outcomes.models import Criterion, Evaluation, EvaluationRun, HumanLabel, Verdict
from apps.sessions.actions import delete_session
from tests import make
from tests.outcomes import making

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("only_a_rubric_of_sessions_is_found_by_its_text", {"origin": "session"}),
        ("only_a_rubric_of_sessions_is_found_by_its_text", {"content_sha256": "0" * 64}),
        ("a_rubric_has_a_name", {"name": ""}),
    ],
)
def test_a_rubric_does_not_contradict_itself(constraint, fields):
    with refused(constraint):
        making.rubric(**{"name": "Tone"} | fields)


def test_the_same_text_of_two_sessions_is_one_rubric():
    given = {"origin": "session", "content_sha256": "0" * 64}
    making.rubric(**given)
    making.rubric(**given, of=make.workspace("other"))

    with refused("a_rubric_of_sessions_is_kept_once_per_text"):
        making.rubric(**given)


def test_versions_of_a_rubric_are_numbered():
    one = making.version()

    with refused("versions_of_a_rubric_are_numbered_from_one"), transaction.atomic():
        making.version(one.rubric, 0)
    with refused("versions_of_a_rubric_are_numbered_once"):
        making.version(one.rubric, 1)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("a_criterion_weighs_something", {"weight": 0}),
        ("a_check_says_what_it_looks_for", {"check_kind": "regex"}),
        ("a_check_says_what_it_looks_for", {"check_value": "x"}),
        ("two_criteria_never_share_a_position", {"position": 0}),
        ("a_version_asks_for_a_criterion_once", {"key": "polite"}),
    ],
)
def test_a_criterion_does_not_contradict_its_version(constraint, fields):
    version = making.version()
    making.criterion(version)

    with refused(constraint):
        making.criterion(version, **{"key": "brief", "position": 1} | fields)


@pytest.mark.parametrize("table", ["outcomes_rubricversion", "outcomes_criterion"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_a_rubric_said_never_changes(table, statement):
    making.criterion(making.version())

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("an_evaluation_that_has_ended_says_when", {"ended_at": NOW}),
        ("an_evaluation_that_has_ended_says_when", {"status": "completed", "result": "failed"}),
        ("an_evaluation_that_failed_says_why", {"status": "failed", "ended_at": NOW}),
        ("an_evaluation_that_failed_says_why", {"error_type": "timeout"}),
        ("an_evaluation_is_held_exactly_while_it_runs", {"status": "running"}),
        ("an_evaluation_is_held_exactly_while_it_runs", {"lease_expires_at": NOW}),
        (
            "an_evaluation_has_a_result_once_it_has_ended_well",
            {"status": "completed", "ended_at": NOW},
        ),
        ("an_evaluation_has_a_result_once_it_has_ended_well", {"result": "satisfied"}),
        ("an_outcome_is_of_a_session", {"outcome_id": "outc_1"}),
    ],
)
def test_an_evaluation_does_not_contradict_itself(constraint, fields):
    with refused(constraint):
        making.evaluation(**fields)


def test_an_iteration_of_an_outcome_is_graded_once():
    given = {"of": making.version(), "session": make.session(), "outcome_id": "outc_1"}
    making.evaluation(**given, status="failed", error_type="timeout", ended_at=NOW)
    making.evaluation(**given)
    making.evaluation(**given, iteration=1)

    with refused("an_iteration_of_an_outcome_is_graded_once"):
        making.evaluation(**given)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("a_run_of_evaluations_that_has_ended_says_when", {"status": "completed"}),
        ("a_run_of_evaluations_that_has_ended_says_when", {"ended_at": NOW}),
        ("a_run_of_evaluations_that_failed_says_why", {"status": "failed", "ended_at": NOW}),
        ("a_run_of_evaluations_that_failed_says_why", {"error_type": "timeout"}),
    ],
)
def test_a_run_does_not_contradict_itself(constraint, fields):
    version = making.version()
    with refused(constraint):
        EvaluationRun.objects.create(
            workspace=version.rubric.workspace, rubric_version=version, model="m", **fields
        )


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("a_quote_says_where_it_stands", {"quote": "you"}),
        ("a_quote_says_where_it_stands", {"start": 1, "end": 2}),
        ("a_quote_says_where_it_stands", {"quote": "you", "start": 2, "end": 2}),
        ("a_verdict_is_one_of_three", {"verdict": "maybe"}),
        ("what_code_checks_is_never_advisory", {"by": "code", "was_advisory": True}),
    ],
)
def test_a_verdict_does_not_contradict_itself(constraint, fields):
    with refused(constraint):
        making.verdict(**fields)


def test_a_criterion_is_judged_once_in_an_evaluation():
    one = making.verdict()

    with refused("a_criterion_is_judged_once_in_an_evaluation"):
        making.verdict(one.evaluation, one.criterion)


def test_a_person_labels_a_verdict_once():
    given = {"verdict": making.verdict(), "user": make.user()}
    with refused("a_label_is_one_of_three"), transaction.atomic():
        HumanLabel.objects.create(**given, label="maybe")
    HumanLabel.objects.create(**given, label="fail")

    with refused("a_person_labels_a_verdict_once"):
        HumanLabel.objects.create(**given, label="pass")


def test_what_was_graded_goes_with_its_session():
    session = make.session(source="api")
    label = HumanLabel.objects.create(
        verdict=making.verdict(making.evaluation(session=session)), user=make.user(), label="fail"
    )
    kept = making.verdict(
        on=label.verdict.criterion, of=making.evaluation(label.verdict.criterion.rubric_version)
    )

    delete_session(session_id=session.public_id, by=make.actor())

    assert list(Verdict.objects.all()) == [kept]
    assert Evaluation.objects.get() == kept.evaluation
    assert not HumanLabel.objects.exists()
    assert Criterion.objects.count() == 1
