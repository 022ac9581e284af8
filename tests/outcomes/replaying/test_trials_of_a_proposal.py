"""Trials over the API, and on the page of a proposal."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.rights import Role
from apps.core.api.openapi import document
from apps.outcomes.models import Trial
from apps.outcomes.replaying.api import ProposalTrial, ProposalTrialEstimate
from tests import make
from tests.outcomes.replaying import making
from tests.scripted import scripted

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture(autouse=True)
def _asks_the_script(settings):
    settings.ENGINE = "tests.scripted.engine"
    settings.ANTHROPIC_API_KEY = "sk-tests"


@pytest.fixture
def where():
    return making.store()


@pytest.fixture
def proposal(where):
    made = making.harmful(where)
    making.past(2, where)
    return made


def signed_in(role=Role.REVIEWER):
    client = Client()
    client.force_login(make.user("ines", role=role))
    return client


def at(proposal, name="trials", *args):
    return reverse(f"trials:{name}", args=["default", proposal.pk, *args])


def words(answered):
    return " ".join(answered.content.decode().split())


def test_a_program_tries_a_proposal_and_reads_what_it_came_to(proposal):
    api = make.api("read", "review")
    rubric_id = making.version().rubric_id
    place = f"/v1/proposals/{proposal.pk}/trials"

    asked = {"rubric_id": rubric_id, "sessions": 2, "max_cost": "0.50"}

    expected = api.post(f"{place}/estimate", asked, content_type=JSON).json()
    assert not Trial.objects.exists()
    started = api.post(place, asked, content_type=JSON).json()
    with scripted(making.obeys):
        making.work(Trial.objects.get(pk=started["id"]))
    read = api.get(f"{place}/{started['id']}").json()

    assert started["status"] == "running"
    assert started["max_cost"]["amount"] == "0.5000"
    assert read["status"] == "completed"
    assert read["comparison"]["pass_rate_difference"]["value"] == -1
    assert [each["after"]["result"] for each in read["sessions"]] == ["needs_revision"] * 2
    assert api.get(place).json()["data"] == [read]
    for each in (started, read):
        ProposalTrial.model_validate(each, strict=False)
    ProposalTrialEstimate.model_validate(expected, strict=False)
    assert expected["cost"] == started["estimated_cost"]
    assert expected["session_ids"] == [each["session_id"] for each in read["sessions"]]
    assert f"{place.replace(proposal.pk, '{proposal_id}')}" in document()["paths"]


def test_a_program_stops_a_trial(proposal):
    trial = making.begun(proposal, version=making.version())
    place = f"/v1/proposals/{proposal.pk}/trials/{trial.pk}/cancel"

    assert make.api("read").post(place).status_code == 403
    assert make.api("review").post(place).json()["status"] == "canceled"


def test_a_neighbour_sees_and_tries_nothing(proposal):
    trial = making.begun(proposal, version=making.version())
    theirs = make.api(of=make.workspace("theirs"))
    place = f"/v1/proposals/{proposal.pk}/trials"

    answers = [
        theirs.get(place),
        theirs.get(f"{place}/{trial.pk}"),
        theirs.post(place, {}, content_type=JSON),
        theirs.post(f"{place}/estimate", {}, content_type=JSON),
        theirs.post(f"{place}/{trial.pk}/cancel"),
    ]

    assert {each.status_code for each in answers} == {404}


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(proposal, count):
    for _ in range(count):
        made = making.begun(proposal, version=making.version())
        Trial.objects.filter(pk=made.pk).update(
            status="completed", ended_at=timezone.now(), before="", after=""
        )
    api = make.api("read")
    api.get("/v1/agents")

    with CaptureQueriesContext(connection) as asked:
        answered = api.get(f"/v1/proposals/{proposal.pk}/trials")

    assert len(answered.json()["data"]) == count
    assert len(asked) == 12


def test_a_reviewer_looks_at_the_cost_tries_it_and_sees_what_came_of_it(proposal):
    client = signed_in()
    given = {"rubric_id": making.version().rubric_id, "sessions": "2"}

    looked = client.post(at(proposal, "start"), {**given, "look": "1"})
    assert "It would take 2 sessions, about $" in words(looked)
    assert not Trial.objects.exists()
    started = client.post(at(proposal, "start"), {**given, "start": "1"}, follow=True)
    assert "0 of 4 answered" in words(started)
    with scripted(making.obeys):
        making.work(Trial.objects.get())
    page = client.get(at(proposal))

    assert "2 of 2" in words(page)
    assert "No difference shown" in words(page)  # two sessions show none
    assert "few sessions" in words(page)
    assert making.HIDES in words(page)


def test_the_proposals_own_page_leads_there(proposal):
    page = signed_in().get(proposal.get_absolute_url())

    assert at(proposal) in page.content.decode()


def test_what_cannot_be_tried_says_why_and_keeps_what_was_chosen(proposal):
    client = signed_in()

    answered = client.post(at(proposal, "start"), {"rubric_id": "", "sessions": "3", "start": "1"})

    assert answered.status_code == 422
    assert "No past session has a task" in words(answered)
    assert 'value="3"' in words(answered)
    too_many = client.post(at(proposal, "start"), {"sessions": "21", "start": "1"})
    assert "A trial takes at most 20 sessions. Enter 1 to 20." in words(too_many)


def test_whoever_may_only_look_sees_the_trials_and_no_form(proposal):
    trial = making.begun(proposal, version=making.version())
    viewer = signed_in(Role.VIEWER)

    page = viewer.get(at(proposal))

    assert "0 of 4 answered" in words(page)
    assert "Past sessions</label>" not in words(page)
    assert viewer.post(at(proposal, "start"), {"start": "1"}).status_code == 403
    assert viewer.post(at(proposal, "cancel", trial.pk)).status_code == 403


def test_a_page_that_is_looked_at_is_told_once_something_is_new(proposal):
    trial = making.begun(proposal, version=making.version())
    client = signed_in()
    state = client.get(at(proposal)).context["state"]
    asked = {"headers": {"hx-request": "true"}, "query_params": {"state": state}}

    assert client.get(at(proposal), **asked).status_code == 204
    stopped = client.post(at(proposal, "cancel", trial.pk), follow=True)
    assert "Stopped" in words(stopped)
    assert client.get(at(proposal), **asked).status_code == 200


def test_without_a_model_it_says_what_to_do(proposal, settings):
    settings.ANTHROPIC_API_KEY = ""

    assert "This takes a model" in words(signed_in().get(at(proposal)))


def test_a_hostile_answer_is_text(proposal):
    trial = making.begun(proposal, version=making.version())
    trial.cases.filter(position=0).update(
        status="completed", result="satisfied", answer="<script>alert(1)</script>"
    )

    page = signed_in().get(at(proposal)).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
