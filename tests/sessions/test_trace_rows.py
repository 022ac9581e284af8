"""Rows tell a conversation: uses with their results, gaps between, nothing twice."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest

from apps.core import payloads
from apps.sessions.models.event import Kind
from apps.sessions.trace.debug import debug
from apps.sessions.trace.entries import Companions, Entry, wanted
from apps.sessions.trace.lanes import Lane, Lanes
from apps.sessions.trace.rows import Telling
from apps.sessions.trace.transcript import transcript, with_gaps

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
KINDS = {"user": Kind.USER, "agent.message": Kind.AGENT, "agent.tool": Kind.TOOL}
_ids = count(1)


def lane(pk, label, parent=None):
    return Lane(
        pk=pk,
        id=f"sthr_{pk}",
        label=label,
        position=pk,
        parent=parent,
        agent=label,
        model="claude-sonnet-4-5",
        task="",
        system="",
        status="idle",
        archived=False,
        events=0,
        errors=0,
        tokens=0,
        cost=Decimal(0),
        unpriced=0,
        active_seconds=0,
        created_at=START,
    )


THREE = (lane(0, "coordinator"), lane(1, "refunds", 0), lane(2, "refunds 2", 0))
LANES = Lanes(THREE, THREE, ())


def entry(sequence, type_="agent.message", text="", *, after=None, thread=0, note=None, **fields):
    kind = fields.pop("kind", next((k for n, k in KINDS.items() if type_.startswith(n)), 8))
    return Entry(
        sequence,
        f"sevt_{sequence}",
        type_,
        kind,
        START + timedelta(seconds=sequence if after is None else after),
        thread,
        excerpt=text,
        note=payloads.dump(note) if note else "",
        **fields,
    )


def use(sequence, tool="bash", text="ls", **fields):
    return entry(sequence, "agent.tool_use", text, tool=tool, **fields)


def result(sequence, of, text="done", **fields):
    return entry(sequence, "agent.tool_result", text, closes=of, tool="bash", **fields)


def tell(*entries, companions=(), **telling):
    known = Companions([*entries, *companions])
    return transcript(entries, Telling(LANES, known, telling.pop("began", START), **telling))


def test_a_use_is_told_with_its_result():
    (row,) = tell(use(1, after=0), companions=[result(2, 1, after=1.2)])

    assert (row.code, row.quiet, row.figures) == ("bash", "ls", "ok · 1.2 s")
    assert row.covers == (1, 2)


def test_a_failed_use_says_the_first_line_of_its_error():
    (row,) = tell(use(1), companions=[result(2, 1, "\nno such file\nat line 3", is_error=True)])

    assert (row.code, row.verb, row.text, row.tone) == ("bash", "failed.", "no such file", "error")
    assert row.points_at == 2


def test_a_use_that_nothing_answered_says_so():
    (row,) = tell(use(1))

    assert row.figures == "no result"


def test_waiting_to_be_allowed_is_no_part_of_what_a_call_took():
    allowed = entry(
        2, "user.tool_confirmation", closes=1, tool="bash", after=600, note={"result": "allow"}
    )

    call, word = tell(use(1, after=0), allowed, companions=[result(3, 1, after=602)])

    assert call.figures == "ok · 2.0 s"
    assert (word.verb, word.code, word.figures) == ("Allows", "bash", "after 10 min")


def test_a_denial_gives_its_reason():
    (row,) = tell(
        entry(2, "user.tool_confirmation", "too risky", tool="rm", note={"result": "deny"})
    )

    assert (row.verb, row.code, row.text) == ("Denies", "rm", "too risky")


def test_calls_that_ran_at_once_are_one_row():
    uses = [use(1), use(2, "grep"), use(4, "cat")]
    results = [result(5, 1), result(6, 2, "none", is_error=True), result(7, 4)]

    (row,) = tell(*uses, companions=results)

    assert (row.verb, row.quiet) == ("3 tool calls", "in parallel, 1 failed")
    assert [(part.name, part.icon) for part in row.parts] == [
        ("bash", "check"),
        ("grep", "cross"),
        ("cat", "check"),
    ]
    assert row.covers == (1, 5, 2, 6, 4, 7)


def test_a_call_after_the_first_answer_is_a_row_of_its_own():
    rows = tell(use(1), use(3), companions=[result(2, 1), result(4, 3)])

    assert [row.code for row in rows] == ["bash", "bash"]


def test_another_thread_in_between_does_not_part_a_batch():
    ends = [result(8, 1), result(9, 3)]

    rows = tell(use(1), entry(2, text="meanwhile", thread=1), use(3), companions=ends)

    assert [row.verb or row.text for row in rows] == ["2 tool calls", "meanwhile"]


def test_a_model_request_says_its_tokens_where_it_began():
    end = entry(
        2,
        "span.model_request_end",
        kind=Kind.MODEL,
        closes=1,
        model="claude-opus-5-5",
        input=300,
        cache_read=17_900,
        cache_write=0,
        output=412,
        cost=Decimal("0.011"),
    )

    (row,) = tell(entry(1, "span.model_request_start", kind=Kind.MODEL), companions=[end])

    assert (row.verb, row.quiet) == ("Model request", "claude-opus-5-5")
    assert row.figures == "18.2k in · 17.9k cached · 412 out · $0.011"
    assert row.thin


def test_a_request_without_an_end_has_no_figures():
    (row,) = tell(entry(1, "span.model_request_start", kind=Kind.MODEL))

    assert (row.quiet, row.figures) == ("claude-sonnet-4-5", "no answer")


def test_a_message_to_a_thread_is_told_once():
    text = "Find the cheapest option"
    sent = entry(1, "agent.thread_message_sent", text, kind=Kind.THREAD, thread=0, peer=1)
    heard = entry(2, "agent.thread_message_received", text, kind=Kind.THREAD, thread=1, peer=0)

    (row,) = tell(sent, heard)

    assert (row.verb, row.names, row.figures) == ("Delegates to", ("refunds",), "thread 2")


def test_a_message_that_nobody_is_known_to_have_sent_is_told_where_it_was_heard():
    heard = entry(2, "agent.thread_message_received", "hi", kind=Kind.THREAD, thread=1, peer=0)

    (row,) = tell(heard)

    assert (row.verb, row.names) == ("Hears from", ("coordinator",))


def test_alone_a_thread_tells_what_it_heard():
    sent = entry(1, "agent.thread_message_sent", "hi", kind=Kind.THREAD, peer=1)
    heard = entry(2, "agent.thread_message_received", "hi", kind=Kind.THREAD, thread=1, peer=0)

    (row,) = tell(heard, companions=[sent], in_lane=True)

    assert row.verb == "Hears from"


def test_a_message_to_the_parent_is_a_report():
    (row,) = tell(entry(1, "agent.thread_message_sent", "done", kind=Kind.THREAD, thread=1, peer=0))

    assert (row.verb, row.icon, row.figures) == ("Reports to", "report", "")


def test_work_for_several_threads_is_one_row():
    rows = tell(
        entry(1, "agent.thread_message_sent", "a", kind=Kind.THREAD, peer=1),
        entry(3, "agent.thread_message_sent", "b", kind=Kind.THREAD, peer=2),
    )

    assert [row.names for row in rows] == [("refunds", "refunds 2")]
    assert [part.text for part in rows[0].parts] == ["a", "b"]
    assert rows[0].figures == "2 threads"


def test_messages_far_apart_stay_apart():
    rows = tell(
        entry(1, "agent.thread_message_sent", "a", kind=Kind.THREAD, peer=1),
        entry(90, "agent.thread_message_sent", "b", kind=Kind.THREAD, peer=2),
    )

    assert len(rows) == 2


@pytest.mark.parametrize(
    ("tool", "text", "verb", "path"),
    [
        ("read", "/mnt/memory/team/style.md", "Reads", "team/style.md"),
        ("write", "file_path: /mnt/memory/a.md\ncontent: x", "Writes", "a.md"),
        ("str_replace", "path: /mnt/memory/a.md", "Edits", "a.md"),
        ("bash", "cat '/mnt/memory/a.md'", "bash on", "a.md"),
    ],
)
def test_memory_is_read_and_written_by_path(tool, text, verb, path):
    (row,) = tell(use(1, tool, text, kind=Kind.MEMORY))

    assert (row.verb, row.code, row.tone) == (verb, path, "memory")


def test_a_verdict_says_its_iteration():
    start = entry(1, "span.outcome_evaluation_start", kind=Kind.GRADE)
    end = entry(
        2,
        "span.outcome_evaluation_end",
        "Counts differ",
        kind=Kind.GRADE,
        closes=1,
        note={"result": "needs_revision", "iteration": 0},
    )

    (row,) = tell(start, companions=[end])

    assert (row.who, row.verb, row.names) == ("grader", "Iteration 1:", ("needs revision",))
    assert row.text == "Counts differ"


def test_the_end_of_a_turn_is_not_worth_a_row_but_waiting_for_a_person_is():
    rows = tell(
        entry(1, "session.status_idle", note={"stop_reason": {"type": "end_turn"}}),
        entry(
            2,
            "session.status_idle",
            note={"stop_reason": {"type": "requires_action", "event_ids": ["a", "b"]}},
        ),
    )

    assert [(row.verb, row.figures) for row in rows] == [
        ("Waits for the user to decide", "2 waiting")
    ]


def test_a_session_error_says_what_it_is_and_how_it_goes_on():
    error = {"type": "model_overloaded_error", "retry_status": {"type": "retrying"}}

    (row,) = tell(
        entry(1, "session.error", "Busy", kind=Kind.ERROR, is_error=True, note={"error": error})
    )

    assert (row.names, row.text, row.figures) == (("Model overloaded.",), "Busy", "tries again")


@pytest.mark.parametrize(
    "note",
    [
        {"stop_reason": "odd"},
        {"error": []},
        {"error": {"retry_status": 3}},
        {"result": 7, "iteration": "x"},
    ],
)
@pytest.mark.parametrize(
    "type_",
    [
        "session.error",
        "session.status_idle",
        "span.outcome_evaluation_end",
        "user.tool_confirmation",
    ],
)
def test_a_twisted_payload_breaks_no_row(type_, note):
    assert tell(entry(1, type_, note=note)) is not None


def test_an_unknown_event_is_told_by_its_type():
    (row,) = tell(entry(1, "workflow_run.phase_started", "phase one"))

    assert (row.verb, row.text) == ("Workflow run phase started", "phase one")


def test_where_nothing_happened_for_long_a_row_says_so():
    said = [entry(1, text="a", after=0), entry(2, "user.message", "b", after=578)]

    rows = list(with_gaps(tell(*said)))

    assert rows[0].idle is None
    assert (rows[1].idle, rows[1].waited_for) == (timedelta(seconds=578), "the user")


def test_a_tool_at_work_is_no_gap():
    rows = tell(
        use(1, after=0), entry(3, text="b", after=605), companions=[result(2, 1, after=600)]
    )

    assert [row.idle for row in with_gaps(rows)] == [None, None]


def test_found_words_are_shown_where_they_stand():
    (row,) = tell(result(2, 1, "fare 310"), companions=[use(1)], matches=True)

    assert (row.id, row.code, row.verb, row.text) == ("sevt_2", "bash", "answered", "fare 310")


def test_without_a_clock_there_is_no_time():
    (row,) = tell(entry(1, text="a"), began=None)

    assert row.offset is None
    assert row.points_at is None


def test_debug_tells_every_event_with_its_type():
    events = [use(1, text="a\nb"), result(2, 1, is_error=True, size=1_100)]

    rows = debug(events, Telling(LANES, Companions(events), START))

    assert [(row.type, row.code, row.quiet) for row in rows] == [
        ("agent.tool_use", "bash", "a, b"),
        ("agent.tool_result", "bash", "done"),
    ]
    assert rows[1].figures == "1.0 s · 1.1 kB"


def test_companions_are_the_other_halves_and_the_neighbours_of_what_was_heard():
    heard = entry(20, "agent.thread_message_received", thread=1, peer=0)

    closed, needed = wanted([use(3), result(9, 5), heard])

    assert closed == {3, 20}
    assert {5, 19, 21} <= needed
    assert not {3, 9, 20} & needed
