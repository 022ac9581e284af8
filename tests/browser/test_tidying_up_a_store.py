"""The page of what a store says twice or against itself, in a browser."""

import pytest

from apps.memory import writing
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.memory.authors import Author
from tests import make
from tests.browser.conftest import overflows, violations

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_statements_stand_side_by_side_for_everybody(page, person, at, workspace, width):
    store = stores.create_store(given=NewStore(name="Team"), by=make.actor(of=workspace))
    with writing.writing(store.pk, by=Author("user_actor", "user_ines", "ines")) as pen:
        pen.create("/auth/sessions.md", "# Sessions\n\nA login session lasts 30 minutes.\n")
        pen.create("/limits.md", "# Limits\n\nA login session lasts 60 minutes.\n")
    page.set_viewport_size({"width": width, "height": 800})

    page.goto(at(f"memory/{store.pk}/tidy/"))

    assert (violations(page), overflows(page)) == ([], False)
    page.get_by_role("link", name="Said twice").click()
    page.get_by_role("heading", name="Nothing is said twice").wait_for()
    page.go_back()
    page.get_by_role("link", name="/limits.md", exact=True).click()
    page.get_by_role("heading", name="limits.md").first.wait_for()
