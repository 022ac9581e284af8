"""`POST /v1/ingest/sessions`: lines of native objects, kept when answered, the same twice."""

import gzip
import json
import threading

import pytest
from django.db import connection

from apps.sessions.models import Event, Session
from tests import make

URL = "/v1/ingest/sessions"
SESSION = {"type": "session", "id": "sesn_a", "title": "Refund", "agent": {"name": "support"}}
CHILD = {
    "type": "session_thread",
    "id": "sthr_b",
    "session_id": "sesn_a",
    "parent_thread_id": "sthr_a",
    "agent": {"name": "payments"},
}


def said(number: int, session: str = "sesn_a", **more):
    return {
        "type": "user.message",
        "id": f"sevt_{number}",
        "session_id": session,
        "processed_at": f"2026-11-02T09:00:{number % 60:02}Z",
        "content": [{"type": "text", "text": f"message {number}"}],
    } | more


def ndjson(*values) -> bytes:
    return b"".join(
        (value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n"
        for value in values
    )


def send(api, body: bytes, query: str = "", **headers: str):
    return api.post(
        URL + query, data=body, content_type="application/x-ndjson", headers=headers or None
    )


@pytest.mark.django_db
def test_lines_become_a_session_with_its_threads_and_events():
    body = ndjson(SESSION, CHILD, said(1), said(2, session_thread_id="sthr_b"))

    answer = send(make.api("write"), body)

    assert answer.status_code == 200
    assert answer.json() == {
        "type": "ingest_result",
        "sessions": {"added": 1},
        "threads": {"added": 1},
        "events": {"added": 2, "skipped": 0},
        "refused": 0,
        "errors": [],
    }
    session = Session.objects.get(public_id="sesn_a")
    assert (session.source, session.title, session.agent.name) == ("native", "Refund", "support")
    assert [each.thread.agent_name for each in session.events.in_order()] == ["support", "payments"]


@pytest.mark.django_db
def test_sending_it_again_packed_adds_nothing():
    api = make.api("write")
    body = ndjson(SESSION, CHILD, said(1), said(2))
    send(api, body)

    again = send(api, gzip.compress(body), **{"content-encoding": "gzip"}).json()

    assert again["sessions"] == again["threads"] == {"added": 0}
    assert again["events"] == {"added": 0, "skipped": 2}


@pytest.mark.django_db
def test_what_a_session_page_exports_is_taken_back_unchanged():
    from apps.sessions.exporting import as_ndjson  # noqa: PLC0415 -- beside its only use

    there = make.workspace("there")
    session = make.session(
        *make.call("bash", {"command": "ls"}, "a b"),
        make.event(text="hello", after=5),
        of=there,
    )
    lines = list(as_ndjson(session))

    send(make.api("write"), "".join(lines).encode())

    here = Session.objects.get(workspace=make.workspace(), public_id=session.public_id)
    assert list(as_ndjson(here))[1:] == lines[1:]


@pytest.mark.django_db
def test_a_bad_line_costs_only_itself():
    body = ndjson(SESSION, b"{no json", said(1), {"type": "nonsense"}, said(2))

    answer = send(make.api("write"), body).json()

    assert answer["events"]["added"] == 2
    assert answer["refused"] == 2
    assert [each["line"] for each in answer["errors"]] == [2, 4]
    assert answer["errors"][1]["reason"] == "unknown record type 'nonsense'"


@pytest.mark.django_db
def test_strictly_a_bad_line_at_the_end_keeps_everything_out():
    body = ndjson(SESSION, *(said(n) for n in range(3_000)), b"{no json")

    answer = send(make.api("write"), body, "?strict=true")

    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["line"] == 3_002
    assert "Nothing was kept" in answer.json()["error"]["message"]
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_strictly_all_good_lines_are_kept():
    answer = send(make.api("write"), ndjson(SESSION, said(1)), "?strict=true&agent=triage")

    assert answer.json()["events"]["added"] == 1
    assert Session.objects.get().agent.name == "triage"


@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"", b"\n\n", b"no json\n", b"[1, 2]", ndjson({"type": "x"})])
def test_a_body_that_says_nothing_is_refused(body):
    answer = send(make.api("write"), body)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.django_db
