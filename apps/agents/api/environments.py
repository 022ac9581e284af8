"""Environments."""

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.agents import finding, wire
from apps.agents.actions import environments as actions
from apps.agents.api import answers
from apps.agents.api.shapes import EnvironmentPatch, EnvironmentsQuery, NewEnvironment
from apps.agents.models import Environment
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import read, read_query

TAG = "Environments"


class Environments(Endpoint):
    @documented(
        "environments_list",
        tag=TAG,
        query=EnvironmentsQuery,
        answer=Listed[answers.Environment],
    )
    def get(self, request: ApiRequest) -> Response:
        """List environments, newest first."""
        query = read_query(EnvironmentsQuery, request.query_params)
        rows = Environment.objects.live_in(
            request.workspace, include_archived=query.include_archived
        )
        shown = window(rows, of="environments", cursor=query.page, limit=query.limit)
        return Response(shown.page(wire.environment_object))

    @documented("environments_create", tag=TAG, request=NewEnvironment, answer=answers.Environment)
    def post(self, request: ApiRequest) -> Response:
        """Make an environment.

        Without a config it is a cloud one with the whole network.
        """
        given = read(NewEnvironment, request.data)
        made = actions.create_environment(given=given, by=request.actor)
        return Response(wire.environment_object(made))


class OneEnvironment(Endpoint):
    @documented("environments_retrieve", tag=TAG, answer=answers.Environment, errors=(404,))
    def get(self, request: ApiRequest, environment_id: str) -> Response:
        """Read an environment."""
        return Response(
            wire.environment_object(finding.environment(request.workspace, environment_id))
        )

    @documented(
        "environments_update",
        tag=TAG,
        request=EnvironmentPatch,
        answer=answers.Environment,
        errors=(404,),
    )
    def post(self, request: ApiRequest, environment_id: str) -> Response:
        """Change an environment.

        It stays what it was made as, cloud or self-hosted. Sessions that run keep what they have.
        """
        environment = finding.environment(request.workspace, environment_id)
        patch = read(EnvironmentPatch, request.data)
        changed = actions.update_environment(environment=environment, patch=patch, by=request.actor)
        return Response(wire.environment_object(changed))

    @documented(
        "environments_delete", tag=TAG, answer=answers.EnvironmentDeleted, errors=(400, 404)
    )
    def delete(self, request: ApiRequest, environment_id: str) -> Response:
        """Delete an environment.

        Sessions that ran in it stay and go on naming it; nobody can read it any more.
        """
        environment = finding.environment(request.workspace, environment_id)
        actions.delete_environment(environment=environment, by=request.actor)
        return Response({"id": environment.public_id, "type": "environment_deleted"})


class ArchivedEnvironment(Endpoint):
    @documented("environments_archive", tag=TAG, answer=answers.Environment, errors=(400, 404))
    def post(self, request: ApiRequest, environment_id: str) -> Response:
        """Archive an environment, for good.

        Sessions that run go on; no other can be started in it.
        """
        environment = finding.environment(request.workspace, environment_id)
        archived = actions.archive_environment(environment=environment, by=request.actor)
        return Response(wire.environment_object(archived))
