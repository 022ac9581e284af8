"""Links over the API."""

import json

import pytest
from django.test import Client

from apps.linking.api.shapes import WorkspaceLink
from tests import make
from tests.linking.conftest import entries, make_link, sync
from tests.linking.standin import KEY

pytestmark = pytest.mark.django_db
API = "/v1/workspace_links"


def test_a_program_makes_reads_changes_and_ends_a_link(queue):
    api = make.api("admin")

    made = api.post(
        API,
        {"name": "Prod", "api_key": KEY, "base_url": "https://api.example.com/"},
        content_type="application/json",
    ).json()
    url = f"{API}/{made['id']}"
    changed = api.post(
        url, {"paused": True, "sync_every_minutes": 30}, content_type="application/json"
    ).json()

    assert (made["type"], made["status"], made["key_hint"]) == (
        "workspace_link",
        "pending",
        "…cdef",
    )
    assert made["base_url"] == "https://api.example.com"
    assert (changed["paused"], changed["sync_every_minutes"], changed["next_sync_at"]) == (
        True,
        30,
        None,
    )
    assert api.get(url).json() == changed
    assert api.get(API).json() == {"data": [changed], "next_page": None}
    assert KEY not in json.dumps(changed)
    conflict = api.post(f"{url}/sync")
    assert (conflict.status_code, conflict["x-should-retry"]) == (409, "false")
    assert api.delete(url).json() == {"id": made["id"], "type": "workspace_link_deleted"}
    assert api.get(url).status_code == 404
    assert KEY not in json.dumps(entries())


def test_a_program_sees_what_a_sync_has_done(link, there):
    there.session("sesn_1", "one")
    sync(link)
    api = make.api("admin")

    done = api.get(f"{API}/{link.pk}").json()
    asked = api.post(f"{API}/{link.pk}/sync").json()

    assert done["status"] == "idle"
    assert done["last_sync"]["events"] == 1
    assert done["progress"] is None
    assert asked["status"] == "pending"
    assert asked["progress"]["stage"] == ""
    for answer in (done, asked):
        assert WorkspaceLink.model_validate(answer).model_dump() == answer


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "", "api_key": KEY}, "name"),
        ({"name": "x"}, "api_key"),
        ({"name": "x", "api_key": KEY, "sync_every_minutes": 0}, "sync_every_minutes"),
        ({"name": "x", "api_key": KEY, "base_url": "http://example.com"}, "https only"),
        ({"name": "x", "api_key": "a b"}, "key"),
        ({"name": "x", "api_key": KEY, "unknown": 1}, "unknown"),
    ],
)
def test_the_api_says_what_is_wrong(body, field):
    response = make.api("admin").post(API, body, content_type="application/json")

    assert response.status_code == 400
    assert field in response.json()["error"]["message"]


def test_the_base_url_of_a_link_stays(link):
    response = make.api("admin").post(
        f"{API}/{link.pk}", {"base_url": "https://thief.example"}, content_type="application/json"
    )

    assert response.status_code == 400
    assert "base_url" in response.json()["error"]["message"]


def test_links_take_the_admin_scope(link):
    api = make.api("read", "write", "review")
    url = f"{API}/{link.pk}"

    answers = [api.get(API), api.get(url), api.post(API), api.post(url), api.delete(url)]

    assert {each.status_code for each in [*answers, api.post(f"{url}/sync")]} == {403}


def test_the_neighbours_link_is_no_programs_either(link):
    api = make.api("admin", of=make.workspace("other"))
    url = f"{API}/{link.pk}"

    answers = [api.get(url), api.post(url), api.delete(url), api.post(f"{url}/sync")]

    assert {each.status_code for each in answers} == {404}
    assert api.get(API).json()["data"] == []
    assert api.get(f"{API}/a%00b").status_code == 404


@pytest.mark.parametrize("size", [1, 3])
def test_the_api_lists_three_with_as_many_queries_as_one(django_assert_num_queries, size):
    for number in range(size):
        make_link(f"https://{number}.example.com")
    api = make.api("admin")
    api.get(API)

    with django_assert_num_queries(2):
        rows = api.get(API).json()["data"]

    assert len(rows) == size


def test_without_a_key_nothing_is_said():
    assert Client().get(API).status_code == 401
