"""Asking for a list: filters in the client's spelling, and cursors that are opaque."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core import signing

from apps.accounts.models import AuditEntry
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.wire")]


@pytest.fixture
def entries():
    """Seven entries, a minute apart, oldest first."""
    return [
        AuditEntry.objects.create(
            workspace=make.workspace(),
            actor_type="system_actor",
            action="boat.built",
            object_id=f"boat_{number}",
            created_at=make.START + timedelta(minutes=number),
        )
        for number in range(7)
    ]


def boats(query):
    return make.api().get(f"/v1/boats?{query}")


def complaint(query):
    answer = boats(query)
    assert answer.status_code == 400
    return answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "query", ["kinds[]=sail&kinds[]=row", "kinds%5B%5D=sail&kinds=row", "kinds=sail&kinds=row"]
)
def test_arrays_come_with_brackets_or_without(query):
    assert sorted(boats(query).json()["kinds"]) == ["row", "sail"]


def test_one_value_of_an_array_is_an_array():
    assert boats("kinds[]=sail&ids[]=boat_1").json()["kinds"] == ["sail"]
    assert boats("ids=boat_1").json()["ids"] == ["boat_1"]


def test_booleans_and_numbers_come_as_text():
    answer = boats("sunk=true&limit=5").json()

    assert (answer["sunk"], answer["limit"]) == (True, 5)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("2026-11-02T09:00:00.123456+02:00", "2026-11-02T07:00:00.123456Z"),
        ("2026-11-02T09:00:00Z", "2026-11-02T09:00:00Z"),
        ("2026-11-02T09:00:00", "2026-11-02T09:00:00Z"),
        ("2026-11-02", "2026-11-02T00:00:00Z"),
    ],
)
@pytest.mark.parametrize(
    ("bound", "field"),
    [
        ("gt", "created_after"),
        ("gte", "created_since"),
        ("lt", "created_before"),
        ("lte", "created_until"),
    ],
)
def test_spans_of_time_are_asked_for_in_brackets(bound, field, given, meant):
    assert boats(f"created_at[{bound}]={quote(given)}").json()[field] == meant
    assert boats(f"created_at%5B{bound}%5D={quote(given)}").json()[field] == meant


def test_what_is_wrong_with_a_query_is_told_by_its_name_on_the_wire():
    assert complaint("limit=0") == "limit: input should be greater than or equal to 1"
    assert complaint("limit=101") == "limit: input should be less than or equal to 100"
    assert complaint("limit=x").startswith("limit: input should be a valid integer")
    assert complaint("kinds[]=steam") == "kinds.0: input should be 'sail' or 'row'"
    assert complaint("created_at[gte]=yesterday").startswith("created_at[gte]: input should be")
    assert complaint("created_at[gte]=0001-01-01T00:00:00%2B01:00") == (
        "created_at[gte]: there is no such time in UTC"
    )
    assert complaint("page=%00") == "page: this holds a NUL character"


def test_a_query_that_is_no_text_is_answered(entries):
    assert make.api().get("/v1/boats?ids[]=%ff%fe").status_code == 200
    assert make.api().get("/v1/audit_entries?object_id=%ff&action=%00").status_code == 400


def test_a_walk_through_all_pages_meets_every_row_once(entries):
    client, met, page = make.api(), [], ""

    while page is not None:
        answer = client.get(f"/v1/harbours/a?limit=3&page={page}").json()
        met.append(answer["data"])
        page = answer["next_page"]

    assert met == [
        ["boat_6", "boat_5", "boat_4"],
        ["boat_3", "boat_2", "boat_1"],
        ["boat_0"],
    ]


def test_back_is_where_one_came_from(entries):
    client = make.api()
    first = client.get("/v1/harbours/a?limit=3").json()
    second = client.get(f"/v1/harbours/a?limit=3&page={first['next_page']}").json()
    third = client.get(f"/v1/harbours/a?limit=3&page={second['next_page']}").json()

    back = client.get(f"/v1/harbours/a?limit=3&page={third['prev_page']}").json()
    start = client.get(f"/v1/harbours/a?limit=3&page={back['prev_page']}").json()

    assert first["prev_page"] is None
    assert third["next_page"] is None
    assert back["data"] == second["data"]
    assert (start["data"], start["prev_page"]) == (first["data"], None)


def test_the_other_order_is_the_other_way_round(entries):
    client = make.api()

    first = client.get("/v1/harbours/a?limit=2&order=asc").json()
    second = client.get(f"/v1/harbours/a?limit=2&order=asc&page={first['next_page']}").json()

    assert (first["data"], second["data"]) == (["boat_0", "boat_1"], ["boat_2", "boat_3"])


def test_rows_that_come_in_meanwhile_shift_nothing(entries):
    client = make.api()
    first = client.get("/v1/harbours/a?limit=3").json()
    AuditEntry.objects.create(
        workspace=make.workspace(), actor_type="system_actor", action="x", object_id="boat_new"
    )

    second = client.get(f"/v1/harbours/a?limit=3&page={first['next_page']}").json()

    assert second["data"] == ["boat_3", "boat_2", "boat_1"]


def test_only_its_own_list_takes_a_cursor(entries):
    client = make.api()
    cursor = client.get("/v1/harbours/a?limit=3").json()["next_page"]
    forged = signing.dumps(["n", True, make.START.isoformat(), "audit_x"], salt="page:elsewhere")

    for path in (
        f"/v1/harbours/b?page={cursor}",
        f"/v1/audit_entries?page={cursor}",
        f"/v1/harbours/a?page={cursor}x",
        f"/v1/harbours/a?page={cursor[:-2]}",
        f"/v1/harbours/a?page={forged}",
        "/v1/harbours/a?page=page",
        f"/v1/harbours/a?page={quote('é:ü:ñ')}",
    ):
        answer = client.get(path)

        assert answer.status_code == 400, path
        assert answer.json()["error"]["message"].startswith("page: this is no cursor of this list")


def test_a_cursor_of_the_other_order_is_refused(entries):
    client = make.api()
    cursor = client.get("/v1/harbours/a?limit=3").json()["next_page"]

    answer = client.get(f"/v1/harbours/a?order=asc&page={cursor}")

    assert answer.status_code == 400
    assert "order" in answer.json()["error"]["message"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_takes_the_same_queries_however_many_rows_it_has(
    entries, count, django_assert_num_queries
):
    client = make.api()
    client.get("/v1/harbours/a")  # notes the key's use

    with django_assert_num_queries(2):
        assert len(client.get(f"/v1/harbours/a?limit={count}").json()["data"]) == count
