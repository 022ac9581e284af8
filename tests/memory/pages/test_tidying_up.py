"""The page of what a store says twice or against itself."""

import pytest

from apps.memory import tidiness
from tests import make
from tests.memory.pages.conftest import at, body, new_store, words

pytestmark = pytest.mark.django_db


def contradict(write, number):
    write(f"/a{number}/lamp.md", f"# Lamps\n\nThe lamp zone{number}x has {number + 40} watts.")
    write(f"/b{number}/bulb.md", f"# Bulbs\n\nThe lamp zone{number}x has {number + 70} watts.")


def test_an_empty_store_says_what_to_do_next(client, store):
    assert "write or import some" in words(client.get(at("tidy", store)))


def test_both_statements_stand_side_by_side_and_lead_to_their_lines(client, store, write):
    first = write("/auth/sessions.md", "# Sessions\n\nA login session lasts 30 minutes.")
    second = write("/limits.md", "# Limits\n\nA login session lasts 60 minutes.")

    shown = client.get(at("tidy", store))

    for said in ("lasts 30 minutes", "lasts 60 minutes", "Other figures"):
        assert said in words(shown)
    for memory in (first, second):
        assert f'href="{at("memory", store, memory)}?view=source#L3"' in body(shown)
    twice = words(client.get(f"{at('tidy', store)}?show=duplicates"))
    assert "Nothing is said twice" in twice


def test_hostile_text_stays_text(client, store, write):
    write("/a.md", "A login <script>alert(1)</script> session lasts 30 minutes.")
    write("/b.md", "A login <script>alert(1)</script> session lasts 60 minutes.")

    shown = body(client.get(at("tidy", store)))

    assert "&lt;script&gt;alert" in shown
    assert "<script>alert" not in shown


def test_a_large_store_says_that_a_worker_looks(client, store, write, monkeypatch):
    contradict(write, 1)
    monkeypatch.setattr(tidiness, "AT_ONCE", 1)

    shown = client.get(at("tidy", store))

    assert "A worker is comparing 2 memories" in words(shown)
    assert 'hx-trigger="every 2s"' in body(shown)


def test_a_page_that_is_none_is_refused(client, store, write):
    contradict(write, 1)

    answer = client.get(f"{at('tidy', store)}?page=nonsense")

    assert answer.status_code == 400
    assert "No such page" in words(answer)


def test_a_neighbours_store_is_not_there(client, store):
    theirs = new_store(of=make.workspace("theirs"))

    assert client.get(at("tidy", theirs)).status_code == 404


@pytest.mark.parametrize("pairs", [1, 3])
def test_more_pairs_cost_no_more_queries(client, store, write, pairs, django_assert_num_queries):
    for number in range(pairs):
        contradict(write, number)
    client.get(at("tidy", store))

    with django_assert_num_queries(7):
        client.get(at("tidy", store))
