"""What dreams and their schedules look like in answers, for the OpenAPI document.

The answers themselves are made in `wire`; a test holds the two together.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, RootModel

Status = Literal["pending", "running", "completed", "failed", "canceled"]
Kind = Literal["mistake", "workaround", "preference", "workflow", "fact", "escalation"]


class DreamMemoryStoreInput(BaseModel):
    """The memory store that it reads."""

    type: Literal["memory_store"]
    memory_store_id: str


class DreamSessionsInput(BaseModel):
    """The sessions that it reads."""

    type: Literal["sessions"]
    session_ids: list[str] = Field(description="Sorted.")


class DreamInput(
    RootModel[Annotated[DreamMemoryStoreInput | DreamSessionsInput, Field(discriminator="type")]]
):
    """Something that it reads."""


class DreamOutput(BaseModel):
    """The memory store with the result. It is whole once the dream is completed."""

    type: Literal["memory_store"]
    memory_store_id: str


class DreamOutputBehavior(BaseModel):
    """Where the result goes."""

    type: Literal["create_new", "update_existing"]
    memory_store_id: str | None = Field(default=None, description="Of `update_existing` alone.")


class DreamModel(BaseModel):
    """The model that was asked for."""

    id: str
    speed: str | None = None


class DreamUsage(BaseModel):
    """Tokens so far; the local engine uses none."""

    input_tokens: int
    output_tokens: int
    cache_read_input_tokens: int
    cache_creation_input_tokens: int


class DreamError(BaseModel):
    """Why it failed."""

    type: str = Field(
        description="timeout, internal_error, memory_store_org_limit_exceeded,"
        " input_memory_store_too_large, input_memory_store_unavailable,"
        " input_session_unavailable, cost_cap_reached, model_unavailable,"
        " model_error or nothing_read."
    )
    message: str


class Dream(BaseModel):
    """A job that reads sessions and a memory store, and proposes what to remember."""

    type: Literal["dream"]
    id: str
    status: Status
    inputs: list[DreamInput]
    outputs: list[DreamOutput] = Field(description="Empty until the store is known.")
    output_behavior: DreamOutputBehavior
    model: DreamModel
    instructions: str | None
    session_id: str | None = Field(description="The session that it is itself: follow that.")
    usage: DreamUsage
    error: DreamError | None
    created_at: datetime
    ended_at: datetime | None
    archived_at: datetime | None


class DreamDropped(BaseModel):
    """What went no further."""

    stage: str
    reason: str
    count: int
    examples: list[str]


class DreamFunnel(BaseModel):
    """How much of what went in came out, and why the rest did not."""

    type: Literal["dream_funnel"]
    dream_id: str
    engine: str = Field(description="What reads the sessions: `agentsite-local`, or a model.")
    cost_usd: float | None = Field(
        description="So far, with what gathers for it; null for a model without a list price."
    )
    cap_usd: float | None
    batch: bool
    waits_for: Literal["model", "batch"] | None = Field(
        description="Nobody holds it: the model is busy, or a batch is under way."
    )
    waits_until: datetime | None
    stage: str | None
    changeset_id: str | None
    gathers_for: str | None = Field(
        description="The dream that looks for what recurs in what this one and others have read."
    )
    sessions: int
    read: int
    reused: int = Field(description="Read before, and unchanged since.")
    with_signal: int
    observations: int
    patterns: int
    drafts: int
    proposals: int
    dropped: list[DreamDropped]


class DreamEstimate(BaseModel):
    """What a dream would read and cost, about."""

    type: Literal["dream_estimate"]
    engine: str
    model: DreamModel
    sessions: int
    new_sessions: int = Field(description="Those that this engine has not read as they are now.")
    events: int
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None = Field(description="Null where nobody can tell.")


class SuccessRate(BaseModel):
    """Successes of judged sessions, with the 95 % interval of the rate."""

    successes: int
    tries: int
    low: float
    high: float


class PatternSpan(BaseModel):
    """The very words."""

    event_id: str
    start: int
    end: int
    quote: str
    role: str


class PatternExample(BaseModel):
    """A session in which it was seen."""

    session_id: str
    statement: str
    spans: list[PatternSpan]


class DreamPattern(BaseModel):
    """Something that recurs in the sessions of a dream."""

    type: Literal["dream_pattern"]
    id: str
    dream_id: str
    kind: Kind
    title: str
    fingerprint: str = Field(description="The same finding has the same one in every dream.")
    sessions: int
    agents: int
    users: int
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    success: SuccessRate | None = Field(description="Where it was seen; null: nobody judged.")
    success_elsewhere: SuccessRate | None = Field(description="Where it was not seen.")
    examples: list[PatternExample]
    became: Literal["proposed", "dropped"] | None
    reason: str | None = Field(description="Why it was dropped.")
    proposal_id: str | None


class DreamScheduleCron(BaseModel):
    """When it runs."""

    type: Literal["cron"]
    expression: str
    timezone: str
    jitter_seconds: int
    upcoming_runs_at: list[datetime] = Field(description="The next five; none while paused.")


class DreamScheduleSessions(BaseModel):
    """Which sessions its dreams read."""

    agent_id: str | None
    window_hours: int | None
    only_ended: bool
    only_unread: bool
    limit: int
    minimum_new: int


class DreamSchedule(BaseModel):
    """A dream that is asked for again and again."""

    type: Literal["dream_schedule"]
    id: str
    name: str
    memory_store_id: str
    schedule: DreamScheduleCron
    sessions: DreamScheduleSessions
    model: DreamModel
    instructions: str | None
    output_behavior: DreamOutputBehavior
    policy: str | None
    cap_usd: float | None = Field(description="Of each of its dreams.")
    batch: bool
    status: Literal["active", "paused"]
    paused_reason: str | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class DreamScheduleDeleted(BaseModel):
    """A schedule that is gone; its dreams stay."""

    id: str
    type: Literal["dream_schedule_deleted"]


class DreamScheduleRun(BaseModel):
    """What came of one moment of a schedule."""

    type: Literal["dream_schedule_run"]
    id: str
    dream_schedule_id: str
    scheduled_at: datetime | None = Field(description="Null: it was run by hand.")
    dream_id: str | None
    skipped_reason: str | None
    created_at: datetime
