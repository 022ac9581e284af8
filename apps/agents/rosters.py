"""Whom an agent may call: pinned when it is saved, one level deep (contract: 3.6).

Stored are `{type: agent, id, version}`, `{type: self}` and `{type: advisor, model}`. What stands
for the agent itself moves with its versions; it becomes a reference on the way out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from apps.accounts.models import Workspace
from apps.agents.api.shapes.multiagent import (
    Advisor,
    Coordinator,
    Delegates,
    Itself,
    Member,
    Multiagent20261001,
)
from apps.agents.models import Agent, AgentVersion
from apps.core import payloads
from apps.core.api.shapes import Misshapen, Problem

Entry = dict[str, Any]
Given = str | Member | Itself | Advisor
Path = tuple[str | int, ...]

SELF: Entry = {"type": "self"}
_ON: Entry = {"type": "enabled", "inline_agents": {"type": "enabled"}, "predefined_agents": []}
_OFF: Entry = {"type": "disabled"}
_PARTS = ("subagents", "workflows")


def pinned(
    given: Coordinator | Multiagent20261001 | None,
    *,
    workspace: Workspace,
    owner: Agent | None = None,
    before: Entry | None = None,
) -> Entry | None:
    """What is to be stored. `before` is what is stored now. Raises Misshapen."""
    if given is None:
        return None
    roster = _Roster(workspace, owner, _named(given))
    if isinstance(given, Coordinator):
        agents = roster.members(given.agents, ("multiagent", "agents"))
        settled: Entry = {"type": given.type, "agents": agents}
    else:
        settled = _merged(given, before, roster)
        roster.problems += _of_parts(settled)
    if roster.problems:
        raise Misshapen(roster.problems)
    return settled


def entries(multiagent: Entry | None) -> list[Entry]:
    """Everyone it names, in whichever part."""
    if multiagent is None:
        return []
    if multiagent["type"] == "coordinator":
        return list(multiagent["agents"])
    return [each for part in _PARTS for each in multiagent[part].get("predefined_agents", ())]


def mapped(multiagent: Entry | None, write: Callable[[Entry], Entry]) -> Entry | None:
    """The same with every entry written anew."""
    if multiagent is None:
        return None
    if multiagent["type"] == "coordinator":
        return multiagent | {"agents": [write(each) for each in multiagent["agents"]]}
    parts = {}
    for name in _PARTS:
        part = multiagent[name]
        if part["type"] == "enabled":
            part = part | {"predefined_agents": [write(e) for e in part["predefined_agents"]]}
        parts[name] = part
    return multiagent | parts


def resolved(multiagent: Entry | None, *, public_id: str, version: int) -> Entry | None:
    """As the API answers it: the agent itself by its id and version."""
    own = {"type": "agent", "id": public_id, "version": version}
    return mapped(multiagent, lambda each: own if each == SELF else each)


def unpinned(multiagent: Entry | None, ids: Iterable[str]) -> dict[str, Any] | None:
    """As a request for these agents at their newest version, and the rest as it is."""
    chosen = set(ids)
    return mapped(
        multiagent, lambda each: {**each, "version": None} if each.get("id") in chosen else each
    )


def _named(given: Coordinator | Multiagent20261001) -> Iterator[Given]:
    if isinstance(given, Coordinator):
        yield from given.agents
        return
    for part in (given.subagents, given.workflows):
        if isinstance(part, Delegates):
            yield from part.predefined_agents or ()


class _Roster:
    """The agents that are named, read at once, and what is wrong with naming them."""

    def __init__(self, workspace: Workspace, owner: Agent | None, named: Iterable[Given]) -> None:
        self.problems: list[Problem] = []
        self._owner = owner
        wanted = [_reference(each) for each in named]
        ids = {payloads.storable(public_id) for public_id, _ in wanted if public_id}
        known = Agent.objects.filter(workspace=workspace, public_id__in=ids)
        self._agents = {agent.public_id: agent for agent in known}
        self._has_roster = _rosters_of(
            (agent, version or agent.version)
            for public_id, version in wanted
            if (agent := self._agents.get(public_id))
        )

    def members(self, given: Sequence[Given], path: Path) -> list[Entry]:
        """The entries as they are stored, each once."""
        found: list[Entry] = []
        seen = set()
        for place, each in enumerate(given):
            at = (*path, place)
            entry = self._entry(each, at)
            if entry is None:
                continue
            name = self._name(entry)
            if name in seen:
                self._refuse(at, f"{name} is there twice")
            seen.add(name)
            found.append(entry)
        return found

    def _entry(self, given: Given, path: Path) -> Entry | None:
        if isinstance(given, Advisor):
            return payloads.storable_all(given.model_dump())  # type: ignore[no-any-return]
        public_id, version = _reference(given)
        if not public_id or self._is_owner(public_id, version):
            return SELF
        agent = self._agents.get(public_id)
        if agent is None:
            return self._refuse(path, f"there is no agent '{public_id}' in this workspace")
        return self._member(agent, version or agent.version, path)

    def _member(self, agent: Agent, version: int, path: Path) -> Entry | None:
        called = f"'{agent.public_id}' ({agent.name})"
        if not agent.version:
            return self._refuse(path, f"{called} is known from transcripts alone; define it first")
        if agent.archived_at:
            return self._refuse(path, f"{called} is archived")
        if (agent.pk, version) not in self._has_roster:
            return self._refuse(path, f"{called} has no version {version}")
        if self._has_roster[agent.pk, version]:
            return self._refuse(
                path, f"{called} has a roster of its own; one level is all there is"
            )
        return {"type": "agent", "id": agent.public_id, "version": version}

    def _is_owner(self, public_id: str, version: int | None) -> bool:
        owner = self._owner
        return (
            owner is not None and public_id == owner.public_id and version in {None, owner.version}
        )

    def _name(self, entry: Entry) -> str:
        """What must be unique: an agent in two versions is still one."""
        if entry["type"] == "advisor":
            return "an advisor"
        own = self._owner.public_id if self._owner else "self"
        return f"'{entry.get('id', own)}'"

    def _refuse(self, path: Path, text: str) -> Entry | None:
        self.problems.append(Problem(path, payloads.storable(text)))
        return None


def _reference(given: Given) -> tuple[str, int | None]:
    """Id and version, where they are given."""
    if isinstance(given, str):
        return given, None
    return (given.id, given.version) if isinstance(given, Member) else ("", None)


def _rosters_of(wanted: Iterable[tuple[Agent, int]]) -> dict[tuple[int, int], bool]:
    """Of these versions, which are there, and whether each has a roster."""
    chosen = [Q(agent=agent, version=version) for agent, version in wanted]
    if not chosen:
        return {}
    rows = AgentVersion.objects.filter(reduce(or_, chosen))
    read = rows.values_list("agent_id", "version", "definition__multiagent")
    return {(agent, version): bool(roster) for agent, version, roster in read}


def _merged(given: Multiagent20261001, before: Entry | None, roster: _Roster) -> Entry:
    """Level by level into what was stored; a key sent as null takes its default."""
    kept = before if before and before["type"] == given.type else {}
    advisor = kept.get("advisor", _OFF)
    if "advisor" in given.model_fields_set:
        advisor = payloads.storable_all(given.advisor.model_dump()) if given.advisor else _OFF
    settled = {"type": given.type, "advisor": advisor}
    for name in _PARTS:
        stored = kept.get(name, _ON)
        is_given = name in given.model_fields_set
        settled[name] = _part(getattr(given, name), stored, roster, name) if is_given else stored
    return settled


def _part(given: Any, stored: Entry, roster: _Roster, name: str) -> Entry:
    if given is None:
        return _ON
    if not isinstance(given, Delegates):
        return _OFF
    settled = dict(stored if stored["type"] == "enabled" else _ON)
    if "inline_agents" in given.model_fields_set:
        settled["inline_agents"] = {
            "type": given.inline_agents.type if given.inline_agents else "enabled"
        }
    if "predefined_agents" in given.model_fields_set:
        path = ("multiagent", name, "predefined_agents")
        settled["predefined_agents"] = roster.members(given.predefined_agents or (), path)
    return settled


def _of_parts(settled: Entry) -> Iterator[Problem]:
    for name in _PARTS:
        part = settled[name]
        is_closed = part["type"] == "enabled" and part["inline_agents"]["type"] == "disabled"
        if is_closed and not part["predefined_agents"]:
            yield Problem(
                ("multiagent", name, "predefined_agents"),
                "with inline_agents disabled, this must name at least one agent",
            )
