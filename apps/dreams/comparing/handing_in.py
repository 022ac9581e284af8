"""Putting what was picked into the queue, as one changeset of the dream that most of it is of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.core.errors import Conflict, DomainError
from apps.dreams import proposing, stages, telling
from apps.dreams.comparing import settling
from apps.dreams.models import Comparison, ComparisonPick, ComparisonRow, Dream, Letter
from apps.memory.authors import Author
from apps.memory.models import MemoryStore
from apps.reviews import proposing as reviews
from apps.reviews.drafting import Draft
from apps.reviews.models import Changeset, StorePolicy

Choice = ComparisonPick.Choice


class Whose(StrEnum):
    """Whose proposals are meant."""

    A = "a"
    B = "b"
    PICKED = "picked"
    """In each row, that of the side that was picked; of two good ones the surer, then A's."""


class NothingPicked(DomainError):
    """Nothing of this side was picked. Say first which proposals are good."""


class NothingFits(Conflict):
    """None of what was picked can be proposed any more."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A draft that is to be handed in, with its row and its side."""

    row: ComparisonRow
    letter: Letter
    draft: Draft


def chosen(compared: Comparison, whose: Whose) -> list[Chosen]:
    """What was picked, in the order of the rows. Raises NothingPicked."""
    rows = ComparisonRow.objects.filter(comparison=compared, pick__isnull=False)
    found = [
        each
        for row in rows.select_related("pick").order_by("number")
        if (each := _of(row, whose)) is not None
    ]
    if not found:
        raise NothingPicked
    return found


def hand_in(store: MemoryStore, found: list[Chosen], dreams: Mapping[Letter, Dream]) -> Changeset:
    """Propose them; what reviews refuse does not take the others along. Raises NothingFits.

    Whatever the store's policy, people decide.
    """
    letters = Counter(each.letter for each in found)
    main = dreams[max(Letter, key=lambda letter: (letters[letter], letter == Letter.A))]

    def propose(drafts: Sequence[Draft]) -> Changeset:
        return reviews.propose(
            store,
            drafts,
            origin=Changeset.Origin.DREAM,
            by=Author.session(main.session_id, telling.AGENT),
            origin_id=main.pk,
            title=f"Compared dreams of {main.created_at:%Y-%m-%d}",
            summary=_summary(found),
            at_most=StorePolicy.Mode.REVIEW,
        )

    handed = proposing.what_fits([each.draft for each in found], propose)
    if handed.changeset is None:
        refused = handed.dropped[0]
        raise NothingFits(f"{NothingFits.__doc__} {refused.what}: {refused.reason}")
    proposals = dict(handed.changeset.proposals.values_list("fingerprint", "pk"))
    for dream in dreams.values():
        stages.settle_patterns(dream, proposals)
    for each in found:
        each.row.proposal_id = proposals.pop(reviews.fingerprint_of(each.draft), "")
    ComparisonRow.objects.bulk_update([each.row for each in found], ["proposal_id"])
    Dream.objects.filter(pk=main.pk).update(changeset_id=handed.changeset.pk)
    return handed.changeset


def _of(row: ComparisonRow, whose: Whose) -> Chosen | None:
    both = {
        letter: settling.draft_of(kept)
        for letter, kept in ((Letter.A, row.draft_a), (Letter.B, row.draft_b))
        if kept is not None
    }
    picked = row.pick.choice
    good = {Letter.A, Letter.B} if picked == Choice.BOTH else {picked}
    left = {letter: draft for letter, draft in both.items() if letter in good}
    if whose != Whose.PICKED:
        left = {letter: draft for letter, draft in left.items() if letter.value == whose.value}
    if not left:
        return None
    surest = max(left, key=lambda letter: (left[letter].confidence, letter == Letter.A))
    return Chosen(row, surest, left[surest])


def _summary(found: list[Chosen]) -> str:
    counted = Counter(each.letter for each in found)
    told = " and ".join(f"{counted[each]} of side {each.label}" for each in sorted(counted))
    return f"Picked in the comparison {found[0].row.comparison_id}: {told}."
