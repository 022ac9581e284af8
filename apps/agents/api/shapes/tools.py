"""The tools of an agent: the built-in set, MCP servers' sets, and the client's own."""

from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, Tag, model_validator

from apps.agents.api.shapes.choosing import STRING, by_type
from apps.core.api.shapes import Shape

MOST_TOOLS = 256
MOST_SERVERS = 20
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_HOST = rf"{_LABEL}(\.{_LABEL})*"
Host = Annotated[
    str,
    Field(max_length=253, pattern=f"^{_HOST}$", description="A hostname; no scheme, port or path."),
]
HostAndPath = Annotated[
    str,
    Field(max_length=512, pattern=rf"^{_HOST}(/[^\s]*)?$", description="A hostname, maybe a path."),
]


class PermissionPolicy(Shape):
    """Who decides whether a call goes ahead: nobody, a person, or the server itself."""

    type: Literal["always_allow", "always_ask", "auto"]


class ToolDefaults(Shape):
    """What holds for every tool of a set that says nothing of its own."""

    enabled: bool | None = Field(default=None, description="Omitted, true.")
    permission_policy: PermissionPolicy | None = Field(
        default=None,
        description="Omitted, `always_allow` for built-in tools and `always_ask` for MCP.",
    )


class _OwnSettings(Shape):
    """What one tool says of its own; the rest is as the set's default."""

    enabled: bool | None = None
    permission_policy: PermissionPolicy | None = None


class SimpleToolConfig(_OwnSettings):
    """A built-in tool that has no settings beside those of every tool."""

    name: Literal["bash", "edit", "read", "write", "glob", "grep"]
    type: Literal["bash", "edit", "read", "write", "glob", "grep"] | None = None

    @model_validator(mode="after")
    def _type_is_name(self) -> Self:
        if self.type is not None and self.type != self.name:
            raise ValueError(f"type must be '{self.name}', as the name is")
        return self


class ToolReference(Shape):
    """One tool in an `only` or `except` list."""

    type: Literal["tool_reference"]
    name: Annotated[str, Field(min_length=1, max_length=128)]


class SourceSwitch(Shape):
    """Every URL of a source, or none."""

    type: Literal["all", "none"]


class SourceFilter(Shape):
    """The URLs that some tools' results show, or all but theirs."""

    type: Literal["only", "except"]
    tools: Annotated[list[ToolReference], Field(min_length=1, max_length=128)]


_Shorthand = Annotated[Literal["all", "none"], Tag(STRING)]
UserInput = Annotated[
    _Shorthand | Annotated[SourceSwitch, Tag("all")] | Annotated[SourceSwitch, Tag("none")],
    by_type("all", "none"),
]
ToolResults = Annotated[
    _Shorthand
    | Annotated[SourceSwitch, Tag("all")]
    | Annotated[SourceSwitch, Tag("none")]
    | Annotated[SourceFilter, Tag("only")]
    | Annotated[SourceFilter, Tag("except")],
    by_type("all", "none", "only", "except"),
]


class UrlSources(Shape):
    """Where a URL must have been seen for web_fetch to fetch it. Omitted keys are `all`."""

    user_input: UserInput | None = None
    client_tool_results: ToolResults | None = None
    server_tool_results: ToolResults | None = None


class _WithDomains(_OwnSettings):
    """A tool that can be kept to some places, or away from some."""

    allowed_domains: Annotated[list[HostAndPath], Field(min_length=1, max_length=64)] | None = None
    blocked_domains: Annotated[list[HostAndPath], Field(min_length=1, max_length=64)] | None = None

    @model_validator(mode="after")
    def _one_list_of_domains(self) -> Self:
        if self.allowed_domains and self.blocked_domains:
            raise ValueError("give allowed_domains or blocked_domains, not both")
        return self


class WebFetchConfig(_WithDomains):
    """web_fetch, with the places that it may go to."""

    name: Literal["web_fetch"]
    type: Literal["web_fetch"] | None = None
    allowed_domains: Annotated[list[Host], Field(min_length=1, max_length=64)] | None = None
    blocked_domains: Annotated[list[Host], Field(min_length=1, max_length=64)] | None = None
    max_content_tokens: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    url_sources: UrlSources | None = None


class UserLocation(Shape):
    """Roughly where the user is, for search results."""

    type: Literal["approximate"]
    city: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    region: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = None
    timezone: Annotated[str, Field(min_length=1, max_length=255)] | None = None


class WebSearchConfig(_WithDomains):
    """web_search, with the places that it may show."""

    name: Literal["web_search"]
    type: Literal["web_search"] | None = None
    user_location: UserLocation | None = None


class AgentToolset(Shape):
    """The built-in tools."""

    type: Literal["agent_toolset_20260401"]
    default_config: ToolDefaults | None = None
    configs: list[
        Annotated[SimpleToolConfig | WebFetchConfig | WebSearchConfig, Field(discriminator="name")]
    ] = Field(default=[], max_length=8)


class McpToolConfig(_OwnSettings):
    """One tool of an MCP server."""

    name: Annotated[str, Field(min_length=1, max_length=128)]


class McpToolset(Shape):
    """The tools of one of the agent's MCP servers."""

    type: Literal["mcp_toolset"]
    mcp_server_name: Annotated[str, Field(min_length=1, max_length=255)]
    default_config: ToolDefaults | None = None
    configs: list[McpToolConfig] = Field(default=[], max_length=MOST_TOOLS)


class InputSchema(Shape):
    """A JSON Schema of an object."""

    model_config = ConfigDict(extra="allow")

    type: Literal["object"]
    properties: dict[str, Any] | None = None
    required: list[str] | None = None


class CustomTool(Shape):
    """A tool that the client carries out."""

    type: Literal["custom"]
    name: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,128}$")]
    description: Annotated[str, Field(min_length=1)]
    input_schema: InputSchema


Tool = Annotated[AgentToolset | McpToolset | CustomTool, Field(discriminator="type")]
Tools = Annotated[list[Tool], Field(max_length=MOST_TOOLS)]


class McpServer(Shape):
    """An MCP server by its address."""

    type: Literal["url"]
    name: Annotated[str, Field(min_length=1, max_length=255)]
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=2048)]


McpServers = Annotated[list[McpServer], Field(max_length=MOST_SERVERS)]
