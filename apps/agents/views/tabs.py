"""The sides of an agent, each a page of its own."""

from django.urls import reverse

from apps.accounts.middleware import WorkspaceRequest
from apps.agents.models import Agent

SIDES = {
    "agents:agent": "Definition",
    "agents:versions": "Versions",
    "agents:roster": "Roster",
    "agents:runs": "Runs",
}


def tabs(request: WorkspaceRequest, agent: Agent, current: str) -> list[dict[str, object]]:
    """As components/tabs.html takes them."""
    where = [request.workspace.slug, agent.public_id]
    counts = {"agents:versions": agent.version}
    return [
        {
            "label": label,
            "url": reverse(name, args=where),
            "current": name == current,
            "count": counts.get(name, ""),
        }
        for name, label in SIDES.items()
    ]
