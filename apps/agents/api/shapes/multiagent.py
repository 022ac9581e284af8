"""Whom an agent may call, in both forms."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from apps.agents.api.shapes.choosing import STRING, by_type
from apps.agents.api.shapes.models import ModelId
from apps.core.api.shapes import Shape

MOST_MEMBERS = 20
AgentId = Annotated[str, Field(min_length=1, max_length=128)]


class Member(Shape):
    """An agent, in one version or in its newest."""

    type: Literal["agent"]
    id: AgentId
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class Itself(Shape):
    """The agent that owns the roster."""

    type: Literal["self"]


class Advisor(Shape):
    """A model that the primary thread may consult."""

    type: Literal["advisor"]
    model: ModelId


MemberParam = Annotated[
    Annotated[AgentId, Tag(STRING)]
    | Annotated[Member, Tag("agent")]
    | Annotated[Itself, Tag("self")],
    by_type("agent", "self"),
]
RosterEntry = Annotated[
    Annotated[AgentId, Tag(STRING)]
    | Annotated[Member, Tag("agent")]
    | Annotated[Itself, Tag("self")]
    | Annotated[Advisor, Tag("advisor")],
    by_type("agent", "self", "advisor"),
]


class Coordinator(Shape):
    """A roster of agents that the primary thread may start threads of."""

    type: Literal["coordinator"]
    agents: Annotated[list[RosterEntry], Field(min_length=1, max_length=MOST_MEMBERS)]


class Switch(Shape):
    """On or off."""

    type: Literal["enabled", "disabled"]


class Off(Shape):
    """Not at all."""

    type: Literal["disabled"]


class Delegates(Shape):
    """Agents that are there already, and whether new ones may be made up on the way."""

    type: Literal["enabled"]
    inline_agents: Switch | None = Field(default=None, description="Omitted, enabled.")
    predefined_agents: Annotated[list[MemberParam], Field(max_length=MOST_MEMBERS)] | None = None


class AdvisorOn(Shape):
    """A model that the primary thread may consult."""

    type: Literal["enabled"]
    model: ModelId


class Multiagent20261001(Shape):
    """Three ways of not working alone, each on or off. On update, merged level by level."""

    type: Literal["multiagent_20261001"]
    advisor: Annotated[AdvisorOn | Off, Field(discriminator="type")] | None = None
    subagents: Annotated[Delegates | Off, Field(discriminator="type")] | None = None
    workflows: Annotated[Delegates | Off, Field(discriminator="type")] | None = None


Multiagent = Annotated[Coordinator | Multiagent20261001, Field(discriminator="type")]
