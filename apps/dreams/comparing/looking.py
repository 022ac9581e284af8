"""A comparison with all that is told of it: its dreams, its rows counted, who may know what."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from apps.dreams.comparing import counting
from apps.dreams.comparing.counting import Tally
from apps.dreams.costing import cost
from apps.dreams.models import Comparison, ComparisonRow, ComparisonSide, Dream, Letter

Verdict = ComparisonRow.Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """One comparison as it stands; of each side the dream that ends it, its `side` loaded."""

    comparison: Comparison
    dreams: Mapping[Letter, Dream]
    counts: Counter[tuple[str, str]]

    @property
    def status(self) -> str:
        """`running`, then `completed`; `partial` where one side alone got to its end."""
        if not self.comparison.has_ended:
            return "running"
        done = [each.status == Dream.Status.COMPLETED for each in self.dreams.values()]
        if all(done):
            return "completed"
        return "partial" if any(done) else "failed"

    @property
    def is_canceled(self) -> bool:
        """Whether somebody stopped what did not get to its end."""
        ends = {each.status for each in self.dreams.values()} - {Dream.Status.COMPLETED}
        return ends == {Dream.Status.CANCELED}

    def side(self, letter: Letter) -> ComparisonSide:
        side = self.dreams[letter].side
        assert side is not None  # noqa: S101 -- they are found by it
        return side

    def cost(self, letter: Letter) -> Decimal | None:
        """At list price, had nothing been read before."""
        side = self.side(letter)
        return cost(side.model, side)

    def rows(self, *verdicts: str) -> int:
        return sum(count for (verdict, _), count in self.counts.items() if verdict in verdicts)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def contested(self) -> int:
        """Rows in which one of the two can be the better one."""
        return self.total - self.rows(Verdict.AGREE)

    @property
    def judged(self) -> int:
        """Of the contested."""
        picked = ((key, count) for key, count in self.counts.items() if key[1])
        return sum(count for (verdict, _), count in picked if verdict != Verdict.AGREE)

    @property
    def agreement(self) -> int | None:
        """Percent of the rows; None where there is none."""
        return round(100 * self.rows(Verdict.AGREE) / self.total) if self.total else None

    @property
    def is_blind(self) -> bool:
        """Whether nobody is to know yet which side is which."""
        is_open = self.comparison.revealed_at is not None or self.judged == self.contested
        return self.status == "completed" and not is_open

    def tally(self, letter: Letter) -> Tally:
        return counting.tally(self.counts, letter)

    @property
    def is_picked(self) -> bool:
        """Whether there is anything to hand in."""
        return any(self.tally(letter).good for letter in Letter)


def look_at(comparisons: Sequence[Comparison]) -> list[Look]:
    """Two queries, however many they are."""
    found: defaultdict[str, dict[Letter, Dream]] = defaultdict(dict)
    dreams = Dream.objects.filter(side__comparison__in=comparisons, gathers_for=None)
    for each in dreams.select_related("side").defer("drafts", "session_ids"):
        assert each.side is not None  # noqa: S101 -- filtered by it
        found[each.side.comparison_id][Letter(each.side.letter)] = each
    counts = counting.counts(comparisons)
    return [Look(each, found[each.pk], counts[each.pk]) for each in comparisons]


def look(comparison: Comparison) -> Look:
    [only] = look_at([comparison])
    return only
