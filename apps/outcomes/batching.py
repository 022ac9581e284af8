"""Grading many sessions alike: which, what it will cost, and the run that does it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.accounts.acting import Actor, authored
from apps.accounts.models import Workspace
from apps.core.errors import DomainError
from apps.engine import connecting
from apps.engine.pricing import Usage, token_cost
from apps.outcomes import artifacts, estimating, evaluating
from apps.outcomes.artifacts import Artifact
from apps.outcomes.judging import total
from apps.outcomes.models import Evaluation, EvaluationRun, RubricVersion
from apps.sessions.filtering import narrow
from apps.sessions.models import Session

MOST_SESSIONS = 500
"""Of one run."""


class NothingChosen(DomainError):
    """No session of this workspace passes the filter with anything to grade."""


@dataclass(frozen=True, slots=True)
class RunPlan:
    """Which sessions to grade, and how. `chosen` is what `sessions.filtering` takes."""

    version: RubricVersion
    chosen: Mapping[str, Any] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    """The filter as it was asked for."""
    session_ids: Sequence[str] = ()
    model: str = ""
    limit: int = 100
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would grade, and about what it would cost. None: the model has no list price."""

    model: str
    gradable: Mapping[Session, Artifact]
    skipped: int
    usage: Usage
    cost: Decimal | None


def estimate(workspace: Workspace, plan: RunPlan) -> Estimate:
    """Look at what would be graded; nothing is asked."""
    model = plan.model or connecting.default_model(workspace, "grading")
    sessions = _sessions(workspace, plan)
    found = artifacts.of_sessions(sessions)
    gradable = {
        each: artifact for each in sessions if isinstance(artifact := found[each.pk], Artifact)
    }
    usage = _usage(plan.version, gradable.values())
    cost = token_cost(model, usage) if any(usage) else Decimal(0)
    return Estimate(model, gradable, len(sessions) - len(gradable), usage, cost)


@transaction.atomic
def begin(plan: RunPlan, *, by: Actor) -> EvaluationRun:
    """Make the run with an evaluation for each session that has something to grade.

    Raises NothingChosen, NoKey.
    """
    evaluating.require_grader(plan.version)
    expected = estimate(by.workspace, plan)
    if not expected.gradable:
        raise NothingChosen
    run = EvaluationRun.objects.create(
        workspace=by.workspace,
        rubric_version=plan.version,
        model=expected.model,
        filter=dict(plan.told),
        session_count=len(expected.gradable),
        skipped_count=expected.skipped,
        estimated_cost=expected.cost,
        cap=plan.cap,
        **authored(by),
    )
    Evaluation.objects.bulk_create(
        Evaluation(
            run=run,
            **evaluating.prepared(
                plan.version, artifact, by=by, model=expected.model, session=session
            ),
        )
        for session, artifact in expected.gradable.items()
    )
    return run


def _sessions(workspace: Workspace, plan: RunPlan) -> list[Session]:
    """The newest that pass, as many as the plan takes."""
    rows = Session.objects.visible_in(workspace)
    if plan.session_ids:
        rows = rows.filter(public_id__in=list(plan.session_ids))
    found = narrow(rows, plan.chosen).sessions.select_related("agent")
    return list(found.order_by("-created_at", "-pk")[: plan.limit])


def _usage(version: RubricVersion, artifacts: Iterable[Artifact]) -> Usage:
    criteria = version.criteria.by_model().count()
    rubric = len(version.content)
    return total(estimating.graded(rubric, len(each.text), criteria) for each in artifacts)
