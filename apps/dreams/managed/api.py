"""Mirrors and what was written back of them, over the API."""

from pydantic import Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, read_query
from apps.dreams.managed import answers, finding
from apps.dreams.managed.models import Mirror, WriteBack
from apps.dreams.managed.wire import mirror_object, write_back_object

TAG = "Mirrors"


class WriteBacksQuery(PageQuery):
    """Which write-backs."""

    statuses: list[WriteBack.Status] = Field(default=[], description="Any of these.")


class Mirrors(Endpoint):
    """`/v1/mirrors`."""

    @documented("mirrors_list", tag=TAG, query=PageQuery, answer=Listed[answers.Mirror])
    def get(self, request: ApiRequest) -> Response:
        """List memory stores of linked workspaces, and their copies here, newest first."""
        query = read_query(PageQuery, request.query_params)
        rows = Mirror.objects.visible_in(request.workspace)
        shown = window(rows, of="mirrors", cursor=query.page, limit=query.limit)
        return Response(shown.page(mirror_object))


class OneMirror(Endpoint):
    """`/v1/mirrors/{mirror_id}`."""

    @documented("mirrors_retrieve", tag=TAG, answer=answers.Mirror, errors=(404,))
    def get(self, request: ApiRequest, mirror_id: str) -> Response:
        """Read a mirror."""
        return Response(mirror_object(finding.mirror(request.workspace, mirror_id)))


class WriteBacks(Endpoint):
    """`/v1/mirrors/{mirror_id}/write_backs`."""

    @documented(
        "mirrors_write_backs_list",
        tag=TAG,
        query=WriteBacksQuery,
        answer=Listed[answers.WriteBack],
        errors=(404,),
    )
    def get(self, request: ApiRequest, mirror_id: str) -> Response:
        """List what is to be written into the store there, and what came of it, newest first."""
        query = read_query(WriteBacksQuery, request.query_params)
        rows = finding.mirror(request.workspace, mirror_id).write_backs.all()
        rows = rows.filter(status__in=query.statuses) if query.statuses else rows
        shown = window(rows, of=f"write-backs of {mirror_id}", cursor=query.page, limit=query.limit)
        return Response(shown.page(write_back_object))


class OneWriteBack(Endpoint):
    """`/v1/mirrors/{mirror_id}/write_backs/{write_back_id}`."""

    @documented("mirrors_write_backs_retrieve", tag=TAG, answer=answers.WriteBack, errors=(404,))
    def get(self, request: ApiRequest, mirror_id: str, write_back_id: str) -> Response:
        """Read a write-back."""
        found = finding.write_back(request.workspace, write_back_id)
        if found.mirror_id != mirror_id:
            raise finding.NoSuchWriteBack
        return Response(write_back_object(found))
