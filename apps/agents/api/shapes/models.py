"""Which model an agent runs on, and how."""

from typing import Annotated, Literal

from pydantic import Field, Tag

from apps.agents.api.shapes.choosing import OBJECT, STRING, STRING_OR_OBJECT
from apps.core.api.shapes import Shape

ModelId = Annotated[str, Field(min_length=1, max_length=256)]
Level = Literal["low", "medium", "high", "xhigh", "max"]


class Effort(Shape):
    """How hard the model works on each call."""

    type: Level


EffortParam = Annotated[
    Annotated[Level, Tag(STRING)] | Annotated[Effort, Tag(OBJECT)], STRING_OR_OBJECT
]


class ModelConfig(Shape):
    """A model with what else can be said about it."""

    id: ModelId
    effort: EffortParam | None = Field(
        default=None,
        description="Omitted: `high` on create; on update what the agent had before.",
    )
    speed: Literal["standard", "fast"] | None = Field(
        default=None, description="Omitted, `standard`."
    )
    inference_geo: Annotated[str, Field(min_length=1, max_length=64)] | None = None


ModelParam = Annotated[
    Annotated[ModelId, Tag(STRING)] | Annotated[ModelConfig, Tag(OBJECT)], STRING_OR_OBJECT
]
