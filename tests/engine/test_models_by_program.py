"""Models over the API."""

import json
from decimal import Decimal

import pytest

from apps.engine import checking, keeping, tasks
from apps.engine.api.shapes import Connection, ModelCall
from apps.engine.asking import RefusedToAnswer
from apps.engine.models import Call, ModelConnection
from tests import make
from tests.engine.conftest import ask, job, question
from tests.standin import Fault

pytestmark = pytest.mark.django_db
API = "/v1/model_connection"
CALLS = "/v1/model_calls"
JSON = "application/json"


@pytest.fixture
def queue(monkeypatch):
    sent = []
    monkeypatch.setattr(
        tasks.check_model_key, "apply_async", lambda kwargs, **_: sent.append(kwargs)
    )
    return sent


def test_a_program_gives_tests_and_takes_away_a_key(queue, there):
    api = make.api("admin")
    given = {"api_key": there.key, "base_url": there.url}

    made = api.post(f"{API}/key", given, content_type=JSON).json()
    checking.check(make.workspace().pk)
    tested = api.get(API).json()
    asked_again = api.post(f"{API}/check").json()
    gone = api.delete(f"{API}/key").json()

    Connection.model_validate(made)
    assert (made["key"], made["checking"], made["check_error"]) == ("workspace", True, None)
    assert (tested["checking"], tested["check_error"]) == (False, None)
    assert tested["checked_at"]
    assert asked_again["checking"]
    assert (gone["key"], gone["base_url"]) == ("none", None)
    assert there.key not in json.dumps([made, tested, asked_again, gone])


def test_a_program_chooses_models_and_caps():
    api = make.api("admin")
    given = {"dream_model": "claude-haiku-5-5", "monthly_cap_usd": "20.5"}

    changed = api.post(API, given, content_type=JSON).json()
    again = api.post(API, {"monthly_cap_usd": None}, content_type=JSON).json()

    assert (changed["dream_model"], changed["monthly_cap_usd"]) == ("claude-haiku-5-5", "20.50")
    assert (again["dream_model"], again["monthly_cap_usd"]) == ("claude-haiku-5-5", None)


@pytest.mark.parametrize(
    "given",
    [
        {"daily_cap_usd": "-1"},
        {"daily_cap_usd": "a lot"},
        {"daily_cap_usd": "NaN"},
        {"daily_cap_usd": "1e99"},
        {"daily_cap_usd": "0.001"},
        {"daily_cap_usd": 5},
        {"dream_model": "two words"},
        {"dream_model": None},
        {"base_url": "https://example.com"},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(given):
    response = make.api("admin").post(API, given, content_type=JSON)

    assert response.status_code == 400
    assert not ModelConnection.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [("post", API), ("post", f"{API}/key"), ("delete", f"{API}/key"), ("post", f"{API}/check")],
)
def test_only_an_admin_changes_anything(method, path):
    response = getattr(make.api("read", "write"), method)(path, {}, content_type=JSON)

    assert response.status_code == 403


def test_calls_are_listed_with_what_they_took_and_nothing_they_said(installed):
    installed.next(None, Fault.refusal())
    ask("One")
    with pytest.raises(RefusedToAnswer):
        ask("Two", number=2)

    listed = make.api("read").get(CALLS).json()["data"]

    refused, answered = [ModelCall.model_validate(each) for each in listed]
    assert (answered.status, answered.error, answered.requests) == ("answered", None, 1)
    assert answered.usage.input_tokens == installed.answered[0].billed.input
    assert Decimal(answered.cost_usd) == Call.objects.get(pk=answered.id).cost_usd
    assert refused.error.type == "RefusedToAnswer"
    assert "One" not in json.dumps(listed)
    one = make.api("read").get(CALLS, {"job_type": "dream", "job_id": "drm_1"}).json()
    assert [each["id"] for each in one["data"]] == [answered.id]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_the_same_whatever_there_is(rows, django_assert_num_queries):
    for number in range(rows):
        keeping.claim(job(), question(f"Lesson {number}"), None)
    api = make.api("read")
    api.get(CALLS)

    with django_assert_num_queries(2):
        assert len(api.get(CALLS).json()["data"]) == rows


def test_the_neighbours_calls_are_not_listed(installed):
    ask("One")

    assert make.api(of=make.workspace("other")).get(CALLS).json()["data"] == []
