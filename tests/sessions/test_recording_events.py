"""What recording.record promises."""

import threading
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, connections, transaction

from apps.sessions import recording
from apps.sessions.models import Event, Kind, Session, Thread
from apps.sessions.timeline import Fold
from tests import make

pytestmark = pytest.mark.django_db


def test_events_are_numbered_without_gaps_in_the_order_they_came():
    session = make.session(*(make.event(text=f"{n}", after=n) for n in range(3)))

    recording.record(session.pk, [make.event(text="3", after=9)])

    assert list(session.events.in_order().values_list("sequence", "text")) == [
        (1, "0"),
        (2, "1"),
        (3, "2"),
        (4, "3"),
    ]


def test_an_event_that_is_known_by_its_id_is_skipped():
    first, second = make.event(text="one"), make.event(text="two", after=1)
    session = make.session(first)

    recorded = recording.record(session.pk, [first, second, second])

    assert recorded == (1, 2)
    assert session.events.count() == 2


def test_an_event_that_is_known_by_its_source_is_skipped():
    session = make.session(make.event(external_id="x1"))

    recorded = recording.record(session.pk, [make.event(external_id="x1", after=1)])

    assert recorded == (0, 1)


def test_the_payload_comes_back_as_it_was_sent():
    odd = {"z": 1, "a": "nul \x00 and lone \ud800", "nested": {"b": [], "a": None}}
    session = make.session(make.event(text="hello", extra=odd))

    payload = session.events.get().payload

    assert payload["extra"] == odd
    assert list(payload["extra"]) == ["z", "a", "nested"]


def test_text_that_the_database_cannot_keep_is_still_found():
    session = make.session(make.event(text="before\x00after \ud800 end"))

    assert session.events.get().text == "before\N{SYMBOL FOR NULL}after ? end"


def test_a_result_knows_what_it_ends_and_which_tool_it_was():
    use, result = make.call("bash", {"command": "ls"}, "no such file", is_error=True)
    session = make.session(use)

    recording.record(session.pk, [result])

    ended = session.events.get(type="agent.tool_result")
    assert (ended.closes, ended.tool_name, ended.kind, ended.is_error) == (
        1,
        "bash",
        Kind.TOOL,
        True,
    )


def test_reading_a_memory_is_told_from_other_tools():
    given = {"file_path": "/mnt/memory/team/style.md"}
    session = make.session(*make.call("read", given, "text"))

    assert set(session.events.values_list("kind", flat=True)) == {Kind.MEMORY}


def test_counters_are_those_of_the_events_and_lanes_add_up_to_the_session():
    session = make.session(
        make.event("session.status_running", after=0),
        *make.request(after=1, tokens=(1000, 100, 5000, 200)),
        *make.request(after=3, tokens=(10, 10, 0, 0), thread="sthr_a"),
        *make.call("bash", {"command": "x"}, "boom", is_error=True, after=5, thread="sthr_a"),
        make.event("session.status_idle", after=10, stop_reason={"type": "end_turn"}),
        threads=[make.thread("sthr_a")],
    )

    lanes = list(session.threads.as_lanes())

    assert [lane.event_count for lane in lanes] == [4, 4]
    assert session.event_count == Event.objects.filter(session=session).count() == 8
    assert session.error_count == 1
    assert (session.input_tokens, session.cache_read_tokens) == (1010, 5000)
    assert session.token_cost == sum(lane.token_cost for lane in lanes)
    assert lanes[0].token_cost == Decimal("0.006750000")
    assert session.active_seconds == 10
    assert session.status == "idle"
    assert session.tool_names == ["bash"]


def test_a_session_that_is_still_at_work_says_since_when():
    session = make.session(make.event("session.status_running", after=4))

    assert session.status == "running"
    assert (session.running_since - make.START).total_seconds() == 4


def test_a_model_without_a_list_price_is_counted_as_unpriced():
    session = make.session(*make.request(model="gpt-4o"))

    assert (session.token_cost, session.unpriced_requests) == (0, 1)


