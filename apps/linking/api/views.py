"""Links: list, make, read, change, end, sync."""

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, read, read_query
from apps.linking import actions
from apps.linking.api.shapes import DeletedLink, LinkPatch, NewLink, WorkspaceLink
from apps.linking.models import Link
from apps.linking.wire import link_object

TAG = "Workspace links"
# A link holds a key to another workspace: even to see it takes an admin.
ADMIN = {"GET": Right.ADMIN, "HEAD": Right.ADMIN, "POST": Right.ADMIN, "DELETE": Right.ADMIN}
_NAMES = {
    "name": "name",
    "api_key": "key",
    "sync_every_minutes": "every_minutes",
    "paused": "is_paused",
}


class Links(Endpoint):
    needs = ADMIN

    @documented("workspace_links_list", tag=TAG, query=PageQuery, answer=Listed[WorkspaceLink])
    def get(self, request: ApiRequest) -> Response:
        """List linked workspaces, newest first."""
        query = read_query(PageQuery, request.query_params)
        links = Link.objects.visible_in(request.workspace)
        shown = window(links, of="workspace_links", cursor=query.page, limit=query.limit)
        return Response(shown.page(link_object))

    @documented("workspace_links_create", tag=TAG, request=NewLink, answer=WorkspaceLink)
    def post(self, request: ApiRequest) -> Response:
        """Link another workspace.

        Its agents, environments, sessions, threads and events are read at once, and again as often
        as it says.
        """
        given = read(NewLink, request.data)
        made = actions.link(
            name=given.name,
            key=given.api_key,
            base_url=given.base_url,
            every_minutes=given.sync_every_minutes,
            by=request.actor,
        )
        return Response(link_object(made))


class OneLink(Endpoint):
    needs = ADMIN

    @documented("workspace_links_retrieve", tag=TAG, answer=WorkspaceLink, errors=(404,))
    def get(self, request: ApiRequest, link_id: str) -> Response:
        """Read a link, and how far its sync is."""
        return Response(link_object(actions.find(link_id, by=request.actor)))

    @documented(
        "workspace_links_update", tag=TAG, request=LinkPatch, answer=WorkspaceLink, errors=(404,)
    )
    def post(self, request: ApiRequest, link_id: str) -> Response:
        """Change a link.

        A new key begins the sync anew. Paused, it stops after the page at hand.
        """
        link = actions.find(link_id, by=request.actor)
        patch = read(LinkPatch, request.data)
        changes = {_NAMES[name]: getattr(patch, name) for name in patch.model_fields_set}
        return Response(link_object(actions.update(link, by=request.actor, **changes)))

    @documented("workspace_links_delete", tag=TAG, answer=DeletedLink, errors=(404,))
    def delete(self, request: ApiRequest, link_id: str) -> Response:
        """End a link and forget its key.

        What it brought stays.
        """
        link = actions.find(link_id, by=request.actor)
        actions.unlink(link, by=request.actor)
        return Response({"id": link_id, "type": "workspace_link_deleted"})


class SyncLink(Endpoint):
    needs = ADMIN

    @documented("workspace_links_sync", tag=TAG, answer=WorkspaceLink, errors=(404, 409))
    def post(self, request: ApiRequest, link_id: str) -> Response:
        """Sync a link now.

        One that syncs already goes on as it is. Read the link to see how far it is.
        """
        link = actions.find(link_id, by=request.actor)
        return Response(link_object(actions.sync_now(link, by=request.actor)))
