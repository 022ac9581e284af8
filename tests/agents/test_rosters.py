"""Whom an agent may call: both forms, pinned when saved, one level deep."""

import pytest

from apps.agents import wire
from apps.core.api.shapes import Misshapen
from tests import make
from tests.agents import given

pytestmark = pytest.mark.django_db

SELF = {"type": "self"}
ADVISOR = {"type": "advisor", "model": "claude-fable-5"}
ON = {"type": "enabled", "inline_agents": {"type": "enabled"}, "predefined_agents": []}


def pin(agent, version=None):
    return {"type": "agent", "id": agent.public_id, "version": version or agent.version}


def roster_of(agent):
    return wire.agent_object(agent)["multiagent"]["agents"]


def latest(**parts):
    return {"multiagent": {"type": "multiagent_20261001", **parts}}


def said(*roster, of=None):
    with pytest.raises(Misshapen) as refused:
        given.coordinator(*roster, of=of)
    return refused.value.message


def test_ids_are_pinned_to_the_version_of_now():
    helper = given.changed(given.agent(), system="Second.")

    lead = given.coordinator(helper, SELF, ADVISOR)

    assert roster_of(lead) == [pin(helper, 2), pin(lead, 1), ADVISOR]


def test_a_later_version_of_a_member_needs_an_update_of_the_coordinator():
    helper = given.agent()
    lead = given.coordinator(helper)
    given.changed(helper, system="Second.")

    kept = given.changed(lead, system="Other.")
    renewed = given.changed(kept, multiagent={"type": "coordinator", "agents": [helper.public_id]})

    assert roster_of(kept) == [pin(helper, 1)]
    assert roster_of(renewed) == [pin(helper, 2)]
    assert renewed.version == 3


def test_the_agent_itself_moves_with_its_versions():
    lead = given.changed(given.coordinator(SELF), system="Other.")

    assert roster_of(lead) == [pin(lead, 2)]
    for own in (lead.public_id, pin(lead), SELF):
        again = given.changed(lead, multiagent={"type": "coordinator", "agents": [own]})
        assert again.version == 2


def test_an_earlier_version_of_oneself_is_another_agent_that_may_be_called():
    agent = given.changed(given.agent(), system="Second.")

    lead = given.changed(agent, multiagent={"type": "coordinator", "agents": [pin(agent, 1)]})
    moved = given.changed(lead, system="Other.")

    assert roster_of(moved) == [pin(agent, 1)]


def test_a_version_can_be_chosen():
    helper = given.changed(given.agent(), system="Second.")

    assert roster_of(given.coordinator(pin(helper, 1))) == [pin(helper, 1)]


def test_whoever_cannot_be_called_is_named_with_its_place():
    helper, gone = given.agent(), given.archived(given.agent(name="gone"))
    lead = given.coordinator(helper, name="lead")
    theirs = given.agent(of=make.workspace("neighbour"))
    recorded = make.session(agent="seen").agent

    message = said(helper, "nobody", gone, lead, pin(helper, 9))

    assert message == (
        "multiagent.agents.1: there is no agent 'nobody' in this workspace; "
        f"multiagent.agents.2: '{gone.public_id}' (gone) is archived; "
        f"multiagent.agents.3: '{lead.public_id}' (lead) has a roster of its own; "
        "one level is all there is; "
        f"multiagent.agents.4: '{helper.public_id}' (refunds) has no version 9"
    )
    assert said(theirs) == (
        f"multiagent.agents.0: there is no agent '{theirs.public_id}' in this workspace"
    )
    assert "known from transcripts alone" in said(recorded)
    assert "there is no agent '␀'" in said("\x00")


def test_an_agent_that_got_a_roster_later_can_be_called_as_it_was():
    helper = given.agent()
    given.changed(helper, multiagent={"type": "coordinator", "agents": [SELF]})

    assert roster_of(given.coordinator(pin(helper, 1))) == [pin(helper, 1)]
    assert "has a roster of its own" in said(pin(helper, 2))


@pytest.mark.parametrize("twice", [SELF, ADVISOR])
def test_everyone_is_there_once(twice):
    helper = given.changed(given.agent(), system="Second.")

    assert said(twice, twice).endswith("is there twice")
    assert said(helper, pin(helper, 1)) == (
        f"multiagent.agents.1: '{helper.public_id}' is there twice"
    )


def test_oneself_by_id_and_as_self_is_one():
    agent = given.agent()

    with pytest.raises(Misshapen, match=r"multiagent\.agents\.1: .* is there twice"):
        given.changed(agent, multiagent={"type": "coordinator", "agents": [agent.public_id, SELF]})


def test_the_newer_form_has_defaults():
    agent = given.agent(**latest())

    assert agent.definition["multiagent"] == {
        "type": "multiagent_20261001",
        "advisor": {"type": "disabled"},
        "subagents": ON,
        "workflows": ON,
    }


def test_the_newer_form_pins_both_lists_apart():
    helper = given.agent()
    lead = given.agent(
        **latest(
            advisor={"type": "enabled", "model": "claude-fable-5"},
            subagents={
                "type": "enabled",
                "inline_agents": {"type": "disabled"},
                "predefined_agents": [helper.public_id, SELF],
            },
            workflows={"type": "disabled"},
        )
    )

    told = wire.agent_object(lead)["multiagent"]

    assert told["advisor"] == {"type": "enabled", "model": "claude-fable-5"}
    assert told["subagents"]["predefined_agents"] == [pin(helper), pin(lead)]
    assert told["workflows"] == {"type": "disabled"}


def test_the_newer_form_is_merged_level_by_level():
    helper = given.agent()
    lead = given.agent(
        **latest(
            advisor={"type": "enabled", "model": "claude-fable-5"},
            subagents={"type": "enabled", "predefined_agents": [helper.public_id]},
        )
    )

    closed = given.changed(
        lead,
        **latest(subagents={"type": "enabled", "inline_agents": {"type": "disabled"}}),
    )
    reset = given.changed(closed, **latest(advisor=None, subagents=None))

    kept = closed.definition["multiagent"]
    assert kept["advisor"]["model"] == "claude-fable-5"
    assert kept["subagents"] == {
        "type": "enabled",
        "inline_agents": {"type": "disabled"},
        "predefined_agents": [pin(helper)],
    }
    assert reset.definition["multiagent"]["advisor"] == {"type": "disabled"}
    assert reset.definition["multiagent"]["subagents"] == ON


def test_another_type_replaces_and_takes_its_defaults():
    helper = given.agent()
    lead = given.coordinator(helper)

    newer = given.changed(lead, **latest(workflows={"type": "disabled"}))
    on_again = given.changed(newer, **latest(workflows={"type": "enabled"}))

    assert newer.definition["multiagent"]["subagents"] == ON
    assert on_again.definition["multiagent"]["workflows"] == ON


def test_what_is_merged_must_leave_somebody_to_call():
    lead = given.agent(**latest())

    with pytest.raises(Misshapen) as refused:
        given.changed(
            lead,
            **latest(workflows={"type": "enabled", "inline_agents": {"type": "disabled"}}),
        )

    assert refused.value.message == (
        "multiagent.workflows.predefined_agents: "
        "with inline_agents disabled, this must name at least one agent"
    )


def test_a_roster_costs_the_same_however_many(django_assert_num_queries):
    few, many = [given.agent()], [given.agent() for _ in range(20)]

    for members in (few, many):
        with django_assert_num_queries(8):
            given.coordinator(*members)
