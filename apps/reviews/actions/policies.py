"""Saying what may reach a store without a person."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.memory import finding, writing
from apps.reviews.chaining import policy_of
from apps.reviews.models import StorePolicy

_FIELDS = ("mode", "two_for_flagged", "two_over_sessions")


class BadPolicy(DomainError):
    """mode: review, auto_safe or auto; sessions: a number, or none."""


def policy(*, store_id: str, by: Actor) -> StorePolicy:
    """The store's rules; those of a store that has none yet are not kept. Raises NoSuchStore."""
    store = finding.store(by.workspace, store_id)
    return StorePolicy.objects.filter(store=store).first() or StorePolicy(store=store)


@transaction.atomic
def set_policy(
    *,
    store_id: str,
    mode: str,
    two_for_flagged: bool = False,
    two_over_sessions: int | None = None,
    by: Actor,
) -> StorePolicy:
    """From now on; what waits goes on waiting. Raises NotAllowed, NoSuchStore, BadPolicy."""
    by.require(Right.WRITE)
    if mode not in StorePolicy.Mode.values or (two_over_sessions or 0) < 0:
        raise BadPolicy
    kept = policy_of(writing.locked(store_id, within=by.workspace))
    before = {name: getattr(kept, name) for name in _FIELDS}
    kept.mode = mode
    kept.two_for_flagged = two_for_flagged
    kept.two_over_sessions = two_over_sessions
    after = {name: getattr(kept, name) for name in _FIELDS}
    if after != before:
        kept.updated_at = timezone.now()
        kept.save(update_fields=[*_FIELDS, "updated_at"])
        note(by, "memory_store.policy_changed", store_id, before=before, after=after)
    return kept
