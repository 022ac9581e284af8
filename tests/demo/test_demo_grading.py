"""The demo's rubrics, evaluations and labels."""

import pytest

from apps.demo import grading
from apps.outcomes import agreeing, gating
from apps.outcomes.models import Evaluation, HumanLabel, Rubric, Verdict
from tests import make

pytestmark = pytest.mark.django_db


def answered(key):
    make.session(
        make.event("agent.message", f"Done: {key}.\n\nNext: ask Aiko.", key=key), source="demo"
    )


def judged(key):
    """A session whose own outcome fails once and is met then."""
    where = {"key": key, "outcome_id": "outc_1"}
    rubric = {"type": "text", "content": "- Names the owner\n- Adds up"}
    events = [make.event("user.define_outcome", rubric=rubric, max_iterations=3, **where)]
    for iteration, result in enumerate(("needs_revision", "satisfied")):
        said = {"iteration": iteration, "result": result, "explanation": "No owner."}
        events += [
            make.event("agent.message", f"Report {iteration}.", key=key, after=10 * iteration),
            make.event(
                "span.outcome_evaluation_end",
                after=10 * iteration + 1,
                outcome_evaluation_start_id=f"sevt_{iteration}",
                **where,
                **said,
            ),
        ]
    make.session(*events, source="demo")


def test_agreement_is_as_planted_and_filling_twice_adds_nothing():
    for number in range(30):
        answered(f"answer {number}")
    judged("report")
    for _ in range(2):
        grading.fill(make.workspace())
    newest = Rubric.objects.in_library().get().versions.get(number=2)
    found = {key: agreeing.agreement(some) for (key, _), some in gating.pairs(newest).items()}

    told = {key: (each.labels, round(each.kappa, 2), each.standing) for key, each in found.items()}
    assert told == {
        "done": (25, 0.8, "trusted"),
        "tone": (25, 0.07, "advisory"),
        "left": (8, 0.71, "too_few"),
    }
    assert Evaluation.objects.filter(rubric_version=newest).count() == 31
    assert Verdict.objects.filter(was_advisory=True).count() == 6
    assert HumanLabel.objects.count() == 58
    own = Evaluation.objects.exclude(outcome_id="").order_by("iteration")
    assert [(each.result, each.artifact) for each in own] == [
        ("needs_revision", "Report 0."),
        ("satisfied", "Report 1."),
    ]
    failing = [each.verdicts.filter(verdict="fail").count() for each in own]
    assert failing == [2, 0]
    for verdict in Verdict.objects.exclude(quote="").select_related("evaluation"):
        assert verdict.evaluation.artifact[verdict.start : verdict.end] == verdict.quote
