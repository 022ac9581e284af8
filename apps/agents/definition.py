"""From what was asked for to what an agent is, with every default filled in.

A definition holds every key of the contract's agent but its id, version and times (contract: 3.1).
Whom it may call needs the database and is settled in `rosters`; what cannot be together stands in
`soundness`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apps.agents.api.shapes import AgentPatch, AgentWithOverrides, NewAgent
from apps.agents.api.shapes.agents import ExecutionIdentity, Skill
from apps.agents.api.shapes.models import Effort, ModelConfig
from apps.agents.api.shapes.tools import (
    AgentToolset,
    McpServer,
    McpToolset,
    PermissionPolicy,
    SourceFilter,
    SourceSwitch,
    Tool,
    ToolDefaults,
    UrlSources,
)
from apps.core import payloads

Definition = dict[str, Any]
SERVICE_ACCOUNT = {"type": "service_account"}
EMPTY: Definition = {
    "name": "",
    "model": {},
    "description": None,
    "system": None,
    "tools": [],
    "mcp_servers": [],
    "skills": [],
    "multiagent": None,
    "metadata": {},
    "execution_identity": SERVICE_ACCOUNT,
}


def filled(given: NewAgent | AgentPatch | AgentWithOverrides, before: Definition) -> Definition:
    """The definition with what was given in it, resolved; what was not given stays."""
    new = {
        name: fill(getattr(given, name), before[name])
        for name, fill in _FILL.items()
        if name in given.model_fields_set
    }
    settled: Definition = payloads.storable_all(before | new)
    return settled


# What is given, and what was there before.


def _text(given: str | None, before: object) -> str | None:
    return given or None


def _model(given: str | ModelConfig, before: Mapping[str, Any]) -> dict[str, Any]:
    config = ModelConfig(id=given) if isinstance(given, str) else given
    effort = config.effort.type if isinstance(config.effort, Effort) else config.effort
    resolved = {
        "id": config.id,
        "effort": {"type": effort} if effort else before.get("effort", {"type": "high"}),
        "speed": config.speed or "standard",
    }
    return resolved | ({"inference_geo": config.inference_geo} if config.inference_geo else {})


def _tools(given: Sequence[Tool] | None, before: object) -> list[dict[str, Any]]:
    return [_tool(each) for each in given or ()]


def _servers(given: Sequence[McpServer] | None, before: object) -> list[dict[str, Any]]:
    return [each.model_dump() for each in given or ()]


def _skills(given: Sequence[Skill] | None, before: object) -> list[dict[str, Any]]:
    return [each.model_dump() | {"version": each.version or "latest"} for each in given or ()]


def _metadata(given: Mapping[str, str | None] | None, before: Mapping[str, str]) -> dict[str, str]:
    if given is None:
        return {}
    merged = {**before, **given}
    return {key: value for key, value in merged.items() if value is not None}


def _identity(given: ExecutionIdentity | None, before: object) -> dict[str, Any]:
    return SERVICE_ACCOUNT if given is None else given.model_dump()


_FILL: dict[str, Callable[[Any, Any], Any]] = {
    "name": lambda given, _: given,
    "model": _model,
    "description": _text,
    "system": _text,
    "tools": _tools,
    "mcp_servers": _servers,
    "skills": _skills,
    "metadata": _metadata,
    "execution_identity": _identity,
}


def _tool(tool: Tool) -> dict[str, Any]:
    if isinstance(tool, AgentToolset):
        default = _default(tool.default_config, "always_allow")
        configs = [_config(each, default) for each in tool.configs]
        return {"type": tool.type, "default_config": default, "configs": configs}
    if isinstance(tool, McpToolset):
        default = _default(tool.default_config, "always_ask")
        return {
            "type": tool.type,
            "mcp_server_name": tool.mcp_server_name,
            "default_config": default,
            "configs": [{"name": each.name} | _settings(each, default) for each in tool.configs],
        }
    return tool.model_dump(exclude_unset=True)


def _default(given: ToolDefaults | None, policy: str) -> dict[str, Any]:
    usual = {"enabled": True, "permission_policy": {"type": policy}}
    return usual if given is None else _settings(given, usual)


def _settings(given: Any, default: Mapping[str, Any]) -> dict[str, Any]:
    """The two settings of every tool: its own, or else the set's."""
    policy: PermissionPolicy | None = given.permission_policy
    return {
        "enabled": default["enabled"] if given.enabled is None else given.enabled,
        "permission_policy": policy.model_dump() if policy else default["permission_policy"],
    }


def _config(given: Any, default: Mapping[str, Any]) -> dict[str, Any]:
    """A built-in tool's settings, those that only it has included."""
    common = {"type": given.name, "name": given.name} | _settings(given, default)
    own: dict[str, Any] = given.model_dump(exclude={*common, "url_sources"}, exclude_none=True)
    sources: UrlSources | None = getattr(given, "url_sources", None)
    return common | own | ({"url_sources": _sources(sources)} if sources else {})


def _sources(given: UrlSources) -> dict[str, Any]:
    """Always in the object form."""
    return {name: _source(value) for name, value in given if value is not None}


def _source(given: str | SourceSwitch | SourceFilter) -> dict[str, Any]:
    return {"type": given} if isinstance(given, str) else given.model_dump()
