"""What the console shows of a session that the API made."""

import pytest

from apps.sessions.models import Session
from tests import make
from tests.sessions.api.asking import message, outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(client):
    client.force_login(make.user("ines"))

    def read(session, page=""):
        answer = client.get(f"/w/default/sessions/{session['id']}/{page}")
        return " ".join(answer.content.decode().split())

    return read


def test_its_page_names_mounts_and_the_budget_and_no_token(api, ids, file, shown):
    repository = {
        "type": "github_repository",
        "url": "https://github.com/acme/site",
        "authorization_token": "ghp_secret",
    }
    told = api.post(
        "sessions",
        **ids,
        resources=[repository, {"type": "file", "file_id": file.pk, "mount_path": "/a/b.csv"}],
        budget={"type": "limit", "max_list_cost": {"amount": "2550", "currency": "USD"}},
    )

    page = shown(told)

    assert "https://github.com/acme/site" in page
    assert "/workspace/site" in page
    assert "data.csv" in page
    assert "/mnt/session/uploads/a/b.csv" in page
    assert "<dt>Budget</dt><dd>$25.50</dd>" in page
    assert "ghp_secret" not in page


def test_an_archived_one_says_so(api, session, shown):
    assert "Archived" not in shown(session)

    api.post(f"sessions/{session['id']}/archive")

    assert ">Archived</span>" in shown(session)


def test_what_happened_waits_for_the_agent(api, ids, session, shown):
    asked = api.post("sessions", **ids, initial_events=[message("Hello")])
    graded = api.post("sessions", **ids, initial_events=[outcome()])

    assert "Nothing has been asked of helper yet." in shown(session, "what-happened/")
    assert "helper was asked, and has not answered yet." in shown(asked, "what-happened/")
    assert "helper was asked, and has not answered yet." in shown(graded, "what-happened/")
    assert Session.objects.count() == 3
