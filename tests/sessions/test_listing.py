"""The session list: what it shows, in which order, a page at a time."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import make

pytestmark = pytest.mark.django_db
URL = "/w/default/sessions/"


@pytest.fixture
def ines(client):
    person = make.user()
    client.force_login(person)
    return person


def titles(response):
    return [row.title for row in response.context["page"].rows]


def test_sessions_come_newest_first(client, ines):
    make.session(key="old", created_at=make.START)
    make.session(key="new", created_at=make.START + timedelta(days=1))

    response = client.get(URL)

    assert titles(response) == ["Session new", "Session old"]
    assert "Session new" in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_depend_on_the_number_of_rows(
    client, ines, rows, django_assert_num_queries
):
    for number in range(rows):
        make.session(key=f"s{number}", agent=f"agent {number}")

    with django_assert_num_queries(8):
        response = client.get(URL)

    assert len(titles(response)) == rows


def test_filtering_by_text_costs_two_estimates_more(client, ines, django_assert_num_queries):
    make.session(make.event(text="a refund"))

    with django_assert_num_queries(10):
        response = client.get(URL, {"q": "refund"})

    assert len(titles(response)) == 1


def test_pages_go_older_and_newer_again_even_where_all_began_at_once(client, ines):
    for number in range(105):
        make.session(key=f"{number:03}")
    first = client.get(URL)

    second = client.get(first.context["pages"]["older"])
    third = client.get(second.context["pages"]["older"])
    back = client.get(third.context["pages"]["newer"])
    top = client.get(back.context["pages"]["newer"])

    pages = [titles(each) for each in (first, second, third)]
    assert [len(page) for page in pages] == [50, 50, 5]
    assert len({title for page in pages for title in page}) == 105
    assert titles(back) == pages[1]
    assert titles(top) == pages[0]
    assert "older" not in third.context["pages"]
    assert "newer" not in top.context["pages"]


def test_a_page_keeps_the_filters(client, ines):
    for number in range(51):
        make.session(key=f"{number:03}")

    older = client.get(URL, {"source": "native"}).context["pages"]["older"]

    assert parse_qs(urlsplit(older).query)["source"] == ["native"]


@pytest.mark.parametrize("cursor", ["x", "WyJvIl0:1abc:def", "\x00", "ü" * 500])
def test_a_damaged_page_address_is_said_to_be_one(client, ines, cursor):
    make.session()

    response = client.get(URL, {"cursor": cursor})

    assert response.status_code == 400
    assert "No such page" in response.content.decode()


def test_a_page_address_of_another_list_is_refused(client, ines):
    for number in range(51):
        make.session(key=f"{number:03}")
    cursor = parse_qs(urlsplit(client.get(URL).context["pages"]["older"]).query)["cursor"][0]

    response = client.get("/w/default/import/", {"cursor": cursor})

    assert response.status_code == 400


def test_a_page_whose_rows_are_gone_shows_the_first_one(client, ines):
    for number in range(51):
        make.session(key=f"{number:03}", source="chat" if number else "native")
    older = client.get(URL).context["pages"]["older"]

    response = client.get(older + "&source=chat")

    assert len(titles(response)) == 50


def test_a_row_shows_what_is_counted(client, ines):
    make.session(
        *make.call("refund", {}, "payment amount does not add up", is_error=True, took=90),
        *make.request(tokens=(1200, 300, 0, 0)),
        title="Refund for EWR–LIS",
    )

    html = client.get(URL).content.decode()

    assert "Refund for EWR–LIS" in html
    assert "coordinator" in html
    assert "1.5k" in html
    assert "$0.008" in html
    assert "1 min 30 s" in html


def test_what_has_no_clock_has_no_duration(client, ines):
    make.session(make.event(), make.event(after=90), timed=False)

    assert "1 min 30 s" not in client.get(URL).content.decode()


def test_a_session_without_a_title_goes_by_its_id(client, ines):
    session = make.session(title="")

    assert f">{session.public_id}</a>" in client.get(URL).content.decode()


def test_markup_in_a_transcript_stays_text(client, ines):
    make.session(title="<script>alert(1)</script>", agent="<img src=x onerror=alert(1)>")

    html = client.get(URL).content.decode()

    assert "<script>alert(1)" not in html
    assert "<img src=x" not in html


def test_without_any_session_it_says_how_to_get_some(client, ines):
    html = client.get(URL).content.decode()

    assert "No sessions yet" in html
    assert "/w/default/import/" in html
    assert "manage.py import_sessions" in html


def test_when_none_passes_the_filters_it_offers_to_clear_them(client, ines):
    make.session()

    html = client.get(URL, {"status": "running"}).content.decode()

    assert "No session passes these filters" in html
    assert "No sessions yet" not in html


def test_htmx_gets_the_list_alone(client, ines):
    make.session()

    response = client.get(URL, headers={"HX-Request": "true"})

    assert "<html" not in response.content.decode()
    assert 'id="list"' in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_a_neighbours_sessions_do_not_exist(client, ines):
    neighbours = make.workspace("neighbours")
    make.session(make.event(text="secret"), of=neighbours, title="Secret")

    for query in ("", "?q=secret", "?source=native", "?error=secret"):
        assert "Secret" not in client.get(URL + query).content.decode()
    assert client.get("/w/neighbours/sessions/").status_code == 404


def test_nobody_sees_it_without_signing_in(client):
    make.workspace()

    response = client.get(URL)

    assert response.status_code == 302
    assert "sign" in response["Location"]
