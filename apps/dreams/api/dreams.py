"""Dreams, and what they found."""

from typing import ClassVar

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, read, read_query
from apps.dreams import finding, starting, trying, wire
from apps.dreams.actions import dreams as actions
from apps.dreams.api import answers
from apps.dreams.api.shapes import DreamsQuery, DreamToEstimate, ModelConfig, NewDream
from apps.dreams.choosing import Choice
from apps.dreams.models import Dream, Pattern
from apps.dreams.starting import DreamPlan
from apps.dreams.trying import Asked

TAG = "Dreams"


class Dreams(Endpoint):
    """`/v1/dreams`."""

    @documented("dreams_list", tag=TAG, query=DreamsQuery, answer=Listed[answers.Dream])
    def get(self, request: ApiRequest) -> Response:
        """List dreams, newest first; those of comparisons are named by these."""
        query = read_query(DreamsQuery, request.query_params)
        rows = Dream.objects.visible_in(request.workspace).on_their_own()
        rows = rows.filter(query.created()).for_list()
        if query.statuses:
            rows = rows.filter(status__in=query.statuses)
        if query.memory_store_id:
            rows = rows.filter(input_store_id=query.memory_store_id)
        rows = rows if query.include_archived else rows.open()
        shown = window(rows, of="dreams", cursor=query.page, limit=query.limit)
        return Response(shown.page(wire.dream_object))

    @documented("dreams_create", tag=TAG, request=NewDream, answer=answers.Dream, errors=(404, 409))
    def post(self, request: ApiRequest) -> Response:
        """Start a dream; it is pending then, and goes on by itself.

        With `create_new` its output is a copy of the input with everything applied, and the same
        edits wait as proposals on the input. With `update_existing` they wait, or apply by
        themselves as far as the store's policy lets them. Nothing to change is a success.
        """
        given = read(NewDream, request.data)
        plan = DreamPlan(
            store_id=given.store_id,
            session_ids=given.session_ids,
            model=given.model_id,
            speed=(given.model.speed or "") if isinstance(given.model, ModelConfig) else "",
            instructions=given.instructions or "",
            updates=given.updates,
            cap_usd=given.cap_usd,
            is_batched=given.batch,
        )
        return Response(wire.dream_object(actions.create_dream(plan, by=request.actor)))


class DreamEstimate(Endpoint):
    """`/v1/dreams/estimate`."""

    needs: ClassVar = {"POST": Right.READ}

    @documented(
        "dreams_estimate",
        tag=TAG,
        request=DreamToEstimate,
        answer=answers.DreamEstimate,
        errors=(404,),
    )
    def post(self, request: ApiRequest) -> Response:
        """Tell what a dream would read and cost, without starting it."""
        given = read(DreamToEstimate, request.data)
        plan = DreamPlan(given.store_id, given.session_ids, model=given.model_id)
        starting.require_inputs(plan, by=request.actor)
        asked = Asked(
            Choice(only_ended=False, most=len(given.session_ids)),
            given.session_ids or ("",),
            given.store_id,
            given.model_id,
            is_batched=given.batch,
        )
        trial = trying.trial(request.workspace, asked)
        return Response(wire.estimate_object(trial, given.model_id))


class OneDream(Endpoint):
    """`/v1/dreams/{dream_id}`."""

    @documented("dreams_retrieve", tag=TAG, answer=answers.Dream, errors=(404,))
    def get(self, request: ApiRequest, dream_id: str) -> Response:
        """Read a dream."""
        return Response(wire.dream_object(finding.dream(request.workspace, dream_id)))


class CanceledDream(Endpoint):
    """`/v1/dreams/{dream_id}/cancel`."""

    @documented("dreams_cancel", tag=TAG, answer=answers.Dream, errors=(400, 404))
    def post(self, request: ApiRequest, dream_id: str) -> Response:
        """Cancel a dream, at once. An output store stays as it is by then."""
        canceled = actions.cancel_dream(dream_id=dream_id, by=request.actor)
        return Response(wire.dream_object(canceled))


class ArchivedDream(Endpoint):
    """`/v1/dreams/{dream_id}/archive`."""

    @documented("dreams_archive", tag=TAG, answer=answers.Dream, errors=(400, 404))
    def post(self, request: ApiRequest, dream_id: str) -> Response:
        """Archive a dream that has ended, for good: lists leave it out. Its output stays."""
        archived = actions.archive_dream(dream_id=dream_id, by=request.actor)
        return Response(wire.dream_object(archived))


class DreamFunnel(Endpoint):
    """`/v1/dreams/{dream_id}/funnel`."""

    @documented("dreams_funnel", tag=TAG, answer=answers.DreamFunnel, errors=(404,))
    def get(self, request: ApiRequest, dream_id: str) -> Response:
        """Read how far a dream is, how much came of what went in, and why the rest did not."""
        return Response(wire.funnel_object(finding.dream(request.workspace, dream_id)))


class DreamPatterns(Endpoint):
    """`/v1/dreams/{dream_id}/patterns`."""

    @documented(
        "dreams_patterns_list",
        tag=TAG,
        query=PageQuery,
        answer=Listed[answers.DreamPattern],
        errors=(404,),
    )
    def get(self, request: ApiRequest, dream_id: str) -> Response:
        """List what recurs in the sessions of a dream; what is seen in most of them comes first."""
        query = read_query(PageQuery, request.query_params)
        dream = finding.dream(request.workspace, dream_id)
        shown = window(
            Pattern.objects.filter(dream=dream),
            of=f"patterns of {dream.pk}",
            cursor=query.page,
            limit=query.limit,
            by=("number",),
            descending=False,
        )
        return Response(shown.page(wire.pattern_object))
