"""Views of the session list that people keep."""

import pytest
from django.db import IntegrityError

from apps.sessions.models import SavedView
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/w/default/sessions/"
SAVE = "/w/default/sessions/views/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ines(client):
    person = make.user()
    client.force_login(person)
    return person


def view(person, name="Broken", query="status=running&errors=1", of=None):
    return SavedView.objects.create(
        user=person, workspace=of or make.workspace(), name=name, query=query
    )


def labels(response):
    return [tab.label for tab in response.context["tabs"]]


def test_everybody_has_three(client, ines):
    assert labels(client.get(LIST)) == ["All", "With errors", "Running"]


def test_the_tab_of_the_filters_in_the_address_is_current(client, ines):
    view(ines)

    response = client.get(LIST + "?status=running&errors=1")

    assert response.context["current"].label == "Broken"


def test_saving_keeps_the_filters_and_nothing_else(client, ines):
    response = client.post(
        SAVE, {"name": "Broken", "query": "status=running&cursor=x&errors=1&evil=2&source=smoke"}
    )

    kept = SavedView.objects.get()
    assert (kept.name, kept.query, kept.user) == ("Broken", "status=running&errors=1", ines)
    assert response.status_code == 302
    assert response["Location"] == f"{LIST}?status=running&errors=1"
    assert "Broken" in labels(client.get(LIST))


def test_htmx_gets_the_tabs_with_the_new_one(client, ines):
    response = client.post(SAVE, {"name": "Broken", "query": "errors=1&tool=book"}, headers=HTMX)

    html = response.content.decode()
    assert response.status_code == 200
    assert 'id="views"' in html
    assert "<html" not in html
    assert "Delete view" in html


def test_a_name_is_used_once_and_nothing_is_lost(client, ines):
    kept = view(ines)

    response = client.post(SAVE, {"name": "Broken", "query": "tool=book"}, headers=HTMX)

    html = response.content.decode()
    assert response.status_code == 422
    assert "You have a view of this name" in html
    assert 'value="Broken"' in html
    assert 'value="tool=book"' in html
    kept.refresh_from_db()
    assert kept.query == "status=running&errors=1"


def test_without_scripts_the_error_is_a_message(client, ines):
    view(ines)

    response = client.post(SAVE, {"name": "Broken", "query": "tool=book"}, follow=True)

    assert "You have a view of this name" in response.content.decode()
    assert response.request["QUERY_STRING"] == "tool=book"


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_view_needs_a_name(client, ines, name):
    response = client.post(SAVE, {"name": name, "query": "tool=book"}, headers=HTMX)

    assert response.status_code == 422
    assert not SavedView.objects.exists()


def test_deleting_one_leaves_the_list_as_it_is(client, ines):
    kept = view(ines)

    response = client.post(f"{SAVE}{kept.pk}/delete", follow=True)

    assert not SavedView.objects.exists()
    assert response.request["QUERY_STRING"] == kept.query
    assert "Deleted the view" in response.content.decode()


def test_only_a_post_deletes(client, ines):
    kept = view(ines)

    assert client.get(f"{SAVE}{kept.pk}/delete").status_code == 405
    assert client.get(SAVE).status_code == 405


def test_somebody_elses_view_does_not_exist(client, ines):
    kept = view(make.user("tom"))

    assert "Broken" not in labels(client.get(LIST))
    assert client.post(f"{SAVE}{kept.pk}/delete").status_code == 404
    assert SavedView.objects.exists()


def test_a_view_of_another_workspace_does_not_exist(client, ines):
    neighbours = make.workspace("neighbours")
    kept = view(ines, of=neighbours)

    assert "Broken" not in labels(client.get(LIST))
    assert client.post(f"{SAVE}{kept.pk}/delete").status_code == 404
    assert client.post("/w/neighbours/sessions/views/", {"name": "x"}).status_code == 404


def test_a_person_names_a_view_once():
    person = make.user()
    view(person)

    with pytest.raises(IntegrityError, match="a_person_names_a_view_once"):
        view(person, query="")
