"""The vendor's own client follows a session that another process records."""

import http.client
import json
import signal
import socket
from contextlib import ExitStack, contextmanager
from itertools import islice

import anthropic
import pytest

from apps.accounts.models import ApiKey
from apps.core.api.errors import Unauthenticated
from apps.sessions import erasing, recording
from apps.sessions.api.stream import require_reader
from tests import make
from tests.sessions.live.following import cut_off
from tests.web import Web

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session():
    return make.session(make.event(text="before"), threads=[make.thread("sthr_child")])


@contextmanager
def opened(web, path, secret, **headers):
    """The raw answer to a request, a stream's while it is open."""
    asked = http.client.HTTPConnection("127.0.0.1", web.port, timeout=30)
    asked.request("GET", path, headers={"X-Api-Key": secret} | headers)
    answer = asked.getresponse()
    try:
        yield answer
    finally:
        answer.close()
        asked.close()


def next_data(answer):
    while not (line := answer.readline()).startswith(b"data:"):
        assert line, "the stream ended"
    return json.loads(line[5:])


def test_a_stream_that_is_open_delivers_what_is_recorded_then(web, client_of, session):
    client = client_of(web)

    with client.beta.sessions.events.stream(session.public_id) as stream:
        recording.record(session.pk, [make.event("agent.message", "hello"), make.event(text="hi")])
        first, second = next(stream), next(stream)

    assert type(first).__name__ == "BetaManagedAgentsAgentMessageEvent"
    assert [first.content[0].text, second.content[0].text] == ["hello", "hi"]


def test_two_processes_tell_the_same(web, other_web, client_of, session):
    with (
        client_of(web).beta.sessions.events.stream(session.public_id) as one,
        client_of(other_web).beta.sessions.events.stream(session.public_id) as other,
    ):
        recording.record(session.pk, [make.event(text="to all")])

        assert next(one) == next(other)


def test_what_is_sent_through_one_process_is_heard_in_another(web, other_web, client_of):
    session = make.session(make.event(key="ours"), source="api")
    sent = {"type": "user.message", "content": [{"type": "text", "text": "Any news?"}]}

    with client_of(other_web).beta.sessions.events.stream(session.public_id) as stream:
        echo = client_of(web).beta.sessions.events.send(session.public_id, events=[sent])

        assert next(stream).id == echo.data[0].id


def test_a_frame_holds_what_the_list_of_events_says(web, client_of, session):
    _, secret = make.key()
    path = f"/v1/sessions/{session.public_id}/events"
    use = make.event("agent.custom_tool_use", thread="sthr_child", name="ask", input={"a": [1, {}]})

    with opened(web, f"{path}/stream", secret) as stream:
        recording.record(session.pk, [use])
        told = next_data(stream)

    with opened(web, path, secret) as answer:
        assert json.loads(answer.read())["data"][-1] == told
    assert told["session_thread_id"] == "sthr_child"


def test_a_thread_is_followed_by_itself(web, client_of, session):
    threads = client_of(web).beta.sessions.threads

    with threads.events.stream("sthr_child", session_id=session.public_id) as stream:
        recording.record(
            session.pk,
            [
                make.event("agent.message", "of the primary"),
                make.event("agent.message", "of its own", thread="sthr_child"),
                make.event("agent.custom_tool_use", thread="sthr_child", name="x", input={}),
            ],
        )
        first, second = next(stream), next(stream)

    assert first.content[0].text == "of its own"
    assert second.session_thread_id is None


def test_answers_are_not_negotiated_compressed_or_kept(web, session):
    _, secret = make.key()

    path = f"/v1/sessions/{session.public_id}/events/stream"
    with opened(
        web, path, secret, accept="application/json", **{"accept-encoding": "gzip"}
    ) as stream:
        assert stream.status == 200
        assert stream.getheader("content-type") == "text/event-stream; charset=utf-8"
        assert stream.getheader("content-encoding") is None
        assert stream.getheader("cache-control") == "no-cache, no-transform"
        assert stream.getheader("request-id").startswith("req_")
        assert stream.readline() == b": open\n"


def test_nothing_is_lost_when_its_process_is_cut_off_the_database(web, client_of, session):
    with client_of(web).beta.sessions.events.stream(session.public_id) as stream:
        assert cut_off() >= 1
        recording.record(session.pk, [make.event(text="at once")])
        first = next(stream)
        recording.record(session.pk, [make.event(text="afterwards")])

        assert [first.content[0].text, next(stream).content[0].text] == ["at once", "afterwards"]


