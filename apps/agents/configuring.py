"""From what was asked for to where an agent's tools run (contract: 3.2)."""

from typing import Any

from apps.agents.api.shapes.environments import Cloud, Config, Limited, Packages, Unrestricted
from apps.core import payloads
from apps.core.api.shapes import Misshapen, Problem
from apps.core.errors import DomainError

MOST_PAIRS, LONGEST_KEY, LONGEST_VALUE = 16, 64, 512
MANAGERS = ("apt", "cargo", "gem", "go", "npm", "pip")
Settings = dict[str, Any]
UNRESTRICTED: Settings = {"type": "unrestricted"}


class ConfigTypeChanged(DomainError):
    """An environment stays what it was made as: cloud or self_hosted. Make another one."""

    code = "invalid_config_type_change"


class InvalidMetadata(DomainError):
    """The metadata has too many keys, or too long ones."""

    code = "invalid_metadata"


def configured(given: Config | None, before: Settings) -> Settings:
    """The configuration with what was given in it; what was not given stays.

    Raises ConfigTypeChanged, and Misshapen for packages that could not be installed.
    """
    if given is None:
        return before
    if before and given.type != before["type"]:
        raise ConfigTypeChanged
    settled = _cloud(given, before) if isinstance(given, Cloud) else {"type": given.type}
    stored: Settings = payloads.storable_all(settled)
    return stored


def _cloud(given: Cloud, before: Settings) -> Settings:
    networking = _networking(given.networking, before.get("networking", UNRESTRICTED))
    packages = _packages(given.packages, before.get("packages", {}))
    has_packages = any(packages[manager] for manager in MANAGERS)
    if has_packages and not networking.get("allow_package_managers", True):
        raise Misshapen(
            [
                Problem(
                    ("config", "packages"),
                    "packages need networking.allow_package_managers to be true",
                )
            ]
        )
    return {"type": "cloud", "networking": networking, "packages": packages}


def _networking(given: Unrestricted | Limited | None, before: Settings) -> Settings:
    if given is None:
        return before
    if isinstance(given, Unrestricted):
        return UNRESTRICTED
    usual = {"allowed_hosts": [], "allow_mcp_servers": False, "allow_package_managers": False}
    kept = before if before["type"] == "limited" else usual
    return {**usual, **kept, **given.model_dump(exclude_none=True)}


def _packages(given: Packages | None, before: Settings) -> Settings:
    told = given.model_dump(exclude_none=True) if given else {}
    none: Settings = {manager: [] for manager in MANAGERS}
    return {"type": "packages", **none, **before, **told}


def merged_metadata(given: dict[str, str] | dict[str, str | None], before: Settings) -> Settings:
    """Key by key; null or an empty value removes one. Raises InvalidMetadata, naming each."""
    merged = {key: value for key, value in {**before, **given}.items() if value}
    problems = [f"'{key}' is longer than {LONGEST_KEY}" for key in merged if len(key) > LONGEST_KEY]
    problems += [
        f"the value of '{key}' is longer than {LONGEST_VALUE}"
        for key, value in merged.items()
        if len(value) > LONGEST_VALUE
    ]
    if len(merged) > MOST_PAIRS:
        problems.append(f"these are {len(merged)} pairs; at most {MOST_PAIRS}")
    if problems:
        raise InvalidMetadata(payloads.storable(f"metadata: {'; '.join(problems[:5])}"))
    settled: Settings = payloads.storable_all(merged)
    return settled
