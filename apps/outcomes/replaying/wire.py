"""Trials as the API answers them."""

from typing import Any

from apps.core.api.times import stamp
from apps.outcomes.models import Trial, TrialCase
from apps.outcomes.replaying.comparing import Difference
from apps.outcomes.replaying.planning import Prospect
from apps.outcomes.replaying.showing import Try, shown
from apps.outcomes.wire import dollars, error, rubric_ref


def trial_object(trial: Trial) -> dict[str, Any]:
    """It must have been loaded as for a list."""
    found = shown(trial)
    compared = found.comparison
    return {
        "type": "proposal_trial",
        "id": trial.pk,
        "proposal_id": trial.proposal_id,
        "status": trial.status,
        "rubric": rubric_ref(trial.rubric_version) if trial.rubric_version else None,
        "model": trial.model,
        "grader": trial.grader,
        "session_count": trial.session_count,
        "files_left_out": trial.left_out,
        "comparison": {
            "pairs": compared.pairs,
            "passed_before": compared.passed_before,
            "passed_after": compared.passed_after,
            "pass_rate_difference": _difference(compared.rates),
            "score_difference": _difference(compared.scores),
        },
        "sessions": [_try(each) for each in found.tries],
        "estimated_cost": dollars(trial.estimated_cost),
        "max_cost": dollars(trial.cap),
        "cost": dollars(found.cost),
        "error": error(trial),
        "created_at": stamp(trial.created_at),
        "ended_at": stamp(trial.ended_at) if trial.ended_at else None,
    }


def estimate_object(found: Prospect) -> dict[str, Any]:
    """What would be tried, and about what that would cost."""
    return {
        "type": "proposal_trial_estimate",
        "model": found.model,
        "grader": found.grader,
        "session_ids": [each.session.public_id for each in found.past],
        "files_left_out": found.sides.left_out,
        "cost": dollars(found.cost),
    }


def _try(each: Try) -> dict[str, Any]:
    return {
        "session_id": each.after.session.public_id,
        "before": _case(each.before),
        "after": _case(each.after),
    }


def _case(case: TrialCase) -> dict[str, Any]:
    return {
        "status": case.status,
        "result": case.result or None,
        "score": case.score,
        "answer": case.answer or None,
        "explanation": case.explanation or None,
        "error": error(case),
    }


def _difference(found: Difference | None) -> dict[str, float] | None:
    if found is None:
        return None
    return {"value": found.value, "low": found.low, "high": found.high}
