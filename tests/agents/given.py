"""Agents and environments as the tests make them: through the domain, as everybody does."""

from typing import Any

from apps.accounts.models import Workspace
from apps.agents.actions import agents, environments
from apps.agents.api.shapes import AgentPatch, NewAgent, NewEnvironment
from apps.agents.models import Agent, Environment
from apps.core.api.shapes import read
from tests import make


def shape(**fields: Any) -> NewAgent:
    return read(NewAgent, {"name": "refunds", "model": "claude-sonnet-5"} | fields)


def agent(*, of: Workspace | None = None, **fields: Any) -> Agent:
    return agents.create_agent(given=shape(**fields), by=make.actor(of=of))


def changed(agent: Agent, **fields: Any) -> Agent:
    by = make.actor(of=agent.workspace)
    return agents.update_agent(agent=agent, patch=read(AgentPatch, fields), by=by)


def archived(agent: Agent) -> Agent:
    return agents.archive_agent(agent=agent, by=make.actor(of=agent.workspace))


def coordinator(*roster: Any, of: Workspace | None = None, **fields: Any) -> Agent:
    agents = [each.public_id if isinstance(each, Agent) else each for each in roster]
    return agent(of=of, multiagent={"type": "coordinator", "agents": agents}, **fields)


def environment(*, of: Workspace | None = None, **fields: Any) -> Environment:
    given = {"name": "python"} | fields
    wanted = read(NewEnvironment, given)
    return environments.create_environment(given=wanted, by=make.actor(of=of))
