"""What the tests of this folder say to the API, and what happens meanwhile."""

import json

from apps.agents.actions.agents import create_agent
from apps.agents.actions.environments import create_environment
from apps.agents.api.shapes import NewAgent, NewEnvironment
from apps.sessions import recording
from apps.sessions.models import Session, Thread
from tests import make


class Api:
    """`/v1` as a program speaks to it: bodies in, bodies out."""

    def __init__(self, *scopes, of=None):
        self.client = make.api(*scopes, of=of)

    def get(self, path, status=200, **query):
        return _read(self.client.get(f"/v1/{path}", query), status)

    def post(self, path, status=200, /, **body):
        sent = json.dumps(body) if body else ""
        answer = self.client.post(f"/v1/{path}", sent, content_type="application/json")
        return _read(answer, status)

    def delete(self, path, status=200):
        return _read(self.client.delete(f"/v1/{path}"), status)

    def refused(self, path, status=400, /, **body):
        """What the refusal says."""
        return self.post(path, status, **body)["error"]["message"]


def _read(answer, status):
    assert answer.status_code == status, answer.content
    return answer.json()


def new_agent(of=None, **fields):
    given = {"name": "helper", "model": "claude-sonnet-4-5"} | fields
    return create_agent(given=NewAgent.model_validate(given), by=make.actor(of=of))


def new_environment(of=None, **fields):
    given = NewEnvironment.model_validate({"name": "cloud"} | fields)
    return create_environment(given=given, by=make.actor(of=of))


def message(text="Hello"):
    return {"type": "user.message", "content": [{"type": "text", "text": text}]}


def outcome(**fields):
    rubric = {"type": "text", "content": "- It is there"}
    return {"type": "user.define_outcome", "description": "A report", "rubric": rubric} | fields


def row(session):
    """The row of a session that the API told of."""
    return Session.objects.get(public_id=session["id"])


def happens(session, *events):
    """The agent does this: nothing runs one yet, so it is recorded as a turn would."""
    recording.record(row(session).pk, events)


def starts_thread(session, public_id="sthr_child", **fields):
    """The session has a child thread from now on."""
    lanes = row(session).threads
    return Thread.objects.create(
        session=row(session),
        public_id=public_id,
        parent=lanes.get(position=0),
        position=lanes.count(),
        agent_name="specialist",
        **fields,
    )


def uses(kind="agent.tool_use", id="sevt_use", **fields):  # noqa: A002 -- the contract's name
    """A tool's use, of a session's agent."""
    given = {"name": "bash", "input": {"command": "ls"}} | fields
    return make.event(kind, id=id, **given)
