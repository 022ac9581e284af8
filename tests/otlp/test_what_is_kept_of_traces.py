"""Rows of traces: what may never be true of them, when they go, and two senders at once."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.acting import Actor
from apps.otlp import receiving, tasks
from apps.otlp.models import KEPT, KEPT_WITHOUT_MEANING, PATIENCE, LaneMemory, Span, Trace
from apps.sessions import erasing
from apps.sessions.models import Event, Session
from tests import make
from tests.otlp.spans import agent, chat, said, span


def receive(*spans, of=None) -> None:
    receiving.receive(spans, workspace=of or make.workspace())


@pytest.fixture
def trace():
    return Trace.objects.create(
        workspace=make.workspace(), trace_id="a" * 32, touched_at=timezone.now()
    )


@pytest.mark.django_db
def test_a_workspace_knows_a_trace_once(trace):
    with (
        pytest.raises(IntegrityError, match="a_workspace_knows_a_trace_once"),
        transaction.atomic(),
    ):
        Trace.objects.create(
            workspace=trace.workspace, trace_id="a" * 32, touched_at=timezone.now()
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("a_trace_has_a_span_once", {"span_id": "1", "state": "placed"}),
        ("only_a_waiting_span_has_a_body", {"span_id": "2", "state": "waiting"}),
        ("only_a_waiting_span_has_a_body", {"span_id": "2", "state": "placed", "body": {}}),
        ("a_span_has_a_known_state", {"span_id": "2", "state": "lost"}),
    ],
)
def test_what_may_not_be_true_of_a_span(trace, constraint, fields):
    Span.objects.create(trace=trace, span_id="1", state="passing")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Span.objects.create(trace=trace, **fields)


@pytest.mark.django_db
def test_traces_go_when_nobody_will_send_them_again():
    receive(agent(1))
    receive(span(1, trace="b" * 32))
    receive(chat(2, 1, trace="c" * 32))

    with time_machine.travel(timezone.now() + KEPT_WITHOUT_MEANING + timedelta(minutes=1)):
        tasks.forget_traces()
        kept = sorted(Trace.objects.values_list("trace_id", flat=True))
        assert [each[0] for each in kept] == ["0", "c"]  # the one waits, and is placed first

    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)):
        tasks.settle_spans()
        tasks.forget_traces()
        assert [each.trace_id[0] for each in Trace.objects.all()] == ["c"]

    assert Session.objects.count() == 2


@pytest.mark.django_db
def test_what_comes_again_after_its_trace_is_forgotten_adds_nothing():
    run = (agent(1), chat(2, 1, (1, 2), [said("user", "Hi")], [said("assistant", "Hello")]))
    receive(*run)
    count = Event.objects.count()
    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)):
        receiving.forget()
        receive(*run)

    assert Event.objects.count() == count


@pytest.mark.django_db
def test_an_erased_session_takes_its_traces_along():
    receive(agent(1), chat(2, 1))
    session = Session.objects.select_for_update().get()

    erasing.erase(session, by=Actor.system(make.workspace()))

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Trace.objects.exists()
    assert not Span.objects.exists()
    assert not LaneMemory.objects.exists()


@pytest.mark.django_db
def test_an_erased_session_is_new_when_its_agent_goes_on():
    receive(agent(1))
    erasing.erase(Session.objects.select_for_update().get(), by=Actor.system(make.workspace()))

    receive(chat(2, 1, (1, 2), [said("user", "Hi")]))
    with time_machine.travel(timezone.now() + PATIENCE + timedelta(seconds=1), tick=False):
        receiving.settle()

    assert Session.objects.get().title == "Hi"


@pytest.mark.django_db
def test_the_memory_of_a_long_conversation_stays_small(settings):
    history = [said("user", f"message {n}") for n in range(6_000)]
    receive(agent(1), chat(2, 1, (1, 2), history))

    memory = LaneMemory.objects.get().memory
    assert len(memory["heard"]) == 5_000


@pytest.mark.django_db
def test_hostile_words_are_kept_without_harm():
    nasty = "\x00\ud800 <b>" + "x" * 3_000
    hostile = {
        "gen_ai.conversation.id": nasty,
        "gen_ai.agent.id": nasty,
        "gen_ai.agent.description": nasty,
        "gen_ai.system_instructions": nasty,
        "gen_ai.request.model": nasty,
        "user.id": nasty,
    }
    receive(
        chat(2, 1, (1, 2), [said("user", nasty)], [said("assistant", nasty)], **hostile),
        span(3, 1, name=nasty, service=nasty, gen_ai__tool__name=nasty, output__value=nasty),
    )
    with time_machine.travel(timezone.now() + PATIENCE + timedelta(seconds=1), tick=False):
        receiving.settle()
    receive(agent(1, name=nasty, error=nasty, **hostile))
    receive(agent(4, 1, name=nasty + "2", **hostile), agent(5, 4, name="other"))

    session = Session.objects.get()
    assert session.agent.name.startswith("␀")
    assert session.error_count == 1
    assert session.threads.count() == 2


@pytest.mark.django_db(transaction=True)
def test_turns_of_a_conversation_that_come_at_once_tell_their_history_once():
    workspace = make.workspace()
    named = {"gen_ai.conversation.id": "conv"}
    failures: list[Exception] = []

    def send(number: int) -> None:
        trace = f"{number:032x}"
        spans = [
            agent(1, trace=trace, **named),
            chat(2, 1, (1, 2), [said("user", "Hi")], [said("assistant", f"{number}")], trace=trace),
        ]
        try:
            receiving.receive(spans, workspace=workspace)
            receiving.receive(spans, workspace=workspace)
        except Exception as error:  # noqa: BLE001 -- told below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in (1, 2, 3, 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert failures == []
    assert Session.objects.count() == 1
    assert Event.objects.filter(type="user.message").count() == 1
    assert Event.objects.filter(type="agent.message").count() == 3
