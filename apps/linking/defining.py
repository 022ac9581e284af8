"""Agents with their versions, and environments, as the other side defines them."""

from django.utils import timezone

from apps.accounts.models import Workspace
from apps.agents.definition import EMPTY
from apps.agents.models import Agent, AgentVersion, Environment
from apps.core import payloads
from apps.linking.describing import own_id
from apps.sessions.formats.shapes import Json, count_of, moment, object_of, text_of

_BESIDE = {"id", "type", "version", "created_at", "updated_at", "archived_at"}
MOST_VERSIONS = 1_000_000


def keep_agent(workspace: Workspace, given: Json) -> Agent | None:
    """The agent as they have it now, made if it is new; None if it has no id to know it by.

    One that was changed here and is ahead of theirs stays as it is.
    """
    if not own_id(given):
        return None
    told = _times(given) | {
        "name": _name(given),
        "version": min(count_of(given, "version"), MOST_VERSIONS),
    }
    agent, is_new = Agent.objects.get_or_create(
        workspace=workspace, public_id=own_id(given), defaults=told
    )
    if not is_new and agent.version <= told["version"]:
        Agent.objects.filter(pk=agent.pk, version=agent.version).update(**told)
        agent.refresh_from_db()
    return agent


def lacks_versions(agent: Agent) -> bool:
    """Whether not every version up to the newest is known here."""
    return agent.versions.count() < agent.version


def keep_version(agent: Agent, given: Json) -> bool:
    """Add this version if it is new."""
    version = count_of(given, "version")
    if not 0 < version <= MOST_VERSIONS:
        return False
    _, is_new = AgentVersion.objects.get_or_create(
        agent=agent,
        version=version,
        defaults={
            "definition": _definition(given),
            "created_at": moment(given.get("updated_at")) or timezone.now(),
        },
    )
    return is_new


def _definition(given: Json) -> Json:
    """What it says, where that is of the contract's kind; what is not is as if it were not said."""
    said = {name: each for name, each in given.items() if name not in _BESIDE}
    fitting = {
        name: [row for row in each if isinstance(row, dict)] if isinstance(each, list) else each
        for name, each in said.items()
        if EMPTY.get(name) is None or isinstance(each, type(EMPTY[name]))
    }
    definition: Json = payloads.storable_all(EMPTY | fitting)
    return definition | {"name": _name(given)}


def keep_environment(workspace: Workspace, given: Json) -> bool:
    """The environment as they have it now; True if it is new here."""
    if not own_id(given):
        return False
    told = _times(given) | {
        "name": _name(given),
        "description": payloads.storable(text_of(given, "description")),
        "config": payloads.storable_all(object_of(given, "config")),
        "metadata": payloads.storable_all(object_of(given, "metadata")),
        "scope": payloads.storable(text_of(given, "scope"))[:32],
    }
    _, is_new = Environment.objects.update_or_create(
        workspace=workspace, public_id=own_id(given), defaults=told
    )
    return is_new


def _name(given: Json) -> str:
    return payloads.storable(text_of(given, "name") or own_id(given))[:256]


def _times(given: Json) -> Json:
    now = timezone.now()
    created_at = moment(given.get("created_at")) or now
    return {
        "created_at": created_at,
        "updated_at": moment(given.get("updated_at")) or created_at,
        "archived_at": moment(given.get("archived_at")),
    }
