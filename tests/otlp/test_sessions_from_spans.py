"""Whole runs of agents, as the record has them afterwards."""

from datetime import timedelta
from itertools import permutations

import pytest
import time_machine
from django.utils import timezone

from apps.otlp import receiving
from apps.otlp.models import PATIENCE, Span, Trace
from apps.sessions.models import Event, Session, Thread
from tests import make
from tests.otlp.spans import agent, answered, asked, chat, said, span, tool

pytestmark = pytest.mark.django_db

QUESTION = said("user", "Where is order 7?")
LOOKUP = asked("call_1", "find_order", number=7)
FOUND = answered("call_1", "shipped")
REPLY = said("assistant", "It is on its way.")

RUN = (
    agent(1, at=(0, 10)),
    chat(2, 1, (1, 2), [QUESTION], [LOOKUP]),
    tool(3, 1, (2, 3), "find_order", {"number": 7}, "shipped", "call_1"),
    chat(4, 1, (3, 4), [QUESTION, LOOKUP, FOUND], [REPLY]),
)
TOLD = [
    "session.status_running",
    "user.message",
    "span.model_request_start",
    "agent.tool_use",
    "span.model_request_end",
    "agent.tool_result",
    "span.model_request_start",
    "agent.message",
    "span.model_request_end",
    "session.status_idle",
]


def receive(*spans) -> None:
    receiving.receive(spans, workspace=make.workspace())


def settle() -> None:
    """What the schedule does once spans have waited long enough."""
    with time_machine.travel(timezone.now() + PATIENCE + timedelta(seconds=1), tick=False):
        receiving.settle()


def told(lane: str | None = None) -> list[str]:
    events = Event.objects.in_order()
    if lane is not None:
        events = events.filter(thread__agent_name=lane)
    return list(events.values_list("type", flat=True))


def texts(kind: str) -> list[str]:
    return list(Event.objects.filter(type=kind).in_order().values_list("text", flat=True))


def test_a_run_becomes_a_session_with_every_message_once():
    receive(*RUN)

    session = Session.objects.get()
    assert told() == TOLD
    assert (session.source, session.title, session.status) == ("otlp", "Where is order 7?", "idle")
    assert session.agent.name == "support"
    assert (session.input_tokens, session.output_tokens) == (200, 40)
    assert session.active_seconds == 10
    use, result = Event.objects.filter(type__startswith="agent.tool").in_order()
    assert (use.tool_name, result.closes, result.text) == ("find_order", use.sequence, "shipped")


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_pieces_in_any_order_say_the_same(order):
    for index in order:
        receive(RUN[index])

    assert sorted(told()) == sorted(TOLD)
    assert Session.objects.get().input_tokens == 200
    assert not Trace.objects.exclude(waiting_since=None)


def test_what_comes_again_adds_nothing():
    receive(*RUN)
    receive(*RUN)
    receive(RUN[2])

    assert told() == TOLD


def test_children_wait_for_their_agent_and_come_in_the_order_of_time():
    receive(*RUN[1:])
    assert not Session.objects.exists()
    assert Span.objects.filter(state="waiting").count() == 3

    receive(RUN[0])

    assert told() == TOLD


def test_an_agent_at_work_shows_before_it_ends():
    receive(RUN[1])
    settle()
    assert Session.objects.get().status == "running"
    receive(RUN[2])
    assert told()[-1] == "agent.tool_result"  # its lane is known by now: it does not wait

    receive(RUN[3], RUN[0])

    assert told() == TOLD
    session = Session.objects.get()
    assert (session.status, session.agent.name) == ("idle", "support")
    assert Thread.objects.get().agent_name == "support"


def test_nothing_is_settled_before_its_time():
    receive(RUN[1])
    receiving.settle()

    assert not Session.objects.exists()


def test_agents_below_an_agent_are_threads_of_their_own():
    receive(
        agent(1, at=(0, 20), name="planner"),
        chat(2, 1, (1, 2), [QUESTION], [asked("c1", "delegate", to="finder")]),
        tool(3, 1, (2, 9), "delegate", {"to": "finder"}, "Found it.", "c1"),
        agent(4, 3, (3, 8), name="finder"),
        chat(5, 4, (4, 5), [said("user", "Find order 7")], [said("assistant", "Found it.")]),
    )

    planner, finder = Thread.objects.as_lanes()
    assert (planner.agent_name, finder.agent_name) == ("planner", "finder")
    assert finder.parent == planner
    assert told("finder") == [
        "session.thread_status_running",
        "agent.thread_message_received",
        "span.model_request_start",
        "agent.message",
        "span.model_request_end",
        "agent.thread_message_sent",
        "session.thread_status_idle",
    ]
    assert told("planner")[5:9] == [
        "session.thread_created",
        "agent.thread_message_sent",
        "agent.thread_message_received",
        "agent.tool_result",
    ]
    sent = Event.objects.filter(type="agent.thread_message_sent").in_order()
    assert [(each.text, each.peer) for each in sent] == [
        ("Find order 7", finder),
        ("Found it.", planner),
    ]


def test_peers_one_after_the_other_are_threads_beside_the_first():
    receive(
        span(1, at=(0, 20), name="POST /ask"),
        agent(2, 1, (1, 5), name="triage"),
        agent(3, 1, (6, 9), name="refunds"),
        agent(4, 1, (10, 12), name="triage"),
    )

    assert [each.agent_name for each in Thread.objects.as_lanes()] == ["triage", "refunds"]
    assert Session.objects.get().agent.name == "triage"


