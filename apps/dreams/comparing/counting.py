"""What was picked, counted: for one comparison, and for each contender over all of them."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from apps.accounts.models import Workspace
from apps.core.rates import Rate, rate
from apps.dreams import engines
from apps.dreams.costing import cost_of
from apps.dreams.drawing import Interval, interval
from apps.dreams.models import (
    Comparison,
    ComparisonPick,
    ComparisonRow,
    ComparisonSide,
    Dream,
    Letter,
)
from apps.engine.pricing import Usage

Verdict, Choice = ComparisonRow.Verdict, ComparisonPick.Choice
Counts = Mapping[tuple[str, str], int]
"""Rows by verdict and choice; an empty choice: nobody has picked."""
MOST_CONTENDERS = 50
_NOTHING = Usage()
EVEN = 0.5
"""How often a side wins that is neither better nor worse."""
_ALONE = {Letter.A: Verdict.ONLY_B, Letter.B: Verdict.ONLY_A}
"""The verdict of rows in which this side says nothing."""


@dataclass(slots=True)
class Tally:
    """How a side came off. Where both agree nobody wins."""

    wins: int = 0
    losses: int = 0
    ties: int = 0
    good: int = 0
    """Proposals of this side that were picked, alone or with the other's."""

    def add(self, letter: Letter, verdict: str, choice: str, count: int) -> None:
        if not choice:
            return
        if choice in {letter, Choice.BOTH} and verdict != _ALONE[letter]:
            self.good += count
        if verdict == Verdict.AGREE:
            return
        if choice == letter:
            self.wins += count
        elif choice == letter.other:
            self.losses += count
        else:
            self.ties += count

    @property
    def rate(self) -> Rate:
        """Wins of the rows that either side won."""
        return rate(self.wins, self.wins + self.losses)

    @property
    def interval(self) -> Interval | None:
        return interval(self.rate, EVEN)


def tally(counts: Counts, letter: Letter) -> Tally:
    """Of one side of one comparison."""
    told = Tally()
    for (verdict, choice), count in counts.items():
        told.add(letter, verdict, choice, count)
    return told


def counts(comparisons: Sequence[Comparison]) -> dict[str, Counter[tuple[str, str]]]:
    """Of each comparison, in one query."""
    found: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    rows = ComparisonRow.objects.filter(comparison__in=comparisons)
    names = ("comparison", "verdict", "pick__choice")
    for compared, verdict, choice, count in (
        rows.values_list(*names).annotate(count=Count("pk")).order_by()
    ):
        found[compared][verdict, choice or ""] += count
    return found


@dataclass(slots=True)
class Contender:
    """An engine with its model and its instructions, over all that it was compared in."""

    engine: str
    model: str
    instructions: str
    tally: Tally = field(default_factory=Tally)
    comparisons: int = 0
    blind: int = 0
    """Picks of those who did not know whose is which."""
    picks: int = 0
    usage: Usage = _NOTHING

    @property
    def name(self) -> str:
        """As a person calls it."""
        return called(self.model, self.engine)

    @property
    def cost(self) -> Decimal | None:
        """At list price, had nothing been read before; None for a model without one."""
        return cost_of(self.model, self.usage)

    @property
    def cost_of_a_good_one(self) -> Decimal | None:
        if self.cost is None or not self.tally.good:
            return None
        return self.cost / self.tally.good


def called(model: str, engine: str) -> str:
    """What a person calls it: for a model that nothing here speaks for, the local one dreams."""
    if model == engines.LOCAL:
        return "local"
    return f"{model}, by the local engine" if engine == engines.LOCAL else model


def standings(workspace: Workspace) -> list[Contender]:
    """Who was picked in, the surest winner first, in two queries.

    Where one side failed, or both are the same contender, nothing is compared.
    """
    sides = _judged(workspace)
    by_key = {}
    names = ("engine", "model", "instructions")
    sums = sides.values(*names).annotate(
        comparisons=Count("pk"),
        input=Sum("input_tokens"),
        output=Sum("output_tokens"),
        cache_read=Sum("cache_read_tokens"),
        cache_write=Sum("cache_write_tokens"),
    )
    for each in sums.order_by("-comparisons", *names)[:MOST_CONTENDERS]:
        key = each["engine"], each["model"], each["instructions"]
        usage = Usage(each["input"], each["output"], each["cache_read"], each["cache_write"])
        by_key[key] = Contender(*key, comparisons=each["comparisons"], usage=usage)
    rows = "comparison__rows__"
    picked = (
        sides.values_list(*names, "letter", f"{rows}verdict", f"{rows}pick__choice")
        .annotate(
            count=Count(f"{rows}pick"),
            blind=Count(f"{rows}pick", filter=Q(comparison__rows__pick__is_blind=True)),
        )
        .order_by()
    )
    for engine, model, told, letter, verdict, choice, count, blind in picked:
        if contender := by_key.get((engine, model, told)):
            contender.tally.add(Letter(letter), verdict or "", choice or "", count)
            contender.picks += count
            contender.blind += blind
    return sorted(by_key.values(), key=lambda each: (-each.tally.rate.low, -each.tally.wins))


def _judged(workspace: Workspace) -> QuerySet[ComparisonSide]:
    failed = Dream.objects.filter(
        side__comparison=OuterRef("comparison"), gathers_for=None
    ).exclude(status=Dream.Status.COMPLETED)
    picks = ComparisonPick.objects.filter(row__comparison=OuterRef("comparison"))
    same = ComparisonSide.objects.filter(
        ~Q(letter=OuterRef("letter")),
        comparison=OuterRef("comparison"),
        model=OuterRef("model"),
        instructions=OuterRef("instructions"),
    )
    return ComparisonSide.objects.filter(
        Exists(picks), ~Exists(failed), ~Exists(same), comparison__workspace=workspace
    )
