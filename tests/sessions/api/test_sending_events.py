"""`POST /v1/sessions/{id}/events`: what may be said to a session, and when."""

import pytest

from apps.accounts.models import AuditEntry
from apps.agents.models import Environment
from apps.sessions.models import Event, Session, Status, Thread
from tests import make
from tests.sessions.api.asking import (
    Api,
    happens,
    message,
    outcome,
    row,
    starts_thread,
    uses,
)

pytestmark = pytest.mark.django_db
TEXT = {"type": "text", "text": "x"}


@pytest.fixture
def send(api, session):
    """Send these events; what comes back of them, or the refusal's message."""

    def sent(*events, status=200, to=session):
        answer = api.post(f"sessions/{to['id']}/events", status, events=list(events))
        return answer["data"] if status == 200 else answer["error"]["message"]

    return sent


def confirm(use="sevt_use", **fields):
    return {"type": "user.tool_confirmation", "tool_use_id": use, "result": "allow"} | fields


def result(use="sevt_use", **fields):
    return {"type": "user.tool_result", "tool_use_id": use} | fields


def custom_result(use="sevt_use", **fields):
    return {"type": "user.custom_tool_result", "custom_tool_use_id": use} | fields


def asking(**fields):
    return uses(evaluated_permission="ask", **fields)


def test_events_come_back_with_ids_and_wait(api, session, send):
    first, second = send(message("One"), {"type": "user.interrupt"})

    assert first.pop("id").startswith("sevt_01")
    assert first == message("One") | {"processed_at": None}
    assert second["type"] == "user.interrupt"
    listed = api.get(f"sessions/{session['id']}/events")["data"]
    kept = Event.objects.order_by("sequence").values_list("public_id", flat=True)
    assert [each["id"] for each in listed] == list(kept)
    told = api.get(f"sessions/{session['id']}")
    assert told["status"] == "idle", "nothing runs it yet"


def test_sending_wakes_once_it_is_committed(send, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as woken:
        send(message(), message())
        send(message())

    assert len(woken) == 2


def test_the_log_names_the_events_and_not_what_they_say(session, send):
    (sent,) = send(message("A secret"))

    entry = AuditEntry.objects.get(action="session.events_sent")
    assert (entry.object_id, entry.after) == (session["id"], {"events": [sent["id"]]})


def test_what_is_kept_is_what_was_sent(session, send):
    blocks = [
        {"type": "text", "text": "Look: 🙂"},
        {"type": "image", "source": {"type": "url", "url": "https://a.example/b.png"}},
        {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "d"}},
        {"type": "document", "title": "T", "source": {"type": "url", "url": "https://a.example"}},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}},
        {"type": "redacted"},
    ]

    (sent,) = send({"type": "user.message", "content": blocks})

    assert sent["content"] == blocks
    kept = Event.objects.get()
    assert kept.payload == {"id": sent["id"], "type": "user.message", "content": blocks}
    assert kept.text.startswith("Look: ")
    assert (kept.processed_at, kept.in_session_stream) == (None, True)


def test_results_and_outcomes_are_taken_up_at_once(session, send):
    happens(session, uses("agent.custom_tool_use"))

    answered, defined = send(custom_result(content=[TEXT], is_error=True), outcome())

    assert answered["processed_at"]
    assert defined["processed_at"]
    assert defined["outcome_id"].startswith("outc_")
    assert defined["max_iterations"] == 3
    kept = Event.objects.get(public_id=answered["id"])
    assert (kept.closes, kept.is_error, kept.tool_name) == (1, True, "bash")
    assert kept.processed_at is not None


# What waits for the client.


def test_a_confirmation_goes_to_the_thread_that_asks(api, session, send):
    child = starts_thread(session)
    happens(session, asking(thread=child.public_id))

    (sent,) = send(confirm(result="deny", deny_message="Not that"))

    assert (sent["session_thread_id"], sent["processed_at"]) == (child.public_id, None)
    kept = Event.objects.get(type="user.tool_confirmation")
    assert (kept.thread, kept.closes, kept.in_session_stream) == (child, 1, True)
    path = f"sessions/{session['id']}"
    assert api.get(f"{path}/events")["data"][-1] == sent
    own = api.get(f"{path}/threads/{child.public_id}/events")["data"][-1]
    assert "session_thread_id" not in own
    assert own["id"] == sent["id"]


@pytest.mark.parametrize("kind", ["agent.tool_use", "agent.mcp_tool_use"])
def test_a_tool_is_confirmed_once(session, send, kind):
    happens(session, asking(kind=kind))

    (sent,) = send(confirm())

    assert "session_thread_id" not in sent
    assert "does not wait for a confirmation" in send(confirm(), status=400)


def test_one_request_confirms_a_tool_once_too(session, send):
    happens(session, asking(), asking(id="sevt_other"))

    said = send(confirm("sevt_other"), confirm(), confirm(), status=400)

    assert said == "events.2.tool_use_id: this tool use does not wait for a confirmation."
    assert not Event.objects.filter(type="user.tool_confirmation").exists()


