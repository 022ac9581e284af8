"""The patterns of a dream as its page lists them: what became of each, in two orders, by pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Abs, Cast

from apps.accounts.models import Workspace
from apps.dreams import drawing
from apps.dreams.drawing import Interval
from apps.dreams.models import Dream, Pattern
from apps.dreams.models.pattern import PatternQuerySet
from apps.reviews.models import Proposal

SIZE = 50
SUPPORT, EFFECT = "support", "effect"
SIGNS = {
    "mistake": ("error", "error"),
    "workaround": ("tool", "tool"),
    "preference": ("user", "user"),
    "workflow": ("thread", "thread"),
    "fact": ("memory", "memory"),
    "escalation": ("grade", "grade"),
}
"""By kind: sign and tone."""
CHANGES = {
    "create": ("plus", "memory"),
    "update": ("edit", "user"),
    "merge": ("merge", "model"),
    "rename": ("arrow-right", "tool"),
    "retire": ("archive", "thread"),
    "restructure": ("tree", "grade"),
}
"""By kind of proposal: sign and tone."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A pattern with what is drawn of it."""

    pattern: Pattern
    icon: str
    tone: str
    interval: Interval | None
    proposal: Proposal | None

    @property
    def is_bad(self) -> bool:
        """Whether sessions in which it is seen succeed less, or it is a mistake by itself."""
        return self.pattern.kind == "mistake"

    @property
    def change(self) -> tuple[str, str]:
        return CHANGES.get(self.proposal.kind if self.proposal else "", ("plus", ""))


@dataclass(frozen=True, slots=True)
class Page:
    """Some of them, and where the next page begins (0: nowhere)."""

    rows: Sequence[Listed]
    after: int

    @property
    def is_judged(self) -> bool:
        """Whether any of them has a rate."""
        return any(each.interval for each in self.rows)

    @property
    def overall(self) -> int | None:
        """The rate of all sessions, where all rows are compared with the same ones."""
        rates = {_overall(each.pattern) for each in self.rows if each.interval}
        return rates.pop() if len(rates) == 1 else None


def page(workspace: Workspace, dream: Dream, *, order: str, after: int) -> Page:
    """What is seen most often comes first, or what makes the most of a difference."""
    rows = Pattern.objects.filter(dream=dream).defer("seen", "details")
    found = list(_by_effect(rows, after) if order == EFFECT else _by_support(rows, after))
    shown = found[:SIZE]
    wanted = [each.proposal_id for each in shown if each.proposal_id]
    proposals = Proposal.objects.visible_in(workspace).for_list().in_bulk(wanted)
    return Page(
        [_listed(each, proposals.get(each.proposal_id)) for each in shown],
        shown[-1].number if len(found) > SIZE else 0,
    )


def _by_support(rows: PatternQuerySet, after: int) -> PatternQuerySet:
    return rows.filter(number__gt=after).in_order()[: SIZE + 1]


def _by_effect(rows: PatternQuerySet, after: int) -> PatternQuerySet:
    """By how far its sessions' success lies from the others'; unjudged ones come last."""
    ranked = rows.annotate(effect=_EFFECT)
    last = ranked.filter(number=after).values_list("effect", flat=True).first() if after else None
    if last is not None:
        ranked = ranked.filter(Q(effect__lt=last) | Q(effect=last, number__gt=after))
    return ranked.order_by("-effect", "number")[: SIZE + 1]


def _share(count: str, tries: str) -> CombinedExpression:
    return Cast(F(count), FloatField()) / Cast(F(tries), FloatField())


_EFFECT = Case(
    When(Q(success_tries=0) | Q(others_tries=0), then=Value(-1.0)),
    default=Abs(_share("success_count", "success_tries") - _share("others_count", "others_tries")),
    output_field=FloatField(),
)


def _listed(pattern: Pattern, proposal: Proposal | None) -> Listed:
    icon, tone = SIGNS[pattern.kind]
    overall = _overall(pattern)
    return Listed(
        pattern,
        icon,
        tone,
        drawing.interval(pattern.success, (overall or 0) / 100),
        proposal,
    )


def _overall(pattern: Pattern) -> int | None:
    """Of the judged sessions that it is compared with, itself included, how many in a hundred

    succeeded.
    """
    tries = pattern.success_tries + pattern.others_tries
    return round(100 * (pattern.success_count + pattern.others_count) / tries) if tries else None
