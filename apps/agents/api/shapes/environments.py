"""What it takes to make an environment, to change one, and to look for some."""

from typing import Annotated, Literal

from pydantic import Field

from apps.core.api.shapes import PageQuery, Shape

Name = Annotated[str, Field(min_length=1, max_length=256)]
Description = Annotated[str, Field(max_length=1024)]
Scope = Literal["organization", "account"]
PackageNames = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=256)]], Field(max_length=1_000)
]
Hosts = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=256)]], Field(max_length=1_000)
]


class Unrestricted(Shape):
    """The whole network."""

    type: Literal["unrestricted"]


class Limited(Shape):
    """Some of the network."""

    type: Literal["limited"]
    allowed_hosts: Hosts | None = None
    allow_mcp_servers: bool | None = None
    allow_package_managers: bool | None = None


class Packages(Shape):
    """What is installed beforehand, by the manager that installs it."""

    type: Literal["packages"] | None = None
    apt: PackageNames | None = None
    cargo: PackageNames | None = None
    gem: PackageNames | None = None
    go: PackageNames | None = None
    npm: PackageNames | None = None
    pip: PackageNames | None = None


class Cloud(Shape):
    """A sandbox that this server provides. On update, omitted keys keep what is there."""

    type: Literal["cloud"]
    networking: Annotated[Unrestricted | Limited, Field(discriminator="type")] | None = None
    packages: Packages | None = None


class SelfHosted(Shape):
    """A machine of your own that asks for work."""

    type: Literal["self_hosted"]


Config = Annotated[Cloud | SelfHosted, Field(discriminator="type")]


class NewEnvironment(Shape):
    """An environment."""

    name: Name
    config: Config | None = Field(default=None, description="Omitted: cloud, unrestricted.")
    description: Description | None = None
    metadata: dict[str, str] | None = None
    scope: Scope | None = None


class EnvironmentPatch(Shape):
    """What is to change. Omitted keys keep what is there."""

    name: Name | None = None
    config: Config | None = None
    description: Description | None = None
    metadata: dict[str, str | None] | None = Field(
        default=None, description="Merged key by key; null or an empty value removes its key."
    )
    scope: Scope | None = None


class EnvironmentsQuery(PageQuery):
    """Which environments."""

    limit: int = Field(default=20, ge=1, le=1_000, description="Rows per page.")
    include_archived: bool = False
