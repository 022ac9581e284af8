"""Evaluations, and what people say of their verdicts."""

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, read, read_query
from apps.outcomes import actions, finding, wire
from apps.outcomes.actions.evaluations import EvaluationPlan
from apps.outcomes.api import answers
from apps.outcomes.api.shapes import (
    EvaluateOutcome,
    EvaluationsQuery,
    NewEvaluation,
    NewLabel,
)
from apps.outcomes.models import Evaluation, HumanLabel

TAG = "Outcome evaluations"


class Evaluations(Endpoint):
    """`/v1/outcome_evaluations`."""

    @documented(
        "outcome_evaluations_list",
        tag=TAG,
        query=EvaluationsQuery,
        answer=Listed[answers.GradedOutcome],
    )
    def get(self, request: ApiRequest) -> Response:
        """List evaluations with their verdicts, newest first."""
        query = read_query(EvaluationsQuery, request.query_params)
        rows = Evaluation.objects.visible_in(request.workspace).filter(query.created())
        wanted = {
            "session__public_id": query.session_id,
            "rubric_version__rubric": query.rubric_id,
            "run": query.run_id,
            "result": query.result,
            "status__in": query.statuses,
        }
        rows = rows.filter(**{name: value for name, value in wanted.items() if value})
        shown = window(
            rows.for_list().prefetch_related("verdicts__criterion"),
            of="outcome evaluations",
            cursor=query.page,
            limit=query.limit,
        )
        return Response(shown.page(wire.evaluation_object))

    @documented(
        "outcome_evaluations_create",
        tag=TAG,
        request=NewEvaluation,
        answer=answers.GradedOutcome,
        errors=(404,),
    )
    def post(self, request: ApiRequest) -> Response:
        """Have something graded; it is pending then, and goes on by itself.

        The grader sees the rubric and the work, and nothing of how the work came about. What code
        can check needs no model.
        """
        given = read(NewEvaluation, request.data)
        plan = EvaluationPlan(
            rubric=given.rubric.ref(),
            artifact=given.artifact.ref(),
            model=given.model or "",
            session_id=given.session_id or "",
            iteration=given.iteration,
            max_iterations=given.max_iterations,
        )
        made = actions.create_evaluation(plan, by=request.actor)
        return Response(wire.whole_evaluation(made))


class OneEvaluation(Endpoint):
    """`/v1/outcome_evaluations/{evaluation_id}`."""

    @documented(
        "outcome_evaluations_retrieve", tag=TAG, answer=answers.GradedOutcome, errors=(404,)
    )
    def get(self, request: ApiRequest, evaluation_id: str) -> Response:
        """Read an evaluation with the work that it is of."""
        found = finding.evaluation(request.workspace, evaluation_id)
        return Response(wire.whole_evaluation(found))


class CanceledEvaluation(Endpoint):
    """`/v1/outcome_evaluations/{evaluation_id}/cancel`."""

    @documented(
        "outcome_evaluations_cancel", tag=TAG, answer=answers.GradedOutcome, errors=(400, 404)
    )
    def post(self, request: ApiRequest, evaluation_id: str) -> Response:
        """Cancel an evaluation, at once. A session's outcome is `interrupted` by that."""
        canceled = actions.cancel_evaluation(evaluation_id=evaluation_id, by=request.actor)
        return Response(wire.whole_evaluation(canceled))


class EvaluatedOutcome(Endpoint):
    """`/v1/sessions/{session_id}/evaluate_outcome`."""

    @documented(
        "sessions_evaluate_outcome",
        tag=TAG,
        request=EvaluateOutcome,
        answer=answers.GradedOutcome,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, session_id: str) -> Response:
        """Have the open outcome of a session judged by what its agent came to since the last time.

        The session tells of it by `span.outcome_evaluation_start`, `_ongoing` and `_end`.
        """
        given = read(EvaluateOutcome, request.data)
        begun = actions.evaluate_session_outcome(
            session_id=session_id, model=given.model or "", by=request.actor
        )
        return Response(wire.whole_evaluation(begun))


class EvaluationLabels(Endpoint):
    """`/v1/outcome_evaluations/{evaluation_id}/labels`."""

    needs = {"POST": Right.REVIEW}  # noqa: RUF012 -- as the base declares it

    @documented(
        "outcome_evaluations_labels_list",
        tag=TAG,
        query=PageQuery,
        answer=Listed[answers.HumanLabel],
        errors=(404,),
    )
    def get(self, request: ApiRequest, evaluation_id: str) -> Response:
        """List what people say of the verdicts of an evaluation, oldest first."""
        query = read_query(PageQuery, request.query_params)
        evaluation = finding.evaluation(request.workspace, evaluation_id)
        rows = HumanLabel.objects.filter(verdict__evaluation=evaluation)
        shown = window(
            rows.select_related("verdict__criterion", "user"),
            of=f"labels of {evaluation.pk}",
            cursor=query.page,
            limit=query.limit,
            descending=False,
        )
        return Response(shown.page(wire.label_object))

    @documented(
        "outcome_evaluations_labels_create",
        tag=TAG,
        request=NewLabel,
        answer=answers.HumanLabel,
        errors=(404,),
    )
    def post(self, request: ApiRequest, evaluation_id: str) -> Response:
        """Say what a criterion should have got, in the name of a member; said again, it changes."""
        given = read(NewLabel, request.data)
        evaluation = finding.evaluation(request.workspace, evaluation_id)
        labelled = actions.label_verdict(
            verdict_id=finding.verdict_on(evaluation, given.criterion).pk,
            label=given.label,
            note_=given.note,
            person=finding.member(request.workspace, given.user_id),
            by=request.actor,
        )
        return Response(wire.label_object(labelled))
