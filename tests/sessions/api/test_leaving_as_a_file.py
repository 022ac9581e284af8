"""A session of the API exports and imports as every other one."""

import io

import pytest

from apps.sessions import exporting, finding, importing
from apps.sessions.formats import native
from apps.sessions.models import Session
from tests import make
from tests.sessions.api.asking import happens, message, starts_thread, uses

pytestmark = pytest.mark.django_db


def test_it_is_the_same_in_another_workspace(api, session, file):
    path = f"sessions/{session['id']}"
    api.post(f"{path}/resources", type="file", file_id=file.pk)
    api.post(path, title="Order 1234", metadata={"team": "support"})
    child = starts_thread(session)
    happens(session, uses("agent.custom_tool_use", thread=child.public_id))
    api.post(f"{path}/events", events=[message("Hello")])
    whole = finding.session(make.workspace(), session["id"])

    data = "".join(exporting.as_ndjson(whole)).encode()
    tally = importing.take(
        native.read(io.BytesIO(data), name="export"), workspace=make.workspace("elsewhere")
    )

    assert tally.refused == 0
    copy = Session.objects.get(workspace__slug="elsewhere")
    assert (copy.public_id, copy.title, copy.agent_version) == (session["id"], "Order 1234", 1)
    assert (copy.event_count, copy.thread_count) == (whole.event_count, 2)
    assert copy.metadata == {"team": "support"}
    assert copy.agent_snapshot["model"] == whole.agent_snapshot["model"]
    assert b'"mount_path":"/mnt/session/uploads/' in data
    again = importing.take(
        native.read(io.BytesIO(data), name="export"), workspace=make.workspace("elsewhere")
    )
    assert (again.events, again.skipped) == (0, whole.event_count)
