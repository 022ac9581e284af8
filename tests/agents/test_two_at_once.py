"""Changes at the same moment: nobody's is lost in silence."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.agents import finding
from apps.agents.actions import agents
from apps.agents.api.shapes import AgentPatch
from apps.agents.models import Agent, AgentVersion
from apps.core.api.shapes import read
from tests import make
from tests.agents import given

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """What each call returns or raises, all of them begun together."""
    ready = threading.Barrier(len(calls))

    def run(call):
        try:
            ready.wait(timeout=30)
            return call()
        except Exception as error:  # noqa: BLE001 -- the result under test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def patching(agent, by, **fields):
    patch = read(AgentPatch, fields)
    loaded = finding.agent(by.workspace, agent.public_id)
    return lambda: agents.update_agent(agent=loaded, patch=patch, by=by)


def test_of_those_who_saw_the_same_version_one_wins_and_all_others_are_told():
    agent, by = given.agent(), make.actor()

    results = at_once(*(patching(agent, by, version=1, system=f"{number}") for number in range(6)))

    told = [each for each in results if isinstance(each, agents.VersionConflict)]
    assert len(told) == 5
    assert AgentVersion.objects.filter(agent=agent).count() == 2
    assert Agent.objects.get().version == 2


def test_those_who_name_no_version_are_all_put_on_top():
    agent, by = given.agent(), make.actor()

    at_once(*(patching(agent, by, metadata={f"k{number}": "v"}) for number in range(6)))

    newest = finding.agent(by.workspace, agent.public_id)
    assert newest.version == 7
    assert len(newest.definition["metadata"]) == 6


def test_nothing_is_changed_after_it_was_archived():
    agent, by = given.agent(), make.actor()
    change = patching(agent, by, system="late")
    given.archived(agent)

    [result] = at_once(change)

    assert isinstance(result, finding.AgentArchived)
    assert AgentVersion.objects.filter(agent=agent).count() == 1


def test_an_agent_from_a_transcript_is_defined_once():
    recorded, by = make.session(agent="seen").agent, make.actor()
    shape = given.shape(name="seen")

    results = at_once(
        *(
            lambda: agents.define_agent(agent=Agent.objects.get(pk=recorded.pk), given=shape, by=by)
            for _ in range(3)
        )
    )

    assert sum(isinstance(each, agents.AlreadyDefined) for each in results) == 2
    assert finding.agent(by.workspace, recorded.public_id).version == 1
