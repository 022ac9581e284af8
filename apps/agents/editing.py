"""A definition in an editor: its text, what is wrong with it, and where a new one begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Workspace
from apps.agents import definition as definitions
from apps.agents import resolving, rosters
from apps.agents.api.shapes import NewAgent
from apps.agents.api.shapes.multiagent import Coordinator
from apps.agents.defining import Complaint, dump, parse
from apps.agents.models import Agent

# Numbers below the text for who writes on without scripts.
SPARE_LINES = 40

FIRST = """\
name: support
model: claude-sonnet-5-5
description: Answers questions about orders and refunds.
system: |
  You help customers with their orders.

  Look an order up before you say anything about it. If you are not sure, ask.
tools:
  # Everything built in, but no shell.
  - type: agent_toolset_20260401
    configs:
      - name: bash
        enabled: false
"""
COORDINATOR = """\
name: coordinator
model: claude-opus-5-5
system: |
  You lead a team. Split the task, hand the parts to whoever is best at each,
  check what comes back, and answer once for all.
tools:
  - type: agent_toolset_20260401
multiagent:
  type: coordinator
  # Up to 20: ids of agents (at their newest version), copies of itself, an advisor.
  agents:
{members}    - type: self
"""


@dataclass(frozen=True, slots=True)
class Editor:
    """Text with its complaints, each beside the line that it is about."""

    text: str
    complaints: Sequence[Complaint] = ()

    @property
    def numbers(self) -> list[tuple[int, bool]]:
        """Every line's number, and whether something is wrong with it."""
        wrong = {each.line for each in self.complaints}
        count = self.text.count("\n") + SPARE_LINES
        return [(number, number in wrong) for number in range(1, count + 1)]

    @property
    def rows(self) -> int:
        """Tall enough for all of it, so that the numbers beside it need no script to follow."""
        return max(16, self.text.count("\n") + 4)

    @property
    def quoted(self) -> list[tuple[Complaint, str]]:
        """Each complaint with its line, as it is written."""
        lines = self.text.splitlines()
        return [
            (each, lines[each.line - 1] if each.line <= len(lines) else "")
            for each in self.complaints
        ]


def text_of(agent: Agent, definition: definitions.Definition | None = None) -> str:
    """The definition with the names of whom it may call, all in one query."""
    shown = definition or agent.definition
    return dump(shown, names_of(agent.workspace_id, rosters.entries(shown["multiagent"])))


def names_of(workspace_id: str, entries: Sequence[rosters.Entry]) -> dict[str, str]:
    """By id."""
    ids = {each["id"] for each in entries if each["type"] == "agent"}
    if not ids:
        return {}
    known = Agent.objects.filter(workspace=workspace_id, public_id__in=ids)
    return dict(known.values_list("public_id", "name"))


def example(workspace: Workspace, kind: str) -> str:
    """Where a new agent begins: alone, or leading those that are there."""
    if kind != "coordinator":
        return FIRST
    newest = Agent.objects.defined_in(workspace, include_archived=False).order_by("-created_at")
    callable_ones = newest.filter(versions__definition__multiagent=None).distinct()
    members = [
        f"    - {agent.public_id}  # {' '.join(agent.name.split())}\n"
        for agent in callable_ones[:3]
    ]
    return COORDINATOR.format(members="".join(members))


def definition_of(text: str) -> definitions.Definition:
    """What an example says, with whom it calls not pinned yet."""
    given = parse(text).read(NewAgent)
    told = definitions.filled(given, definitions.EMPTY)
    if not isinstance(given.multiagent, Coordinator):
        return told
    named = [
        {"type": "agent", "id": e, "version": None}
        for e in given.multiagent.agents
        if isinstance(e, str)
    ]
    return told | {"multiagent": {"type": "coordinator", "agents": [*named, rosters.SELF]}}


def recorded_definition(agent: Agent, snapshot: dict[str, Any]) -> definitions.Definition:
    """What transcripts say of an agent that was never defined here, as far as it can be used."""
    told = resolving.session_agent(snapshot)
    model = told["model"] if told["model"]["id"] != "unknown" else {}
    kept = {
        name: told[name] for name in ("description", "system", "tools", "mcp_servers", "skills")
    }
    defaults = {"effort": {"type": "high"}, "speed": "standard"}
    return definitions.EMPTY | kept | {"name": agent.name, "model": defaults | {"id": ""} | model}
