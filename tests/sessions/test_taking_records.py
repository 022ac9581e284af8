"""Importing: what is new goes in, once, and what is wrong is named."""

import threading

import pytest
from django.db import connections

from apps.sessions import importing
from apps.sessions.models import Event, Session, Thread
from apps.sessions.records import Refusal, SessionRecord, ThreadRecord
from tests import make

pytestmark = pytest.mark.django_db


def records(key="s", size=3):
    yield SessionRecord(key=key, source="chat", agent={"name": "helper"}, title="A title")
    yield make.thread(f"sthr_{key}", key=key)
    for n in range(size):
        yield make.event(text=str(n), key=key, id=f"sevt_{key}_{n}", after=n)


def take(stream, **options):
    return importing.take(stream, workspace=make.workspace(), **options)


def test_importing_again_adds_nothing():
    first = take(records())
    again = take(records())

    assert first.counts() == {
        "sessions": 1,
        "threads": 1,
        "events": 3,
        "skipped": 0,
        "refused": 0,
    }
    assert again.counts() == {
        "sessions": 0,
        "threads": 0,
        "events": 0,
        "skipped": 3,
        "refused": 0,
    }


def test_a_file_that_has_grown_adds_what_is_new():
    take(records(size=3))

    assert take(records(size=5)).events == 2


def test_sessions_may_be_interleaved():
    streams = [records("a"), records("b")]

    take(each for pair in zip(*streams, strict=True) for each in pair)

    assert [session.event_count for session in Session.objects.all()] == [3, 3]


def test_a_long_session_is_kept_in_batches_and_said_so(monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    seen = []

    take(records(size=25), progress=seen.append)

    assert seen == [10, 10, 5]


def test_many_open_sessions_do_not_pile_up(monkeypatch):
    monkeypatch.setattr(importing, "MOST_WAITING", 4)
    seen = []

    def stream():
        for n in range(6):
            yield from records(f"s{n}", size=1)
        assert sum(seen) == 4

    take(stream(), progress=seen.append)

    assert Event.objects.count() == 6


def test_a_session_that_had_to_make_room_is_opened_again(monkeypatch):
    monkeypatch.setattr(importing, "MOST_OPEN", 1)
    streams = [records("a"), records("b")]

    take(each for pair in zip(*streams, strict=True) for each in pair)

    assert [session.event_count for session in Session.objects.all()] == [3, 3]


def test_a_refused_line_is_reported_and_the_rest_goes_in():
    refusal = Refusal("a.jsonl", 7, "not JSON")

    tally = take([*records(), refusal])

    assert (tally.events, tally.refused, tally.refusals) == (3, 1, [refusal])


def test_strict_is_all_or_nothing():
    refusal = Refusal("a.jsonl", 7, "not JSON")

    with pytest.raises(importing.NothingImported, match=r"a\.jsonl, line 7: not JSON"):
        take([*records(), refusal], strict=True)

    assert not Session.objects.exists()


def test_the_agent_can_be_named_by_the_importer():
    take(records(), agent="support")

    assert Session.objects.get().agent.name == "support"


def test_a_session_keeps_the_id_it_came_with_in_every_workspace():
    record = SessionRecord(key="k", source="native", agent={"name": "a"}, public_id="sesn_theirs")

    importing.take([record], workspace=make.workspace())
    importing.take([record], workspace=make.workspace("neighbour"))

    assert list(Session.objects.values_list("public_id", flat=True)) == ["sesn_theirs"] * 2


def test_what_was_exported_here_is_found_again_under_its_id():
    take(records())
    session = Session.objects.get()
    record = SessionRecord(
        key=session.public_id, source="native", agent={"name": "x"}, public_id=session.public_id
    )

    tally = take([record, make.event(key=session.public_id, id="sevt_s_0")])

    assert (tally.sessions, tally.events, tally.skipped) == (0, 0, 1)


def test_the_primary_thread_takes_the_id_and_agent_it_is_given():
    take([*records(), ThreadRecord("s", "sthr_primary", {"name": "lead"})])

    primary = Thread.objects.get(position=0)
    assert (primary.public_id, primary.agent_name) == ("sthr_primary", "lead")


def test_what_a_source_says_later_is_taken_up():
    first = SessionRecord(key="k", source="chat", agent={"name": "a"}, title="First words")
    later = SessionRecord(
        key="k",
        source="chat",
        agent={"name": "a", "model": {"id": "claude-sonnet-5"}},
        title="What it was about",
        created_at=make.START,
        metadata={"branch": "main"},
    )

    take([first, later])

    session = Session.objects.get()
    assert (session.title, session.model) == ("What it was about", "claude-sonnet-5")
    assert (session.created_at, session.metadata) == (make.START, {"branch": "main"})


def test_a_thread_gets_its_name_when_it_is_told():
    unnamed = ThreadRecord("s", "sthr_x", {"name": ""}, parent="p")

    take([*records(), unnamed, make.thread("sthr_x", name="explorer")])
    take([*records(), unnamed])

    assert Thread.objects.get(public_id="sthr_x").agent_name == "explorer"


def test_an_event_of_a_thread_that_was_never_introduced_gets_a_lane():
    take([*records(), make.event(thread="sthr_late")])

    assert Thread.objects.get(public_id="sthr_late").position == 2


def test_names_that_the_database_cannot_keep_are_kept_as_they_can_be():
    odd = "a\x00b\ud800"

    take(
        [
            SessionRecord(
                key="k", source="chat", agent={"name": odd}, title=odd, metadata={odd: odd}
            ),
            ThreadRecord("k", "sthr_x", {"name": odd}, parent="p"),
        ]
    )

    session = Session.objects.get()
    assert session.title == session.agent.name == "a\N{SYMBOL FOR NULL}b?"


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_make_one_session():
    workspace = make.workspace()
    start = threading.Barrier(2)
    tallies = []

    def work():
        try:
            start.wait()
            tallies.append(importing.take(records(size=50), workspace=workspace))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [
        sum(getattr(t, name) for t in tallies) for name in ("sessions", "threads", "events")
    ] == [
        1,
        1,
        50,
    ]
    assert Session.objects.get().event_count == Event.objects.count() == 50
