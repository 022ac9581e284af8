"""Agents and their versions."""

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.agents import finding, wire
from apps.agents.actions import agents as actions
from apps.agents.api import answers
from apps.agents.api.shapes import AgentPatch, AgentQuery, AgentsQuery, NewAgent
from apps.agents.models import Agent, AgentVersion
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, read, read_query

TAG = "Agents"


class Agents(Endpoint):
    @documented("agents_list", tag=TAG, query=AgentsQuery, answer=Listed[answers.Agent])
    def get(self, request: ApiRequest) -> Response:
        """List agents, newest first.

        Those that are known from transcripts alone have no definition and are not listed.
        """
        query = read_query(AgentsQuery, request.query_params)
        rows = Agent.objects.defined_in(
            request.workspace, include_archived=query.include_archived
        ).filter(query.created())
        shown = window(rows.with_newest(), of="agents", cursor=query.page, limit=query.limit)
        return Response(shown.page(wire.agent_object))

    @documented("agents_create", tag=TAG, request=NewAgent, answer=answers.Agent)
    def post(self, request: ApiRequest) -> Response:
        """Define an agent.

        Its roster, if it has one, is pinned to the versions of now.
        """
        given = read(NewAgent, request.data)
        return Response(wire.agent_object(actions.create_agent(given=given, by=request.actor)))


class OneAgent(Endpoint):
    @documented("agents_retrieve", tag=TAG, query=AgentQuery, answer=answers.Agent, errors=(404,))
    def get(self, request: ApiRequest, agent_id: str) -> Response:
        """Read an agent at its newest version, or at another."""
        query = read_query(AgentQuery, request.query_params)
        agent = finding.agent(request.workspace, agent_id)
        return Response(wire.agent_object(agent, finding.version(agent, query.version)))

    @documented(
        "agents_update",
        tag=TAG,
        request=AgentPatch,
        answer=answers.Agent,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, agent_id: str) -> Response:
        """Change an agent.

        Every change makes a version; a patch that changes nothing makes none.
        """
        agent = finding.agent(request.workspace, agent_id)
        patch = read(AgentPatch, request.data)
        changed = actions.update_agent(agent=agent, patch=patch, by=request.actor)
        return Response(wire.agent_object(changed))


class ArchivedAgent(Endpoint):
    @documented("agents_archive", tag=TAG, answer=answers.Agent, errors=(404,))
    def post(self, request: ApiRequest, agent_id: str) -> Response:
        """Archive an agent, for good.

        Sessions that run go on. It can be read, and neither changed nor started any more.
        """
        agent = finding.agent(request.workspace, agent_id)
        return Response(wire.agent_object(actions.archive_agent(agent=agent, by=request.actor)))


class AgentVersions(Endpoint):
    @documented(
        "agents_versions_list",
        tag=TAG,
        query=PageQuery,
        answer=Listed[answers.Agent],
        errors=(404,),
    )
    def get(self, request: ApiRequest, agent_id: str) -> Response:
        """List the versions of an agent, newest first."""
        query = read_query(PageQuery, request.query_params)
        agent = finding.agent(request.workspace, agent_id)
        shown = window(
            AgentVersion.objects.filter(agent=agent),
            of=f"versions of {agent.pk}",
            cursor=query.page,
            limit=query.limit,
            by=("version",),
        )
        return Response(shown.page(lambda version: wire.agent_object(agent, version)))
