"""What the parts of a definition must keep to among themselves, each rule with its place."""

from collections.abc import Iterable, Iterator
from typing import Any

from apps.agents.api.shapes.agents import MOST_PAIRS
from apps.agents.api.shapes.tools import MOST_TOOLS
from apps.agents.definition import Definition
from apps.core.api.shapes import Misshapen, Problem

Path = tuple[str | int, ...]

BUILT_IN = ("bash", "edit", "read", "write", "glob", "grep", "web_fetch", "web_search")
_SEARCHERS = {"web_search", "web_fetch"}
_SOURCES = ("user_input", "client_tool_results", "server_tool_results")


def require_sound(definition: Definition) -> None:
    """Raises Misshapen, with everything that is wrong."""
    _refuse([*_of_tools(definition), *_of_servers(definition), *_of_metadata(definition)])


def require_runnable(definition: Definition, *, at: Path) -> None:
    """As far as running depends on it: nobody minds a server that a session does not use."""
    problems = [*_of_tools(definition), *_twice(_names(definition, "mcp_servers"))]
    _refuse([Problem(at + each.path, each.text) for each in problems])


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Misshapen(problems)


def _of_tools(definition: Definition) -> Iterator[Problem]:
    tools = definition["tools"]
    count = sum(map(_size, tools))
    if count > MOST_TOOLS:
        yield Problem(("tools",), f"these are {count} tools in all; at most {MOST_TOOLS}")
    yield from _twice(_tool_names(tools))
    yield from _hidden(tools)
    servers = {each["name"] for each in definition["mcp_servers"]}
    custom = {each["name"] for each in tools if each["type"] == "custom"}
    for place, tool in enumerate(tools):
        yield from _of_toolset(tool, servers, ("tools", place))
        for index, config in enumerate(tool.get("configs", ())):
            sources = config.get("url_sources")
            if sources:
                path = ("tools", place, "configs", index, "url_sources")
                yield from _of_sources(sources, custom, path)


def _size(tool: dict[str, Any]) -> int:
    """How many tools it stands for, as far as that can be known beforehand."""
    if tool["type"] == "agent_toolset_20260401":
        return len(BUILT_IN)
    return max(1, len(tool.get("configs", ())))


def _tool_names(tools: list[dict[str, Any]]) -> Iterator[tuple[Path, str]]:
    """What must be unique: names that the model sees, and the sets themselves."""
    for place, tool in enumerate(tools):
        if tool["type"] == "custom":
            yield ("tools", place, "name"), tool["name"]
        elif tool["type"] == "mcp_toolset":
            yield ("tools", place, "mcp_server_name"), f"toolset of {tool['mcp_server_name']}"
        else:
            yield ("tools", place), "the built-in toolset"


def _hidden(tools: list[dict[str, Any]]) -> Iterator[Problem]:
    """Custom tools that the model could not tell from a built-in one."""
    built_in = {name for each in tools for name in _enabled(each)}
    for place, tool in enumerate(tools):
        if tool["type"] == "custom" and tool["name"] in built_in:
            yield Problem(("tools", place, "name"), f"'{tool['name']}' is a built-in tool already")


def _enabled(tool: dict[str, Any]) -> list[str]:
    if tool["type"] != "agent_toolset_20260401":
        return []
    own = {each["name"]: each["enabled"] for each in tool["configs"]}
    usual = tool["default_config"]["enabled"]
    return [name for name in BUILT_IN if own.get(name, usual)]


def _of_toolset(tool: dict[str, Any], servers: set[str], path: Path) -> Iterator[Problem]:
    configs = enumerate(tool.get("configs", ()))
    yield from _twice(((*path, "configs", place, "name"), each["name"]) for place, each in configs)
    server = tool.get("mcp_server_name")
    if server is not None and server not in servers:
        yield Problem((*path, "mcp_server_name"), f"mcp_servers has no server '{server}'")


def _of_sources(sources: dict[str, Any], custom: set[str], path: Path) -> Iterator[Problem]:
    if all(sources.get(name, {}).get("type") == "none" for name in _SOURCES):
        yield Problem(path, "not all three can be 'none': nothing could be fetched")
    known = {"client_tool_results": custom, "server_tool_results": _SEARCHERS}
    for source, names in known.items():
        tools = sources.get(source, {}).get("tools", ())
        places = [
            ((*path, source, "tools", i, "name"), each["name"]) for i, each in enumerate(tools)
        ]
        yield from _twice(places)
        wanted = "a custom tool of this agent" if names is custom else "web_search or web_fetch"
        for place, name in places:
            if name not in names:
                yield Problem(place, f"'{name}' is not {wanted}")


def _of_servers(definition: Definition) -> Iterator[Problem]:
    yield from _twice(_names(definition, "mcp_servers"))
    used = {each.get("mcp_server_name") for each in definition["tools"]}
    for place, server in enumerate(definition["mcp_servers"]):
        if server["name"] not in used:
            yield Problem(
                ("mcp_servers", place),
                f"no mcp_toolset in tools uses the server '{server['name']}'",
            )


def _of_metadata(definition: Definition) -> Iterator[Problem]:
    count = len(definition["metadata"])
    if count > MOST_PAIRS:
        yield Problem(("metadata",), f"these are {count} pairs; at most {MOST_PAIRS}")


def _names(definition: Definition, field: str) -> Iterator[tuple[Path, str]]:
    return (((field, place, "name"), each["name"]) for place, each in enumerate(definition[field]))


def _twice(named: Iterable[tuple[Path, str]]) -> Iterator[Problem]:
    seen = set()
    for path, name in named:
        if name in seen:
            yield Problem(path, f"'{name}' is there twice")
        seen.add(name)
