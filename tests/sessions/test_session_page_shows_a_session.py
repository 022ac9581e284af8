"""The page of one session, through the edge."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(make.user("ines"))
    return client


def test_it_opens(reader):
    session = make.session(
        make.event(text="Please rebook"),
        *make.request(after=1),
        make.event("agent.message", "I will", after=2),
        *make.call("search_fares", {"from": "EWR"}, "none", after=3, is_error=True),
    )

    for query in ("", "?view=debug", "?types=errors", "?q=rebook", "?tab=thread", "?tab=raw"):
        response = reader.get(f"{session.get_absolute_url()}{query}")

        assert response.status_code == 200, query

    assert reader.get(f"{session.get_absolute_url()}what-happened/").status_code == 200
