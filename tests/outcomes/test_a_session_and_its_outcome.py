"""An outcome of a session, judged as often as its agent answers (contract: 3.7)."""

import threading

import anthropic
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from apps.engine.asking import RefusedToAnswer
from apps.outcomes import grading
from apps.outcomes.models import Evaluation
from apps.sessions.models import Event
from apps.webhooks.models import OutboxEvent
from tests import make
from tests.outcomes.test_grading import said
from tests.scripted import scripted
from tests.sessions.api.asking import (
    happens,
    new_agent,
    new_environment,
    outcome,
    row,
    starts_thread,
)

pytestmark = pytest.mark.django_db
FAILS = said(polite=("fail", ""))
PASSES = said(polite=("pass", "thank you"))
RUBRIC = {"type": "text", "content": "- It is polite {#polite}"}


@pytest.fixture
def session(api, connected):
    return api.post(
        "sessions",
        agent=new_agent().public_id,
        environment_id=new_environment().public_id,
        initial_events=[outcome(rubric=RUBRIC, max_iterations=2)],
    )


def says(session, text):
    happens(session, make.event("agent.message", text, key=""))


def judged(api, session, *answers):
    told = api.post(f"sessions/{session['id']}/evaluate_outcome", 200)
    with scripted(*answers):
        grading.grade_here(told["id"])
    return api.get(f"outcome_evaluations/{told['id']}")


def spans(session):
    """The events of its evaluations: each one's last word, and what it says."""
    events = Event.objects.filter(session=row(session), type__startswith="span.outcome")
    return [(each.type.rpartition("_")[2], each.payload) for each in events.order_by("sequence")]


def stands(api, session):
    (told,) = api.get(f"sessions/{session['id']}")["outcome_evaluations"]
    return told["result"], told["iteration"]


def test_the_agent_answers_until_its_work_is_good(api, session):
    assert stands(api, session) == ("pending", 0)
    says(session, "Pay me.")
    first = judged(api, session, FAILS)
    assert stands(api, session) == ("needs_revision", 0)
    says(session, "Pay me, thank you.")
    begun = api.post(f"sessions/{session['id']}/evaluate_outcome")
    assert stands(api, session) == ("evaluating", 1)
    with scripted(PASSES):
        grading.grade_here(begun["id"])

    assert first["result"] == "needs_revision"
    assert stands(api, session) == ("satisfied", 1)
    told = spans(session)
    assert [kind for kind, _ in told] == ["start", "ongoing", "end"] * 2
    start, end = told[3][1], told[5][1]
    assert end["outcome_evaluation_start_id"] == start["id"]
    assert (end["iteration"], end["result"]) == (1, "satisfied")
    assert end["explanation"] == "1 of 1 criteria are met.\n\nMet:\n- It is polite"
    assert end["usage"] == {
        "input_tokens": 100,
        "output_tokens": 10,
        "cache_read_input_tokens": 0,
        "cache_creation_input_tokens": 0,
    }
    assert end["criteria"][0]["quote"] == "thank you"
    usage = api.get(f"sessions/{session['id']}")["usage"]
    assert (usage["input_tokens"], usage["output_tokens"]) == (200, 20)
    published = OutboxEvent.objects.filter(type="session.outcome_evaluation_ended")
    assert [each.object_id for each in published] == [session["id"]] * 2


def test_no_iteration_is_left(api, session):
    for text in ("Pay me.", "Pay me now."):
        says(session, text)
        last = judged(api, session, FAILS)

    assert last["result"] == "max_iterations_reached"
    assert stands(api, session) == ("max_iterations_reached", 1)
    says(session, "Please.")
    at = f"sessions/{session['id']}/evaluate_outcome"
    assert "no open outcome" in api.refused(at, 400)
    api.post(f"sessions/{session['id']}/events", events=[outcome(rubric=RUBRIC)])
    assert judged(api, session, PASSES)["iteration"] == 0


def test_nothing_is_judged_twice(api, session):
    at = f"sessions/{session['id']}/evaluate_outcome"
    assert "nothing" in api.refused(at, 400)
    says(session, "Pay me.")
    assert api.post(at)["id"] == api.post(at)["id"]
    judged(api, session, FAILS)

    assert "since the last evaluation" in api.refused(at, 409)
    assert Evaluation.objects.count() == 1


def test_the_rubric_may_lie_in_a_file(api, connected):
    file = SimpleUploadedFile("rubric.md", b"- It is polite {#polite}")
    file_id = api.client.post("/v1/files", {"file": file}).json()["id"]
    made = api.post(
        "sessions",
        agent=new_agent().public_id,
        environment_id=new_environment().public_id,
        initial_events=[outcome(rubric={"type": "file", "file_id": file_id})],
    )
    says(made, "thank you")

    assert judged(api, made, PASSES)["result"] == "satisfied"


