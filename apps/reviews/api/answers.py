"""What changesets and proposals look like in answers, for the OpenAPI document.

The answers themselves are made in `wire`; a test holds the two together.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from apps.reviews.api.shapes import KindName, RoleName, StatusName

Sha256 = str


class ReviewActor(BaseModel):
    """Who it was: a person, a key, a session, a store's policy, or the system itself."""

    type: Literal["user_actor", "api_actor", "session_actor", "policy", "system_actor"]
    name: str
    user_id: str | None = Field(default=None, description="Of a person.")
    api_key_id: str | None = Field(default=None, description="Of a key.")
    session_id: str | None = Field(default=None, description="Of a session.")
    mode: str | None = Field(default=None, description="Of a policy.")


class DroppedDraft(BaseModel):
    """A draft that was not proposed."""

    path: str
    title: str
    reason: Literal["already_waiting", "rejected_before", "memory_gone"]
    proposal_id: str | None = Field(description="What stands against it.")


class Changeset(BaseModel):
    """Proposals to one store from one origin."""

    id: str
    type: Literal["changeset"]
    memory_store_id: str
    origin: Literal["dream", "session", "api", "person"]
    origin_id: str | None
    dream_id: str | None
    title: str
    summary: str
    created_by: ReviewActor
    proposal_count: int
    dropped: list[DroppedDraft]
    created_at: datetime


class ProposalSource(BaseModel):
    """A memory that a proposal changes or replaces."""

    memory_id: str
    path: str = Field(description="As it was when this was drafted.")
    base_sha256: Sha256
    base_memory_version_id: str
    out_of_date: bool


class ProposalEvidence(BaseModel):
    """Words of an event, byte for byte."""

    session_id: str
    event_id: str
    start: int
    end: int
    quote: str
    sha256: Sha256
    role: RoleName
    is_tainted: bool = Field(description="A tool, a page or a file said it.")
    session_title: str
    agent_name: str
    occurred_at: datetime
    source_erased: bool = Field(description="The session was deleted; the quote is what is left.")


class CheckedEvidence(ProposalEvidence):
    """The same, compared with its event."""

    standing: Literal["matches", "broken", "erased"] = Field(
        description="`broken`: the event says something else there now."
    )


class ProposalFile(BaseModel):
    """A path and what is to stand there."""

    path: str
    content: str


class Proposal(BaseModel):
    """A proposed edit of a memory store."""

    id: str
    type: Literal["proposal"]
    changeset_id: str
    memory_store_id: str
    dream_id: str | None
    kind: KindName
    status: StatusName
    title: str
    memory_id: str | None = Field(description="Null of what makes a new memory.")
    path: str
    content: str | None = Field(description="Null of what writes no text, or was redacted.")
    also: list[ProposalFile]
    sources: list[ProposalSource]
    rationale: str
    confidence: Literal["low", "medium", "high"]
    confidence_value: float
    support: dict[str, Any]
    flags: list[str]
    marks: list[dict[str, Any]] = Field(description="Where what is flagged stands.")
    no_longer_said: list[dict[str, Any]] = Field(
        description="What the memories said and the new text does not."
    )
    risk: Literal["high", "medium", "low"]
    evidence: Sequence[ProposalEvidence]
    out_of_date: bool = Field(description="A source has changed since this was drafted.")
    needs_two: bool
    approved_by: str | None = Field(description="The first of two.")
    claimed_by: ReviewActor | None
    claimed_until: datetime | None
    created_at: datetime
    redacted_at: datetime | None = Field(
        description="When its text was taken out: a version that it rests on was redacted."
    )
    decided_at: datetime | None
    decided_by: ReviewActor | None


class HunkLine(BaseModel):
    """A line of a hunk, without its end."""

    kind: Literal["same", "added", "removed"]
    old_number: int | None
    new_number: int | None
    text: str


class ProposalHunk(BaseModel):
    """Lines that change together; a decision can name its number."""

    number: int
    lines: list[HunkLine]


class Decision(BaseModel):
    """What somebody said of a proposal, in its place in the store's chain of decisions."""

    id: str
    type: Literal["decision"]
    proposal_id: str
    sequence: int
    verdict: Literal["accept", "reject", "withdraw", "revert", "approve"]
    reason: str | None
    note: str
    hunks: list[int] | None
    content: str | None = Field(description="What was written instead, if it was edited.")
    is_automatic: bool
    because_of: str | None = Field(description="The decision that brought this one about.")
    decided_by: ReviewActor
    created_at: datetime
    hash: str
    previous_hash: str


class Conflict(BaseModel):
    """Why a proposal cannot be written as it is."""

    kind: Literal["changed", "deleted", "moved", "path_taken", "redacted"]
    path: str
    memory_id: str | None
    in_the_way: str | None
    message: str
    pieces: list[dict[str, str]] = Field(description="The text in base, ours (now) and theirs.")


class FullProposal(Proposal):
    """A proposal with its difference, what is in its way, and its decisions."""

    evidence: Sequence[CheckedEvidence]
    hunks: list[ProposalHunk]
    conflicts: list[Conflict]
    decisions: list[Decision]


class ProposalDecision(BaseModel):
    """What was decided and what came of it."""

    type: Literal["proposal_decision"]
    proposal_id: str
    status: StatusName
    needs_second: bool = Field(description="Nothing is written until a second person agrees.")
    decision: Decision
    memory_version_ids: list[str]
    withdrawn_proposal_ids: list[str]


class ProposalRevert(BaseModel):
    """A decision that was taken back, or what taking it back would do."""

    type: Literal["proposal_revert", "proposal_revert_preview"]
    proposal_id: str
    status: StatusName | None = None
    decision: Decision | None = None
    memory_version_ids: list[str] = Field(default=[])
    reopened_proposal_ids: list[str] = Field(default=[])
    token: str | None = Field(default=None, description="Of a preview; pass it to do just that.")
    changes: list[dict[str, Any]] = Field(default=[])
    conflicts: list[Conflict] = Field(default=[])
    later_memory_version_ids: list[str] = Field(default=[])
    later_proposal_ids: list[str] = Field(default=[])
    session_ids: list[str] = Field(default=[], description="The first fifty that have read it.")
    session_count: int | None = None


class SkippedProposal(BaseModel):
    """One that a batch leaves as it is."""

    proposal_id: str
    why: str


class ProposalBatch(BaseModel):
    """What a batch decided, or would decide."""

    type: Literal["proposal_batch"]
    preview: bool
    proposal_ids: list[str]
    skipped: list[SkippedProposal]


class ReviewPolicy(BaseModel):
    """Who decides in a store."""

    type: Literal["review_policy"]
    memory_store_id: str
    mode: Literal["review", "auto_safe", "auto"]
    two_for_flagged: bool
    two_over_sessions: int | None
