"""What each filter of the session list lets through."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.sessions import filtering
from apps.sessions.models import Session
from tests import make

pytestmark = pytest.mark.django_db
URL = "/w/default/sessions/"


@pytest.fixture(autouse=True)
def ines(client):
    person = make.user()
    client.force_login(person)
    return person


@pytest.fixture
def listed(client):
    def get(**query):
        response = client.get(URL, query)
        return sorted(row.external_id for row in response.context["page"].rows)

    return get


def verdict(result, **where):
    return make.event("span.outcome_evaluation_end", outcome_id="outc_1", result=result, **where)


def test_by_status(listed):
    make.session(make.event("session.status_running", key="runs"))
    make.session(key="idles")

    assert listed(status="running") == ["runs"]


def test_by_agent(listed):
    session = make.session(key="refunds", agent="refunds")
    make.session(key="other", agent="bookings")

    assert listed(agent=session.agent.public_id) == ["refunds"]


def test_by_source(listed):
    make.session(key="native")
    make.session(key="chat", source="chat")

    assert listed(source="chat") == ["chat"]


def test_by_outcome(listed):
    make.session(verdict("satisfied", key="good"))
    make.session(verdict("failed", key="bad"))
    make.session(key="none")

    assert listed(outcome="satisfied") == ["good"]
    assert listed(outcome="failed") == ["bad"]


def test_by_errors(listed):
    make.session(*make.call("refund", {}, "no", is_error=True, key="broke"))
    make.session(*make.call("refund", {}, "yes", key="worked"))

    assert listed(errors="1") == ["broke"]


def test_by_tool(listed):
    make.session(*make.call("refund", {}, "done", key="refunds"))
    make.session(*make.call("book", {}, "done", key="books"))

    assert listed(tool="refund") == ["refunds"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("economy", ["a", "b"]),
        ("economy refund", ["a"]),
        ('"basic economy"', ["a"]),
        ("refund or upgrade", ["a", "b"]),
        ("economy -refund", ["b"]),
        ("ECONOMY", ["a", "b"]),
        ("econ", []),
        ("!&|:*()'\"<->", []),
    ],
)
def test_by_what_was_said(listed, words, found):
    make.session(make.event(text="A refund of basic economy", key="a"), title="One")
    make.session(make.event(text="An upgrade from economy", key="b"), title="Two")

    assert listed(q=words) == found


def test_text_is_searched_in_titles_too(listed):
    make.session(key="titled", title="Refund for EWR–LIS")
    make.session(key="other")

    assert listed(q="ewr–lis") == ["titled"]


@pytest.mark.parametrize(
    "text", ["amount does not", "AMOUNT DOES NOT", "payment amount does not add up"]
)
def test_by_the_text_of_errors(listed, text):
    said = "Error: payment amount does not add up, total price is 9"
    make.session(*make.call("book", {}, said, is_error=True, key="errs"))
    make.session(*make.call("book", {}, said, key="says"))

    assert listed(error=text) == ["errs"]


@pytest.mark.parametrize("text", ["100%", "a_b", "a\\d"])
def test_signs_in_an_error_text_mean_themselves(listed, text):
    make.session(*make.call("book", {}, f"at {text} now", is_error=True, key="has"))
    make.session(*make.call("book", {}, "at 100 axb now", is_error=True, key="has not"))

    assert listed(error=text) == ["has"]


def test_by_span_and_by_days(listed):
    now = datetime.now(UTC)
    make.session(key="just now", created_at=now - timedelta(minutes=5))
    make.session(key="this week", created_at=now - timedelta(days=3))
    make.session(key="2024", created_at=datetime(2024, 5, 6, 23, 59, tzinfo=UTC))

    assert listed(within="1h") == ["just now"]
    assert listed(within="7d") == ["just now", "this week"]
    assert listed(created_from="2024-05-06", created_to="2024-05-06") == ["2024"]
    assert listed(created_to="2024-05-05") == []
    assert listed(created_from="2024-05-07") == ["just now", "this week"]


def test_days_say_more_than_a_span(client, listed):
    make.session(key="2024", created_at=datetime(2024, 5, 6, tzinfo=UTC))

    assert listed(within="1h", created_to="2024-05-06") == ["2024"]


def test_filters_add_up(listed):
    make.session(*make.call("book", {}, "no seats", is_error=True, key="a"), source="chat")
    make.session(*make.call("book", {}, "no seats", is_error=True, key="b"))
    make.session(*make.call("book", {}, "done", key="c"), source="chat")

    assert listed(source="chat", tool="book", errors="1", error="no seats", q="seats") == ["a"]


@pytest.mark.parametrize(
    "query",
    [
        {"status": "gone"},
        {"agent": "agent_none"},
        {"source": "smoke"},
        {"outcome": "hm"},
        {"within": "1y"},
        {"created_from": "2026-40-40"},
        {"created_from": "2026-02-02", "created_to": "2026-01-01"},
        {"errors": "yes"},
        {"error": "ab"},
        {"q": "a" * 201},
        {"q": "a\x00b"},
        {"tool": "a" * 129},
        {"q": "-refund"},
        {"q": '-"basic economy" -refund'},
        {"q": "economy or -refund"},
    ],
)
def test_what_makes_no_sense_is_named_and_filters_nothing(client, query):
    make.session(created_at=datetime(2026, 3, 3, tzinfo=UTC))

    response = client.get(URL, query)

    assert response.status_code == 200
    assert len(response.context["page"].rows) == 1
    assert "filters nothing" in response.content.decode()


def test_a_neighbours_agent_is_unknown(client):
    neighbours = make.session(of=make.workspace("neighbours"))

    response = client.get(URL, {"agent": neighbours.agent.public_id})

    assert "This workspace has no agent" in response.content.decode()


def test_a_common_word_is_looked_up_only_so_often(client, monkeypatch):
    monkeypatch.setattr(filtering, "MOST_FOUND", 2)
    monkeypatch.setattr(filtering, "_estimate", lambda _events: 1_000_000)
    for key in "abc":
        make.session(make.event(text="refund", key=key), title="")

    response = client.get(URL, {"q": "refund"})

    assert [row.external_id for row in response.context["page"].rows] == ["c", "b"]
    assert "newest" in response.content.decode()


def test_a_neighbours_events_take_no_place_among_those_looked_up(monkeypatch):
    monkeypatch.setattr(filtering, "MOST_FOUND", 1)
    monkeypatch.setattr(filtering, "_estimate", lambda _events: 1_000_000)
    ours = make.session(make.event(text="refund", key="ours"))
    make.session(make.event(text="refund", key="theirs"), of=make.workspace("neighbours"))

    found = filtering.narrow(Session.objects.visible_in(ours.workspace), {"q": "refund"})

    assert [row.external_id for row in found.sessions] == ["ours"]
    assert not found.is_cut


def test_each_filter_that_is_set_can_be_taken_off(client):
    make.session()

    facets = client.get(URL, {"status": "idle", "tool": "book"}).context["facets"]
    addresses = {facet.name: facet.without for facet in facets}

    assert addresses["status"] == f"{URL}?tool=book"
    assert addresses["tool"] == f"{URL}?status=idle"
    assert addresses["agent"] == f"{URL}?status=idle&tool=book"


def test_a_form_without_scripts_carries_the_chosen_filters_along(client):
    html = client.get(URL, {"status": "idle", "q": "refund"}).content.decode()

    assert '<input type="hidden" name="status" value="idle">' in html
    assert 'name="q" id="list-q" value="refund"' in html
