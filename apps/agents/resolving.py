"""What a session takes of an agent: a snapshot of it, which later changes do not reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, get_type_hints

from django.db.models import Q
from pydantic import TypeAdapter, ValidationError

from apps.accounts.models import Workspace
from apps.agents import definition as definitions
from apps.agents import finding, rosters, soundness
from apps.agents.api.answers import SessionAgent
from apps.agents.api.shapes import AgentReference, AgentWithOverrides
from apps.agents.models import Agent, AgentVersion, Environment
from apps.core.errors import DomainError

Snapshot = dict[str, Any]
Reference = str | AgentReference | AgentWithOverrides

_KEPT = (
    "name",
    "model",
    "description",
    "system",
    "tools",
    "mcp_servers",
    "skills",
    "execution_identity",
)


# What is answered where a transcript does not say: version 0 was never defined here.
_UNKNOWN: Snapshot = {
    "id": "",
    "type": "agent",
    "version": 0,
    "name": "agent",
    "model": {"id": "unknown"},
    "description": None,
    "system": None,
    "tools": [],
    "mcp_servers": [],
    "skills": [],
    "execution_identity": definitions.SERVICE_ACCOUNT,
}
_TYPES: dict[str, TypeAdapter[Any]] = {
    name: TypeAdapter(kind)
    for name, kind in get_type_hints(SessionAgent, include_extras=True).items()
    if name in SessionAgent.model_fields
}


class ModelRequired(DomainError):
    """The model can be replaced and not taken away."""

    code = "agent_model_required"


class NothingRunsThere(DomainError):
    """This environment stands for work that was done elsewhere: nothing can be run in it."""


@dataclass(frozen=True, slots=True)
class ResolvedAgent:
    """An agent at one version, as a session keeps it."""

    agent: Agent
    version: int
    snapshot: Snapshot


def resolve_agent(
    workspace: Workspace, reference: Reference, *, field: str = "agent"
) -> ResolvedAgent:
    """The agent that a request names, with its overrides.

    `field` is where the reference stands, for messages. Raises AgentNotFound, AgentArchived,
    ModelRequired, and Misshapen for overrides that do not go together.
    """
    if isinstance(reference, str):
        reference = AgentReference(type="agent", id=reference)
    agent = finding.agent(workspace, reference.id)
    if agent.archived_at is not None:
        raise finding.AgentArchived(f"{field}: the agent '{agent.public_id}' is archived.")
    version = finding.version(agent, reference.version)
    definition = _overridden(version.definition, reference, field)
    snapshot = _snapshot(agent.public_id, version.version, definition)
    roster = _with_definitions(workspace, definition["multiagent"], snapshot)
    return ResolvedAgent(agent, version.version, snapshot | {"multiagent": roster})


def session_agent(snapshot: Snapshot) -> dict[str, Any]:
    """The agent as a session's answer has it, also where a transcript tells no more than a name."""
    told = thread_agent(snapshot)
    return told | {"multiagent": _fitting("multiagent", snapshot.get("multiagent"), None)}


def thread_agent(snapshot: Snapshot) -> dict[str, Any]:
    """The same of a thread, which has no roster."""
    return {name: _fitting(name, snapshot.get(name), unknown) for name, unknown in _UNKNOWN.items()}


def usable_environment(workspace: Workspace, public_id: str) -> Environment:
    """The environment, if a session can be started in it.

    Raises EnvironmentNotFound, EnvironmentArchived, NothingRunsThere.
    """
    environment = finding.environment(workspace, public_id)
    if environment.archived_at is not None:
        raise finding.EnvironmentArchived
    if environment.is_of_record:
        raise NothingRunsThere
    return environment


def _overridden(
    definition: definitions.Definition,
    reference: AgentReference | AgentWithOverrides,
    field: str,
) -> definitions.Definition:
    if not isinstance(reference, AgentWithOverrides):
        return definition
    if "model" in reference.model_fields_set and reference.model is None:
        raise ModelRequired(f"{field}.model: {ModelRequired.__doc__}")
    # As a whole: nothing of the agent's own model shines through.
    beneath = definition | ({"model": {}} if reference.model is not None else {})
    settled = definitions.filled(reference, beneath)
    soundness.require_runnable(settled, at=(field,))
    return settled


def _fitting(name: str, told: object, unknown: object) -> object:
    """What is told, if the contract has it so: a transcript may say anything."""
    try:
        _TYPES[name].validate_python(told, strict=True)
    except ValidationError:
        return unknown
    return told


def _snapshot(public_id: str, version: int, definition: definitions.Definition) -> Snapshot:
    told = {name: definition[name] for name in _KEPT}
    return {"id": public_id, "type": "agent", "version": version} | told


def _with_definitions(
    workspace: Workspace, multiagent: rosters.Entry | None, own: Snapshot
) -> rosters.Entry | None:
    """The roster with everyone's whole definition; copies of the agent have its overrides."""
    members = _members(workspace, rosters.entries(multiagent))

    def write(entry: rosters.Entry) -> rosters.Entry:
        if entry["type"] == "agent":
            return members[entry["id"], entry["version"]]
        return own if entry == rosters.SELF else entry

    return rosters.mapped(multiagent, write)


def _members(
    workspace: Workspace, entries: Iterable[rosters.Entry]
) -> dict[tuple[str, int], Snapshot]:
    """Pinned is pinned: a member that was archived since then is still there."""
    wanted = [
        Q(agent__public_id=each["id"], version=each["version"])
        for each in entries
        if each["type"] == "agent"
    ]
    if not wanted:
        return {}
    versions = AgentVersion.objects.filter(reduce(or_, wanted), agent__workspace=workspace)
    return {
        (each.agent.public_id, each.version): _snapshot(
            each.agent.public_id, each.version, each.definition
        )
        for each in versions.select_related("agent")
    }
