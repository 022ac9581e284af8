"""What requests about models may hold, and what the answers do."""

from typing import Literal

from pydantic import BaseModel, Field

from apps.core.api.shapes import PageQuery, Shape
from apps.engine.models import VENDOR, Call

DOLLARS = r"^[0-9]{1,10}(\.[0-9]{1,2})?$"
_CAP = "US dollars, as text, so that nothing rounds them; null: no limit."
STATUSES = ", ".join(Call.Status.values)


class KeyShape(Shape):
    """A key to ask models with."""

    api_key: str = Field(min_length=1, max_length=1_000)
    base_url: str = Field(default=VENDOR, max_length=500, description="https, or this machine.")


class ConnectionPatch(Shape):
    """What to change of the rest."""

    dream_model: str = Field(default="", max_length=128, description="Empty: the installation's.")
    grading_model: str = Field(default="", max_length=128, description="Empty: the installation's.")
    daily_cap_usd: str | None = Field(default=None, pattern=DOLLARS, description=_CAP)
    monthly_cap_usd: str | None = Field(default=None, pattern=DOLLARS, description=_CAP)


class CallQuery(PageQuery):
    job_type: str = Field(default="", max_length=32, description="As `dream`.")
    job_id: str = Field(default="", max_length=64, description="As the id of a dream.")


class Connection(BaseModel):
    """How this workspace asks models."""

    type: Literal["model_connection"]
    key: str = Field(description="Whose key is asked with: workspace, installation, or none.")
    key_hint: str | None = Field(description="The end of the workspace's key; never the key.")
    base_url: str | None
    dream_model: str | None
    grading_model: str | None
    daily_cap_usd: str | None
    monthly_cap_usd: str | None
    checking: bool
    checked_at: str | None = Field(description="When the key was last tested.")
    check_error: str | None = Field(description="What was wrong then; null: it worked.")


class CallJob(BaseModel):
    """For whom was asked."""

    type: str
    id: str


class CallError(BaseModel):
    """What it ended in."""

    type: str
    message: str


class CallUsage(BaseModel):
    """Tokens of all its requests."""

    input_tokens: int
    output_tokens: int
    cache_read_input_tokens: int
    cache_creation_input_tokens: int


class ModelCall(BaseModel):
    """One question to a model, and what it took; neither the question nor the answer."""

    id: str
    type: Literal["model_call"]
    job: CallJob
    purpose: str
    model: str
    answered_by: str | None = Field(description="The model that answered, which may be dated.")
    status: str = Field(description=f"One of: {STATUSES}.")
    error: CallError | None
    batched: bool = Field(description="Whether it went through a batch, at half the price.")
    answer_kept: bool = Field(description="Whether asking the same again costs nothing.")
    usage: CallUsage
    cost_usd: str | None = Field(description="To the billionth; null without a list price.")
    requests: int = Field(description="Requests that were answered, repairs included.")
    created_at: str
    answered_at: str | None