def test_the_last_verdict_is_the_sessions_outcome():
    define = make.event("user.define_outcome", outcome_id="outc_1", description="A memo")
    verdicts = [
        make.event(
            "span.outcome_evaluation_end",
            after=n,
            outcome_id="outc_1",
            iteration=n,
            result=result,
            explanation="…",
        )
        for n, result in enumerate(("needs_revision", "satisfied"))
    ]
    session = make.session(define, *verdicts)

    assert session.outcome_result == "satisfied"
    assert [
        (e["iteration"], e["result"], e["description"]) for e in session.outcome_evaluations
    ] == [(0, "needs_revision", "A memo"), (1, "satisfied", "A memo")]


def test_a_session_without_a_clock_has_an_order_and_no_length():
    session = make.session(make.event(), make.event(after=50), timed=False)

    assert session.duration_seconds == 0
    assert [mark.start for mark in Fold.load(session.timeline.folded).marks] == [0, 1000]


def test_recording_in_pieces_gives_what_recording_at_once_gives():
    def events(key):
        return [
            make.event("session.status_running", key=key, after=0, id="sevt_1"),
            *make.request(key=key, after=1),
            *make.call("bash", {"command": "ls"}, "x", is_error=True, key=key, after=3),
            make.event("session.status_idle", key=key, after=8, id="sevt_2"),
        ]

    whole = make.session(*events("a"))
    pieces = make.session(key="b")
    for each in events("b"):
        recording.record(pieces.pk, [each])
    pieces.refresh_from_db()

    assert pieces.timeline.folded == whole.timeline.folded
    for name in ("event_count", "error_count", "token_cost", "active_seconds", "status"):
        assert getattr(pieces, name) == getattr(whole, name)


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(
    django_assert_num_queries,
):
    session = make.session(make.event())

    for size in (1, 30):
        batch = [make.event(after=n) for n in range(size)]
        with django_assert_num_queries(8):
            recording.record(session.pk, batch)


@pytest.mark.parametrize("statement", ["UPDATE {} SET text = 'x'", "DELETE FROM {}"])
def test_an_event_can_be_neither_changed_nor_deleted(statement):
    make.session(make.event())

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(Event._meta.db_table))


def test_a_session_with_events_cannot_be_deleted():
    session = make.session(make.event())

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        session.delete()


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_session_leave_no_gap_and_no_double():
    session = make.session(make.event())
    shared = [make.event(after=n) for n in range(20)]
    start = threading.Barrier(2)

    def write(own):
        try:
            start.wait()
            for each in own:
                recording.record(session.pk, [each])
        finally:
            connections.close_all()

    workers = [threading.Thread(target=write, args=(shared,)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    numbers = list(session.events.in_order().values_list("sequence", flat=True))
    assert numbers == list(range(1, 22))
    assert Session.objects.get().event_count == 21


CONSTRAINTS = {
    "a_session_id_is_unique_in_its_workspace": lambda s: _copy(s, external_id="y"),
    "a_source_names_a_session_once": lambda s: _copy(s, public_id="sesn_other"),
    "a_session_has_a_known_status": lambda s: _set(Session, s.pk, status="lost"),
    "a_thread_id_is_unique_in_its_session": lambda s: _thread(s, public_id="sthr_a", position=9),
    "two_threads_never_share_a_lane": lambda s: _thread(s, public_id="sthr_b", position=1),
    "only_the_primary_thread_has_no_parent": lambda s: _thread(
        s, public_id="sthr_b", position=7, parent=None
    ),
    "a_thread_has_a_known_status": lambda s: _set(
        Thread, s.threads.get(position=0).pk, status="lost"
    ),
    "events_of_a_session_are_numbered_once": lambda s: _event(s, sequence=1),
    "an_event_id_is_unique_in_its_session": lambda s: _event(s, public_id="sevt_a"),
    "sending_an_event_again_adds_nothing": lambda s: _event(s, external_id="x"),
    "events_are_numbered_from_one": lambda s: _event(s, sequence=0),
}


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_database_refuses_what_may_never_be(name):
    session = make.session(
        make.event(id="sevt_a", external_id="x"), threads=[make.thread("sthr_a")]
    )

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CONSTRAINTS[name](session)


def _set(model, pk, **values):
    model.objects.filter(pk=pk).update(**values)


def _copy(row, **values):
    row.pk = None
    row._state.adding = True
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def _thread(session, **values):
    _copy(session.threads.get(position=1), **values)


def _event(session, **values):
    fresh = {"public_id": "sevt_b", "external_id": None, "sequence": 2}
    _copy(session.events.get(), **fresh | values)
