"""Changesets, and the policy of a store."""

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core import payloads
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import read, read_query
from apps.reviews import finding, wire
from apps.reviews.actions import handing_in, policies
from apps.reviews.api import answers
from apps.reviews.api.shapes import ChangesetsQuery, NewChangeset, NewPolicy
from apps.reviews.models import Changeset

TAG = "Proposals"


class Changesets(Endpoint):
    """`/v1/changesets`."""

    @documented("changesets_list", tag=TAG, query=ChangesetsQuery, answer=Listed[answers.Changeset])
    def get(self, request: ApiRequest) -> Response:
        """List changesets, newest first."""
        query = read_query(ChangesetsQuery, request.query_params)
        rows = Changeset.objects.visible_in(request.workspace).filter(query.created())
        if query.memory_store_id:
            rows = rows.filter(store=payloads.storable(query.memory_store_id))
        if query.dream_id:
            rows = rows.of_dream(payloads.storable(query.dream_id))
        shown = window(rows, of="changesets", cursor=query.page, limit=query.limit)
        return Response(shown.page(wire.changeset_object))

    @documented(
        "changesets_create",
        tag=TAG,
        request=NewChangeset,
        answer=answers.Changeset,
        errors=(404, 422),
    )
    def post(self, request: ApiRequest) -> Response:
        """Propose edits of a memory store together.

        All of them are taken in, or none. Every quote has to be what its event says. What waits
        already is not proposed twice, and `dropped` says so.
        """
        given = read(NewChangeset, request.data)
        made = handing_in.create_changeset(
            store_id=given.memory_store_id,
            drafts=[each.draft() for each in given.proposals],
            title=given.title,
            summary=given.summary,
            by=request.actor,
        )
        return Response(wire.changeset_object(made))


class OneChangeset(Endpoint):
    """`/v1/changesets/{changeset_id}`."""

    @documented("changesets_retrieve", tag=TAG, answer=answers.Changeset, errors=(404,))
    def get(self, request: ApiRequest, changeset_id: str) -> Response:
        """Read a changeset. Its proposals are listed with `changeset_id`."""
        return Response(wire.changeset_object(finding.changeset(request.workspace, changeset_id)))


class ReviewPolicy(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/review_policy`."""

    @documented("review_policy_retrieve", tag=TAG, answer=answers.ReviewPolicy, errors=(404,))
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Say who decides in a memory store."""
        policy = policies.policy(store_id=memory_store_id, by=request.actor)
        return Response(wire.policy_object(policy))

    @documented(
        "review_policy_update",
        tag=TAG,
        request=NewPolicy,
        answer=answers.ReviewPolicy,
        errors=(404,),
    )
    def post(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Set who decides in a memory store, from now on."""
        given = read(NewPolicy, request.data)
        policy = policies.set_policy(
            store_id=memory_store_id, by=request.actor, **given.model_dump()
        )
        return Response(wire.policy_object(policy))