def test_turns_of_a_conversation_are_one_session_and_its_history_is_told_once():
    named = {"gen_ai.conversation.id": "conv-9"}
    yes, ok = said("user", "yes"), said("assistant", "ok")
    first = [said("user", "Shall I?"), said("assistant", "Do you want to?"), yes]
    receive(agent(1, **named), chat(2, 1, (1, 2), first, [ok]))
    receive(
        agent(1, at=(20, 30), trace="b" * 32, **named),
        chat(2, 1, (21, 22), [*first, ok, yes], [ok], trace="b" * 32),
    )

    session = Session.objects.get()
    assert session.external_id == "conv-9"
    assert texts("user.message") == ["Shall I?", "yes", "yes"]
    assert texts("agent.message") == ["Do you want to?", "ok", "ok"]
    assert told().count("session.status_running") == 2


def test_a_prompt_that_only_the_agent_tells_may_come_twice():
    run = {"claude_code.interaction": (0, 5)}
    for number in (1, 2):
        receive(
            span(
                number,
                at=(number * 10, number * 10 + 5),
                name=next(iter(run)),
                trace=f"{number}" * 32,
                user_prompt="continue",
                session__id="s",
            )
        )

    assert texts("user.message") == ["continue", "continue"]


def test_a_failure_is_told_once_however_far_it_climbs():
    receive(
        agent(1, error="RateLimitError: slow down"),
        chat(2, 1, (1, 2), [QUESTION], error="RateLimitError: slow down"),
    )

    errors = Event.objects.filter(type="session.error")
    assert [each.text for each in errors] == ["RateLimitError: slow down"]
    assert errors.get().payload["error"]["type"] == "model_request_failed_error"
    assert Event.objects.get(type="span.model_request_end").is_error


def test_a_tool_that_fails_answers_with_its_error():
    receive(agent(1), tool(2, 1, (1, 2), "pay", {}, "", "c", error="CardDeclined"))

    result = Event.objects.get(type="agent.tool_result")
    assert (result.is_error, result.text) == (True, "CardDeclined")


def test_spans_that_mean_nothing_connect_and_are_counted():
    receive(
        agent(1, at=(0, 20), name="planner"),
        span(2, 1, (1, 9), "POST"),
        span(3, 2, (2, 8), "POST /finder", service="finder"),
        chat(4, 3, (3, 4), [QUESTION], [REPLY]),
        span(5, 4, (3, 4), "SELECT"),
    )

    assert Thread.objects.count() == 1
    assert texts("agent.message") == ["It is on its way."]
    assert Trace.objects.get().passed_over == 3


def test_a_way_that_only_leads_through_is_found_again_later():
    receive(agent(1, at=(0, 90), name="planner"), span(2, 1, (1, 80), "POST"))
    receive(span(3, 2, (2, 80), "handler"))
    receive(chat(4, 3, (3, 4), [QUESTION], [REPLY]))

    assert texts("agent.message") == ["It is on its way."]
    assert not Span.objects.filter(state="waiting").exists()


def test_a_trace_without_agents_leaves_no_session():
    receive(span(1, name="GET /"), span(2, 1, name="SELECT"))

    assert not Session.objects.exists()
    assert Trace.objects.get().passed_over == 2


def test_a_request_around_a_request_counts_once():
    receive(
        agent(1),
        chat(2, 1, (1, 4), [QUESTION], [REPLY]),
        chat(3, 2, (2, 3), [QUESTION], [REPLY]),
    )

    assert Session.objects.get().input_tokens == 100
    assert texts("agent.message") == ["It is on its way."]


def test_a_request_around_one_that_came_before_counts_once():
    receive(chat(3, 2, (2, 3), [QUESTION], [REPLY]))
    settle()
    receive(agent(1), chat(2, 1, (1, 4), [QUESTION], [REPLY]))

    assert Session.objects.get().input_tokens == 100
    assert texts("agent.message") == ["It is on its way."]


def test_an_agent_that_tells_no_requests_counts_its_own_tokens():
    usage = {"gen_ai.usage.input_tokens": 7, "gen_ai.usage.output_tokens": 3}
    receive(agent(1, **usage))
    receive(agent(1, trace="c" * 32, **usage), chat(2, 1, trace="c" * 32))

    assert [each.input_tokens for each in Session.objects.order_by("pk")] == [7, 100]


def test_the_same_trace_in_two_workspaces_is_two_sessions():
    receive(*RUN)
    receiving.receive(RUN[:1], workspace=make.workspace("neighbour"))

    here, there = Session.objects.order_by("pk")
    assert (here.event_count, there.event_count) == (10, 2)


def test_spans_above_themselves_and_without_end_do_no_harm():
    receive(tool(1, 2, (0, 1), "a", {}, ""), tool(2, 1, (0, 1), "b", {}, ""))
    receive(chat(3, 3), chat(4, 99, (9, 1)), agent(5, 99, (0, 0)))
    settle()

    assert not Span.objects.filter(state="waiting").exists()
    assert Session.objects.get().input_tokens == 200
    assert told().count("agent.tool_result") == 2
