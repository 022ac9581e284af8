"""The pages of agents and environments."""

from django.http import Http404

from apps.accounts.middleware import WorkspaceRequest
from apps.agents import finding
from apps.agents.models import Agent, Environment
from apps.core.errors import NotFound

FORM = ["GET", "HEAD", "POST"]


def agent_of(request: WorkspaceRequest, agent_id: str) -> Agent:
    """The agent of this page, its workspace loaded."""
    try:
        agent = finding.agent(request.workspace, agent_id)
    except NotFound as missing:
        raise Http404 from missing
    agent.workspace = request.workspace
    return agent


def environment_of(request: WorkspaceRequest, environment_id: str) -> Environment:
    try:
        return finding.environment(request.workspace, environment_id)
    except NotFound as missing:
        raise Http404 from missing
