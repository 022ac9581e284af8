"""The page of a search."""

import pytest

from apps.memory.authors import Author
from tests import make
from tests.memory.pages.conftest import at, body, new_store, words

pytestmark = pytest.mark.django_db

INES = Author("user_actor", "user_ines", "ines")


def search(client, store, query):
    return client.get(f"{at('search', store)}?{query}")


def test_an_empty_search_says_what_can_be_looked_for(client, store):
    assert "Words are looked for" in words(search(client, store, ""))


def test_what_is_found_leads_to_the_memory_and_its_line(client, store, write):
    memory = write("/team/refunds.md", "# Refunds\n\nAsk first.")

    answer = search(client, store, "q=refund")

    assert "<mark>refunds</mark>" in body(answer)
    assert f'href="{at("memory", store, memory)}"' in body(answer)
    assert f'href="{at("memory", store, memory)}?view=source#L1"' in body(answer)
    assert "Nothing says exactly" not in words(answer)
    assert "have words that are spelled almost so" in words(search(client, store, "q=refnuds"))
    assert "Nothing says “zebra”" in words(search(client, store, "q=zebra"))


def test_hostile_text_stays_text(client, store, write):
    write("/<b>bold<b>.md", "bold <script>alert(1)</script> </mark><img src=x onerror=alert(2)>")

    shown = body(search(client, store, "q=bold+<script>"))

    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "<b>" not in shown.partition("folder-path")[0].partition("<main")[2]
    assert "&lt;<mark>script</mark>&gt;" in shown


def test_filters_stand_in_the_address_and_are_kept(client, store, write):
    write("/team/a.md", "refund", by=INES)
    write("/other.md", "refund")

    mine = words(search(client, store, "q=refund&author=user_ines"))
    folder = words(search(client, store, "q=refund&folder=team"))
    none = search(client, store, "q=refund&since=2999-01-01")
    wrong = search(client, store, "q=refund&author=user_no&since=soon&folder=/a/../b")

    assert ("a.md" in mine, "other" in mine) == (True, False)
    assert ("a.md" in folder, "other" in folder) == (True, False)
    assert "Not with these filters" in words(none)
    assert 'value="2999-01-01"' in body(none)
    for said in ("Nobody of this name", "This is no day", "no empty segments"):
        assert said in words(wrong)
    assert wrong.status_code == 200


def test_more_than_a_page_goes_on(client, store, write):
    for number in range(21):
        write(f"/{number:02}.md", "refund")

    first = search(client, store, "q=refund")
    rest = client.get(at("search", store) + first.context["more"])

    shown = [hit.memory.path for page in (first, rest) for hit in page.context["found"].hits]
    assert sorted(shown) == [f"/{number:02}.md" for number in range(21)]
    assert search(client, store, "q=refund&page=damaged").status_code == 400


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_however_much_is_found(
    client, store, write, rows, django_assert_num_queries
):
    for number in range(rows):
        write(f"/{number}.md", "refund")
    search(client, store, "q=refund")

    with django_assert_num_queries(10):
        search(client, store, "q=refund")


def test_nobody_searches_next_door(client):
    theirs = new_store(of=make.workspace("next-door"))

    assert search(client, theirs, "q=a").status_code == 404
