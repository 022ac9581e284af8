"""A trial as pages and the API tell it: pair by pair, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.outcomes.models import Trial, TrialCase
from apps.outcomes.replaying.comparing import Comparison, Pair, compared


@dataclass(frozen=True, slots=True)
class Try:
    """One task on both sides."""

    before: TrialCase
    after: TrialCase

    @property
    def is_complete(self) -> bool:
        return all(each.status == TrialCase.Status.COMPLETED for each in (self.before, self.after))

    @property
    def pair(self) -> Pair:
        """Of a complete one."""
        return Pair(
            self.before.has_passed, self.after.has_passed, self.before.score, self.after.score
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """`cost` in US dollars of what has been answered; None: a model has no list price."""

    trial: Trial
    tries: Sequence[Try]
    comparison: Comparison
    done: int
    cost: Decimal | None


def shown(trial: Trial) -> Shown:
    """It must have been loaded as for a list."""
    cases = sorted(trial.cases.all(), key=lambda each: (each.position, each.side))
    by_place = {(each.position, each.side): each for each in cases}
    tries = [
        Try(by_place[each.position, TrialCase.Side.BEFORE], each)
        for each in cases
        if each.side == TrialCase.Side.AFTER and (each.position, TrialCase.Side.BEFORE) in by_place
    ]
    done = [each for each in cases if each.status == TrialCase.Status.COMPLETED]
    costs = [each.cost for each in done]
    known = [each for each in costs if each is not None]
    return Shown(
        trial,
        tries,
        compared([each.pair for each in tries if each.is_complete]),
        sum(each.status not in ("pending", "running") for each in cases),
        sum(known, Decimal(0)) if len(known) == len(costs) else None,
    )