INTERRUPT = {"type": "user.interrupt"}


@pytest.mark.parametrize("way", ["interrupt", "cancel"])
def test_interrupted_before_and_while_it_is_judged(api, session, way):
    at = f"sessions/{session['id']}"
    api.post(f"{at}/events", events=[INTERRUPT])
    assert stands(api, session) == ("interrupted", 0)
    assert spans(session)[0][1]["outcome_evaluation_start_id"] == ""
    api.post(f"{at}/events", events=[INTERRUPT])  # there is nothing to interrupt any more
    assert len(spans(session)) == 1

    api.post(f"{at}/events", events=[INTERRUPT, outcome(rubric=RUBRIC)])
    says(session, "Pay me.")
    begun = api.post(f"{at}/evaluate_outcome")
    if way == "interrupt":
        api.post(f"{at}/events", events=[INTERRUPT])
    else:
        api.post(f"outcome_evaluations/{begun['id']}/cancel")
    (_, start), (kind, end) = spans(session)[1:]
    assert (kind, end["result"]) == ("end", "interrupted")
    assert end["outcome_evaluation_start_id"] == start["id"]
    assert api.get(f"outcome_evaluations/{begun['id']}")["status"] == "canceled"
    assert api.get(at)["outcome_evaluations"][1]["result"] == "interrupted"


def test_interrupting_a_child_thread_leaves_the_outcome_open(api, session):
    child = {"session_thread_id": starts_thread(session).public_id}
    api.post(f"sessions/{session['id']}/events", events=[INTERRUPT | child])

    assert stands(api, session) == ("pending", 0)


def test_what_cannot_be_graded_is_given_up_and_judged_by_nobody(api, session):
    says(session, "Pay me.")
    told = judged(api, session, RefusedToAnswer())

    assert (told["status"], told["error"]["type"]) == ("failed", "refused_to_answer")
    assert stands(api, session) == ("interrupted", 0)
    assert spans(session)[-1][1]["explanation"] == (
        "The work could not be graded: The model refuses to answer this."
    )


def test_a_record_of_work_done_elsewhere_stays_as_it_is(api, connected):
    imported = make.session(make.event("agent.message", "Done."))
    at = f"sessions/{imported.public_id}/evaluate_outcome"

    assert "record of work done elsewhere" in api.refused(at, 400)
    assert imported.events.count() == 1


def test_the_neighbours_session_is_not_there(neighbour, session):
    neighbour.refused(f"sessions/{session['id']}/evaluate_outcome", 404)


@pytest.mark.django_db(transaction=True)
def test_the_stock_client_reads_it_and_a_long_grading_says_that_it_goes_on(
    live_server, api, session, settings
):
    settings.OUTCOME_LEASE_SECONDS = 0.3
    says(session, "Pay me, thank you.")
    told = api.post(f"sessions/{session['id']}/evaluate_outcome")
    beats = threading.Event()

    def slowly(_question):
        while len(spans(session)) < 4:
            beats.wait(0.05)
        return PASSES

    with scripted(slowly):
        grading.grade_here(told["id"])

    _, secret = make.key()
    with anthropic.Anthropic(
        base_url=live_server.url, api_key=secret, _strict_response_validation=True
    ) as client:
        found = list(client.beta.sessions.events.list(session["id"]))
        shown = client.beta.sessions.retrieve(session["id"])
    kinds = [each.type.rpartition("_")[2] for each in found if each.type.startswith("span.")]
    assert kinds[:4] == ["start", "ongoing", "ongoing", "ongoing"]
    assert kinds[-1] == "end"
    assert shown.outcome_evaluations[0].result == "satisfied"
    connection.close()


def test_the_page_of_the_session_shows_each_verdict_with_its_quote(api, session, client):
    client.force_login(make.user())
    says(session, "Pay me, thank you.")
    api.post(f"sessions/{session['id']}/evaluate_outcome")
    assert "Being judged" in client.get("/w/default/sessions/").content.decode()
    with scripted(PASSES):
        grading.grade_here(Evaluation.objects.get().pk)

    for _, payload in spans(session):
        page = client.get(f"{row(session).get_absolute_url()}?event={payload['id']}")
        shown = page.content.decode()
        if payload["type"].endswith(("start", "end")):
            assert "Pass: It is polite\nAbout polite.\n“thank you”" in shown


@pytest.mark.parametrize("hostile", [[1, {"verdict": [], "text": {}}], {"a": 1}, "x"])
def test_what_others_say_of_criteria_breaks_no_page(client, hostile):
    client.force_login(make.user())
    end = make.event("span.outcome_evaluation_end", result="failed", criteria=hostile)
    page = client.get(f"{make.session(end).get_absolute_url()}?event={end.public_id}")

    assert page.status_code == 200
