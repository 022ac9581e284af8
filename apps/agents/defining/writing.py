"""From a definition to tidy text: a stable order, long text as blocks, defaults left out."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from apps.agents.defining.scalars import BOOL, FLOAT, INT, NULL
from apps.agents.definition import SERVICE_ACCOUNT, Definition

_MEMBER = re.compile(r"^( *- \{type: agent, id: ([\w-]+), version: \d+\})$")
_CHARACTER = r"\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_LINE = re.compile(f"[{_CHARACTER}]*")
# Lines that can stand as they are. Before the first word, a tab would pass for indentation.
_BLOCK = re.compile(f"[ \n]*[{_CHARACTER}][{_CHARACTER}\t\n]*")
_POLICIES = {"agent_toolset_20260401": "always_allow", "mcp_toolset": "always_ask"}
# The database keeps no order of keys. Names of somebody's own come after these, as they are.
_ORDER = (
    *(
        "type",
        "name",
        "id",
        "skill_id",
        "mcp_server_name",
        "version",
        "description",
        "url",
        "model",
    ),
    *("effort", "speed", "enabled", "permission_policy", "input_schema", "properties", "required"),
    *("allowed_domains", "blocked_domains", "max_content_tokens", "url_sources", "user_location"),
    *("user_input", "client_tool_results", "server_tool_results", "tools"),
    *("advisor", "subagents", "workflows", "inline_agents", "agents", "predefined_agents"),
)
_PLACES = {name: place for place, name in enumerate(_ORDER)}
_INLINE = {"inline_agents": {"type": "enabled"}, "predefined_agents": []}


class _Short(dict[str, Any]):
    """A mapping that stays on one line."""


class _Dumper(yaml.SafeDumper):
    """Quotes whatever this or any other reader would take for something else than text."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def analyze_scalar(self, scalar: str) -> Any:
        """Text of several lines stays readable, also with a tab or a space at a line's end."""
        analysis = super().analyze_scalar(scalar)
        analysis.allow_block = analysis.allow_block or bool(_BLOCK.fullmatch(scalar))
        return analysis


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    style = None if _LINE.fullmatch(text) else "|" if _BLOCK.fullmatch(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _short(dumper: _Dumper, value: _Short) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Short, _short)
for _kind, _pattern in {"null": NULL, "bool": BOOL, "int": INT, "float": FLOAT}.items():
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", _pattern, None)


def dump(definition: Definition, names: Mapping[str, str] | None = None) -> str:
    """The definition as YAML. `names` are put beside the ids of whom it may call."""
    text: str = yaml.dump(
        {name: _ordered(value) for name, value in _tidy(definition).items()},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=100,
    )
    return _with_names(text, names or {})


def _ordered(value: Any) -> Any:
    if isinstance(value, list):
        return [_ordered(each) for each in value]
    if not isinstance(value, dict):
        return value
    names = sorted(value, key=lambda name: _PLACES.get(name, len(_PLACES)))
    return type(value)((name, _ordered(value[name])) for name in names)


def _tidy(definition: Definition) -> dict[str, Any]:
    tidy = {
        "name": definition["name"],
        "model": _model(definition["model"]),
        "description": definition["description"],
        "system": definition["system"],
        "tools": [_tool(each) for each in definition["tools"]],
        "mcp_servers": definition["mcp_servers"],
        "skills": [_skill(each) for each in definition["skills"]],
        "multiagent": _multiagent(definition["multiagent"]),
        "metadata": definition["metadata"],
    }
    if definition["execution_identity"] != SERVICE_ACCOUNT:
        tidy["execution_identity"] = definition["execution_identity"]
    return {name: value for name, value in tidy.items() if value not in (None, [], {})}


def _model(model: Mapping[str, Any]) -> str | dict[str, Any]:
    usual = {"effort": "high", "speed": "standard"}
    told = {**model, "effort": model["effort"]["type"]}
    own = {name: value for name, value in told.items() if usual.get(name) != value}
    return model["id"] if own == {"id": model["id"]} else own


def _skill(skill: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in skill.items() if (name, value) != ("version", "latest")}


def _tool(tool: dict[str, Any]) -> dict[str, Any]:
    if tool["type"] == "custom":
        return tool
    default = tool["default_config"]
    usual = {"enabled": True, "permission_policy": {"type": _POLICIES[tool["type"]]}}
    tidy = {
        name: value for name, value in tool.items() if name not in {"default_config", "configs"}
    }
    if own := _beyond(default, usual):
        tidy["default_config"] = own
    if configs := [_config(each, default) for each in tool["configs"]]:
        tidy["configs"] = configs
    return tidy


def _config(config: Mapping[str, Any], default: Mapping[str, Any]) -> dict[str, Any]:
    own = _beyond({name: value for name, value in config.items() if name != "type"}, default)
    return {"name": config["name"]} | own


def _beyond(settings: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from what holds anyway."""
    return {
        name: _Short(value) if name == "permission_policy" else value
        for name, value in settings.items()
        if usual.get(name) != value
    }


def _multiagent(multiagent: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if multiagent is None:
        return None
    if multiagent["type"] == "coordinator":
        return {"type": "coordinator", "agents": [_Short(each) for each in multiagent["agents"]]}
    tidy: dict[str, Any] = {"type": multiagent["type"]}
    if multiagent["advisor"]["type"] == "enabled":
        tidy["advisor"] = _Short(multiagent["advisor"])
    for name in ("subagents", "workflows"):
        if (part := _part(multiagent[name])) != {"type": "enabled"}:
            tidy[name] = part
    return tidy


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in part.items() if _INLINE.get(name) != value}
    if "inline_agents" in own:
        own["inline_agents"] = _Short(own["inline_agents"])
    if "predefined_agents" in own:
        own["predefined_agents"] = [_Short(each) for each in own["predefined_agents"]]
    return own


def _with_names(text: str, names: Mapping[str, str]) -> str:
    """A comment beside each member; what looks like one in somebody's prompt is left alone."""
    lines = text.split("\n")
    within = False
    for number, line in enumerate(lines):
        if line[:1] not in {" ", ""}:
            within = line == "multiagent:"
        member = _MEMBER.match(line)
        if within and member and (name := names.get(member[2])):
            lines[number] = f"{line}  # {' '.join(name.split())}"
    return "\n".join(lines)
