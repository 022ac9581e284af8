"""Proposals: what waits, and what becomes of it."""

from typing import ClassVar

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.core import payloads
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import NEWEST_FIRST, window
from apps.core.api.shapes import read, read_query
from apps.reviews import finding, wire
from apps.reviews.actions import batching, claiming, deciding, handing_in, undoing
from apps.reviews.api import answers
from apps.reviews.api.shapes import (
    NewBatch,
    NewClaim,
    NewDecision,
    NewLoneProposal,
    NewRevert,
    ProposalsQuery,
    RevertQuery,
)
from apps.reviews.models import Proposal, ProposalQuerySet
from apps.reviews.models.proposal import QUEUE_ORDER

TAG = "Proposals"
_REVIEW = {"POST": Right.REVIEW}


class Proposals(Endpoint):
    """`/v1/proposals`."""

    @documented("proposals_list", tag=TAG, query=ProposalsQuery, answer=Listed[answers.Proposal])
    def get(self, request: ApiRequest) -> Response:
        """List proposals, newest first, or what waits in the order of the queue."""
        query = read_query(ProposalsQuery, request.query_params)
        is_queue = query.order == "queue"
        rows = _narrowed(Proposal.objects.visible_in(request.workspace), query).for_wire()
        shown = window(
            rows.waiting() if is_queue else rows,
            of=f"proposals {query.order}",
            cursor=query.page,
            limit=query.limit,
            by=QUEUE_ORDER if is_queue else NEWEST_FIRST,
            descending=not is_queue,
        )
        data = wire.proposals_page(request.workspace, shown.rows)
        return Response({"data": data, "next_page": shown.next_page})

    @documented(
        "proposals_create",
        tag=TAG,
        request=NewLoneProposal,
        answer=answers.FullProposal,
        errors=(404, 409, 422),
    )
    def post(self, request: ApiRequest) -> Response:
        """Propose one edit, as a changeset of its own."""
        given = read(NewLoneProposal, request.data)
        made = handing_in.create_proposal(
            store_id=given.memory_store_id, draft=given.draft(), by=request.actor
        )
        return _full(request, made.pk)


class OneProposal(Endpoint):
    """`/v1/proposals/{proposal_id}`."""

    @documented("proposals_retrieve", tag=TAG, answer=answers.FullProposal, errors=(404,))
    def get(self, request: ApiRequest, proposal_id: str) -> Response:
        """Read a proposal, with its difference, its evidence and its decisions."""
        return _full(request, proposal_id)


class ProposalDecided(Endpoint):
    """`/v1/proposals/{proposal_id}/decision`."""

    # Withdrawing one's own takes another right than deciding; the action asks for either.
    needs: ClassVar = {"POST": Right.READ}

    @documented(
        "proposals_decide",
        tag=TAG,
        request=NewDecision,
        answer=answers.ProposalDecision,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, proposal_id: str) -> Response:
        """Accept, reject or withdraw a proposal.

        Accepting merges it into what the memory says now; where both changed the same lines it is
        refused (409) with the pieces. What is flagged as dangerous takes two people: the first
        acceptance answers with `needs_second` and writes nothing.
        """
        given = read(NewDecision, request.data)
        decided = deciding.decide(proposal_id=proposal_id, by=request.actor, **given.model_dump())
        return Response(wire.decided_object(decided))


class ProposalClaimed(Endpoint):
    """`/v1/proposals/{proposal_id}/claim`."""

    needs: ClassVar = _REVIEW

    @documented(
        "proposals_claim",
        tag=TAG,
        request=NewClaim,
        answer=answers.FullProposal,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, proposal_id: str) -> Response:
        """Take a proposal to oneself for fifteen minutes, or for fifteen more."""
        given = read(NewClaim, request.data or {})
        claiming.claim(proposal_id=proposal_id, take_over=given.take_over, by=request.actor)
        return _full(request, proposal_id)


class ProposalReleased(Endpoint):
    """`/v1/proposals/{proposal_id}/release`."""

    needs: ClassVar = _REVIEW

    @documented("proposals_release", tag=TAG, answer=answers.FullProposal, errors=(404,))
    def post(self, request: ApiRequest, proposal_id: str) -> Response:
        """Let a claimed proposal go."""
        claiming.release(proposal_id=proposal_id, by=request.actor)
        return _full(request, proposal_id)


class ProposalReproposed(Endpoint):
    """`/v1/proposals/{proposal_id}/repropose`."""

    needs: ClassVar = _REVIEW

    @documented("proposals_repropose", tag=TAG, answer=answers.FullProposal, errors=(404, 409))
    def post(self, request: ApiRequest, proposal_id: str) -> Response:
        """Propose it again on what its memories say now.

        One that waits is withdrawn; of those decided, only what was reverted can be.
        """
        made = deciding.repropose(proposal_id=proposal_id, by=request.actor)
        return _full(request, made.pk)


class ProposalReverted(Endpoint):
    """`/v1/proposals/{proposal_id}/revert`."""

    needs: ClassVar = _REVIEW

    @documented(
        "proposals_revert",
        tag=TAG,
        query=RevertQuery,
        request=NewRevert,
        answer=answers.ProposalRevert,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, proposal_id: str) -> Response:
        """Take a decision back: an acceptance by new versions, a rejection by putting it back.

        With `preview=true` nothing changes, and the answer says what would, what was built on it
        since, and which sessions have read it. Where something was built on it, the token of the
        preview is needed.
        """
        if read_query(RevertQuery, request.query_params).preview:
            undoing_of = undoing.preview_undo(proposal_id=proposal_id, by=request.actor)
            return Response(wire.undoing_object(undoing_of))
        given = read(NewRevert, request.data or {})
        undone = undoing.undo(
            proposal_id=proposal_id, token=given.token, note=given.note, by=request.actor
        )
        return Response(wire.undone_object(undone))


class ProposalsBatch(Endpoint):
    """`/v1/proposals/batch`."""

    needs: ClassVar = _REVIEW

    @documented(
        "proposals_batch",
        tag=TAG,
        request=NewBatch,
        answer=answers.ProposalBatch,
        errors=(404,),
    )
    def post(self, request: ApiRequest) -> Response:
        """Decide several proposals, each whole or not at all.

        Accepting takes those of one kind that are neither flagged nor out of date; the rest is
        skipped, with the reason. With `preview` nothing changes.
        """
        given = read(NewBatch, request.data)
        if given.preview:
            batch = batching.preview_batch(
                proposal_ids=given.proposal_ids, verdict=given.verdict, by=request.actor
            )
        else:
            said = given.model_dump(exclude={"preview"})
            batch = batching.decide_batch(by=request.actor, **said)
        return Response(wire.batch_object(batch, is_preview=given.preview))


def _narrowed(rows: ProposalQuerySet, query: ProposalsQuery) -> ProposalQuerySet:
    rows = rows.filter(query.created())
    if query.statuses:
        rows = rows.filter(status__in=query.statuses)
    if query.kinds:
        rows = rows.filter(kind__in=query.kinds)
    if query.memory_store_id:
        rows = rows.filter(store=payloads.storable(query.memory_store_id))
    if query.changeset_id:
        rows = rows.filter(changeset=payloads.storable(query.changeset_id))
    return rows.of_dream(payloads.storable(query.dream_id)) if query.dream_id else rows


def _full(request: ApiRequest, proposal_id: str) -> Response:
    found = finding.proposal(request.workspace, proposal_id)
    erased = wire.erased_of(request.workspace, [found])
    return Response(wire.full_proposal_object(found, erased))
