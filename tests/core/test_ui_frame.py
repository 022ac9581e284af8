"""What the frame of a page knows."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.test import RequestFactory

from apps.core import styleguide
from apps.core.context import shell
from tests import make

pytestmark = pytest.mark.django_db


def request_at(path, *, workspace=None, user=None, **cookies):
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    request.workspace = workspace
    request.user = user
    return request


def test_a_page_without_a_workspace_has_no_places():
    assert shell(request_at("/sign-in/")) == {"theme": "", "density": "", "workspace": None}


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><x', "")])
def test_the_theme_is_one_we_know(cookie, theme):
    assert shell(request_at("/", theme=cookie))["theme"] == theme


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/w/default/sessions/", {"Sessions": "page"}),
        ("/w/default/sessions/sesn_1/", {"Sessions": "true"}),
        ("/w/default/import/", {"Import": "page"}),
        ("/w/default/settings/members/", {"Settings": "page"}),
        ("/w/default/settings/members/invites/", {"Settings": "true"}),
        ("/w/default/elsewhere/", {}),
    ],
)
def test_the_rail_says_where_one_is(path, current):
    nav = shell(request_at(path, workspace=make.workspace()))["nav"]

    assert {place["label"]: place["current"] for place in nav if place["current"]} == current


def test_the_switcher_offers_only_ones_own_workspaces():
    mine, _foreign = make.workspace("alpha"), make.workspace("beta")
    request = request_at("/", workspace=mine, user=make.user(of=mine))

    assert shell(request)["workspaces"]() == [mine]


def test_the_switcher_asks_nothing_until_it_is_drawn(django_assert_num_queries):
    mine = make.workspace("alpha")
    request = request_at("/", workspace=mine, user=make.user(of=mine))

    with django_assert_num_queries(0):
        shell(request)


def test_nobody_has_no_workspaces():
    request = request_at("/", workspace=make.workspace(), user=AnonymousUser())

    assert shell(request)["workspaces"]() == []


def test_the_style_guide_draws_every_part():
    request = request_at("/styleguide")
    SessionMiddleware(lambda _: None).process_request(request)
    MessageMiddleware(lambda _: None).process_request(request)

    drawn = styleguide.page(request).content.decode()

    parts = ("btn", "badge", "chip", "segments", "tabs", "field", "table", "toast", "empty", "drop")
    assert [name for name in parts if f'class="{name}' not in drawn] == []
