"""What the palette finds."""

from datetime import timedelta

import pytest

from apps.accounts.rights import Role
from tests import make

pytestmark = pytest.mark.django_db
URL = "/w/default/palette/"


@pytest.fixture(autouse=True)
def ines(client):
    person = make.user()
    client.force_login(person)
    return person


@pytest.fixture
def found(client):
    def get(words, group="Sessions"):
        groups = client.get(URL, {"q": words}).context["groups"]
        return [
            item["title"] for each in groups if each["label"] == group for item in each["items"]
        ]

    return get


def test_sessions_are_found_by_any_part_of_their_title(found):
    make.session(title="Refund for EWR–LIS")
    make.session(title="Change of fee")

    assert found("refund") == ["Refund for EWR–LIS"]
    assert found("ewr") == ["Refund for EWR–LIS"]


def test_a_session_is_found_by_its_id_or_the_beginning_of_it(found):
    session = make.session(title="This one")
    make.session(title="Another")

    assert found(session.public_id) == ["This one"]
    assert found(session.public_id[:16]) == ["This one"]


def test_the_newest_eight_are_shown(found):
    for number in range(10):
        make.session(title=f"Refund {number}", created_at=make.START + timedelta(hours=number))

    assert found("refund") == [f"Refund {number}" for number in range(9, 1, -1)]
    assert len(found("")) == 8


def test_an_untitled_session_goes_by_its_id(found):
    session = make.session(title="")

    assert found(session.public_id) == [session.public_id]


def test_places_are_found_by_name(found):
    assert found("import", "Do")[0] == "Import transcripts"
    assert found("errors", "Do")[0] == "Sessions with errors"
    assert "Running sessions" in found("", "Do")
    for place in ("overview", "reviews", "dreams", "outcomes", "memory", "settings"):
        assert found(place, "Do")[0] == f"Go to {place}"
    assert "Go to comparisons of dreams" in found("dreams", "Do")


def test_places_where_one_may_not_go_are_not_found(client, found, ines):
    ines.memberships.update(role=Role.VIEWER)

    assert found("import t", "Do") == ["Search all sessions for “import t”"]


def test_any_words_can_be_searched_in_all_sessions(client, found):
    assert found("no such", "Do") == ["Search all sessions for “no such”"]
    assert "?q=no+such" in client.get(URL, {"q": "no such"}).content.decode()


def test_its_number_of_queries_is_fixed(client, django_assert_num_queries):
    for number in range(3):
        make.session(title=f"Refund {number}", agent=f"agent {number}")

    with django_assert_num_queries(4):
        client.get(URL, {"q": "refund"}, headers={"HX-Request": "true"})


@pytest.mark.parametrize("words", ["\x00", "%", "_", "<script>alert(1)</script>", "x" * 5000])
def test_any_text_is_just_text(client, words):
    make.session(title="Refund")

    response = client.get(URL, {"q": words})

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert [each["label"] for each in response.context["groups"]] != ["Sessions", "Do"] or (
        words == "\x00"
    )


def test_a_neighbours_sessions_do_not_exist(client, found):
    secret = make.session(title="Secret", of=make.workspace("neighbours"))

    assert found("secret") == []
    assert found(secret.public_id) == []
    assert client.get("/w/neighbours/palette/").status_code == 404
