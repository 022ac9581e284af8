"""Hostile input, a neighbour's keys, and two who send at once."""

import json
import threading

import pytest
from django.db import connection

from apps.sessions.models import Event, Session, Thread
from tests import make
from tests.sessions.api.asking import Api, message, new_agent, new_environment, row

pytestmark = pytest.mark.django_db
NUL, LONE = "a\x00b", "\ud800"


@pytest.mark.parametrize("text", [NUL, LONE, "\u202e", "<script>", "x" * 1_000_000])
def test_whatever_is_said_is_kept_and_told(api, ids, text):
    told = api.post(
        "sessions",
        **ids,
        title=text[:500],
        metadata={text[:64]: text[:512]},
        initial_events=[message(text)],
    )
    path = f"sessions/{told['id']}"
    api.post(path, title=f"{text[:490]}!", metadata={text[:64]: None})

    (sent,) = api.post(f"{path}/events", events=[message(text)])["data"]
    listed = api.get(f"{path}/events")["data"]

    assert listed[-1] == sent
    assert api.get(path)["metadata"] == {}
    assert sent["content"][0]["text"].isprintable() == text.isprintable() or text in {NUL, LONE}


@pytest.mark.parametrize("text", [NUL, LONE])
def test_odd_names_name_nothing(api, session, text):
    path = f"sessions/{session['id']}"
    sent = {"type": "user.interrupt", "session_thread_id": text}

    assert api.post(f"{path}/events", 400, events=[sent])
    assert api.post(f"{path}/resources", 404, type="file", file_id=text)
    for odd in ("a%00b", "%ED%A0%80", "..", "%2F", "x" * 2000):
        api.get(f"sessions/{odd}", 404)
        api.get(f"{path}/threads/{odd}", 404)
        api.get(f"{path}/resources/{odd}", 404)


def test_nesting_has_an_end(api, ids, session):
    deep = json.loads("[" * 90 + "]" * 90)

    said = api.refused(f"sessions/{session['id']}/events", events=deep)
    assert said.startswith("events")
    deeper = "[" * 5000 + "]" * 5000
    answer = api.client.post(
        f"/v1/sessions/{session['id']}/events",
        f'{{"events": {deeper}}}',
        content_type="application/json",
    )
    assert answer.status_code == 400
    tool = {"type": "custom", "name": "a", "description": "b"}
    schema = {"type": "object", "properties": {"x": json.loads('{"y":' * 80 + "1" + "}" * 80)}}
    api.post(f"sessions/{session['id']}", agent={"tools": [tool | {"input_schema": schema}]})


WRITES = (
    ("post", "", {"title": "Mine"}),
    ("post", "/archive", {}),
    ("post", "/events", {"events": [message()]}),
    ("post", "/resources", {"type": "file", "file_id": "file_x"}),
    ("post", "/resources/{resource}", {"authorization_token": "mine"}),
    ("post", "/threads/{thread}/archive", {}),
    ("delete", "/resources/{resource}", {}),
    ("delete", "", {}),
)
READS = (
    "",
    "/events",
    "/resources",
    "/resources/{resource}",
    "/threads",
    "/threads/{thread}",
    "/threads/{thread}/events",
)


def test_to_the_neighbour_nothing_is_there(api, ids, neighbour):
    repository = {"type": "github_repository", "url": "https://github.com/acme/site"}
    told = api.post("sessions", **ids, resources=[repository], initial_events=[message()])
    names = {
        "resource": told["resources"][0]["id"],
        "thread": Thread.objects.get().public_id,
    }

    for path in READS:
        neighbour.get(f"sessions/{told['id']}{path.format(**names)}", 404)
    for method, path, body in WRITES:
        where = f"sessions/{told['id']}{path.format(**names)}"
        getattr(neighbour, method)(where, 404, **body)

    untouched = api.get(f"sessions/{told['id']}")
    assert untouched | {"stats": 0} == told | {"stats": 0}
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_threads_that_send_at_once_leave_no_gap(api):
    session = api.post(
        "sessions", agent=new_agent().public_id, environment_id=new_environment().public_id
    )
    start = threading.Barrier(2)
    failed = []

    def send(name):
        own = Api()
        try:
            start.wait()
            for n in range(10):
                own.post(f"sessions/{session['id']}/events", events=[message(f"{name} {n}")] * 2)
        except BaseException as error:  # noqa: BLE001 -- told by the test below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[name]) for name in "ab"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert not failed
    sequences = Event.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, 41))
    assert row(session).event_count == Thread.objects.get().event_count == 40
    said = [each["content"][0]["text"] for each in told(api, session)]
    expected = [f"a {n}" for n in range(10) for _ in range(2)]
    assert [text for text in said if text.startswith("a")] == expected


def told(api, session):
    return api.get(f"sessions/{session['id']}/events", limit=100)["data"]


@pytest.mark.django_db(transaction=True)
def test_sending_into_what_is_being_deleted_finds_it_or_not(api):
    session = api.post(
        "sessions", agent=new_agent().public_id, environment_id=new_environment().public_id
    )
    start = threading.Barrier(2)
    statuses = []

    def send():
        own = Api()
        start.wait()
        for _ in range(20):
            answer = own.client.post(
                f"/v1/sessions/{session['id']}/events",
                json.dumps({"events": [message()]}),
                content_type="application/json",
            )
            statuses.append(answer.status_code)
        connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    start.wait()
    api.delete(f"sessions/{session['id']}")
    sender.join()

    assert set(statuses) <= {200, 404}
    assert statuses == sorted(statuses), "gone is gone"
    assert not Session.objects.exists()
    assert not Event.objects.exists()


def test_somebody_elses_session_of_the_same_id_is_another(api, neighbour):
    here = make.session(make.event(), public_id="sesn_same")
    make.session(make.event(), public_id="sesn_same", of=make.workspace("next-door"))

    neighbour.post("sessions/sesn_same", title="Theirs")
    neighbour.delete("sessions/sesn_same")

    assert api.get("sessions/sesn_same")["title"] == here.title
