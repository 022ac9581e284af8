"""Sessions come out of the database as transcripts: three queries, however many they are."""

import pytest
from pytest_django import DjangoAssertNumQueries

from apps.dreams import reading
from apps.dreams.findings import Transcript
from apps.sessions.models import Session
from tests import make

pytestmark = pytest.mark.django_db


def told(key: str, **fields: object) -> Session:
    """A session with a word, a call that fails, and a verdict."""
    use, started = f"sevt_use_{key}", f"sevt_start_{key}"
    failing = {"content": [{"type": "text", "text": "load: locked"}], "is_error": True}
    graded = {"outcome_evaluation_start_id": started, "result": "failed", "explanation": "Too few."}
    return make.session(
        make.event(text="We never ship on Fridays.", key=key),
        make.event("span.model_request_start", key=key),
        make.event("agent.tool_use", key=key, id=use, name="load", input={"path": "a\0.xls"}),
        make.event("agent.tool_result", key=key, tool_use_id=use, **failing),
        make.event("span.outcome_evaluation_start", key=key, id=started),
        make.event("span.outcome_evaluation_end", key=key, **graded),
        agent="clerk",
        **fields,
    )


def read() -> list[Transcript]:
    return list(reading.transcripts(Session.objects.visible_in(make.workspace())))


@pytest.mark.parametrize("count", [1, 3])
def test_many_sessions_take_as_many_queries_as_one(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
):
    for number in range(count):
        told(f"s{number}")
    sessions = Session.objects.visible_in(make.workspace())

    with django_assert_num_queries(3):
        assert len(list(reading.transcripts(sessions))) == count


def test_a_few_at_a_time_are_all_of_them_in_order():
    keys = [told(f"s{number}").public_id for number in range(5)]

    sessions = Session.objects.visible_in(make.workspace())

    assert [each.session_id for each in reading.transcripts(sessions, at_a_time=2)] == keys


def test_a_transcript_holds_what_is_read_and_nothing_of_the_machinery():
    told("s", metadata={"user": "ines"})

    (transcript,) = read()

    assert (transcript.agent, transcript.user, transcript.succeeded) == ("clerk", "ines", False)
    assert [turn.type for turn in transcript.turns] == [
        "user.message",
        "agent.tool_use",
        "agent.tool_result",
        "span.outcome_evaluation_end",
    ]
    _, use, result, graded = transcript.turns
    assert (use.tool, result.closes, result.is_error) == ("load", use.sequence, True)
    assert graded.verdict == "failed"


def test_an_input_is_read_as_columns_can_keep_it():
    told("s")

    (transcript,) = read()

    assert transcript.turns[1].input == {"path": "a\u2400.xls"}


def test_a_reward_that_came_along_is_a_verdict():
    for key, metadata in (("good", {"reward": "1.0"}), ("bad", {"reward": "0"}), ("none", {})):
        make.session(make.event(text="Hello", key=key), metadata=metadata)

    assert [each.succeeded for each in read()] == [True, False, None]


def test_one_session_reads_as_it_does_among_others():
    told("s")
    session = Session.objects.select_related("agent").get()

    assert reading.transcripts_of([session]) == read()


def test_a_neighbours_sessions_are_not_read():
    told("theirs", of=make.workspace("neighbour"))
    told("ours")

    assert len(read()) == 1


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("user.define_outcome", {"description": "A report"}),
        ("span.outcome_evaluation_start", {}),
        ("span.outcome_evaluation_end", {"result": "interrupted"}),
    ],
)
def test_an_outcome_that_nobody_has_judged_is_no_failure(type_, fields):
    session = make.session(make.event(type_, outcome_id="outc_1", **fields))

    assert reading.transcripts_of([session])[0].succeeded is None