def test_only_what_asks_is_confirmed(session, send):
    happens(
        session, uses(), uses("agent.custom_tool_use", id="sevt_custom"), make.event(id="sevt_m")
    )

    assert "does not wait" in send(confirm(), status=400)
    assert "is an agent.custom_tool_use" in send(confirm("sevt_custom"), status=400)
    assert "is an user.message" in send(confirm("sevt_m"), status=400)
    assert "no event with this id" in send(confirm("sevt_nowhere"), status=400)
    assert "no event with this id" in send(confirm("\x00"), status=400)


def test_a_custom_tool_gets_one_result(session, send):
    happens(session, uses("agent.custom_tool_use"), uses(id="sevt_own"))

    send(custom_result())

    assert "has its result already" in send(custom_result(), status=400)
    assert "is an agent.tool_use" in send(custom_result("sevt_own"), status=400)


def test_results_of_built_in_tools_come_from_self_hosted_environments(session, send):
    happens(session, uses())
    assert "self-hosted" in send(result(), status=400)

    Environment.objects.update(config={"type": "self_hosted"})
    (sent,) = send(result(content=[TEXT]))

    assert sent["processed_at"]
    assert "has its result already" in send(result(), status=400)


def test_a_tool_that_asks_has_no_result_before_it_may(session, send):
    Environment.objects.update(config={"type": "self_hosted"})
    happens(session, asking())

    assert "waits for a confirmation first" in send(result(), status=400)
    send(confirm(), result())


def test_the_events_of_another_session_wait_for_nobody_here(api, ids, session, send):
    other = api.post("sessions", **ids)
    happens(other, asking())

    assert "no event with this id" in send(confirm(), status=400)


# Interrupts.


def test_an_interrupt_goes_to_the_thread_it_names(session, send):
    child = starts_thread(session)
    primary = Thread.objects.get(position=0)

    named, own, every = send(
        {"type": "user.interrupt", "session_thread_id": child.public_id},
        {"type": "user.interrupt", "session_thread_id": primary.public_id},
        {"type": "user.interrupt", "session_thread_id": None},
    )

    assert (named["session_thread_id"], own["session_thread_id"]) == (
        child.public_id,
        primary.public_id,
    )
    assert every["session_thread_id"] is None
    kept = Event.objects.order_by("sequence").values_list("thread", flat=True)
    assert list(kept) == [child.pk, primary.pk, primary.pk]
    assert row(session).status == Status.IDLE
    said = send({"type": "user.interrupt", "session_thread_id": "sthr_no"}, status=400)
    assert said == "events.0.session_thread_id: this session has no such thread."


# System messages.


def test_a_system_message_comes_last_and_goes_with_something(session, send):
    extra = {"type": "system.message", "content": [TEXT]}
    happens(session, uses("agent.custom_tool_use"))

    assert [each["type"] for each in send(message(), extra)] == ["user.message", "system.message"]
    send(custom_result(), extra)
    assert "nothing after it" in send(message(), extra, message(), status=400)
    assert "nothing after it" in send(message(), extra, extra, status=400)
    assert "right after" in send(extra, status=400)
    assert "right after" in send(message(), {"type": "user.interrupt"}, extra, status=400)


# Outcomes.


def test_one_outcome_at_a_time(api, session, send):
    (first,) = send(outcome(max_iterations=20))

    assert first["max_iterations"] == 20
    assert "works on an outcome already" in send(outcome(), status=400)
    assert "one user.define_outcome at a time" in send(outcome(), outcome(), status=400)
    send(message("Steering is fine"))

    def judged(verdict, iteration):
        return make.event(
            "span.outcome_evaluation_end",
            outcome_id=first["outcome_id"],
            result=verdict,
            iteration=iteration,
            explanation="Nearly",
        )

    happens(session, judged("needs_revision", 0))
    assert "works on an outcome already" in send(outcome(), status=400)
    (evaluation,) = api.get(f"sessions/{session['id']}")["outcome_evaluations"]
    assert (evaluation["result"], evaluation["completed_at"]) == ("needs_revision", None)

    happens(session, judged("satisfied", 1))
    send(outcome(description="The next one"))
    first_told, next_told = api.get(f"sessions/{session['id']}")["outcome_evaluations"]
    assert (first_told["result"], first_told["iteration"]) == ("satisfied", 1)
    assert first_told["completed_at"]
    assert (next_told["result"], next_told["description"]) == ("pending", "The next one")


def test_files_that_are_spoken_of_are_there(send, file, neighbour):
    source = {"type": "file", "file_id": file.pk}
    send({"type": "user.message", "content": [{"type": "document", "source": source}]})
    send(outcome(rubric=source))

    source = {"type": "file", "file_id": "file_no\x00where"}
    image = {"type": "user.message", "content": [TEXT, {"type": "image", "source": source}]}
    assert "There is no file" in send(image, status=404)


# When nothing more, or little, is taken.


