"""One agent, version or environment of a workspace, or a refusal that says which is missing."""

from apps.accounts.models import Workspace
from apps.agents.models import Agent, AgentVersion, Environment
from apps.core import payloads
from apps.core.errors import DomainError, NotFound


class AgentNotFound(NotFound):
    """There is no such agent in this workspace."""


class EnvironmentNotFound(NotFound):
    """There is no such environment in this workspace."""

    code = "environment_not_found"


class AgentArchived(DomainError):
    """This agent is archived: it can be read, and nothing else."""


class EnvironmentArchived(DomainError):
    """This environment is archived: it can be read and deleted, and nothing else."""

    code = "environment_archived"


def agent(workspace: Workspace, public_id: str) -> Agent:
    """The agent with its definition. Raises AgentNotFound, also if it was never defined."""
    defined = Agent.objects.defined_in(workspace).with_newest()
    found = defined.filter(public_id=payloads.storable(public_id)).first()
    if found is None:
        raise AgentNotFound(
            payloads.storable(f"There is no agent '{public_id}' in this workspace.")
        )
    return found


def version(agent: Agent, number: int | None) -> AgentVersion:
    """One of its versions, the newest without a number. Raises AgentNotFound."""
    if number is None or number == agent.version:
        return agent.newest_versions[0]
    found = AgentVersion.objects.filter(agent=agent, version=number).first()
    if found is None:
        raise AgentNotFound(f"The agent '{agent.public_id}' has no version {number}.")
    return found


def environment(workspace: Workspace, public_id: str) -> Environment:
    """The environment, archived or not. Raises EnvironmentNotFound."""
    live = Environment.objects.live_in(workspace)
    found = live.filter(public_id=payloads.storable(public_id)).first()
    if found is None:
        raise EnvironmentNotFound(
            payloads.storable(f"There is no environment '{public_id}' in this workspace.")
        )
    return found
