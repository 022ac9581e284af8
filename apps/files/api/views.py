"""Files: up, down, and what is known of them."""

from datetime import timedelta
from typing import Any, ClassVar

from django.http import HttpResponseBase
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.models import Workspace
from apps.core.api import paging
from apps.core.api.documenting import documented
from apps.core.api.errors import InvalidRequest
from apps.core.api.shapes import read_query
from apps.core.errors import DomainError
from apps.files import actions, parts, serving, wire
from apps.files.api.shapes import (
    UPLOAD,
    DeletedFile,
    FileMetadata,
    FileMetadataPage,
    FilesQuery,
    UploadFields,
)
from apps.files.models import File

FIELDS = frozenset(UploadFields.model_fields)


class FileNotDownloadable(DomainError):
    """Only files that a session produced can be downloaded. Your own copy is the original."""

    code = "file_not_downloadable"


class Files(Endpoint):
    @documented("files_list", tag="Files", query=FilesQuery, answer=FileMetadataPage)
    def get(self, request: ApiRequest) -> Response:
        """List files, newest first."""
        query = read_query(FilesQuery, request.query_params)
        files = File.objects.visible_in(request.workspace)
        if query.scope_id:
            files = files.filter(scope_id=query.scope_id)
        if "ids" in query.model_fields_set:
            wanted = files.filter(pk__in=query.ids)
            return Response(_page(list(wanted.order_by("-created_at", "-pk"))))
        name = f"files:{query.scope_id}"
        cursor = query.page or _beside(query, name, request.workspace)
        found = paging.window(files, of=name, cursor=cursor, limit=query.limit)
        beyond = found.prev_page if query.before_id else found.next_page
        return Response(_page(found.rows, found.next_page, has_more=beyond is not None))

    @documented(
        "files_upload", tag="Files", request={"multipart/form-data": UPLOAD}, answer=FileMetadata
    )
    def post(self, request: ApiRequest) -> Response:
        """Upload a file.

        Of its name only the part behind the last slash is kept.
        """
        with parts.received(request._request, FIELDS) as (content, fields):  # noqa: SLF001 -- ours
            expires_in = read_query(UploadFields, fields).expires_in_seconds
            file = actions.upload(
                by=request.actor,
                content=content,
                filename=content.sent_as,
                mime_type=content.content_type or "",
                expires_in=timedelta(seconds=expires_in) if expires_in else None,
            )
        return Response(wire.metadata(file))


class OneFile(Endpoint):
    @documented("files_retrieve_metadata", tag="Files", answer=FileMetadata, errors=(404,))
    def get(self, request: ApiRequest, file_id: str) -> Response:
        """Get what is known of a file."""
        file = File.objects.present(file_id, workspace=request.workspace)
        return Response(wire.metadata(file))

    @documented("files_delete", tag="Files", answer=DeletedFile, errors=(404,))
    def delete(self, request: ApiRequest, file_id: str) -> Response:
        """Delete a file.

        Sessions that have mounted it keep their copies.
        """
        actions.delete(file_id=file_id, by=request.actor)
        return Response({"id": file_id, "type": "file_deleted"})


class Content(Endpoint):
    BYTES: ClassVar[dict[str, str]] = {"type": "string", "format": "binary"}

    @documented(
        "files_download",
        tag="Files",
        answer=BYTES,
        media_type="application/octet-stream",
        errors=(400, 404, 416),
    )
    def get(self, request: ApiRequest, file_id: str) -> HttpResponseBase:
        """Download a file that a session produced.

        The answer has the file's own type. A `range` header asks for a part of it.
        """
        file = File.objects.present(file_id, workspace=request.workspace)
        if not file.downloadable:
            raise FileNotDownloadable
        return serving.content(request._request, file)  # noqa: SLF001 -- the framework's name


def _beside(query: FilesQuery, name: str, workspace: Workspace) -> str:
    """The cursor that stands for `after_id` or `before_id`."""
    file_id = query.after_id or query.before_id
    if not file_id:
        return ""
    at = File.objects.filter(workspace=workspace, pk=file_id).first()
    if at is None:
        field = "after_id" if query.after_id else "before_id"
        raise InvalidRequest(f"{field}: there is no file {file_id}.")
    return paging.beside(at, of=name, back=bool(query.before_id))


def _page(
    files: list[File], next_page: str | None = None, *, has_more: bool = False
) -> dict[str, Any]:
    return {
        "data": [wire.metadata(file) for file in files],
        "next_page": next_page,
        "has_more": has_more,
        "first_id": files[0].pk if files else None,
        "last_id": files[-1].pk if files else None,
    }
