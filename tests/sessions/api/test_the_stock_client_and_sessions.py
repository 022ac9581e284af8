"""The vendor's own client against a running server, believing nothing that is not as documented."""

import anthropic
import pytest

from apps.sessions.models import Session, Status
from tests import make
from tests.sessions.api.asking import happens, message, new_agent, new_environment, uses


@pytest.fixture
def sessions(live_server):
    _, secret = make.key()
    with anthropic.Anthropic(
        base_url=live_server.url, api_key=secret, max_retries=0, _strict_response_validation=True
    ) as client:
        yield client.beta.sessions


@pytest.fixture
def created(sessions):
    return sessions.create(
        agent=new_agent().public_id,
        environment_id=new_environment().public_id,
        title="Order 1234",
        metadata={"team": "support"},
        initial_events=[message("Where is it?")],
        resources=[{"type": "github_repository", "url": "https://github.com/acme/site"}],
        budget={"type": "limit", "max_list_cost": {"amount": "2500", "currency": "USD"}},
    )


def test_a_session_from_beginning_to_end(sessions, created):
    assert (created.status, created.title, created.agent.name) == ("idle", "Order 1234", "helper")
    assert sessions.retrieve(created.id).resources == created.resources

    updated = sessions.update(created.id, title="Order 1235", metadata={"team": None})
    assert (updated.title, updated.metadata) == ("Order 1235", {})
    assert sessions.update(created.id, agent={"tools": [{"type": "agent_toolset_20260401"}]})

    (sent,) = sessions.events.send(created.id, events=[message("Still waiting")]).data
    assert (sent.type, sent.processed_at) == ("user.message", None)
    types = [event.type for event in sessions.events.list(created.id, limit=2)]
    assert types == ["user.message", "session.updated", "session.updated", "user.message"]

    assert sessions.archive(created.id).status == "terminated"
    assert list(sessions.list()) == []
    assert [each.id for each in sessions.list(include_archived=True)] == [created.id]
    assert sessions.delete(created.id).type == "session_deleted"
    with pytest.raises(anthropic.NotFoundError):
        sessions.retrieve(created.id)


def test_lists_page_by_themselves_and_filter(sessions, created):
    for n in range(4):
        make.session(created_at=make.START.replace(day=3 + n))

    assert len(list(sessions.list(limit=2))) == 5
    oldest = sessions.list(limit=2, order="asc")
    assert oldest.prev_page is None
    second = oldest.get_next_page()
    assert len(second.data) == 2
    assert second.prev_page
    mine = sessions.list(
        agent_id=created.agent.id,
        agent_version=1,
        statuses=["idle", "running"],
        created_at_gte=created.created_at,
        created_at_lt=created.created_at.replace(year=2100),
    )
    assert [each.id for each in mine] == [created.id]


def test_tools_are_answered_and_threads_told(sessions, created):
    told = {"id": created.id}
    happens(
        told,
        uses(evaluated_permission="ask"),
        uses("agent.custom_tool_use", id="sevt_custom"),
    )

    sent = sessions.events.send(
        created.id,
        events=[
            {"type": "user.tool_confirmation", "tool_use_id": "sevt_use", "result": "allow"},
            {
                "type": "user.custom_tool_result",
                "custom_tool_use_id": "sevt_custom",
                "content": [{"type": "text", "text": "42"}],
            },
        ],
    ).data

    assert [bool(each.processed_at) for each in sent] == [False, True]
    (thread,) = sessions.threads.list(created.id, statuses=["idle"])
    assert sessions.threads.retrieve(thread.id, session_id=created.id).agent.name == "helper"
    events = list(sessions.threads.events.list(thread.id, session_id=created.id, limit=2))
    assert len(events) == 5
    assert sessions.threads.archive(thread.id, session_id=created.id).archived_at


def test_files_and_tokens(sessions, created):
    (repository,) = sessions.resources.list(created.id)
    where = {"session_id": created.id}

    rotated = sessions.resources.update(repository.id, **where, authorization_token="new")
    assert rotated.updated_at > repository.updated_at
    uploaded = sessions._client.beta.files.upload(file=("a.csv", b"1,2", "text/csv"))
    added = sessions.resources.add(
        created.id, file_id=uploaded.id, type="file", mount_path="/a.csv"
    )
    assert added.mount_path == "/mnt/session/uploads/a.csv"
    assert sessions.resources.retrieve(added.id, **where).file_id == added.file_id
    assert sessions.resources.delete(added.id, **where).type == "session_resource_deleted"
    assert [each.id for each in sessions.resources.list(created.id, limit=1)] == [repository.id]


def test_refusals_are_the_clients_own_exceptions(sessions, created):
    with pytest.raises(anthropic.BadRequestError, match="title: ") as refused:
        sessions.update(created.id, title="x" * 501)
    assert refused.value.request_id.startswith("req_")

    Session.objects.update(status=Status.RUNNING)
    with pytest.raises(anthropic.BadRequestError, match="Interrupt it first"):
        sessions.archive(created.id)
    with pytest.raises(anthropic.NotFoundError):
        sessions.create(agent="agent_nowhere", environment_id=created.environment_id)
