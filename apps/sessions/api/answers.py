"""What answers about sessions look like, for the OpenAPI document.

The answers themselves are made in `wire`; a test holds the two together.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from apps.agents.api.answers import AdvisorEntry, SessionAgent, ThreadAgent
from apps.sessions.api.shapes.events import (
    SystemMessage,
    UserCustomToolResult,
    UserDefineOutcome,
    UserInterrupt,
    UserMessage,
    UserToolConfirmation,
    UserToolResult,
)
from apps.sessions.api.shapes.resources import Branch, Commit
from apps.sessions.api.shapes.sessions import Budget, StatusName


class FileResource(BaseModel):
    """A file as it is mounted: the session's own copy."""

    id: str
    type: Literal["file"]
    file_id: str
    mount_path: str
    created_at: datetime
    updated_at: datetime


class RepositoryResource(BaseModel):
    """A repository as it is mounted."""

    id: str
    type: Literal["github_repository"]
    url: str
    mount_path: str
    checkout: Annotated[Branch | Commit, Field(discriminator="type")] | None = None
    created_at: datetime
    updated_at: datetime


class MemoryStoreResource(BaseModel):
    """A memory store as it is mounted. Name and description are those that it had then."""

    type: Literal["memory_store"]
    memory_store_id: str
    name: str
    description: str
    access: Literal["read_write", "read_only"]
    instructions: str | None
    mount_path: str


class SessionResource(
    RootModel[
        Annotated[
            FileResource | RepositoryResource | MemoryStoreResource, Field(discriminator="type")
        ]
    ]
):
    """Something mounted in a session."""


class ResourceDeleted(BaseModel):
    """A resource that is mounted no more."""

    id: str
    type: Literal["session_resource_deleted"]


class ListCost(BaseModel):
    """What it would cost at list price, in whole cents."""

    amount: str
    currency: Literal["USD"]


class CacheCreation(BaseModel):
    """Tokens written to the prompt cache, by how long they stay."""

    ephemeral_1h_input_tokens: int
    ephemeral_5m_input_tokens: int


class Usage(BaseModel):
    """Tokens and cost, summed over everything so far."""

    input_tokens: int
    output_tokens: int
    cache_read_input_tokens: int
    cache_creation: CacheCreation
    list_cost: ListCost
    active_seconds: float


class Stats(BaseModel):
    """Times: since it began, and spent running."""

    active_seconds: float
    duration_seconds: float | None = None


class OutcomeEvaluation(BaseModel):
    """Where one outcome stands."""

    type: Literal["outcome_evaluation"]
    outcome_id: str
    description: str
    iteration: int
    result: str
    explanation: str | None = None
    completed_at: datetime | None = None


class Session(BaseModel):
    """A run of an agent."""

    id: str
    type: Literal["session"]
    title: str | None
    status: StatusName
    agent: SessionAgent
    environment_id: str
    metadata: dict[str, str]
    resources: list[SessionResource]
    vault_ids: list[str]
    outcome_evaluations: list[OutcomeEvaluation]
    stats: Stats
    usage: Usage
    budget: Budget | None
    deployment_id: str | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class SessionDeleted(BaseModel):
    """A session that is gone for good."""

    id: str
    type: Literal["session_deleted"]


class SessionThread(BaseModel):
    """One line of work in a session."""

    id: str
    type: Literal["session_thread"]
    session_id: str
    agent: Annotated[ThreadAgent | AdvisorEntry, Field(discriminator="type")]
    status: StatusName
    parent_thread_id: str | None = Field(description="Null of the primary thread.")
    stats: Stats | None
    usage: Usage | None
    workflow_run_id: str | None = None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class SessionEvent(BaseModel):
    """Something that happened. What else it says depends on its type."""

    model_config = ConfigDict(extra="allow")

    id: str
    type: str
    processed_at: datetime | None = None


class _Echo(BaseModel):
    """What the server adds to an event that it was sent."""

    id: str
    processed_at: datetime | None = Field(
        default=None, description="Null until a turn takes it up."
    )


class SentMessage(_Echo, UserMessage):
    """A message as it was sent."""


class SentInterrupt(_Echo, UserInterrupt):
    """An interrupt as it was sent."""


class SentConfirmation(_Echo, UserToolConfirmation):
    """A confirmation as it was sent."""

    session_thread_id: str | None = Field(default=None, description="The thread that it went to.")


class SentCustomToolResult(_Echo, UserCustomToolResult):
    """A result as it was sent."""

    session_thread_id: str | None = Field(default=None, description="The thread that it went to.")


class SentToolResult(_Echo, UserToolResult):
    """A result as it was sent."""

    session_thread_id: str | None = Field(default=None, description="The thread that it went to.")


class SentOutcome(_Echo, UserDefineOutcome):
    """An outcome as it was defined."""

    outcome_id: str


class SentSystemMessage(_Echo, SystemMessage):
    """An operator's message as it was sent."""


class EventsSent(BaseModel):
    """The events that were sent, in their order, with the ids they have."""

    data: list[
        Annotated[
            SentMessage
            | SentInterrupt
            | SentConfirmation
            | SentCustomToolResult
            | SentToolResult
            | SentOutcome
            | SentSystemMessage,
            Field(discriminator="type"),
        ]
    ]


Answer = dict[str, Any]
