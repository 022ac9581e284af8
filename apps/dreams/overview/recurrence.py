"""Of accepted proposals that rest on a pattern: is it seen in fewer sessions since?

Weeks are counted from the very moment of acceptance, so that none lies on both sides of it. Counted
are sessions that a dream has read, as it keeps what it saw in them: before, those that have the
store mounted or that a dream about it read; since, those that have it mounted and so could read it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    CharField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Cast, Extract, Floor
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.dreams import drawing, engines
from apps.dreams.drawing import Line
from apps.dreams.models import DreamInput, Observation, Pattern, Reading
from apps.dreams.recurring import Judged, Tally, judge
from apps.reviews.models import Changeset, Proposal
from apps.sessions.models import Resource

MOST = 6
WEEKS_BEFORE, WEEKS_AFTER = 8, 8
WIDTH, HEIGHT = 240, 72
_WEEK_SECONDS = 7 * 24 * 3600
# What is learned of a way that works is not to be seen less. What a model tells in its own words it
# tells in others later on, and those would go uncounted.
_NOT_COUNTED = ("workflow", "told")
# Their key is the stems of what was said: whoever says more than that says the same.
_IN_WORDS = ("statement", "grade", "corrected")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One pattern, before and since the memory about it was accepted."""

    proposal: Proposal
    pattern: Pattern
    weeks: Mapping[int, Tally]
    """By week from the acceptance on; those before are negative."""
    judged: Judged

    @property
    def series(self) -> list[tuple[int, Tally]]:
        """Every week of the chart, also one in which nothing was read, up to the one that runs."""
        assert self.proposal.decided_at is not None  # noqa: S101 -- it is accepted
        passed = int((timezone.now() - self.proposal.decided_at).total_seconds() // _WEEK_SECONDS)
        return [
            (week, self.weeks.get(week, Tally()))
            for week in range(-WEEKS_BEFORE, min(WEEKS_AFTER, passed + 1))
        ]

    @property
    def line(self) -> Line:
        shares = [tally.share if tally.read else None for _, tally in self.series]
        return drawing.line(shares, WEEKS_BEFORE, width=WIDTH, height=HEIGHT)


def recurrences(workspace: Workspace) -> list[Recurrence]:
    """Of the patterns behind what was accepted last."""
    proposals = _accepted(workspace)
    patterns = _patterns(proposals)
    found = [(each, patterns[each.pk]) for each in proposals if each.pk in patterns][:MOST]
    counted = _counted(workspace, found)
    return [_recurrence(*each, counted[each[0].pk]) for each in found]


def _recurrence(proposal: Proposal, pattern: Pattern, weeks: Mapping[int, Tally]) -> Recurrence:
    before = sum((tally for week, tally in weeks.items() if week < 0), Tally())
    after = sum((tally for week, tally in weeks.items() if week >= 0), Tally())
    return Recurrence(proposal, pattern, weeks, judge(before, after))


def _accepted(workspace: Workspace) -> list[Proposal]:
    """The last ones of dreams, some more than are shown: not each rests on a pattern."""
    rows = Proposal.objects.visible_in(workspace).filter(
        status=Proposal.Status.ACCEPTED, changeset__origin=Changeset.Origin.DREAM
    )
    return list(rows.for_list().order_by("-decided_at", "-pk")[: 4 * MOST])


def _patterns(proposals: Sequence[Proposal]) -> dict[str, Pattern]:
    dreams = {each.changeset.origin_id for each in proposals}
    rows = Pattern.objects.filter(
        dream__in=dreams, proposal_id__in=[each.pk for each in proposals]
    ).exclude(details__what__in=_NOT_COUNTED)
    return {each.proposal_id: each for each in rows.select_related("dream").defer("seen")}


def _counted(
    workspace: Workspace, found: Sequence[tuple[Proposal, Pattern]]
) -> dict[str, dict[int, Tally]]:
    """Sessions by proposal and week, in one question however many there are."""
    counted: dict[str, dict[int, Tally]] = defaultdict(dict)
    parts = [_weeks_of(workspace, proposal, pattern) for proposal, pattern in found]
    if parts:
        for proposal_id, week, read, seen in parts[0].union(*parts[1:], all=True):
            counted[proposal_id][week] = Tally(seen, read)
    return counted


def _weeks_of(workspace: Workspace, proposal: Proposal, pattern: Pattern) -> Any:
    accepted = proposal.decided_at
    assert accepted is not None  # noqa: S101 -- it is accepted
    engine = engines.named(pattern.dream.engine)
    mounts = Resource.objects.filter(session=OuterRef("session"), memory_store_id=proposal.store_id)
    dreamt = DreamInput.objects.filter(
        dream__workspace=workspace,
        dream__input_store_id=proposal.store_id,
        session_id=OuterRef("session__public_id"),
    )
    readings = Reading.objects.of(engine.name, engine.version).filter(
        Q(happened_at__lt=accepted) & Exists(dreamt) | Exists(mounts),
        session__workspace=workspace,
        happened_at__gte=accepted - timedelta(weeks=WEEKS_BEFORE),
        happened_at__lt=accepted + timedelta(weeks=WEEKS_AFTER),
    )
    return (
        readings.annotate(
            proposal=Value(proposal.pk, CharField()),
            week=_week(accepted),
            is_seen=Exists(_same(pattern)),
        )
        .values("proposal", "week")
        .annotate(read=Count("pk"), seen=Count("pk", filter=Q(is_seen=True)))
        .order_by()
        .values_list("proposal", "week", "read", "seen")
    )


def _week(accepted: datetime) -> Cast:
    since = ExpressionWrapper(F("happened_at") - Value(accepted), DurationField())
    return Cast(Floor(Extract(since, "epoch") / _WEEK_SECONDS), IntegerField())


def _same(pattern: Pattern) -> Any:
    """What says the same in a reading. Both sides of the acceptance are asked the same question."""
    what = pattern.details.get("what", "")
    seen = Observation.objects.filter(reading=OuterRef("pk"), details__what=what)
    if what in _IN_WORDS:
        return seen.filter(_HasWords(F("key"), Value(pattern.key)))
    return seen.filter(key=pattern.key)


class _HasWords(Func):
    """Whether the first has every word of the second."""

    template = "(string_to_array(%(expressions)s, ' '))"
    arg_joiner = ", ' ') @> string_to_array("
    output_field = BooleanField()
