"""Comparisons of dreams over the API."""

from typing import ClassVar

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, read, read_query
from apps.dreams import starting
from apps.dreams.choosing import Choice
from apps.dreams.comparing import actions, answers, counting, estimating, finding, looking, wire
from apps.dreams.comparing.handing_in import Whose
from apps.dreams.comparing.shapes import (
    ComparisonsQuery,
    ComparisonToEstimate,
    NewComparison,
    NewHandIn,
    NewPick,
)
from apps.dreams.models import Comparison, ComparisonRow, Letter
from apps.dreams.starting import DreamPlan
from apps.dreams.trying import Asked

TAG = "Dream comparisons"


def _answer(compared: Comparison) -> Response:
    return Response(wire.comparison_object(looking.look(compared)))


class DreamComparisons(Endpoint):
    """`/v1/dream_comparisons`."""

    @documented(
        "dream_comparisons_list",
        tag=TAG,
        query=ComparisonsQuery,
        answer=Listed[answers.DreamComparison],
    )
    def get(self, request: ApiRequest) -> Response:
        """List comparisons of dreams, newest first."""
        query = read_query(ComparisonsQuery, request.query_params)
        rows = Comparison.objects.visible_in(request.workspace)
        rows = rows if query.include_archived else rows.open()
        shown = window(rows, of="dream comparisons", cursor=query.page, limit=query.limit)
        looks = {each.comparison.pk: each for each in looking.look_at(shown.rows)}
        return Response(shown.page(lambda row: wire.comparison_object(looks[row.pk])))

    @documented(
        "dream_comparisons_create",
        tag=TAG,
        request=NewComparison,
        answer=answers.DreamComparison,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest) -> Response:
        """Have two engines, models or instructions dream on the same input.

        Both find the store as it is now, whatever is written into it meanwhile, and hand nothing
        in: once both have ended, what they would propose stands row by row.
        """
        given = read(NewComparison, request.data)
        return _answer(actions.create_comparison(given.plan, by=request.actor))


class DreamComparisonEstimate(Endpoint):
    """`/v1/dream_comparisons/estimate`."""

    needs: ClassVar = {"POST": Right.READ}

    @documented(
        "dream_comparisons_estimate",
        tag=TAG,
        request=ComparisonToEstimate,
        answer=answers.DreamComparisonEstimate,
        errors=(404,),
    )
    def post(self, request: ApiRequest) -> Response:
        """Tell what a comparison would read and cost by side, without starting it."""
        given = read(ComparisonToEstimate, request.data)
        starting.require_inputs(
            DreamPlan(given.memory_store_id, given.session_ids), by=request.actor
        )
        asked = Asked(
            Choice(only_ended=False, most=len(given.session_ids)),
            given.session_ids,
            given.memory_store_id,
        )
        models = {Letter.A: given.a.model, Letter.B: given.b.model}
        found = estimating.estimate(request.workspace, asked, models)
        return Response(wire.estimate_object(found))


class DreamContenders(Endpoint):
    """`/v1/dream_comparisons/standings`."""

    @documented("dream_comparisons_standings", tag=TAG, answer=Listed[answers.DreamContender])
    def get(self, request: ApiRequest) -> Response:
        """List who dreams best here: the surest winner first, 50 at most, on one page."""
        found = counting.standings(request.workspace)
        data = [wire.contender_object(each) for each in found]
        return Response({"data": data, "next_page": None})


class OneDreamComparison(Endpoint):
    """`/v1/dream_comparisons/{dream_comparison_id}`."""

    @documented(
        "dream_comparisons_retrieve", tag=TAG, answer=answers.DreamComparison, errors=(404,)
    )
    def get(self, request: ApiRequest, dream_comparison_id: str) -> Response:
        """Read a comparison, and how many rows it has of each kind."""
        return _answer(finding.comparison(request.workspace, dream_comparison_id))


class DreamComparisonRows(Endpoint):
    """`/v1/dream_comparisons/{dream_comparison_id}/rows`."""

    @documented(
        "dream_comparisons_rows_list",
        tag=TAG,
        query=PageQuery,
        answer=Listed[answers.DreamComparisonRow],
        errors=(404,),
    )
    def get(self, request: ApiRequest, dream_comparison_id: str) -> Response:
        """List what both sides propose, side by side: what differs first, what agrees last.

        There are none before both dreams have ended.
        """
        query = read_query(PageQuery, request.query_params)
        compared = finding.comparison(request.workspace, dream_comparison_id)
        shown = window(
            ComparisonRow.objects.filter(comparison=compared).select_related("pick"),
            of=f"rows of {compared.pk}",
            cursor=query.page,
            limit=query.limit,
            by=("number",),
            descending=False,
        )
        return Response(shown.page(wire.row_object))


class PickedComparisonRow(Endpoint):
    """`/v1/dream_comparisons/{dream_comparison_id}/rows/{row_id}/pick`."""

    needs: ClassVar = {"POST": Right.REVIEW}

    @documented(
        "dream_comparisons_rows_pick",
        tag=TAG,
        request=NewPick,
        answer=answers.DreamComparisonRow,
        errors=(404,),
    )
    def post(self, request: ApiRequest, dream_comparison_id: str, row_id: str) -> Response:
        """Say which is better, in the place of what was said before.

        It counts as not blind: this API tells which side is which.
        """
        given = read(NewPick, request.data)
        row = actions.pick(
            comparison_id=dream_comparison_id,
            row_id=row_id,
            choice=given.choice,
            by=request.actor,
            knows=True,
        )
        return Response(wire.row_object(row))


class HandedInComparison(Endpoint):
    """`/v1/dream_comparisons/{dream_comparison_id}/hand_in`."""

    @documented(
        "dream_comparisons_hand_in",
        tag=TAG,
        request=NewHandIn,
        answer=answers.DreamComparison,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, dream_comparison_id: str) -> Response:
        """Put what was picked into the review queue, once, as one changeset.

        Whatever the store's policy, people decide.
        """
        given = read(NewHandIn, request.data or {})
        look = actions.hand_in(
            comparison_id=dream_comparison_id, whose=Whose(given.proposals_of), by=request.actor
        )
        return _answer(look.comparison)


class CanceledComparison(Endpoint):
    """`/v1/dream_comparisons/{dream_comparison_id}/cancel`."""

    @documented(
        "dream_comparisons_cancel", tag=TAG, answer=answers.DreamComparison, errors=(400, 404)
    )
    def post(self, request: ApiRequest, dream_comparison_id: str) -> Response:
        """Cancel what still dreams. What one side came to by then is kept."""
        return _answer(
            actions.cancel_comparison(comparison_id=dream_comparison_id, by=request.actor)
        )


class ArchivedComparison(Endpoint):
    """`/v1/dream_comparisons/{dream_comparison_id}/archive`."""

    @documented(
        "dream_comparisons_archive", tag=TAG, answer=answers.DreamComparison, errors=(404, 409)
    )
    def post(self, request: ApiRequest, dream_comparison_id: str) -> Response:
        """Archive a comparison that has ended, for good. Its picks go on counting."""
        return _answer(
            actions.archive_comparison(comparison_id=dream_comparison_id, by=request.actor)
        )
