"""What requests about comparisons look like."""

from typing import Literal

from pydantic import Field

from apps.core.api.shapes import PageQuery, Shape
from apps.dreams import engines
from apps.dreams.api.shapes import Cap, Id, Instructions, ModelId, SessionIds
from apps.dreams.comparing.beginning import ComparisonPlan, Contender


class NewContender(Shape):
    """What is to dream, and what it is told."""

    model: ModelId = engines.LOCAL
    instructions: Instructions | None = None

    @property
    def contender(self) -> Contender:
        return Contender(self.model, self.instructions or "")


class ComparisonToEstimate(Shape):
    """Two dreams on the same input that are not started."""

    memory_store_id: Id
    session_ids: SessionIds = Field(description="Answered in sorted order.")
    a: NewContender
    b: NewContender


class NewComparison(ComparisonToEstimate):
    """Two dreams on the same input."""

    cap_usd: Cap | None = Field(
        default=None, description="US dollars that either side's questions to a model may cost."
    )

    @property
    def plan(self) -> ComparisonPlan:
        return ComparisonPlan(
            store_id=self.memory_store_id,
            session_ids=self.session_ids,
            a=self.a.contender,
            b=self.b.contender,
            cap_usd=self.cap_usd,
        )


class ComparisonsQuery(PageQuery):
    """Which comparisons."""

    include_archived: bool = False


class NewPick(Shape):
    """Which is better."""

    choice: Literal["a", "b", "both", "neither"] = Field(
        description="Beside what one side alone proposes, the other's letter says that nothing is"
        " better. Where both agree: both or neither."
    )


class NewHandIn(Shape):
    """Which proposals."""

    proposals_of: Literal["a", "b", "picked"] = Field(
        default="picked",
        description="Of what was picked: one side's, or in each row the picked one's; of two good"
        " ones the surer.",
    )
