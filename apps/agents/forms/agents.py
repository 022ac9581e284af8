"""The parts of a definition that a form is good at; what else it says stays as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from apps.agents.definition import Definition
from apps.agents.forms import ShapedForm, TextField
from apps.agents.rosters import SELF, entries
from apps.agents.soundness import BUILT_IN

MODELS = (
    "claude-opus-5-5",
    "claude-sonnet-5-5",
    "claude-haiku-5-5",
    "claude-fable-5-2",
    "claude-opus-5",
    "claude-sonnet-5",
    "claude-haiku-4-5",
)
OFF = "off"
POLICIES = [
    (OFF, "Off"),
    ("always_allow", "Runs"),
    ("always_ask", "Asks first"),
    ("auto", "Judged each time"),
]
_TOOLSET = "agent_toolset_20260401"
_USUAL = {"enabled": True, "permission_policy": {"type": "always_allow"}}


class AgentForm(ShapedForm):
    """Name, model, prompt, built-in tools and whom a coordinator may call."""

    FIELDS = {"multiagent": "calls"}  # noqa: RUF012 -- a constant

    name = forms.CharField(max_length=256, widget=forms.TextInput({"autocomplete": "off"}))
    model = forms.CharField(
        max_length=256,
        widget=forms.TextInput({"list": "models", "autocomplete": "off", "spellcheck": "false"}),
    )
    effort = forms.ChoiceField(
        choices=[
            ("low", "Low"),
            ("medium", "Medium"),
            ("high", "High"),
            ("xhigh", "Extra high"),
            ("max", "Max"),
        ]
    )
    speed = forms.ChoiceField(choices=[("standard", "Standard"), ("fast", "Fast")])
    description = TextField(rows=2, max_length=2048)
    system = TextField(
        rows=10, max_length=100_000, label="System prompt", help_text="At most 100,000 characters."
    )
    calls = forms.MultipleChoiceField(
        required=False,
        label="May call",
        widget=forms.CheckboxSelectMultiple({"class": "tick"}),
        error_messages={"invalid_choice": "One of these cannot be called any more."},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        definition: Definition,
        known: Iterable[tuple[str, str]] = (),
    ) -> None:
        """`known` are the agents that may be called: id and name."""
        super().__init__(data, initial=_initial(definition), auto_id="agent-%s")
        self._definition = definition
        for tool in BUILT_IN:
            field = forms.ChoiceField(
                label=tool, choices=POLICIES, initial=_state(definition, tool)
            )
            field.widget.attrs["class"] = "input input-small"
            self.fields[f"tool_{tool}"] = field
        self.has_roster = _has_list(definition)
        if self.has_roster:
            self.fields["calls"].choices = [("self", "Itself"), *known]  # type: ignore[attr-defined]
        else:
            del self.fields["calls"]
        self.add_class("input mono", "model")

    @property
    def tools(self) -> list[forms.BoundField]:
        return [self[f"tool_{tool}"] for tool in BUILT_IN]

    def given(self) -> dict[str, Any]:
        """As the API takes it, all of the definition: a valid form's fields in what was there."""
        cleaned, before = self.cleaned_data, self._definition
        model = before["model"] | {name: cleaned[name] for name in ("effort", "speed")}
        fields = {name: cleaned[name] for name in ("name", "description", "system")}
        whole = (
            before | fields | {"model": model | {"id": cleaned["model"]}, "tools": self._tools()}
        )
        return whole | ({"multiagent": self._roster()} if self.has_roster else {})

    def _tools(self) -> list[dict[str, Any]]:
        tools: list[dict[str, Any]] = self._definition["tools"]
        chosen = {tool: self.cleaned_data[f"tool_{tool}"] for tool in BUILT_IN}
        if chosen == {tool: _state(self._definition, tool) for tool in BUILT_IN}:
            return tools
        toolset = _toolset(self._definition) or {"type": _TOOLSET, "configs": []}
        own = {each["name"]: each for each in toolset["configs"]}
        configs = [
            own.get(tool, {"name": tool}) | _settings(state)
            for tool, state in chosen.items()
            if tool in own or state != "always_allow"
        ]
        rest = [each for each in tools if each["type"] != _TOOLSET]
        if set(chosen.values()) == {OFF}:
            return rest
        return [{"type": _TOOLSET, "default_config": _USUAL, "configs": configs}, *rest]

    def _roster(self) -> dict[str, Any] | None:
        """Who was there keeps the version that it was pinned to."""
        roster = entries(self._definition["multiagent"])
        pins = {each["id"]: each for each in roster if each["type"] == "agent"}
        named = [
            SELF if each == "self" else pins.get(each, each) for each in self.cleaned_data["calls"]
        ]
        agents = [*named, *(each for each in roster if each["type"] == "advisor")]
        return {"type": "coordinator", "agents": agents} if agents else None


def _initial(definition: Definition) -> dict[str, Any]:
    model = definition["model"]
    roster = entries(definition["multiagent"])
    return {
        "name": definition["name"],
        "model": model.get("id", ""),
        "effort": model.get("effort", {}).get("type", "high"),
        "speed": model.get("speed", "standard"),
        "description": definition["description"] or "",
        "system": definition["system"] or "",
        "calls": [each.get("id", each["type"]) for each in roster],
    }


def _has_list(definition: Definition) -> bool:
    """The newer form has three parts, which are said better in the text."""
    multiagent = definition["multiagent"]
    return multiagent is None or multiagent["type"] == "coordinator"


def _toolset(definition: Definition) -> dict[str, Any] | None:
    return next((each for each in definition["tools"] if each["type"] == _TOOLSET), None)


def _state(definition: Definition, tool: str) -> str:
    toolset = _toolset(definition)
    if toolset is None:
        return OFF
    own = {each["name"]: each for each in toolset["configs"]}
    settings = own.get(tool, toolset["default_config"])
    policy: str = settings["permission_policy"]["type"]
    return policy if settings["enabled"] else OFF


def _settings(state: str) -> dict[str, Any]:
    if state == OFF:
        return {"enabled": False}
    return {"enabled": True, "permission_policy": {"type": state}}
