"""Rubrics and their versions."""

from typing import Any

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, read, read_query
from apps.engine import connecting
from apps.outcomes import actions, calibrating, finding, wire
from apps.outcomes.api import answers
from apps.outcomes.api.shapes import NewRubric, RubricPatch, RubricsQuery
from apps.outcomes.calibrating import Calibration, Grader
from apps.outcomes.models import Rubric, RubricVersion

TAG = "Rubrics"


class Rubrics(Endpoint):
    """`/v1/rubrics`."""

    @documented("rubrics_list", tag=TAG, query=RubricsQuery, answer=Listed[answers.RubricSummary])
    def get(self, request: ApiRequest) -> Response:
        """List rubrics, newest first."""
        query = read_query(RubricsQuery, request.query_params)
        rows = Rubric.objects.visible_in(request.workspace)
        rows = rows if query.include_archived else rows.open()
        rows = rows.filter(origin=query.origin) if query.origin else rows
        shown = window(rows, of="rubrics", cursor=query.page, limit=query.limit)
        return Response(shown.page(wire.rubric_summary))

    @documented("rubrics_create", tag=TAG, request=NewRubric, answer=answers.Rubric)
    def post(self, request: ApiRequest) -> Response:
        """Make a rubric of markdown whose bullets are criteria.

        A bullet may end in braces: an id, a weight, `required`, a check that code makes.
        """
        given = read(NewRubric, request.data)
        made = actions.create_rubric(
            name=given.name, content=given.content, description=given.description, by=request.actor
        )
        return Response(_whole(made))


class OneRubric(Endpoint):
    """`/v1/rubrics/{rubric_id}`."""

    @documented("rubrics_retrieve", tag=TAG, answer=answers.Rubric, errors=(404,))
    def get(self, request: ApiRequest, rubric_id: str) -> Response:
        """Read a rubric as it is now."""
        return Response(_whole(finding.rubric(request.workspace, rubric_id)))

    @documented(
        "rubrics_update", tag=TAG, request=RubricPatch, answer=answers.Rubric, errors=(404, 409)
    )
    def post(self, request: ApiRequest, rubric_id: str) -> Response:
        """Change a rubric. Another text is another version; criteria keep their keys."""
        given = read(RubricPatch, request.data)
        changes = given.model_dump(exclude_none=True, exclude={"version"})
        changed = actions.update_rubric(
            rubric_id=rubric_id,
            changes=changes,
            expected_version=given.version,
            by=request.actor,
        )
        return Response(_whole(changed))


class ArchivedRubric(Endpoint):
    """`/v1/rubrics/{rubric_id}/archive`."""

    @documented("rubrics_archive", tag=TAG, answer=answers.Rubric, errors=(404,))
    def post(self, request: ApiRequest, rubric_id: str) -> Response:
        """Archive a rubric, for good: lists leave it out. What it graded stays."""
        return Response(_whole(actions.archive_rubric(rubric_id=rubric_id, by=request.actor)))


class RubricVersions(Endpoint):
    """`/v1/rubrics/{rubric_id}/versions`."""

    @documented(
        "rubrics_versions_list",
        tag=TAG,
        query=PageQuery,
        answer=Listed[answers.RubricVersion],
        errors=(404,),
    )
    def get(self, request: ApiRequest, rubric_id: str) -> Response:
        """List the versions of a rubric, newest first."""
        query = read_query(PageQuery, request.query_params)
        rubric = finding.rubric(request.workspace, rubric_id)
        shown = window(
            RubricVersion.objects.filter(rubric=rubric).prefetch_related("criteria"),
            of=f"versions of {rubric.pk}",
            cursor=query.page,
            limit=query.limit,
            by=("number",),
        )
        return Response(shown.page(wire.version_object))


class OneRubricVersion(Endpoint):
    """`/v1/rubrics/{rubric_id}/versions/{version_number}`."""

    @documented("rubrics_versions_retrieve", tag=TAG, answer=answers.RubricVersion, errors=(404,))
    def get(self, request: ApiRequest, rubric_id: str, version_number: str) -> Response:
        """Read what a rubric said in one version."""
        rubric = finding.rubric(request.workspace, rubric_id)
        return Response(wire.version_object(finding.version(rubric, version_number)))


class AgreementOnRubric(Endpoint):
    """`/v1/rubrics/{rubric_id}/agreement`."""

    @documented("rubrics_agreement", tag=TAG, answer=answers.RubricAgreements, errors=(404,))
    def get(self, request: ApiRequest, rubric_id: str) -> Response:
        """Read how far people agree with each model that has judged a criterion.

        Labels add up over versions as long as a criterion says the same.
        """
        version = finding.version(finding.rubric(request.workspace, rubric_id))
        usual = connecting.default_model(request.workspace, "grading")
        found = calibrating.calibrations(version, usual)
        return Response({"data": [_agreement(row, each) for row in found for each in row.graders]})


def _agreement(of: Calibration, grader: Grader) -> dict[str, Any]:
    found = grader.agreement
    return {
        "criterion": of.criterion.key,
        "text": of.criterion.text,
        "model": grader.model,
        "labels": found.labels,
        "observed": found.observed,
        "kappa": found.kappa,
        "low": found.low,
        "high": found.high,
        "confusion": found.confusion,
        "standing": found.standing,
    }


def _whole(rubric: Rubric) -> dict[str, Any]:
    return wire.rubric_object(rubric, finding.version(rubric))