def test_an_event_of_no_session_is_refused():
    answer = send(make.api("write"), ndjson(said(1, session=""), SESSION, said(2, session="")))

    assert answer.json()["events"]["added"] == 1
    assert answer.json()["errors"][0]["line"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("strict", ["", "?strict=true"])
def test_what_breaks_off_is_kept_as_far_as_it_came_unless_strict(strict):
    packed = gzip.compress(ndjson(SESSION, *(said(n) for n in range(500))), compresslevel=1)

    answer = send(make.api("write"), packed[:-9], strict, **{"content-encoding": "gzip"})

    if strict:
        assert answer.status_code == 400
        assert not Event.objects.exists()
    else:
        assert "cut off" in answer.json()["errors"][0]["reason"]
        assert answer.json()["events"]["added"] == Event.objects.count() > 0


@pytest.mark.django_db
def test_more_than_the_limit_is_refused(settings):
    settings.INGEST_LIMIT = 2**20
    bomb = gzip.compress(ndjson(SESSION) + b" " * 2**24)

    answer = send(make.api("write"), bomb, **{"content-encoding": "gzip"})

    assert answer.status_code == 413
    assert answer.json()["error"]["type"] == "request_too_large"


@pytest.mark.django_db
def test_an_encoding_nobody_knows_is_refused():
    answer = send(make.api("write"), b"", **{"content-encoding": "br"})

    assert answer.status_code == 415


@pytest.mark.django_db
def test_it_takes_a_key_that_may_write():
    body = ndjson(SESSION, said(1))

    assert send(make.api("read"), body).status_code == 403
    assert send(make.api("write"), body, "?strict=maybe").status_code == 400


@pytest.mark.django_db
def test_the_same_ids_in_the_neighbours_workspace_are_another_session():
    send(make.api("write", of=make.workspace("neighbour")), ndjson(SESSION, said(1)))

    answer = send(make.api("write"), ndjson(said(2)))

    assert answer.json()["sessions"] == {"added": 1}
    assert Session.objects.filter(public_id="sesn_a").count() == 2
    neighbours = Session.objects.get(workspace__slug="neighbour")
    assert neighbours.event_count == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        said(1, id="\x00" * 300, text="\ud800"),
        said(1, type="a." + "b" * 300),
        said(1, processed_at="not a time", content={"a": [1e308, {"b": "\x00"}]}),
        SESSION | {"id": "x" * 5_000, "metadata": {"\x00": ["\x00"]}, "created_at": -1e300},
        CHILD | {"id": "\x00", "agent": {"name": "n" * 999, "model": [1]}},
    ],
)
def test_hostile_values_are_fitted_and_kept(value):
    answer = make.api("write").post(URL, data=ndjson(value), content_type="text/plain")

    assert answer.status_code == 200
    assert answer.json()["refused"] == 0


@pytest.mark.django_db(transaction=True)
def test_clients_that_send_the_same_sessions_at_once_neither_collide_nor_double():
    make.workspace()
    apis = [make.api("write") for _ in range(4)]
    sessions = [f"sesn_{n}" for n in range(4)]
    answers: list[dict[str, object]] = []

    def work(number: int) -> None:
        order = sessions if number % 2 else sessions[::-1]
        lines = []
        for key in order:
            lines += [{"type": "session", "id": key, "agent": {"name": "same"}}]
            lines += [said(n, key) for n in range(40)]
        strict = "?strict=true" if number > 1 else ""
        answers.append(send(apis[number], ndjson(*lines), strict).json())
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)

    assert [answer["type"] for answer in answers] == ["ingest_result"] * 4
    assert sum(answer["sessions"]["added"] for answer in answers) == 4
    assert sum(answer["events"]["added"] for answer in answers) == 160
    assert Event.objects.count() == 160