def test_deleting_the_session_ends_its_streams(web, client_of, session):
    with client_of(web).beta.sessions.events.stream(session.public_id) as stream:
        erasing.erase(session, by=make.actor())

        assert [event.type for event in stream] == ["session.deleted"]


@pytest.mark.parametrize(
    ("scopes", "where", "error"),
    [
        (["read"], "sesn_unknown", anthropic.NotFoundError),
        (["review"], None, anthropic.PermissionDeniedError),
        (["read"], "\x00", anthropic.NotFoundError),
    ],
)
def test_a_refusal_comes_before_the_stream_begins(web, client_of, session, scopes, where, error):
    client = client_of(web, *scopes)

    with pytest.raises(error) as refused:
        client.beta.sessions.events.stream(where or session.public_id)

    assert refused.value.body["type"] == "error"
    assert refused.value.request_id.startswith("req_")


def test_no_key_no_stream_and_no_thread_of_another_session(web, client_of, session):
    other = make.session(key="other")
    client = client_of(web)

    with pytest.raises(anthropic.AuthenticationError):
        client.with_options(auth_token="nobody's").beta.sessions.events.stream(session.public_id)
    with pytest.raises(anthropic.NotFoundError):
        client.beta.sessions.threads.events.stream("sthr_child", session_id=other.public_id)


def test_the_neighbours_sessions_cannot_be_followed(web, client_of, session):
    client = client_of(web, of=make.workspace("next-door"))

    with pytest.raises(anthropic.NotFoundError):
        client.beta.sessions.events.stream(session.public_id)
    with pytest.raises(anthropic.NotFoundError):
        client.beta.sessions.threads.events.stream("sthr_child", session_id=session.public_id)


@pytest.mark.parametrize(
    ("deltas", "names"),
    [(["agent.message", "user.message"], "event_deltas.1"), (["agent.message"] * 101, "100")],
)
def test_previews_are_asked_for_by_name(web, client_of, session, deltas, names):
    events = client_of(web).beta.sessions.events

    with pytest.raises(anthropic.BadRequestError, match=names):
        events.stream(session.public_id, event_deltas=deltas)
    with events.stream(session.public_id, event_deltas=["agent.message", "agent.thinking"]):
        pass  # they are allowed, and come with the turns


def test_more_open_streams_than_database_connections_hold_up_nobody(web, session):
    _, secret = make.key()
    path = f"/v1/sessions/{session.public_id}/events"
    with ExitStack() as stack:
        streams = [stack.enter_context(opened(web, f"{path}/stream", secret)) for _ in range(30)]
        assert {stream.status for stream in streams} == {200}

        recording.record(session.pk, [make.event(text="to all")])

        assert len({next_data(stream)["id"] for stream in streams}) == 1
        with opened(web, path, secret) as answer:
            assert answer.status == 200


def test_a_client_that_does_not_read_is_let_go_and_others_go_on(web, client_of, session):
    _, secret = make.key()
    path = f"/v1/sessions/{session.public_id}/events/stream"
    asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {secret}\r\n\r\n"
    with socket.socket() as stuck:
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.settimeout(30)
        stuck.connect(("127.0.0.1", web.port))
        stuck.sendall(asked.encode())
        ending = stuck.recv(4096)  # it is open

        with client_of(web).beta.sessions.events.stream(session.public_id) as quick:
            for _ in range(12):
                recording.record(session.pk, [make.event(text="long " * 800) for _ in range(400)])
                assert len(list(islice(quick, 400))) == 400

        while not ending.endswith(b"0\r\n\r\n"):
            ending = (ending + stuck.recv(1 << 20))[-4096:]

    assert b"event: error" in ending
    assert b"This client read too slowly" in ending


def test_a_process_that_is_told_to_stop_ends_its_streams_at_once(
    django_db_setup, tmp_path, client_of, session
):
    with Web(tmp_path / "log") as web:
        client = client_of(web)
        streams = [client.beta.sessions.events.stream(session.public_id) for _ in range(5)]

        web.process.send_signal(signal.SIGTERM)
        left = [list(stream) for stream in streams]
        web.wait_until_gone()

    assert left == [[]] * 5
    assert web.log.read_text() == "", "streams that had to be given up are complained about"


def test_a_key_that_was_revoked_may_not_go_on(session, rf):
    key, secret = make.key("read")
    request = rf.get("/", headers={"x-api-key": secret})
    require_reader(request)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=make.START)

    with pytest.raises(Unauthenticated):
        require_reader(request)
