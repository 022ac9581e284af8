"""Making, changing and archiving agents. A change is a new version; nothing is ever overwritten."""

from copy import copy
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.agents import definition as definitions
from apps.agents import finding, rosters, soundness
from apps.agents.api.shapes import AgentPatch, NewAgent
from apps.agents.models import Agent, AgentVersion
from apps.core.errors import Conflict, DomainError

ATTEMPTS = 10


class VersionConflict(Conflict):
    """This agent was changed meanwhile. Read it again, and repeat your change on what is there."""


class UnaddressableId(DomainError):
    """This agent's id came from elsewhere and cannot stand in an address. Make a new agent."""


class AlreadyDefined(DomainError):
    """This agent has a definition by now: change that one."""


@transaction.atomic
def create_agent(*, given: NewAgent, by: Actor) -> Agent:
    """Raises Misshapen."""
    definition = _settled(given, definitions.EMPTY, by=by)
    now = timezone.now()
    agent = Agent.objects.create(
        workspace=by.workspace,
        name=definition["name"],
        version=1,
        created_at=now,
        updated_at=now,
    )
    _keep(agent, definition, by)
    note(by, "agent.created", agent.public_id, after=definition)
    return agent


@transaction.atomic
def define_agent(*, agent: Agent, given: NewAgent, by: Actor) -> Agent:
    """Give an agent its first version that was known from transcripts alone.

    Raises AlreadyDefined, UnaddressableId, Misshapen.
    """
    if agent.version:
        raise AlreadyDefined
    if not agent.is_addressable:
        raise UnaddressableId
    definition = _settled(given, definitions.EMPTY, by=by, owner=agent)
    defined = _advanced(agent, definition["name"])
    if defined is None:
        raise AlreadyDefined
    _keep(defined, definition, by)
    note(by, "agent.created", agent.public_id, after=definition)
    return defined


@transaction.atomic
def update_agent(*, agent: Agent, patch: AgentPatch, by: Actor) -> Agent:
    """The agent as it is afterwards. Where the patch changes nothing, there is no new version.

    Without a version in the patch it is put onto whatever is there, also if that changes meanwhile.
    Raises VersionConflict, AgentArchived, Misshapen.
    """
    for _ in range(ATTEMPTS):
        _require_open(agent, patch.version)
        after = _settled(patch, agent.definition, by=by, owner=agent)
        if changed := _put(agent, after, by):
            return changed
        agent = finding.agent(by.workspace, agent.public_id)
    raise VersionConflict


@transaction.atomic
def replace_agent(*, agent: Agent, given: NewAgent, version: int, by: Actor) -> Agent:
    """The whole definition anew, as somebody edited it who saw this version.

    Raises VersionConflict, AgentArchived, Misshapen.
    """
    _require_open(agent, version)
    after = _settled(given, definitions.EMPTY, by=by, owner=agent)
    changed = _put(agent, after, by)
    if changed is None:
        raise VersionConflict
    return changed


@transaction.atomic
def archive_agent(*, agent: Agent, by: Actor) -> Agent:
    """For good. Sessions that run go on; archiving again changes nothing."""
    now = timezone.now()
    open_ones = Agent.objects.filter(pk=agent.pk, archived_at=None)
    if open_ones.update(archived_at=now, updated_at=now):
        note(by, "agent.archived", agent.public_id, after={"archived_at": now.isoformat()})
    return finding.agent(by.workspace, agent.public_id)


def _settled(
    given: NewAgent | AgentPatch,
    before: definitions.Definition,
    *,
    by: Actor,
    owner: Agent | None = None,
) -> definitions.Definition:
    definition = definitions.filled(given, before)
    soundness.require_sound(definition)
    if "multiagent" in given.model_fields_set:
        definition["multiagent"] = rosters.pinned(
            given.multiagent,
            workspace=by.workspace,
            owner=owner,
            before=before["multiagent"],
        )
    return definition


def _require_open(agent: Agent, version: int | None) -> None:
    if agent.archived_at is not None:
        raise finding.AgentArchived
    if version is not None and version != agent.version:
        raise VersionConflict(
            f"The agent is at version {agent.version} by now, not at {version}. "
            "Read it again, and repeat the change on what is there."
        )


def _put(agent: Agent, after: definitions.Definition, by: Actor) -> Agent | None:
    """The agent with this definition, the same one if it had it; None if somebody was faster."""
    before = agent.definition
    if after == before:
        return agent
    changed = _advanced(agent, after["name"])
    if changed is not None:
        _keep(changed, after, by)
        note(by, "agent.updated", agent.public_id, before=before, after=after)
    return changed


def _advanced(agent: Agent, name: str) -> Agent | None:
    """At the next version, unless somebody else took that first or archived the agent."""
    now = timezone.now()
    as_seen = Agent.objects.filter(pk=agent.pk, version=agent.version, archived_at=None)
    if not as_seen.update(version=agent.version + 1, name=name, updated_at=now):
        return None
    changed = copy(agent)
    changed.version, changed.name, changed.updated_at = agent.version + 1, name, now
    return changed


def _keep(agent: Agent, definition: dict[str, Any], by: Actor) -> None:
    version = AgentVersion.objects.create(
        agent=agent,
        version=agent.version,
        definition=definition,
        created_at=agent.updated_at,
        created_by=by.name[:150],
    )
    agent.newest_versions = [version]
