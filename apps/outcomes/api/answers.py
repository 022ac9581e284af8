"""What rubrics and evaluations look like in answers, for the OpenAPI document.

The answers themselves are made in `wire`; a test holds the two together.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

Judgement = Literal["pass", "fail", "unclear"]
Status = Literal["pending", "running", "completed", "failed", "canceled"]


class CriterionCheck(BaseModel):
    """How code checks it: no model is asked."""

    kind: str
    value: Any


class RubricCriterion(BaseModel):
    """One thing that good work has."""

    key: str = Field(description="The same in every version that asks for it.")
    text: str
    group: str | None = Field(description="The heading that it stands under.")
    weight: float
    is_required: bool
    check: CriterionCheck | None = Field(description="Null: a grader is asked.")


class RubricSummary(BaseModel):
    """A rubric, without what it says."""

    type: Literal["rubric"]
    id: str
    name: str
    description: str
    origin: Literal["library", "session"]
    version: int = Field(description="The number of its newest version.")
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class Rubric(RubricSummary):
    """What good work is."""

    content: str
    criteria: list[RubricCriterion]


class RubricVersion(BaseModel):
    """What a rubric said from one change to the next."""

    type: Literal["rubric_version"]
    id: str
    rubric_id: str
    version: int
    content: str
    sha256: str
    criteria: list[RubricCriterion]
    created_at: datetime


class RubricAgreement(BaseModel):
    """How far people and a grader agree on a criterion, beyond chance (Cohen's kappa)."""

    criterion: str
    text: str
    model: str = Field(description="The grader: labels of what others said do not count for it.")
    labels: int
    observed: float = Field(description="The share of labels that agree.")
    kappa: float | None = Field(description="Null: there is nothing to compare.")
    low: float | None
    high: float | None
    confusion: list[list[int]] = Field(
        description="Rows are the grader's pass, fail, unclear; columns people's."
    )
    standing: Literal["too_few", "trusted", "advisory", "one_sided"] = Field(
        description="What this model says of an advisory criterion gates nothing."
    )


class RubricAgreements(BaseModel):
    """Agreement on each criterion of the newest version, with the usual grader first."""

    data: list[RubricAgreement]


class RubricRef(BaseModel):
    """The version of a rubric that graded."""

    id: str
    name: str
    version: int


class EvaluationArtifact(BaseModel):
    """What was graded."""

    type: Literal["text", "file", "deliverable", "answer"]
    name: str | None
    sha256: str
    text: str | None = Field(default=None, description="Absent in lists.")


class EvaluationAgent(BaseModel):
    """The agent whose work it is."""

    id: str
    name: str
    version: int | None


class VerdictQuote(BaseModel):
    """The very words of the work, and where in it they stand, in characters."""

    text: str
    start: int
    end: int


class OutcomeVerdict(BaseModel):
    """Whether the work meets a criterion."""

    id: str
    criterion: str
    text: str
    is_required: bool
    verdict: Judgement
    quote: VerdictQuote | None
    reason: str
    by: Literal["code", "model"]
    was_advisory: bool = Field(description="It counted for nothing.")


class EvaluationUsage(BaseModel):
    """Tokens of the grader."""

    input_tokens: int
    output_tokens: int
    cache_read_input_tokens: int
    cache_creation_input_tokens: int


class EvaluationCost(BaseModel):
    """US dollars at list price."""

    amount: str
    currency: Literal["USD"]


class EvaluationError(BaseModel):
    """Why it failed."""

    type: str
    message: str


class GradedOutcome(BaseModel):
    """One piece of work, graded by one version of a rubric."""

    type: Literal["outcome_evaluation"]
    id: str
    status: Status
    rubric: RubricRef
    model: str
    artifact: EvaluationArtifact
    session_id: str | None
    agent: EvaluationAgent | None
    outcome_id: str | None = Field(description="Of a session's own outcome.")
    iteration: int
    max_iterations: int | None
    run_id: str | None
    result: str | None = Field(
        description="satisfied, needs_revision, max_iterations_reached, failed (the rubric does not"
        " fit the work) or interrupted."
    )
    explanation: str | None
    score: float | None = Field(description="The share of what gates, by weight, that passes.")
    verdicts: list[OutcomeVerdict]
    usage: EvaluationUsage
    cost: EvaluationCost | None
    error: EvaluationError | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class RunCounts(BaseModel):
    """Sessions of a run."""

    graded: int = Field(description="Those that have something to grade.")
    skipped: int
    ended: int
    completed: int = Field(description="Those that have a result.")
    satisfied: int
    failed: int = Field(description="Those that could not be graded.")


class EvaluationRun(BaseModel):
    """Many sessions graded alike."""

    type: Literal["outcome_evaluation_run"]
    id: str
    status: Literal["running", "completed", "failed", "canceled"]
    rubric: RubricRef
    model: str
    sessions: dict[str, Any] = Field(description="The filter, as it was asked for.")
    counts: RunCounts
    estimated_cost: EvaluationCost | None
    max_cost: EvaluationCost | None
    error: EvaluationError | None
    created_at: datetime
    ended_at: datetime | None


class EvaluationRunEstimate(BaseModel):
    """What a run would grade and cost, if nothing of it is cached."""

    type: Literal["outcome_evaluation_run_estimate"]
    model: str
    sessions: int
    skipped: int = Field(description="Those that have nothing to grade.")
    input_tokens: int
    output_tokens: int
    cost: EvaluationCost | None = Field(description="Null: the model has no list price.")


class LabelUser(BaseModel):
    """Whose word it is."""

    id: str
    name: str


class HumanLabel(BaseModel):
    """What a person says of a verdict."""

    type: Literal["human_label"]
    verdict_id: str
    criterion: str
    verdict: Judgement
    label: Judgement
    note: str | None
    user: LabelUser
    created_at: datetime
    updated_at: datetime
