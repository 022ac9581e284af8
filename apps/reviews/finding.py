"""One changeset or proposal of a workspace, or a refusal."""

from collections.abc import Iterable

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import NotFound
from apps.memory import writing
from apps.reviews.models import Changeset, Proposal


class NoSuchChangeset(NotFound):
    """There is no such changeset in this workspace."""


class NoSuchProposal(NotFound):
    """There is no such proposal in this workspace."""


def changeset(workspace: Workspace, changeset_id: str) -> Changeset:
    """Raises NoSuchChangeset."""
    rows = Changeset.objects.visible_in(workspace).select_related("store")
    found = rows.filter(pk=payloads.storable(changeset_id)).first()
    if found is None:
        raise NoSuchChangeset
    return found


def proposal(workspace: Workspace, proposal_id: str) -> Proposal:
    """With all that a reviewer looks at. Raises NoSuchProposal."""
    rows = Proposal.objects.visible_in(workspace).for_page()
    found = rows.filter(pk=payloads.storable(proposal_id)).first()
    if found is None:
        raise NoSuchProposal
    return found


def held(workspace: Workspace, proposal_id: str) -> Proposal:
    """As it is now, with its store locked: nobody else decides in it until the transaction ends.

    Raises NoSuchProposal.
    """
    rows = Proposal.objects.visible_in(workspace).filter(pk=payloads.storable(proposal_id))
    store_id = rows.values_list("store_id", flat=True).first()
    if store_id is None:
        raise NoSuchProposal
    writing.locked(store_id, within=workspace)
    return rows.select_related("store", "changeset", "workspace").get()


def several(workspace: Workspace, proposal_ids: Iterable[str]) -> list[Proposal]:
    """In the order of the queue. Raises NoSuchProposal if one of them is not there."""
    wanted = {payloads.storable(each) for each in proposal_ids}
    rows = Proposal.objects.visible_in(workspace).filter(pk__in=wanted)
    found = list(
        rows.select_related("store", "changeset", "workspace").order_by("risk", "created_at", "pk")
    )
    if len(found) < len(wanted):
        raise NoSuchProposal
    return found
