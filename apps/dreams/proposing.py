"""The last stage: hand everything in at once, and with it end the dream."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from apps.core.errors import DomainError
from apps.dreams import collecting, copying, funnel, keeping, stages, telling
from apps.dreams.comparing import settling
from apps.dreams.engines import Engine
from apps.dreams.failing import Lost, StoreUnavailable
from apps.dreams.findings import Dropped
from apps.dreams.models import Dream, OutputBehavior
from apps.memory.authors import Author
from apps.memory.models import MemoryStore
from apps.memory.writing import NoSuchStore, StoreArchived
from apps.reviews import proposing as reviews
from apps.reviews.drafting import Draft
from apps.reviews.models import Changeset, StorePolicy
from apps.webhooks.publishing import publish

NOTHING = "Nothing to change: what recurs here the store says already, or it waits to be decided."
_REASONS = {
    "already_waiting": "it waits for a decision already",
    "rejected_before": "it was rejected before, and nothing new shows it",
    "memory_gone": "the memory was deleted meanwhile",
}


def propose(dream: Dream, engine: Engine) -> None:
    """Write the output, hand in the changeset, end: all of it or nothing.

    Raises Lost, StoreUnavailable, SessionUnavailable.
    """
    del engine
    if dream.is_compared:
        settling.keep_drafts(dream)
        return
    since = timezone.now()
    store = collecting.require_inputs(dream)
    with transaction.atomic():
        if not dream.keep():
            raise Lost
        handed = _hand_in_what_fits(dream, store, keeping.drafts(dream))
        dropped = handed.dropped
        if dream.output_behavior == OutputBehavior.CREATE_NEW:
            dropped = [*dropped, *copying.apply(dream, handed.drafts)]
        count = _take_over(dream, handed.changeset, dropped)
        came = f"{count} proposals wait." if count else NOTHING
        telling.step(dream, "propose", given={"drafts": len(handed.drafts)}, came=came, since=since)
        _complete(dream, summary(dream))


def end_gathering(dream: Dream) -> None:
    """All is read: what recurs in it is another dream's to find. Raises Lost."""
    counts = funnel.of_inputs([dream.pk])
    with transaction.atomic():
        dream.funnel = counts
        _complete(
            dream,
            f"{counts['sessions']} sessions are read. What recurs in them, {dream.gathers_for_id}"
            " finds together with what others have read.",
        )


def summary(dream: Dream) -> str:
    """The dream in a sentence."""
    told = dream.funnel
    if not told.get("proposals"):
        return NOTHING
    if "patterns" not in told:  # it was dreamt elsewhere, where nobody says what recurs
        return f"{told['proposals']} proposals, from {told.get('sessions', 0)} sessions."
    return (
        f"{told['proposals']} proposals, from {told['patterns']} patterns"
        f" in {told.get('sessions', 0)} sessions."
    )


def _complete(dream: Dream, text: str) -> None:
    if not dream.end(Dream.Status.COMPLETED, funnel=dream.funnel, changeset_id=dream.changeset_id):
        raise Lost
    telling.end(dream, text)
    publish("dream.completed", workspace=dream.workspace, object_id=dream.pk)


@dataclass(frozen=True, slots=True)
class Handed:
    """What reviews took, and what they refused."""

    changeset: Changeset | None
    drafts: Sequence[Draft]
    dropped: Sequence[Dropped] = ()


def _hand_in_what_fits(dream: Dream, store: MemoryStore, drafts: Sequence[Draft]) -> Handed:
    """Raises StoreUnavailable."""
    try:
        return what_fits(drafts, lambda some: _hand_in(dream, store, some))
    except (StoreArchived, NoSuchStore):
        raise StoreUnavailable from None


_HandIn = Callable[[Sequence[Draft]], Changeset]


def what_fits(drafts: Sequence[Draft], hand_in: _HandIn) -> Handed:
    """Hand them in; one that reviews refuse does not take the others along.

    Raises StoreArchived, NoSuchStore.
    """
    if not drafts:
        return Handed(None, drafts)
    try:
        return Handed(hand_in(drafts), drafts)
    except (StoreArchived, NoSuchStore):
        raise
    except DomainError:
        refused = {at: _refusal(draft, hand_in) for at, draft in enumerate(drafts)}
    kept = [draft for at, draft in enumerate(drafts) if not refused[at]]
    dropped = [
        Dropped("propose", why, drafts[at].title or drafts[at].path)
        for at, why in refused.items()
        if why
    ]
    return Handed(hand_in(kept) if kept else None, kept, dropped)


def _refusal(draft: Draft, hand_in: _HandIn) -> str:
    """What reviews say against this draft alone, having forgotten it again; else nothing."""
    try:
        with transaction.atomic():
            hand_in([draft])
            transaction.set_rollback(True)
    except DomainError as error:
        return error.message
    return ""


def _take_over(dream: Dream, changeset: Changeset | None, dropped: Sequence[Dropped]) -> int:
    """Note on the dream and its patterns what the changeset holds; how many proposals it has."""
    proposals: dict[str, str] = {}
    known: dict[str, str] = {}
    if changeset is not None:
        dream.changeset_id = changeset.pk
        proposals = dict(changeset.proposals.values_list("fingerprint", "pk"))
        for each in changeset.dropped:
            reason = known[each["fingerprint"]] = _REASONS.get(each["reason"], each["reason"])
            dropped = [*dropped, Dropped("propose", reason, each["title"] or each["path"])]
    dream.funnel |= {
        "proposals": len(proposals),
        "dropped": funnel.grouped(dream.funnel.get("dropped", []), dropped),
    }
    stages.drop_patterns(dream, known)
    stages.settle_patterns(dream, proposals)
    return len(proposals)


def _hand_in(dream: Dream, store: MemoryStore, drafts: Sequence[Draft]) -> Changeset:
    return reviews.propose(
        store,
        drafts,
        origin=Changeset.Origin.DREAM,
        by=Author.session(dream.session_id, telling.AGENT),
        origin_id=dream.pk,
        title=f"Dream of {dream.created_at:%Y-%m-%d}",
        summary=f"{len(drafts)} edits, from {dream.funnel.get('sessions', 0)} sessions.",
        at_most=_at_most(dream),
    )


def _at_most(dream: Dream) -> str:
    """A dream that makes a store of its own leaves its input to people."""
    if dream.output_behavior == OutputBehavior.CREATE_NEW:
        return StorePolicy.Mode.REVIEW
    return dream.policy
