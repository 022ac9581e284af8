"""An address may hold anything, and no page breaks over it."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db
ODD = ["%00", "a%00", "%ed%a0%80", "9" * 30, "%22%27((%26|!", "..", "a" * 5_000]
PAGES = [
    "sessions/?q={}&tool={}&agent={}&error={}",
    "sessions/?status={}&source={}&outcome={}&within={}",
    "sessions/?created_from={}&created_to={}",
    "sessions/?cursor={}",
    "sessions/{}/",
    "sessions/{}/events/{}/",
    "sessions/sesn_a/?event={}&to={}",
    "sessions/sesn_a/?thread={}&types={}&view={}&tab={}&q={}",
    "sessions/sesn_a/?after={}&before={}&around={}",
    "sessions/sesn_a/export.{}",
    "import/?cursor={}",
    "import/{}/",
    "palette/?q={}",
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("page", PAGES)
def test_it_is_answered_or_not_found(client, page, odd):
    make.session(make.event(), public_id="sesn_a")
    client.force_login(make.user())

    answer = client.get("/w/default/" + page.replace("{}", odd))

    assert answer.status_code in {200, 301, 302, 400, 404}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "soon"])
def test_a_day_that_cannot_be_filters_nothing_and_says_so(client, day):
    make.session(title="Refund")
    client.force_login(make.user())

    answer = client.get(f"/w/default/sessions/?created_from={day}&created_to={day}")

    assert answer.status_code == 200
    assert "Refund" in answer.text
