"""Agents and environments as the API answers them (contract: 3.1, 3.2)."""

from typing import Any

from apps.agents import rosters
from apps.agents.models import Agent, AgentVersion, Environment
from apps.core.api.times import stamp

# Where it ran is known from transcripts alone: somewhere that is none of ours.
ELSEWHERE = {"type": "self_hosted"}


def agent_object(agent: Agent, version: AgentVersion | None = None) -> dict[str, Any]:
    """The agent at this version, or at its newest, loaded by with_newest."""
    shown = version or agent.newest_versions[0]
    definition = shown.definition
    is_newest = shown.version == agent.version
    return {
        "id": agent.public_id,
        "type": "agent",
        "version": shown.version,
        **definition,
        "multiagent": rosters.resolved(
            definition["multiagent"], public_id=agent.public_id, version=shown.version
        ),
        "created_at": stamp(agent.created_at),
        "updated_at": stamp(agent.updated_at if is_newest else shown.created_at),
        "archived_at": stamp(agent.archived_at),
    }


def environment_object(environment: Environment) -> dict[str, Any]:
    return {
        "id": environment.public_id,
        "type": "environment",
        "name": environment.name,
        "description": environment.description,
        "config": environment.config or ELSEWHERE,
        "metadata": environment.metadata,
        "scope": environment.scope,
        "created_at": stamp(environment.created_at),
        "updated_at": stamp(environment.updated_at),
        "archived_at": stamp(environment.archived_at),
    }
