"""Runs: many sessions graded alike."""

from decimal import Decimal
from typing import Any

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.agents.models import Agent
from apps.core import payloads
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import read, read_query
from apps.outcomes import actions, batching, finding, wire
from apps.outcomes.actions.evaluations import rubric_version
from apps.outcomes.api import answers
from apps.outcomes.api.shapes import NewRun, RunsQuery, SessionsFilter
from apps.outcomes.batching import RunPlan
from apps.outcomes.models import EvaluationRun

TAG = "Outcome evaluation runs"


class Runs(Endpoint):
    """`/v1/outcome_evaluation_runs`."""

    @documented(
        "outcome_evaluation_runs_list",
        tag=TAG,
        query=RunsQuery,
        answer=Listed[answers.EvaluationRun],
    )
    def get(self, request: ApiRequest) -> Response:
        """List runs, newest first."""
        query = read_query(RunsQuery, request.query_params)
        rows = EvaluationRun.objects.visible_in(request.workspace)
        if query.rubric_id:
            rows = rows.filter(rubric_version__rubric=query.rubric_id)
        shown = window(
            rows.with_counts().select_related("rubric_version__rubric"),
            of="outcome evaluation runs",
            cursor=query.page,
            limit=query.limit,
        )
        return Response(shown.page(wire.run_object))

    @documented(
        "outcome_evaluation_runs_create",
        tag=TAG,
        request=NewRun,
        answer=answers.EvaluationRun,
        errors=(404,),
    )
    def post(self, request: ApiRequest) -> Response:
        """Grade what each of these sessions delivered, or else what its agent said last."""
        plan = _plan(request)
        return Response(wire.run_object(actions.create_run(plan, by=request.actor)))


class EstimatedRun(Endpoint):
    """`/v1/outcome_evaluation_runs/estimate`."""

    needs = {"POST": Right.WRITE}  # noqa: RUF012 -- as the base declares it

    @documented(
        "outcome_evaluation_runs_estimate",
        tag=TAG,
        request=NewRun,
        answer=answers.EvaluationRunEstimate,
        errors=(404,),
    )
    def post(self, request: ApiRequest) -> Response:
        """Say what a run would grade and about what it would cost. No model is asked."""
        estimate = batching.estimate(request.workspace, _plan(request))
        return Response(wire.estimate_object(estimate))


class OneRun(Endpoint):
    """`/v1/outcome_evaluation_runs/{run_id}`."""

    @documented(
        "outcome_evaluation_runs_retrieve", tag=TAG, answer=answers.EvaluationRun, errors=(404,)
    )
    def get(self, request: ApiRequest, run_id: str) -> Response:
        """Read how far a run is."""
        return Response(wire.run_object(finding.run(request.workspace, run_id)))


class CanceledRun(Endpoint):
    """`/v1/outcome_evaluation_runs/{run_id}/cancel`."""

    @documented(
        "outcome_evaluation_runs_cancel",
        tag=TAG,
        answer=answers.EvaluationRun,
        errors=(400, 404),
    )
    def post(self, request: ApiRequest, run_id: str) -> Response:
        """Cancel a run with what is left of it, at once. What was graded stays."""
        canceled = actions.cancel_run(run_id=run_id, by=request.actor)
        return Response(wire.run_object(canceled))


def _plan(request: ApiRequest) -> RunPlan:
    given = read(NewRun, request.data)
    return RunPlan(
        version=rubric_version(given.rubric.ref(), by=request.actor),
        chosen=_chosen(request, given.sessions),
        told=given.sessions.told(),
        session_ids=[payloads.storable(each) for each in given.sessions.session_ids],
        model=given.model or "",
        limit=given.sessions.limit,
        cap=Decimal(given.max_cost) if given.max_cost else None,
    )


def _chosen(request: ApiRequest, asked: SessionsFilter) -> dict[str, Any]:
    """As `sessions.filtering` takes it. An agent that is not there has no sessions."""
    names = ("status", "source", "outcome", "tool", "created_from", "created_to", "q")
    chosen = {name: value for name in names if (value := getattr(asked, name)) is not None}
    if asked.errors_only:
        chosen["errors_only"] = True
    if asked.agent_id is not None:
        named = Agent.objects.filter(
            workspace=request.workspace, public_id=payloads.storable(asked.agent_id)
        )
        chosen["agent"] = named.first() or 0
    return {
        name: payloads.storable(value) if isinstance(value, str) else value
        for name, value in chosen.items()
    }
