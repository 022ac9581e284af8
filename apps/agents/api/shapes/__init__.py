"""What requests about agents and environments look like (contract: 3.1, 3.2, 3.6)."""

from apps.agents.api.shapes.agents import AgentPatch, AgentQuery, AgentsQuery, NewAgent
from apps.agents.api.shapes.environments import (
    EnvironmentPatch,
    EnvironmentsQuery,
    NewEnvironment,
)
from apps.agents.api.shapes.references import AgentRef, AgentReference, AgentWithOverrides
from apps.agents.api.shapes.tools import McpServers, Tools

__all__ = [
    "AgentPatch",
    "AgentQuery",
    "AgentRef",
    "AgentReference",
    "AgentWithOverrides",
    "AgentsQuery",
    "EnvironmentPatch",
    "EnvironmentsQuery",
    "McpServers",
    "NewAgent",
    "NewEnvironment",
    "Tools",
]
