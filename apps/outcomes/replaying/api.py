"""`/v1/proposals/{proposal_id}/trials`: a proposal tried on past sessions."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import BaseModel, Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, Shape, read, read_query
from apps.outcomes import finding
from apps.outcomes.api.answers import EvaluationCost, EvaluationError, RubricRef
from apps.outcomes.api.shapes import Dollars
from apps.outcomes.models import Trial
from apps.outcomes.replaying import actions, wire
from apps.outcomes.replaying.planning import SESSIONS, TrialPlan
from apps.reviews import finding as proposals

TAG = "Proposals"
MOST_SESSIONS = 100


class NewTrial(Shape):
    """How a proposal is to be tried."""

    rubric_id: str | None = Field(
        default=None,
        max_length=128,
        description="Its newest version grades. Without one each session's own outcome does.",
    )
    sessions: int = Field(
        default=SESSIONS, ge=1, le=MOST_SESSIONS, description="At most; a server may allow fewer."
    )
    model: str | None = Field(
        default=None, min_length=1, max_length=256, description="Who answers. Default: the grader."
    )
    max_cost: Dollars | None = Field(
        default=None, description="US dollars, as `2.50`: stop at this."
    )


class TrialsQuery(PageQuery):
    """Which trials to list."""


class TrialDifference(BaseModel):
    """With the proposal minus without, and the 95 % interval of that."""

    value: float
    low: float
    high: float


class TrialComparison(BaseModel):
    """What all pairs of answers came to."""

    pairs: int = Field(description="Sessions of which both answers are graded.")
    passed_before: int
    passed_after: int
    pass_rate_difference: TrialDifference | None = Field(
        description="Adjusted Wald interval of paired shares (Agresti and Min, 2005)."
    )
    score_difference: TrialDifference | None = Field(
        description="Mean of the pairs' differences, with Student's interval."
    )


class TrialSide(BaseModel):
    """The answer on one side, and its grading."""

    status: Literal["pending", "running", "completed", "failed", "canceled"]
    result: str | None
    score: float | None
    answer: str | None
    explanation: str | None
    error: EvaluationError | None


class TrialSession(BaseModel):
    """A past session's task on both sides."""

    session_id: str
    before: TrialSide
    after: TrialSide


class ProposalTrial(BaseModel):
    """A proposal tried on past sessions: without it and with it."""

    type: Literal["proposal_trial"]
    id: str
    proposal_id: str
    status: Literal["running", "completed", "failed", "canceled"]
    rubric: RubricRef | None = Field(description="Null: each session's own outcome grades.")
    model: str
    grader: str
    session_count: int
    files_left_out: int = Field(description="Files of the store that neither side was shown.")
    comparison: TrialComparison
    sessions: list[TrialSession]
    estimated_cost: EvaluationCost | None
    max_cost: EvaluationCost | None
    cost: EvaluationCost | None = Field(description="Null: a model has no list price.")
    error: EvaluationError | None
    created_at: datetime
    ended_at: datetime | None


class ProposalTrialEstimate(BaseModel):
    """What a trial would try, and about what it would cost."""

    type: Literal["proposal_trial_estimate"]
    model: str
    grader: str
    session_ids: list[str]
    files_left_out: int = Field(description="Files of the store that neither side would be shown.")
    cost: EvaluationCost | None = Field(description="Null: a model has no list price.")


class ProposalTrials(Endpoint):
    """`/v1/proposals/{proposal_id}/trials`."""

    needs: ClassVar = {"POST": Right.REVIEW}

    @documented(
        "proposal_trials_list",
        tag=TAG,
        query=TrialsQuery,
        answer=Listed[ProposalTrial],
        errors=(404,),
    )
    def get(self, request: ApiRequest, proposal_id: str) -> Response:
        """List the trials of a proposal, newest first."""
        query = read_query(TrialsQuery, request.query_params)
        proposal = proposals.proposal(request.workspace, proposal_id)
        rows = Trial.objects.for_list().filter(proposal=proposal)
        shown = window(rows, of=f"trials {proposal.pk}", cursor=query.page, limit=query.limit)
        return Response(shown.page(wire.trial_object))

    @documented(
        "proposal_trials_create",
        tag=TAG,
        request=NewTrial,
        answer=ProposalTrial,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, proposal_id: str) -> Response:
        """Try a waiting proposal on past sessions.

        The first task of each is answered twice by a model, which knows the store's text once as it
        is and once with the proposal merged; both answers are graded by one rubric, by a grader
        that sees nothing else. Nothing is written to the store, and nobody has to wait for it to
        decide. One trial of a proposal runs at a time.
        """
        given = read(NewTrial, request.data or {})
        trial = actions.start_trial(
            proposal_id=proposal_id, plan=_plan(given, request), by=request.actor
        )
        return Response(wire.trial_object(trial))


class EstimatedProposalTrial(Endpoint):
    """`/v1/proposals/{proposal_id}/trials/estimate`."""

    needs: ClassVar = {"POST": Right.REVIEW}

    @documented(
        "proposal_trials_estimate",
        tag=TAG,
        request=NewTrial,
        answer=ProposalTrialEstimate,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, proposal_id: str) -> Response:
        """Say on which sessions a trial would run and about what it would cost. Nobody is asked."""
        given = read(NewTrial, request.data or {})
        found = actions.preview_trial(
            proposal_id=proposal_id, plan=_plan(given, request), by=request.actor
        )
        return Response(wire.estimate_object(found))


class OneProposalTrial(Endpoint):
    """`/v1/proposals/{proposal_id}/trials/{trial_id}`."""

    @documented("proposal_trials_retrieve", tag=TAG, answer=ProposalTrial, errors=(404,))
    def get(self, request: ApiRequest, proposal_id: str, trial_id: str) -> Response:
        """Read a trial: what came of each session's task on both sides."""
        proposal = proposals.proposal(request.workspace, proposal_id)
        return Response(wire.trial_object(actions.trial_of(proposal, trial_id)))


class CanceledProposalTrial(Endpoint):
    """`/v1/proposals/{proposal_id}/trials/{trial_id}/cancel`."""

    needs: ClassVar = {"POST": Right.REVIEW}

    @documented("proposal_trials_cancel", tag=TAG, answer=ProposalTrial, errors=(400, 404))
    def post(self, request: ApiRequest, proposal_id: str, trial_id: str) -> Response:
        """Stop a trial. What has been answered and graded stays."""
        trial = actions.cancel_trial(proposal_id=proposal_id, trial_id=trial_id, by=request.actor)
        return Response(wire.trial_object(trial))


def _plan(given: NewTrial, request: ApiRequest) -> TrialPlan:
    version, cap = None, Decimal(given.max_cost) if given.max_cost else None
    if given.rubric_id:
        version = finding.version(finding.rubric(request.workspace, given.rubric_id))
    return TrialPlan(version, given.sessions, given.model or "", cap)
