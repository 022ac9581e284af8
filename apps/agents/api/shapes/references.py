"""How a session names the agent that it runs."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from apps.agents.api.shapes.agents import Skills, System, Version
from apps.agents.api.shapes.choosing import STRING, by_type
from apps.agents.api.shapes.models import ModelParam
from apps.agents.api.shapes.multiagent import AgentId
from apps.agents.api.shapes.tools import McpServers, Tools
from apps.core.api.shapes import Shape


class AgentReference(Shape):
    """An agent, in one version or in its newest."""

    type: Literal["agent"]
    id: AgentId
    version: Version | None = None


class AgentWithOverrides(Shape):
    """An agent with some fields replaced, each as a whole, for this session alone."""

    type: Literal["agent_with_overrides"]
    id: AgentId
    version: Version | None = None
    model: ModelParam | None = Field(default=None, description="Cannot be null.")
    system: System | None = None
    tools: Tools | None = None
    mcp_servers: McpServers | None = None
    skills: Skills | None = None


AgentRef = Annotated[
    Annotated[AgentId, Tag(STRING)]
    | Annotated[AgentReference, Tag("agent")]
    | Annotated[AgentWithOverrides, Tag("agent_with_overrides")],
    by_type("agent", "agent_with_overrides"),
]
"""The newest version by its id, or an object that says more."""
