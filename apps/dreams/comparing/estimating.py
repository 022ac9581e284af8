"""What a comparison would read and cost, side by side, before it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.accounts.models import Workspace
from apps.dreams import engines, trying
from apps.dreams.claude.estimating import Estimate
from apps.dreams.comparing.counting import called
from apps.dreams.models import Letter
from apps.dreams.trying import Asked


@dataclass(frozen=True, slots=True)
class Side:
    """One side beforehand; of two with one engine, B reads nothing anew."""

    letter: Letter
    model: str
    engine: str
    new: int
    estimate: Estimate | None
    """None where nobody can tell."""

    @property
    def name(self) -> str:
        return called(self.model, self.engine)

    @property
    def cost(self) -> Decimal | None:
        return self.estimate.cost if self.estimate else None


@dataclass(frozen=True, slots=True)
class Estimated:
    """Both sides, and how many sessions they are given."""

    sessions: int
    sides: tuple[Side, Side]

    @property
    def cost(self) -> Decimal | None:
        """Of both; None where one is not known."""
        first, second = (each.cost for each in self.sides)
        return None if first is None or second is None else first + second


def estimate(workspace: Workspace, asked: Asked, models: Mapping[Letter, str]) -> Estimated:
    """Nothing is written, and no model is asked."""
    first = _side(workspace, replace(asked, model=models[Letter.A]), Letter.A)
    other = replace(asked, model=models[Letter.B])
    is_shared = engines.speaking_for(other.model, workspace) == first.engine
    second = _side(workspace, other, Letter.B, is_shared=is_shared)
    return Estimated(trying.matching(workspace, asked).taken, (first, second))


def _side(workspace: Workspace, asked: Asked, letter: Letter, *, is_shared: bool = False) -> Side:
    return Side(
        letter=letter,
        model=asked.model,
        engine=engines.speaking_for(asked.model, workspace),
        new=0 if is_shared else trying.matching(workspace, asked).new,
        estimate=trying.estimate(workspace, asked, is_read=is_shared),
    )
