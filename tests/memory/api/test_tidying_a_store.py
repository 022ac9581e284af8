"""`GET /v1/memory_stores/{id}/near_duplicates` and `/contradictions`."""

import pytest

from apps.memory import tasks, tidiness
from apps.memory.api.tidying import ContradictionPage, NearDuplicatePage

pytestmark = pytest.mark.django_db

ROLLBACK = "# Rolling back\n\n- `ship list` names the releases.\n- `ship back` takes one live.\n"


@pytest.fixture
def flawed(write):
    """Two that say the same, and two that cannot both be followed."""
    write("/deploy/rollback.md", ROLLBACK)
    write("/oncall/rollback.md", f"{ROLLBACK}- Open a ticket for the cause.\n")
    write("/auth/sessions.md", "# Sessions\n\nA login session lasts 30 minutes.\n")
    write("/limits.md", "# Limits\n\nUploads: 20 MB.\n\nA login session lasts 60 minutes.\n")


def test_what_says_the_same_is_listed_with_what_only_one_says(api, at, flawed):
    found = api.get(f"{at}/near_duplicates")

    NearDuplicatePage.model_validate(found)
    (pair,) = found["data"]
    assert [each["path"] for each in pair["memories"]] == [
        "/deploy/rollback.md",
        "/oncall/rollback.md",
    ]
    assert pair["only_first"] == []
    assert pair["only_second"] == [{"line": 5, "text": "Open a ticket for the cause."}]
    assert (found["status"], found["compared"], found["next_page"]) == ("ready", 4, None)


def test_what_speaks_against_each_other_is_listed_and_is_no_duplicate(api, at, flawed):
    found = api.get(f"{at}/contradictions")

    ContradictionPage.model_validate(found)
    (pair,) = found["data"]
    assert (pair["first"]["memory"]["path"], pair["first"]["line"]) == ("/auth/sessions.md", 3)
    assert pair["second"]["text"] == "A login session lasts 60 minutes."
    assert pair["reason"] == "numbers"


def test_pages_go_on_after_the_last_pair(api, at, write):
    for number in range(3):
        write(f"/a{number}/note.md", f"The lamp number{number}x is switched on at {number + 4} pm.")
        write(f"/b{number}/memo.md", f"The lamp number{number}x is switched on at {number + 7} pm.")

    whole = api.get(f"{at}/contradictions")["data"]
    first = api.get(f"{at}/contradictions?limit=2")
    rest = api.get(f"{at}/contradictions?limit=2&page={first['next_page']}")

    assert len(whole) >= 3
    assert [*first["data"], *rest["data"]] == whole[: len(rest["data"]) + 2]


def test_a_large_store_is_looked_through_by_a_worker(
    api, at, flawed, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(tidiness, "AT_ONCE", 3)

    with django_capture_on_commit_callbacks() as sent:
        waiting = api.get(f"{at}/contradictions")
        again = api.get(f"{at}/contradictions")
    tasks.look_for_likeness(store_id=at.rpartition("/")[2])

    assert (waiting["status"], waiting["data"], again["status"]) == ("pending", [], "pending")
    assert len(sent) == 1
    assert len(api.get(f"{at}/contradictions")["data"]) == 1


def test_a_change_is_seen_at_once(api, at, flawed, write):
    assert len(api.get(f"{at}/contradictions")["data"]) == 1

    write("/new.md", "# Uploads\n\nUploads: 50 MB.\n")

    assert api.get(f"{at}/contradictions")["compared"] == 5
