"""Handing in edits from outside: by an integration or a person."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.acting import Actor, note
from apps.accounts.rights import Right
from apps.core.errors import Conflict
from apps.memory import finding
from apps.reviews import proposing
from apps.reviews.drafting import Draft
from apps.reviews.models import Changeset, Proposal


class NotProposed(Conflict):
    """This is not proposed again: the same finding waits, or was rejected and nothing is new."""

    code = "not_proposed"


@transaction.atomic
def create_changeset(
    *,
    store_id: str,
    drafts: Sequence[Draft],
    title: str = "",
    summary: str = "",
    by: Actor,
) -> Changeset:
    """Raises NotAllowed, NoSuchStore, and what proposing raises."""
    by.require(Right.WRITE)
    store = finding.store(by.workspace, store_id)
    is_key = by.api_key is not None
    origin = Changeset.Origin.API if is_key else Changeset.Origin.PERSON
    made = proposing.propose(store, drafts, origin=origin, by=by, title=title, summary=summary)
    after = {"memory_store_id": store.pk, "proposals": made.proposal_count}
    note(by, "changeset.created", made.pk, after=after)
    return made


@transaction.atomic
def create_proposal(*, store_id: str, draft: Draft, by: Actor) -> Proposal:
    """One, as a changeset of its own. Raises NotProposed, and what create_changeset raises."""
    made = create_changeset(store_id=store_id, drafts=[draft], by=by)
    if made.dropped:
        dropped = made.dropped[0]
        raise NotProposed(reason=dropped["reason"], proposal_id=dropped["proposal_id"] or None)
    return made.proposals.get()
