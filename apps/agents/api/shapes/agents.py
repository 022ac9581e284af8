"""What it takes to make an agent, to change one, and to look for some."""

from typing import Annotated, Any, Literal

from pydantic import Field

from apps.agents.api.shapes.models import ModelParam
from apps.agents.api.shapes.multiagent import Multiagent
from apps.agents.api.shapes.tools import McpServers, Tools
from apps.core.api.shapes import PageQuery, Shape
from apps.core.api.times import CreatedQuery

MOST_PAIRS = 16
Name = Annotated[str, Field(min_length=1, max_length=256)]
Description = Annotated[str, Field(max_length=2048)]
System = Annotated[str, Field(max_length=100_000)]
Key = Annotated[str, Field(min_length=1, max_length=64)]
Value = Annotated[str, Field(max_length=512)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Skill(Shape):
    """A skill, in one version or in its newest."""

    type: Literal["anthropic", "custom"]
    skill_id: Annotated[str, Field(min_length=1, max_length=64)]
    version: Annotated[str, Field(min_length=1, max_length=64)] | None = Field(
        default=None, description="Omitted, the latest."
    )


Skills = Annotated[list[Skill], Field(max_length=256)]


class ServiceAccount(Shape):
    """The server's own identity."""

    type: Literal["service_account"]


class AwsRole(Shape):
    """A role at a cloud provider."""

    type: Literal["aws_role"]
    role_arn: Annotated[str, Field(min_length=1, max_length=2048)]


ExecutionIdentity = Annotated[ServiceAccount | AwsRole, Field(discriminator="type")]


class NewAgent(Shape):
    """A definition."""

    name: Name
    model: ModelParam
    description: Description | None = None
    system: System | None = None
    tools: Tools | None = None
    mcp_servers: McpServers | None = None
    skills: Skills | None = None
    multiagent: Multiagent | None = None
    metadata: Annotated[dict[Key, Value], Field(max_length=MOST_PAIRS)] | None = None
    execution_identity: ExecutionIdentity | None = None


def _without_default(schema: dict[str, Any]) -> None:
    """Omitted, these keep what is there: the default is only what nobody reads."""
    schema.pop("default", None)


class AgentPatch(Shape):
    """What is to change. Omitted keys keep what is there, `null` clears."""

    version: Version | None = Field(
        default=None, description="Refused with 409 if the agent is at another version by now."
    )
    name: Name = Field(default="", json_schema_extra=_without_default)
    model: ModelParam = Field(default="", json_schema_extra=_without_default)
    description: Description | None = None
    system: System | None = None
    tools: Tools | None = None
    mcp_servers: McpServers | None = None
    skills: Skills | None = None
    multiagent: Multiagent | None = None
    metadata: Annotated[dict[Key, Value | None], Field(max_length=1_000)] | None = Field(
        default=None, description="Merged key by key; a value of null removes its key."
    )
    execution_identity: ExecutionIdentity | None = None


class AgentQuery(Shape):
    """Which version."""

    version: Version | None = Field(default=None, description="Omitted, the newest.")


class AgentsQuery(PageQuery, CreatedQuery):
    """Which agents."""

    include_archived: bool = False
