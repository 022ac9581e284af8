"""An environment as a form holds it: lists as lines."""

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.agents.configuring import MANAGERS
from apps.agents.forms import ShapedForm, TextField
from apps.agents.models import Environment

_REGISTRIES = {
    "apt": "Debian",
    "cargo": "Rust",
    "gem": "Ruby",
    "go": "Go",
    "npm": "Node.js",
    "pip": "Python",
}


class EnvironmentForm(ShapedForm):
    """What a new environment is, or what changes in one."""

    FIELDS = {"config": "network"}  # noqa: RUF012 -- a constant

    name = forms.CharField(max_length=256, widget=forms.TextInput({"autocomplete": "off"}))
    description = TextField(rows=2, max_length=1024)
    kind = forms.ChoiceField(
        label="Where it runs",
        choices=[
            ("cloud", "A sandbox that this server provides"),
            ("self_hosted", "Machines of yours that ask for work"),
        ],
        widget=forms.RadioSelect,
        help_text="This cannot be changed later.",
    )
    network = forms.ChoiceField(
        label="Network",
        required=False,
        choices=[("unrestricted", "All of it"), ("limited", "Only what is listed")],
        widget=forms.RadioSelect,
    )
    allowed_hosts = TextField(rows=3, help_text="One per line, such as api.example.com.")
    allow_mcp_servers = forms.BooleanField(required=False, label="The agent's MCP servers")
    allow_package_managers = forms.BooleanField(required=False, label="Package registries")
    metadata = TextField(rows=2, help_text="One pair per line, such as team: support.")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, environment: Environment | None = None
    ) -> None:
        initial = _initial(environment) if environment else {"kind": "cloud"}
        super().__init__(
            data, initial={"network": "unrestricted"} | initial, auto_id="environment-%s"
        )
        self._environment = environment
        for manager in MANAGERS:
            field = TextField(rows=2, label=f"{manager} · {_REGISTRIES[manager]}")
            self.fields[f"packages_{manager}"] = field
        if environment is not None and environment.config:
            del self.fields["kind"]
        self.add_class("tick", "allow_mcp_servers", "allow_package_managers")

    @property
    def packages(self) -> list[forms.BoundField]:
        return [self[f"packages_{manager}"] for manager in MANAGERS]

    @property
    def is_cloud(self) -> bool:
        """Whether networking and packages are asked for, also while it is not told yet."""
        config = self._environment.config if self._environment else {}
        return not config or config["type"] == "cloud"

    def clean_metadata(self) -> dict[str, str]:
        pairs = {}
        for line in filter(str.strip, self.cleaned_data["metadata"].splitlines()):
            key, colon, value = line.partition(":")
            if not colon or not key.strip():
                raise forms.ValidationError(f"“{line}” is no pair: write key: value.")
            pairs[key.strip()] = value.strip()
        return pairs

    def given(self) -> dict[str, Any]:
        """As the API takes it. What was taken out of the metadata is removed by name."""
        cleaned = self.cleaned_data
        before = self._environment.metadata if self._environment else {}
        pairs: dict[str, str | None] = dict.fromkeys(before) | cleaned["metadata"]
        return {
            "name": cleaned["name"],
            "description": cleaned["description"] or None,
            "config": self._config(),
            "metadata": {key: value for key, value in pairs.items() if value or key in before},
        }

    def _config(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        config = self._environment.config if self._environment else {}
        kind = config.get("type") or cleaned["kind"]
        if kind != "cloud":
            return {"type": kind}
        networking: dict[str, Any] = {"type": cleaned["network"] or "unrestricted"}
        if networking["type"] == "limited":
            networking |= {
                "allowed_hosts": cleaned["allowed_hosts"].split(),
                "allow_mcp_servers": cleaned["allow_mcp_servers"],
                "allow_package_managers": cleaned["allow_package_managers"],
            }
        packages = {name: cleaned[f"packages_{name}"].split() for name in MANAGERS}
        return {"type": "cloud", "networking": networking, "packages": packages}


def _initial(environment: Environment) -> dict[str, Any]:
    config = environment.config
    networking = config.get("networking", {"type": "unrestricted"})
    packages = config.get("packages", {})
    return {
        "name": environment.name,
        "description": environment.description or "",
        "kind": "self_hosted",
        "network": networking["type"],
        "allowed_hosts": "\n".join(networking.get("allowed_hosts", ())),
        "allow_mcp_servers": networking.get("allow_mcp_servers", False),
        "allow_package_managers": networking.get("allow_package_managers", False),
        "metadata": "\n".join(f"{key}: {value}" for key, value in environment.metadata.items()),
        **{f"packages_{name}": "\n".join(packages.get(name, ())) for name in MANAGERS},
    }
