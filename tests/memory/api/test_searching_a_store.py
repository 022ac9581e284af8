"""`GET /v1/memory_stores/{id}/search`."""

import pytest

from apps.memory.api.searching import MemorySearchPage

pytestmark = pytest.mark.django_db


def test_the_best_come_first_with_what_was_found(api, at, write):
    write("/notes.md", "# Notes\nOne word on refunds.")
    best = write("/refunds.md", "Ask first.")

    found = api.get(f"{at}/search?q=refund")

    MemorySearchPage.model_validate(found)
    assert [each["memory"]["path"] for each in found["data"]] == ["/refunds.md", "/notes.md"]
    first, second = found["data"]
    assert first["memory"] == best | {"content": None}
    assert first["path_highlights"] == [[1, 8]]
    assert second["excerpts"] == [
        {"line": 2, "text": "One word on refunds.", "highlights": [[12, 19]]}
    ]
    assert (found["matched"], found["is_capped"], found["next_page"]) == ("words", False, None)


def test_pages_and_filters(api, at, write):
    for number in range(3):
        write(f"/team/{number}.md", "refund")
    write("/other.md", "refund")

    first = api.get(f"{at}/search?q=refund&path_prefix=/team/&limit=2")
    rest = api.get(f"{at}/search?q=refund&path_prefix=/team/&limit=2&page={first['next_page']}")

    paths = [each["memory"]["path"] for page in (first, rest) for each in page["data"]]
    assert sorted(paths) == ["/team/0.md", "/team/1.md", "/team/2.md"]
    assert rest["next_page"] is None
    author = api.get(f"{at}/memory_versions")["data"][0]["created_by"]["api_key_id"]
    assert len(api.get(f"{at}/search?q=refund&author_id={author}")["data"]) == 4
    assert api.get(f"{at}/search?q=refund&author_id=apikey_no")["data"] == []
    assert api.get(f"{at}/search?q=refund&updated_at[lt]=2020-01-01T00:00:00Z")["data"] == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=a%00", "q"),
        (f"q={'a' * 201}", "q"),
        ("q=a&path_prefix=/team", "path_prefix"),
        ("q=a&page=damaged", "page"),
        ("q=a&updated_at[gte]=soon", "updated_at[gte]"),
    ],
)
def test_what_is_wrong_is_named(api, at, query, named):
    refused = api.client.get(f"/v1/{at}/search?{query}")

    assert refused.status_code == 400
    assert refused.json()["error"]["message"].startswith(f"{named}:")


def test_nobody_searches_next_door(neighbour, at, write):
    write("/a.md", "refund")

    assert neighbour.client.get(f"/v1/{at}/search?q=refund").status_code == 404
