"""What can be sent into a session, and how its events are asked for."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from apps.core.api.shapes import PageQuery, Shape
from apps.core.api.times import CreatedQuery
from apps.sessions.api.shapes.content import Filled, ResultBlock, TextBlock, UserBlock

MOST_EVENTS = 1_000
MOST_ITERATIONS = 20
LONGEST_RUBRIC = 262_144
LONGEST_DENIAL = 10_000
EventId = Annotated[str, Field(min_length=1, max_length=128)]
Results = Annotated[list[ResultBlock], Field(max_length=1_000)]


class UserMessage(Shape):
    """What a user says."""

    type: Literal["user.message"]
    content: Annotated[list[UserBlock], Field(min_length=1, max_length=1_000)]


class UserInterrupt(Shape):
    """Stop: one thread, or without a name every one of them."""

    type: Literal["user.interrupt"]
    session_thread_id: EventId | None = None


class UserToolConfirmation(Shape):
    """Whether a tool may do what it asked for."""

    type: Literal["user.tool_confirmation"]
    tool_use_id: EventId
    result: Literal["allow", "deny"]
    deny_message: Annotated[str, Field(max_length=LONGEST_DENIAL)] | None = Field(
        default=None, description="Only with `deny`."
    )

    @model_validator(mode="after")
    def _only_a_denial_is_explained(self) -> Self:
        if self.deny_message is not None and self.result != "deny":
            raise ValueError("deny_message goes with the result 'deny' alone")
        return self


class UserCustomToolResult(Shape):
    """What came of a tool that the client carries out."""

    type: Literal["user.custom_tool_result"]
    custom_tool_use_id: EventId
    content: Results = Field(default=[])
    is_error: bool | None = None


class UserToolResult(Shape):
    """What came of a built-in tool, in a self-hosted environment."""

    type: Literal["user.tool_result"]
    tool_use_id: EventId
    content: Results = Field(default=[])
    is_error: bool | None = None


class TextRubric(Shape):
    """The rubric itself, as text or markdown."""

    type: Literal["text"]
    content: Annotated[str, Field(min_length=1, max_length=LONGEST_RUBRIC)]


class FileRubric(Shape):
    """The rubric as a file of this workspace."""

    type: Literal["file"]
    file_id: Filled


class UserDefineOutcome(Shape):
    """What the agent is to achieve, and how it will be judged."""

    type: Literal["user.define_outcome"]
    description: Filled
    rubric: Annotated[TextRubric | FileRubric, Field(discriminator="type")]
    max_iterations: Annotated[int, Field(ge=1, le=MOST_ITERATIONS)] | None = Field(
        default=None, description="How often the work may be judged. Omitted, 3."
    )


class SystemMessage(Shape):
    """What the operator adds to the system prompt from this turn on."""

    type: Literal["system.message"]
    content: Annotated[list[TextBlock], Field(min_length=1, max_length=1_000)]


ClientEvent = Annotated[
    UserMessage
    | UserInterrupt
    | UserToolConfirmation
    | UserCustomToolResult
    | UserToolResult
    | UserDefineOutcome
    | SystemMessage,
    Field(discriminator="type"),
]
InitialEvent = Annotated[UserMessage | UserDefineOutcome, Field(discriminator="type")]
_ACCOMPANIED = (UserMessage, UserToolResult, UserCustomToolResult)


class SentEvents(Shape):
    """Events, in the order in which they happened."""

    events: Annotated[list[ClientEvent], Field(min_length=1, max_length=MOST_EVENTS)]

    @model_validator(mode="after")
    def _one_system_message_at_the_end(self) -> Self:
        *before, last = self.events
        if any(isinstance(each, SystemMessage) for each in before):
            raise ValueError("events: there can be one system.message, and nothing after it")
        if isinstance(last, SystemMessage) and not (
            before and isinstance(before[-1], _ACCOMPANIED)
        ):
            raise ValueError(
                "events: a system.message stands right after the user.message, user.tool_result or"
                " user.custom_tool_result that it accompanies"
            )
        return self

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        require_one_outcome(self.events, "events")
        return self


def require_one_outcome(events: list[ClientEvent] | list[InitialEvent], field: str) -> None:
    """Raises ValueError."""
    if sum(isinstance(each, UserDefineOutcome) for each in events) > 1:
        raise ValueError(f"{field}: there can be one user.define_outcome at a time")


EventType = Literal[
    "user.message",
    "user.interrupt",
    "user.tool_confirmation",
    "user.custom_tool_result",
    "user.tool_result",
    "user.define_outcome",
    "system.message",
    "agent.message",
    "agent.thinking",
    "agent.tool_use",
    "agent.tool_result",
    "agent.mcp_tool_use",
    "agent.mcp_tool_result",
    "agent.custom_tool_use",
    "agent.thread_message_received",
    "agent.thread_message_sent",
    "agent.thread_context_compacted",
    "session.status_running",
    "session.status_idle",
    "session.status_rescheduled",
    "session.status_terminated",
    "session.error",
    "session.updated",
    "session.usage",
    "session.thread_created",
    "session.thread_status_running",
    "session.thread_status_idle",
    "session.thread_status_rescheduled",
    "session.thread_status_terminated",
    "span.model_request_start",
    "span.model_request_end",
    "span.outcome_evaluation_start",
    "span.outcome_evaluation_ongoing",
    "span.outcome_evaluation_end",
    "workflow_run.created",
    "workflow_run.status_running",
    "workflow_run.status_idle",
    "workflow_run.status_ended",
    "workflow_run.error",
    "workflow_run.phase_started",
    "workflow_run.phase_ended",
]


class EventsQuery(CreatedQuery, PageQuery):
    """Which events, and in which order."""

    order: Literal["asc", "desc"] = Field(default="asc", description="`asc`: as it happened.")
    types: list[EventType] = Field(default_factory=list, description="Any of these; none is all.")
