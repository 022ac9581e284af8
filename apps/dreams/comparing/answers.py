"""What comparisons look like in answers, for the OpenAPI document; `wire` makes them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from apps.dreams.api.answers import DreamError, DreamInput, DreamUsage, Status

Choice = Literal["a", "b", "both", "neither"]


class ComparedModel(BaseModel):
    """What is asked."""

    id: str


class ComparisonTally(BaseModel):
    """How one side came off, in the rows in which one can be better."""

    wins: int
    losses: int
    ties: int = Field(description="Both were good, or neither.")
    good_proposals: int = Field(description="Picked, alone or with the other side's.")


class DreamComparisonSide(ComparisonTally):
    """One of the two dreams."""

    dream_id: str
    status: Status
    error: DreamError | None
    model: ComparedModel
    engine: str
    instructions: str | None
    usage: DreamUsage = Field(
        description="What it takes where nothing was read before; none while it goes on."
    )
    cost_usd: str | None = Field(description="Of that usage at list price; null: there is none.")


class DreamComparisonSides(BaseModel):
    """The two."""

    a: DreamComparisonSide
    b: DreamComparisonSide


class DreamComparisonRows(BaseModel):
    """How many rows of each kind."""

    agree: int
    differ: int
    only_a: int
    only_b: int


class DreamComparisonPicks(BaseModel):
    """How many rows were picked, by choice."""

    a: int
    b: int
    both: int
    neither: int


class DreamComparison(BaseModel):
    """Two dreams on the same input and the same state of the store; neither hands anything in."""

    type: Literal["dream_comparison"]
    id: str
    status: Literal["running", "completed", "partial", "failed"] = Field(
        description="partial: one of the two failed or was canceled; the other's rows are there."
    )
    inputs: list[DreamInput]
    at_sequence: int = Field(
        description="The number of the store's last version when it began: what both find there."
    )
    sides: DreamComparisonSides
    rows: DreamComparisonRows
    picks: DreamComparisonPicks
    changeset_id: str | None = Field(description="What was handed in of it.")
    created_at: datetime
    ended_at: datetime | None
    handed_in_at: datetime | None
    archived_at: datetime | None


class DreamComparisonSideEstimate(BaseModel):
    """What one side would read and cost, about."""

    engine: str
    model: ComparedModel
    new_sessions: int = Field(
        description="Those that it reads itself: of two with one engine, b reads none."
    )
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: str | None = Field(description="Null where nobody can tell.")


class DreamComparisonSideEstimates(BaseModel):
    """The two."""

    a: DreamComparisonSideEstimate
    b: DreamComparisonSideEstimate


class DreamComparisonEstimate(BaseModel):
    """What a comparison would read and cost, about."""

    type: Literal["dream_comparison_estimate"]
    sessions: int
    sides: DreamComparisonSideEstimates
    cost_usd: str | None = Field(description="Of both; null where one is not known.")


class DreamDraftFile(BaseModel):
    """A path and what is to stand there."""

    path: str
    content: str


class DreamDraftBase(BaseModel):
    """A memory that is changed or replaced, and what it said when it was drafted."""

    memory_id: str
    content_sha256: str


class DreamDraftQuote(BaseModel):
    """Words of an event."""

    session_id: str
    event_id: str
    start: int
    end: int
    quote: str
    role: str


class DreamDraft(BaseModel):
    """An edit that a dream would propose."""

    kind: str
    path: str
    content: str | None
    also: list[DreamDraftFile]
    title: str
    rationale: str
    confidence: float
    bases: list[DreamDraftBase]
    evidence: list[DreamDraftQuote]


class DreamComparisonPick(BaseModel):
    """Which was better, by whose word."""

    choice: Choice
    is_blind: bool = Field(description="They did not know whose is which.")
    picked_by: str
    picked_at: datetime


class DreamComparisonRow(BaseModel):
    """What both propose about one thing, or what one of them alone proposes."""

    type: Literal["dream_comparison_row"]
    id: str
    dream_comparison_id: str
    number: int
    verdict: Literal["agree", "differ", "only_a", "only_b"]
    bond: Literal["same", "memories", "path", "overlap", "finding", "words"] | None = Field(
        description="Why the two stand in one row."
    )
    a: DreamDraft | None
    b: DreamDraft | None
    pick: DreamComparisonPick | None
    proposal_id: str | None = Field(description="What was handed in of it.")


class WinRate(BaseModel):
    """Wins of the rows that either side won, with the 95 % interval."""

    value: float
    low: float
    high: float


class DreamContender(ComparisonTally):
    """An engine with its model and its instructions, over all comparisons of the workspace."""

    type: Literal["dream_contender"]
    model: ComparedModel
    engine: str
    instructions: str | None
    comparisons: int
    picks: int
    blind_picks: int
    win_rate: WinRate | None
    cost_usd: str | None
    cost_usd_per_good_proposal: str | None
