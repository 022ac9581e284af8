"""What it takes to make a session, to change one, and to look for some."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from apps.agents.api.shapes import AgentPatch, AgentRef, McpServers, Tools
from apps.agents.api.shapes.agents import MOST_PAIRS, Key, Value
from apps.core.api.shapes import PageQuery, Shape
from apps.core.api.times import CreatedQuery
from apps.sessions.api.shapes.events import InitialEvent, require_one_outcome
from apps.sessions.api.shapes.resources import MountParam
from apps.sessions.resources import MOST_RESOURCES

MOST_INITIAL_EVENTS = 50
MOST_VAULTS = 50
Id = Annotated[str, Field(min_length=1, max_length=128)]
StatusName = Literal["rescheduling", "running", "idle", "terminated"]


class Money(Shape):
    """An amount in whole cents."""

    amount: Annotated[str, Field(pattern=r"^[1-9][0-9]{0,11}$")] = Field(
        description='Whole cents as text, without leading zeros: "2500" is $25.00.'
    )
    currency: Literal["USD"]


class Budget(Shape):
    """A ceiling for what a session may cost at list price."""

    type: Literal["limit"]
    max_list_cost: Money

    def as_stored(self) -> dict[str, Any]:
        return self.model_dump()


class NewSession(Shape):
    """A session, and what it begins with."""

    agent: AgentRef
    environment_id: Id
    title: Annotated[str, Field(max_length=500)] | None = None
    metadata: Annotated[dict[Key, Value], Field(max_length=MOST_PAIRS)] = Field(default={})
    resources: Annotated[list[MountParam], Field(max_length=MOST_RESOURCES)] = Field(default=[])
    vault_ids: Annotated[list[str], Field(max_length=MOST_VAULTS)] = Field(
        default=[], description="This server keeps no vaults yet: leave it empty."
    )
    initial_events: Annotated[list[InitialEvent], Field(max_length=MOST_INITIAL_EVENTS)] = Field(
        default=[], description="Sent at once; if one cannot be, no session is made."
    )
    budget: Budget | None = Field(
        default=None, description="It can be replaced or removed later, and not added."
    )

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        require_one_outcome(self.initial_events, "initial_events")
        return self


class SessionAgentPatch(Shape):
    """Other tools or servers for this session's agent. Each list replaces the whole."""

    tools: Tools = Field(default=[])
    mcp_servers: McpServers = Field(default=[])

    def as_patch(self) -> AgentPatch:
        return AgentPatch(**{name: getattr(self, name) for name in self.model_fields_set})


class SessionPatch(Shape):
    """What is to change. Omitted keys keep what is there, `null` clears."""

    title: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    metadata: dict[Key, Value | None] | None = Field(
        default=None, description="Merged key by key; a value of null removes its key."
    )
    agent: SessionAgentPatch = Field(
        default=SessionAgentPatch(), description="Only while the session is not running."
    )
    budget: Budget | None = None
    vault_ids: list[str] | None = Field(
        default=None, description="Reserved: a request that sets it is refused."
    )

    @model_validator(mode="after")
    def _vaults_stay(self) -> Self:
        if "vault_ids" in self.model_fields_set:
            raise ValueError("vault_ids: the vaults of a session cannot be changed")
        return self


class SessionsQuery(CreatedQuery, PageQuery):
    """Which sessions, and in which order."""

    agent_id: str = ""
    agent_version: int | None = Field(
        default=None, ge=0, le=2**31 - 1, description="Counts only with `agent_id`."
    )
    deployment_id: str = ""
    memory_store_id: str = Field(default="", description="Sessions that have it mounted.")
    statuses: list[StatusName] = Field(
        default_factory=list, description="Any of these; archived sessions are `terminated`."
    )
    include_archived: bool = False
    order: Literal["asc", "desc"] = Field(default="desc", description="`desc`: newest first.")


class ThreadsQuery(Shape):
    """Which threads of a session."""

    limit: int = Field(default=1_000, ge=1, le=1_000, description="Rows per page.")
    page: str = Field(default="", description="`next_page` of the page before.")
    statuses: list[StatusName] = Field(default_factory=list, description="Any of these.")
