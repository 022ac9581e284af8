"""Pass rates over time, per agent and its version."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from apps.core.rates import Rate, rate
from apps.outcomes.drawing import Range, WeekBar, rate_range, week_bars
from apps.outcomes.models import Evaluation, Result
from apps.outcomes.models.evaluation import EvaluationQuerySet

WEEKS = 12
MOST_SHOWN = 60
WIDTH, HEIGHT = 240, 30


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an agent: how often its work was satisfactory, in all and by week."""

    number: int
    rate: Rate
    range: Range | None
    bars: Sequence[WeekBar]


@dataclass(frozen=True, slots=True)
class Rated:
    """An agent with its versions, the newest first."""

    name: str
    versions: Sequence[Version]


@dataclass(frozen=True, slots=True)
class Rates:
    agents: Sequence[Rated]
    first: date
    last: date
    is_cut: bool = False


def rates(evaluations: EvaluationQuerySet) -> Rates:
    """Of those that were completed in the last weeks and are of an agent.

    An outcome counts by its last iteration: what was revised until it passed has passed.
    """
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    rows = (
        # No grading takes longer than some days, and lists are kept by when they were asked for.
        evaluations.filter(created_at__gte=timezone.now() - timedelta(weeks=WEEKS, days=7))
        .filter(status=Evaluation.Status.COMPLETED, ended_at__date__gte=weeks[0])
        .exclude(agent_name="")
        .exclude(Q(result=Result.NEEDS_REVISION) & ~Q(outcome_id=""))
        .annotate(week=TruncWeek("ended_at"))
        .values("agent_name", "agent_version", "week")
        .annotate(good=Count("pk", filter=Q(result=Result.SATISFIED)), tries=Count("pk"))
        .order_by("agent_name", "agent_version", "week")
    )
    found: dict[tuple[str, int], dict[date, tuple[int, int]]] = defaultdict(dict)
    for row in rows:
        key = row["agent_name"], row["agent_version"]
        found[key][row["week"].date()] = row["good"], row["tries"]
    shown = dict(sorted(found.items(), key=lambda pair: _newest(pair[1]))[-MOST_SHOWN:])
    most = max((tries for by in shown.values() for _, tries in by.values()), default=0)
    agents: dict[str, list[Version]] = defaultdict(list)
    for (name, number), by_week in sorted(
        shown.items(), key=lambda pair: (pair[0][0], -pair[0][1])
    ):
        agents[name].append(_version(number, by_week, weeks, most))
    return Rates(
        [Rated(name, versions) for name, versions in agents.items()],
        weeks[0],
        timezone.localdate(),
        len(found) > len(shown),
    )


def _newest(by_week: dict[date, tuple[int, int]]) -> date:
    return max(by_week)


def _version(
    number: int, by_week: dict[date, tuple[int, int]], weeks: Sequence[date], most: int
) -> Version:
    whole = rate(
        sum(good for good, _ in by_week.values()), sum(tries for _, tries in by_week.values())
    )
    told = [(f"week of {day.day} {day:%b}", *by_week.get(day, (0, 0))) for day in weeks]
    bars = week_bars(told, width=WIDTH, height=HEIGHT, most=most)
    return Version(number, whole, rate_range(whole), bars)
