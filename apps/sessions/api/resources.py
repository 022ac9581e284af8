"""What a session has mounted."""

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api import paging
from apps.core.api.documenting import Listed, documented
from apps.core.api.shapes import read, read_query
from apps.sessions import actions, finding, wire
from apps.sessions.api import answers
from apps.sessions.api.shapes.resources import FileParam, NewToken, ResourcesQuery
from apps.sessions.resources import FileMount

TAG = "Session resources"


class SessionResources(Endpoint):
    """`/v1/sessions/{session_id}/resources`."""

    @documented(
        "sessions_resources_list",
        tag=TAG,
        query=ResourcesQuery,
        answer=Listed[answers.SessionResource],
        errors=(404,),
    )
    def get(self, request: ApiRequest, session_id: str) -> Response:
        """List what is mounted, in the order in which it was."""
        query = read_query(ResourcesQuery, request.query_params)
        session = finding.plain(request.workspace, session_id)
        window = paging.window(
            session.resources.all(),
            of=f"resources:{session.pk}",
            cursor=query.page,
            limit=query.limit,
            by=("pk",),
            descending=False,
        )
        return Response(window.page(wire.resource_object))

    @documented(
        "sessions_resources_add",
        tag=TAG,
        request=FileParam,
        answer=answers.FileResource,
        errors=(404,),
    )
    def post(self, request: ApiRequest, session_id: str) -> Response:
        """Mount a file in a session that is there already.

        It is a copy that is mounted, under an id of its own. Repositories are mounted when the
        session is created.
        """
        wanted = read(FileParam, request.data)
        mount = FileMount(wanted.file_id, wanted.mount_path or "")
        added = actions.add_file(session_id=session_id, mount=mount, by=request.actor)
        return Response(wire.resource_object(added))


class OneResource(Endpoint):
    """`/v1/sessions/{session_id}/resources/{resource_id}`."""

    @documented(
        "sessions_resources_retrieve", tag=TAG, answer=answers.SessionResource, errors=(404,)
    )
    def get(self, request: ApiRequest, session_id: str, resource_id: str) -> Response:
        """Retrieve a resource."""
        session = finding.plain(request.workspace, session_id)
        return Response(wire.resource_object(finding.resource(session, resource_id)))

    @documented(
        "sessions_resources_update",
        tag=TAG,
        request=NewToken,
        answer=answers.SessionResource,
        errors=(404,),
    )
    def post(self, request: ApiRequest, session_id: str, resource_id: str) -> Response:
        """Give a repository another token.

        Tokens are kept encrypted and never told again.
        """
        wanted = read(NewToken, request.data)
        rotated = actions.rotate_token(
            session_id=session_id,
            resource_id=resource_id,
            token=wanted.authorization_token,
            by=request.actor,
        )
        return Response(wire.resource_object(rotated))

    @documented(
        "sessions_resources_delete", tag=TAG, answer=answers.ResourceDeleted, errors=(400, 404)
    )
    def delete(self, request: ApiRequest, session_id: str, resource_id: str) -> Response:
        """Unmount a resource. Of a file the session's copy goes; what was uploaded stays."""
        actions.delete_resource(session_id=session_id, resource_id=resource_id, by=request.actor)
        return Response({"id": resource_id, "type": "session_resource_deleted"})
