"""Comparing dreams: asking for it, stopping it, picking, handing in what was picked."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, authored, note
from apps.accounts.rights import Right
from apps.core.api.times import stamp
from apps.core.errors import Conflict, DomainError
from apps.dreams import dreaming
from apps.dreams.actions.handing_out import hand_out
from apps.dreams.comparing import beginning, finding, handing_in, looking
from apps.dreams.comparing.beginning import ComparisonPlan
from apps.dreams.comparing.handing_in import Whose
from apps.dreams.comparing.looking import Look
from apps.dreams.models import Comparison, ComparisonPick, ComparisonRow, Dream
from apps.memory import finding as memory

Choice = ComparisonPick.Choice


class NotCompared(Conflict):
    """Both dreams of this comparison must end first."""


class HasEnded(DomainError):
    """Both dreams have ended: there is nothing left to stop."""


class BothSayTheSame(DomainError):
    """choice: both propose the same here. It is good, or it is not."""


class NoSuchChoice(DomainError):
    """choice: a, b, both or neither."""


class WasHandedIn(Conflict):
    """What was picked here is in the queue already."""


@transaction.atomic
def create_comparison(plan: ComparisonPlan, *, by: Actor) -> Comparison:
    """Ask for two dreams, and have workers take them up. Raises what `beginning.begin` raises."""
    compared, dreams = beginning.begin(plan, by=by)
    for each in dreams:
        hand_out(each)
    return compared


@transaction.atomic
def cancel_comparison(*, comparison_id: str, by: Actor) -> Comparison:
    """End what still dreams; what one side came to is kept. Raises NoSuchComparison, HasEnded."""
    compared = finding.comparison(by.workspace, comparison_id)
    sides = Dream.objects.filter(side__comparison=compared)
    # All of them first: whoever ends one holds it, and asks for the comparison's row then.
    held = list(sides.select_for_update(of=("self",)).select_related("workspace").order_by("pk"))
    ended = [
        each
        for each in sorted(held, key=lambda dream: dream.is_gathering)
        if dreaming.end(each, Dream.Status.CANCELED, f"Canceled by {by.name}.")
    ]
    if not ended:
        raise HasEnded
    note(by, "dream_comparison.canceled", compared.pk, after={"dreams": [e.pk for e in ended]})
    compared.refresh_from_db()
    return compared


@transaction.atomic
def archive_comparison(*, comparison_id: str, by: Actor) -> Comparison:
    """Hide it from lists, for good; once more changes nothing. Its picks go on counting.

    Raises NoSuchComparison, NotCompared.
    """
    compared = _ended(comparison_id, by)
    now = timezone.now()
    if Comparison.objects.open().filter(pk=compared.pk).update(archived_at=now):
        compared.archived_at = now
        note(by, "dream_comparison.archived", compared.pk, after={"archived_at": stamp(now)})
    return compared


@transaction.atomic
def reveal(*, comparison_id: str, by: Actor) -> Comparison:
    """Say which side is which before all is judged. Raises NoSuchComparison, NotCompared."""
    by.require(Right.REVIEW)
    compared = _ended(comparison_id, by)
    now = timezone.now()
    if Comparison.objects.filter(pk=compared.pk, revealed_at=None).update(revealed_at=now):
        compared.revealed_at = now
        note(by, "dream_comparison.revealed", compared.pk, after={"revealed_at": stamp(now)})
    return compared


@transaction.atomic
def pick(
    *, comparison_id: str, row_id: str, choice: str, by: Actor, knows: bool = False
) -> ComparisonRow:
    """Say which is better, in the place of what was said before; `knows`: they see whose is which.

    Raises NotAllowed, NoSuchChoice, NoSuchComparison, NoSuchRow, BothSayTheSame.
    """
    by.require(Right.REVIEW)
    if choice not in Choice.values:
        raise NoSuchChoice
    compared = finding.comparison(by.workspace, comparison_id)
    row = finding.row(compared, row_id)
    if not row.is_contested and choice not in {Choice.BOTH, Choice.NEITHER}:
        raise BothSayTheSame
    before = row.pick.choice if hasattr(row, "pick") else ""
    is_blind = not knows and looking.look(compared).is_blind
    author = authored(by)
    said = {
        "choice": choice,
        "is_blind": is_blind,
        "picked_at": timezone.now(),
        "by_type": author["created_by_type"],
        "by_id": author["created_by_id"],
        "by_name": author["created_by_name"],
    }
    ComparisonPick.objects.update_or_create(row=row, defaults=said)
    told = {"choice": choice, "comparison_id": compared.pk, "is_blind": is_blind}
    note(by, "dream_comparison.picked", row.pk, before={"choice": before}, after=told)
    return finding.row(compared, row_id)


@transaction.atomic
def hand_in(*, comparison_id: str, whose: Whose, by: Actor) -> Look:
    """Put what was picked into the queue, once, for people to decide.

    Raises NoSuchComparison, NotCompared, WasHandedIn, NothingPicked, NothingFits, NoSuchStore,
    StoreArchived.
    """
    compared = _ended(comparison_id, by)
    free = Comparison.objects.select_for_update().filter(pk=compared.pk, handed_in_at=None)
    if not free.exists():
        raise WasHandedIn
    found = handing_in.chosen(compared, whose)
    store = memory.store(by.workspace, compared.input_store_id)
    seen = looking.look(compared)
    made = handing_in.hand_in(store, found, seen.dreams)
    compared.handed_in_at, compared.changeset_id = timezone.now(), made.pk
    compared.handed_in_by_name = by.name
    compared.save(update_fields=["handed_in_at", "changeset_id", "handed_in_by_name"])
    told = {"changeset_id": made.pk, "proposals": made.proposal_count, "of": whose.value}
    note(by, "dream_comparison.handed_in", compared.pk, after=told)
    return seen


def _ended(comparison_id: str, by: Actor) -> Comparison:
    compared = finding.comparison(by.workspace, comparison_id)
    if not compared.has_ended:
        raise NotCompared
    return compared
