"""What agents and environments look like in answers, for the OpenAPI document.

The answers themselves are made in `wire`; a test holds the two together.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from apps.agents.api.shapes.agents import ExecutionIdentity
from apps.agents.api.shapes.models import Effort
from apps.agents.api.shapes.tools import InputSchema, PermissionPolicy, UserLocation

Text = str | None


class AgentModel(BaseModel):
    """Which model, and how."""

    id: str
    effort: Effort | None = None
    speed: Literal["standard", "fast"] | None = None
    inference_geo: Text = None


class ToolSettings(BaseModel):
    """Whether a tool is there, and who decides on its calls."""

    enabled: bool
    permission_policy: PermissionPolicy


class UrlSource(BaseModel):
    """Which URLs of one source may be fetched."""

    type: Literal["all", "none", "only", "except"]
    tools: list[dict[str, str]] = []


class ResolvedUrlSources(BaseModel):
    """Where a URL must have been seen to be fetched."""

    user_input: UrlSource | None = None
    client_tool_results: UrlSource | None = None
    server_tool_results: UrlSource | None = None


class BuiltInTool(ToolSettings):
    """One built-in tool. What only some of them have is absent from the rest."""

    name: Literal["bash", "edit", "read", "write", "glob", "grep", "web_fetch", "web_search"]
    type: Literal["bash", "edit", "read", "write", "glob", "grep", "web_fetch", "web_search"]
    allowed_domains: list[str] | None = None
    blocked_domains: list[str] | None = None
    max_content_tokens: int | None = None
    url_sources: ResolvedUrlSources | None = None
    user_location: UserLocation | None = None


class BuiltInToolset(BaseModel):
    """The built-in tools."""

    type: Literal["agent_toolset_20260401"]
    default_config: ToolSettings
    configs: list[BuiltInTool]


class McpTool(ToolSettings):
    """One tool of an MCP server."""

    name: str


class McpServerToolset(BaseModel):
    """The tools of one of the agent's MCP servers."""

    type: Literal["mcp_toolset"]
    mcp_server_name: str
    default_config: ToolSettings
    configs: list[McpTool]


class ClientTool(BaseModel):
    """A tool that the client carries out."""

    type: Literal["custom"]
    name: str
    description: str
    input_schema: InputSchema


class McpServerDefinition(BaseModel):
    """An MCP server by its address."""

    type: Literal["url"]
    name: str
    url: str


class AgentSkill(BaseModel):
    """A skill at a version."""

    type: Literal["anthropic", "custom"]
    skill_id: str
    version: str


class AgentPin(BaseModel):
    """An agent at a version."""

    type: Literal["agent"]
    id: str
    version: int


class AdvisorEntry(BaseModel):
    """A model that the primary thread may consult."""

    type: Literal["advisor"]
    model: str


class Enabled(BaseModel):
    """Whether something is on."""

    type: Literal["enabled", "disabled"]


class AdvisorState(Enabled):
    """Whether there is an advisor, and which model."""

    model: Text = None


class Delegation(Enabled):
    """Whether others can be called, and who. Disabled, it says nothing else."""

    inline_agents: Enabled | None = None
    predefined_agents: list[AgentPin] | None = None


class CoordinatorRoster(BaseModel):
    """Whom a coordinator may start threads of."""

    type: Literal["coordinator"]
    agents: list[Annotated[AgentPin | AdvisorEntry, Field(discriminator="type")]]


class MultiagentConfig(BaseModel):
    """Three ways of not working alone."""

    type: Literal["multiagent_20261001"]
    advisor: AdvisorState
    subagents: Delegation
    workflows: Delegation


class _Defined(BaseModel):
    """What an agent says, wherever it is shown."""

    id: str
    type: Literal["agent"]
    version: int
    name: str
    model: AgentModel
    description: Text = Field(description="Null when unset.")
    system: Text
    tools: list[
        Annotated[BuiltInToolset | McpServerToolset | ClientTool, Field(discriminator="type")]
    ]
    mcp_servers: list[McpServerDefinition]
    skills: list[AgentSkill]
    execution_identity: ExecutionIdentity


class Agent(_Defined):
    """An agent at a version."""

    multiagent: Annotated[CoordinatorRoster | MultiagentConfig, Field(discriminator="type")] | None
    metadata: dict[str, str]
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None


class ThreadAgent(_Defined):
    """An agent as one thread runs it."""


class SessionDelegation(Enabled):
    """Whether others can be called, and who, with their whole definitions."""

    inline_agents: Enabled | None = None
    predefined_agents: list[ThreadAgent] | None = None


class SessionCoordinatorRoster(BaseModel):
    """Whom a coordinator may start threads of, with their whole definitions."""

    type: Literal["coordinator"]
    agents: list[Annotated[ThreadAgent | AdvisorEntry, Field(discriminator="type")]]


class SessionMultiagentConfig(BaseModel):
    """Three ways of not working alone, with everyone's whole definition."""

    type: Literal["multiagent_20261001"]
    advisor: AdvisorState
    subagents: SessionDelegation
    workflows: SessionDelegation


class SessionAgent(_Defined):
    """An agent as a session runs it: a snapshot from when the session began."""

    multiagent: (
        Annotated[SessionCoordinatorRoster | SessionMultiagentConfig, Field(discriminator="type")]
        | None
    )


class Unrestricted(BaseModel):
    """The whole network."""

    type: Literal["unrestricted"]


class Limited(BaseModel):
    """Some of the network."""

    type: Literal["limited"]
    allowed_hosts: list[str]
    allow_mcp_servers: bool
    allow_package_managers: bool


class InstalledPackages(BaseModel):
    """What is installed beforehand, by the manager that installs it."""

    type: Literal["packages"]
    apt: list[str]
    cargo: list[str]
    gem: list[str]
    go: list[str]
    npm: list[str]
    pip: list[str]


class CloudConfig(BaseModel):
    """A sandbox that this server provides."""

    type: Literal["cloud"]
    networking: Annotated[Unrestricted | Limited, Field(discriminator="type")]
    packages: InstalledPackages


class SelfHostedConfig(BaseModel):
    """A machine of your own that asks for work."""

    type: Literal["self_hosted"]


class Environment(BaseModel):
    """Where an agent's tools run."""

    id: str
    type: Literal["environment"]
    name: str
    description: Text = Field(description="Null when unset.")
    config: Annotated[CloudConfig | SelfHostedConfig, Field(discriminator="type")]
    metadata: dict[str, str]
    scope: Literal["organization", "account"]
    created_at: str
    updated_at: str
    archived_at: Text


class EnvironmentDeleted(BaseModel):
    """An environment that is gone."""

    id: str
    type: Literal["environment_deleted"]
