"""Rubrics, evaluations, runs and labels as the API answers them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from apps.core.api.times import stamp
from apps.engine.pricing import Usage
from apps.outcomes.batching import Estimate
from apps.outcomes.models import (
    Criterion,
    Evaluation,
    EvaluationRun,
    HumanLabel,
    Rubric,
    RubricVersion,
    Trial,
    TrialCase,
    Verdict,
)


def rubric_summary(rubric: Rubric) -> dict[str, Any]:
    """A row of the list: without what it says."""
    return {
        "type": "rubric",
        "id": rubric.pk,
        "name": rubric.name,
        "description": rubric.description,
        "origin": rubric.origin,
        "version": rubric.version,
        "created_at": stamp(rubric.created_at),
        "updated_at": stamp(rubric.updated_at),
        "archived_at": stamp(rubric.archived_at),
    }


def rubric_object(rubric: Rubric, version: RubricVersion) -> dict[str, Any]:
    """The rubric with what its newest version says; its criteria must be loaded."""
    return rubric_summary(rubric) | {
        "content": version.content,
        "criteria": _criteria(version.criteria.all()),
    }


def version_object(version: RubricVersion) -> dict[str, Any]:
    """The version; its criteria must be loaded."""
    return {
        "type": "rubric_version",
        "id": version.pk,
        "rubric_id": version.rubric_id,
        "version": version.number,
        "content": version.content,
        "sha256": version.sha256,
        "criteria": _criteria(version.criteria.all()),
        "created_at": stamp(version.created_at),
    }


def _criteria(criteria: Iterable[Criterion]) -> list[dict[str, Any]]:
    return [
        {
            "key": each.key,
            "text": each.text,
            "group": each.group or None,
            "weight": float(each.weight),
            "is_required": each.is_required,
            "check": {"kind": each.check_kind, "value": each.check_value}
            if each.check_kind
            else None,
        }
        for each in sorted(criteria, key=lambda each: each.position)
    ]


def evaluation_object(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation without the work itself. Rubric, session and verdicts must be loaded."""
    session = evaluation.session
    return {
        "type": "outcome_evaluation",
        "id": evaluation.pk,
        "status": evaluation.status,
        "rubric": rubric_ref(evaluation.rubric_version),
        "model": evaluation.model,
        "artifact": {
            "type": evaluation.artifact_kind,
            "name": evaluation.artifact_name or None,
            "sha256": evaluation.artifact_sha256,
        },
        "session_id": session.public_id if session else None,
        "agent": _agent(evaluation),
        "outcome_id": evaluation.outcome_id or None,
        "iteration": evaluation.iteration,
        "max_iterations": evaluation.max_iterations,
        "run_id": evaluation.run_id,
        "result": evaluation.result or None,
        "explanation": evaluation.explanation or None,
        "score": evaluation.score,
        "verdicts": [_verdict(each) for each in _in_order(evaluation.verdicts.all())],
        "usage": _usage(evaluation),
        "cost": dollars(evaluation.cost),
        "error": error(evaluation),
        "created_at": stamp(evaluation.created_at),
        "started_at": stamp(evaluation.started_at),
        "ended_at": stamp(evaluation.ended_at),
    }


def whole_evaluation(evaluation: Evaluation) -> dict[str, Any]:
    """The evaluation with the work that quotes are of."""
    told = evaluation_object(evaluation)
    told["artifact"] |= {"text": evaluation.artifact}
    return told


def _agent(evaluation: Evaluation) -> dict[str, Any] | None:
    if not evaluation.agent_id:
        return None
    return {
        "id": evaluation.agent_id,
        "name": evaluation.agent_name,
        "version": evaluation.agent_version or None,
    }


def _in_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    return sorted(verdicts, key=lambda each: each.criterion.position)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    shown = None
    if verdict.quote:
        shown = {"text": verdict.quote, "start": verdict.start, "end": verdict.end}
    return {
        "id": verdict.pk,
        "criterion": verdict.criterion.key,
        "text": verdict.criterion.text,
        "is_required": verdict.criterion.is_required,
        "verdict": verdict.verdict,
        "quote": shown,
        "reason": verdict.reason,
        "by": verdict.by,
        "was_advisory": verdict.was_advisory,
    }


def _usage(evaluation: Evaluation) -> dict[str, int]:
    return {
        "input_tokens": evaluation.input_tokens,
        "output_tokens": evaluation.output_tokens,
        "cache_read_input_tokens": evaluation.cache_read_tokens,
        "cache_creation_input_tokens": evaluation.cache_write_tokens,
    }


def dollars(amount: Decimal | None) -> dict[str, str] | None:
    return None if amount is None else {"amount": f"{amount:f}", "currency": "USD"}


def error(of: Evaluation | EvaluationRun | Trial | TrialCase) -> dict[str, str] | None:
    """Why it failed, if it did."""
    return {"type": of.error_type, "message": of.error_message} if of.error_type else None


def rubric_ref(version: RubricVersion) -> dict[str, Any]:
    """What graded. Its rubric must be loaded."""
    return {"id": version.rubric_id, "name": version.rubric.name, "version": version.number}


def run_object(run: EvaluationRun) -> dict[str, Any]:
    """The run with how far it is. It is one of `EvaluationRun.objects.with_counts()`."""
    counts: dict[str, Any] = run.counts
    return {
        "type": "outcome_evaluation_run",
        "id": run.pk,
        "status": run.status,
        "rubric": rubric_ref(run.rubric_version),
        "model": run.model,
        "sessions": run.filter,
        "counts": {"graded": run.session_count, "skipped": run.skipped_count} | counts,
        "estimated_cost": dollars(run.estimated_cost),
        "max_cost": dollars(run.cap),
        "error": error(run),
        "created_at": stamp(run.created_at),
        "ended_at": stamp(run.ended_at),
    }


def estimate_object(estimate: Estimate) -> dict[str, Any]:
    """What a run would grade, and about what that would cost."""
    usage: Usage = estimate.usage
    return {
        "type": "outcome_evaluation_run_estimate",
        "model": estimate.model,
        "sessions": len(estimate.gradable),
        "skipped": estimate.skipped,
        "input_tokens": usage.input,
        "output_tokens": usage.output,
        "cost": dollars(estimate.cost),
    }


def label_object(label: HumanLabel) -> dict[str, Any]:
    """The label. Its verdict with the criterion and its user must be loaded."""
    return {
        "type": "human_label",
        "verdict_id": label.verdict_id,
        "criterion": label.verdict.criterion.key,
        "verdict": label.verdict.verdict,
        "label": label.label,
        "note": label.note or None,
        "user": {"id": label.user.public_id, "name": label.user.get_username()},
        "created_at": stamp(label.created_at),
        "updated_at": stamp(label.updated_at),
    }
