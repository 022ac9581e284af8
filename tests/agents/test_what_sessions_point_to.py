"""Agents and environments, as far as the record needs them."""

import pytest
from django.db import IntegrityError, transaction

from apps.agents.models import Agent, AgentVersion, Environment
from tests import make

pytestmark = pytest.mark.django_db


def test_sessions_of_one_name_share_an_agent():
    make.session(key="a", agent="refunds")
    make.session(key="b", agent="refunds")

    assert Agent.objects.get().name == "refunds"


def test_the_same_name_in_two_workspaces_is_two_agents():
    make.session(key="a", agent="refunds")
    make.session(key="a", agent="refunds", of=make.workspace("neighbour"))

    assert Agent.objects.count() == 2


def test_an_agent_that_came_with_an_id_keeps_it():
    session = make.session(agent="refunds")
    named = Agent.objects.named(session.workspace, "refunds", public_id="agent_x")

    assert named.public_id == "agent_x"
    assert Agent.objects.named(session.workspace, "renamed", public_id="agent_x") == named


@pytest.mark.parametrize(
    ("number", "constraint"),
    [(1, "versions_of_an_agent_are_numbered_once"), (0, "versions_are_numbered_from_one")],
)
def test_versions_are_numbered_from_one_and_once(number, constraint):
    agent = Agent.objects.create(workspace=make.workspace(), name="x")
    AgentVersion.objects.create(agent=agent, version=1, definition={})

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        AgentVersion.objects.create(agent=agent, version=number, definition={})


@pytest.mark.parametrize(
    ("model", "constraint"),
    [
        (Agent, "an_agent_id_is_unique_in_its_workspace"),
        (Environment, "an_environment_id_is_unique_in_its_workspace"),
    ],
)
def test_an_id_is_unique_in_its_workspace_and_free_in_the_next(model, constraint):
    model.objects.create(workspace=make.workspace(), public_id="x", name="x")
    model.objects.create(workspace=make.workspace("neighbour"), public_id="x", name="x")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.create(workspace=make.workspace(), public_id="x", name="x")
