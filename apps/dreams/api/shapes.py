"""What requests about dreams and their schedules look like (contract: 3.9)."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from apps.core.api.shapes import PageQuery, Shape
from apps.core.api.times import CreatedQuery
from apps.dreams import engines

MOST_SESSIONS = 100
MOST_OF_A_SCHEDULE = 1_000
Status = Literal["pending", "running", "completed", "failed", "canceled"]
Instructions = Annotated[str, Field(min_length=1, max_length=4096)]
ModelId = Annotated[str, Field(min_length=1, max_length=256)]
Id = Annotated[str, Field(min_length=1, max_length=256)]


def _unique(ids: list[str]) -> list[str]:
    if len(set(ids)) < len(ids):
        raise ValueError("a session is named twice")
    return ids


SessionIds = Annotated[
    list[Id], Field(min_length=1, max_length=MOST_SESSIONS), AfterValidator(_unique)
]


def _to_the_cent_of_a_cent(value: object) -> object:
    """A number of JSON as a column keeps it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return Decimal(f"{value:.4f}")


class StoreInput(Shape):
    """The memory store to read."""

    type: Literal["memory_store"]
    memory_store_id: Id


class SessionsInput(Shape):
    """The sessions to read."""

    type: Literal["sessions"]
    session_ids: SessionIds = Field(description="Answered in sorted order.")


class ModelConfig(Shape):
    """A model."""

    id: ModelId
    speed: Literal["standard"] | None = None


class CreateNew(Shape):
    """Into a new store, a copy of the input with everything applied."""

    type: Literal["create_new"]


class UpdateExisting(Shape):
    """Into the input store itself, through its queue of proposals."""

    type: Literal["update_existing"]
    memory_store_id: Id = Field(description="The input store's.")


Cap = Annotated[
    Decimal,
    BeforeValidator(_to_the_cent_of_a_cent),
    Field(ge=Decimal("0.01"), le=1_000_000),
    WithJsonSchema({"type": "number", "minimum": 0.01, "maximum": 1_000_000}),
]
CAP = (
    "Ours: US dollars that its questions to a model may cost; it fails with `cost_cap_reached`"
    " before they cost more. What was read by then is kept."
)
BATCH = "Ours: ask about all sessions in one batch, for half the price, within a day."
Input = Annotated[StoreInput | SessionsInput, Field(discriminator="type")]
Model = ModelId | ModelConfig
Output = Annotated[CreateNew | UpdateExisting, Field(discriminator="type")]


class DreamToEstimate(Shape):
    """A dream that is not started."""

    inputs: list[Input] = Field(
        description="One memory store, and one list of sessions; without it, the store alone."
    )
    model: Model = Field(
        description=f"`{engines.LOCAL}` needs no key; it also dreams for models that nothing here"
        " speaks for, and for all of them as long as no key is connected."
    )
    batch: bool = Field(default=False, description=BATCH)

    @model_validator(mode="after")
    def _has_one_of_each(self) -> Self:
        kinds = [each.type for each in self.inputs]
        if kinds.count("memory_store") != 1 or kinds.count("sessions") > 1:
            raise ValueError("inputs has exactly one memory_store and one list of sessions")
        return self

    @property
    def store_id(self) -> str:
        return next(each.memory_store_id for each in self.inputs if isinstance(each, StoreInput))

    @property
    def session_ids(self) -> list[str]:
        named = (each.session_ids for each in self.inputs if isinstance(each, SessionsInput))
        return next(named, [])

    @property
    def model_id(self) -> str:
        return self.model.id if isinstance(self.model, ModelConfig) else self.model


class NewDream(DreamToEstimate):
    """A dream."""

    instructions: Instructions | None = None
    output_behavior: Output = Field(default=CreateNew(type="create_new"))
    cap_usd: Cap | None = Field(default=None, description=CAP)

    @property
    def updates(self) -> str:
        """The store to write into; empty: a new one."""
        output = self.output_behavior
        return output.memory_store_id if isinstance(output, UpdateExisting) else ""


class DreamsQuery(CreatedQuery, PageQuery):
    """Which dreams."""

    statuses: list[Status] = Field(default=[], description="Any of these.")
    include_archived: bool = False
    memory_store_id: str = Field(default="", description="Those that read this store.")


class Cron(Shape):
    """When."""

    type: Literal["cron"] = "cron"
    expression: str = Field(max_length=200, description="Five fields, as `0 6 * * 1-5`.")
    timezone: str = Field(default="UTC", max_length=64, description="As `Europe/Berlin`.")
    jitter_seconds: int = Field(
        default=0, ge=0, le=3600, description="Up to so much later, so that not all start at once."
    )


class Sessions(Shape):
    """Which sessions, newest first."""

    agent_id: Annotated[str, Field(max_length=128)] | None = None
    window_hours: Annotated[int, Field(ge=1, le=87_600)] | None = Field(
        default=None, description="Begun in the last so many hours."
    )
    only_ended: bool = True
    only_unread: bool = Field(
        default=True, description="Only what no dream about the store has read as it is now."
    )
    limit: int = Field(default=100, ge=1, le=MOST_OF_A_SCHEDULE)
    minimum_new: int = Field(
        default=1, ge=0, le=MOST_OF_A_SCHEDULE, description="With fewer unread, no dream is made."
    )


class NewSchedule(Shape):
    """A schedule of dreams."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    memory_store_id: Id
    schedule: Cron
    sessions: Sessions = Field(default=Sessions())
    model: Model = Field(
        default=engines.LOCAL,
        description="As of a dream. Managed dreams are not scheduled: what the vendor bills, a"
        " person starts.",
    )
    instructions: Instructions | None = None
    output_behavior: Output | None = Field(
        default=None, description="By default, the store itself."
    )
    policy: Literal["review", "auto_safe", "auto"] | None = Field(
        default=None, description="The stricter of this and the store's own policy holds."
    )
    cap_usd: Cap | None = Field(default=None, description=CAP)
    batch: bool = Field(default=False, description=BATCH)


class SchedulePatch(Shape):
    """What is to change. Omitted keys keep what is there."""

    name: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    memory_store_id: Id | None = None
    schedule: Cron | None = None
    sessions: Sessions | None = None
    model: Model | None = None
    instructions: Instructions | None = None
    output_behavior: Output | None = None
    policy: Literal["review", "auto_safe", "auto"] | None = None
    cap_usd: Cap | None = None
    batch: bool | None = None


class SchedulesQuery(PageQuery):
    """Which schedules."""

    include_archived: bool = False