@pytest.mark.parametrize("ended", [{"archived_at": make.START}, {"status": Status.TERMINATED}])
def test_what_has_ended_takes_nothing(send, ended):
    Session.objects.update(**ended)

    assert "takes no more events" in send(message(), status=400)


def test_the_record_of_work_done_elsewhere_does_not_go_on(send):
    imported = make.session(make.event())

    assert "done elsewhere" in send(message(), status=400, to={"id": imported.public_id})


def test_at_the_cap_only_answers_and_interrupts_are_taken(api, ids, send):
    budget = {"type": "limit", "max_list_cost": {"amount": "1", "currency": "USD"}}
    capped = api.post("sessions", **ids, budget=budget)
    happens(capped, *make.request(tokens=(100_000, 0, 0, 0)), asking())

    for refused in (message(), outcome()):
        answer = api.post(f"sessions/{capped['id']}/events", 400, events=[refused])
        assert answer["error"]["details"] == {"error_code": "budget_reached"}
    send({"type": "user.interrupt"}, confirm(), to=capped)
    api.post(
        f"sessions/{capped['id']}",
        budget={**budget, "max_list_cost": {"amount": "500", "currency": "USD"}},
    )
    send(message(), to=capped)


def test_who_may_read_may_not_send(session):
    api = Api("read")

    assert "write" in api.refused(f"sessions/{session['id']}/events", 403, events=[message()])


SEARCH = {
    "type": "search_result",
    "source": "https://a.example",
    "title": "A",
    "content": [TEXT],
    "citations": {"enabled": True},
}
WRONG = {
    "no events": ([], "events: "),
    "too many": ([message()] * 1001, "events: "),
    "no type": ([{"content": []}], "events.0: "),
    "unknown type": ([{"type": "agent.message"}], "events.0: "),
    "no object": (["hello"], "events.0: "),
    "empty text": ([message("")], "events.0.content.0.text: "),
    "empty content": ([{"type": "user.message", "content": []}], "events.0.content: "),
    "string content": ([{"type": "user.message", "content": "Hi"}], "events.0.content: "),
    "unknown key": ([message() | {"id": "sevt_mine"}], "events.0.id: unknown field"),
    "search result": ([{"type": "user.message", "content": [SEARCH]}], "events.0.content.0: "),
    "block": ([{"type": "user.message", "content": [{"type": "video"}]}], "events.0.content.0: "),
    "image text": (
        [{"type": "user.message", "content": [{"type": "image", "source": {"type": "text"}}]}],
        "events.0.content.0.source: ",
    ),
    "document type": (
        [
            {
                "type": "user.message",
                "content": [
                    {
                        "type": "document",
                        "source": {"type": "text", "media_type": "text/html", "data": "x"},
                    }
                ],
            }
        ],
        "events.0.content.0.source.media_type: ",
    ),
    "verdict": ([confirm(result="maybe")], "events.0.result: "),
    "reason": ([confirm(deny_message="No")], "events.0: deny_message goes with"),
    "long reason": (
        [confirm(result="deny", deny_message="x" * 10_001)],
        "events.0.deny_message: ",
    ),
    "long id": ([confirm("x" * 129)], "events.0.tool_use_id: "),
    "result block": ([custom_result(content=[{"type": "redacted"}])], "events.0.content.0: "),
    "rubric": ([outcome(rubric=None)], "events.0.rubric: "),
    "no rubric": (
        [{"type": "user.define_outcome", "description": "A"}],
        "events.0.rubric: this field is required",
    ),
    "long rubric": (
        [outcome(rubric={"type": "text", "content": "x" * 262_145})],
        "events.0.rubric.content: ",
    ),
    "iterations": ([outcome(max_iterations=21)], "events.0.max_iterations: "),
    "no iterations": ([outcome(max_iterations=0)], "events.0.max_iterations: "),
    "system image": (
        [message(), {"type": "system.message", "content": [{"type": "image"}]}],
        "events.1.content.0",
    ),
    "much system": (
        [message(), {"type": "system.message", "content": [TEXT] * 1001}],
        "events.1.content: ",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_by_name(send, case):
    events, said = WRONG[case]

    assert send(*events, status=400).startswith(said)
    assert not Event.objects.exists()


def test_limits_themselves_are_within(session, send):
    happens(session, asking(), uses("agent.custom_tool_use", id="sevt_custom"))
    extra = {"type": "system.message", "content": [TEXT] * 1000}

    send(confirm(result="deny", deny_message="x" * 10_000))
    send(outcome(rubric={"type": "text", "content": "x" * 262_144}, max_iterations=None))
    send(custom_result("sevt_custom", content=[SEARCH, TEXT]), extra)
    assert len(send(*[message()] * 1000)) == 1000


def test_sending_costs_the_same_however_many(api, session, django_assert_num_queries):
    path = f"sessions/{session['id']}/events"
    api.post(path, events=[message()])

    for count in (1, 3):
        with django_assert_num_queries(13):
            api.post(path, events=[message()] * count)
