"""Sign-in through a provider, over real HTTP: a console started with these settings, beside it one
small provider that does what the protocol says, or does not.
"""

import time

import pytest
import requests

from apps.accounts import checks
from tests.accounts.provider import Provider, console

pytestmark = pytest.mark.django_db
INES = {
    "preferred_username": "ines",
    "name": "Ines Ito",
    "email": "ines@example.com",
    "email_verified": True,
}


@pytest.fixture(scope="module")
def provider():
    running = Provider()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture(scope="module")
def site(provider, django_db_setup, django_db_blocker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sso")
    settings = {"OIDC_DEFAULT_ROLE": "viewer", "PASSWORD_SIGN_IN": "off"}
    with django_db_blocker.unblock(), console(folder, provider, **settings) as running:
        yield running


@pytest.fixture
def address(site):
    return site[0]


@pytest.fixture
def rows(site):
    """Answers of the console's own database."""
    return lambda query: site[1].execute(query).fetchall()


@pytest.fixture(autouse=True)
def _nobody_yet(site, provider):
    site[1].execute("TRUNCATE accounts_user, socialaccount_socialaccount CASCADE")
    provider.behave(**INES)


@pytest.fixture
def visitor():
    with requests.Session() as session:
        yield session


def arrive(visitor, address, path="/sign-in-with/"):
    return visitor.get(f"{address}{path}")


def test_the_sign_in_page_offers_the_provider_alone(visitor, address):
    page = visitor.get(address)

    assert page.url == f"{address}/sign-in/?next=/"
    assert "Sign in with Acme &lt;ID&gt;" in page.text
    assert 'name="password"' not in page.text


def test_a_newcomer_comes_in_and_is_what_the_settings_say(visitor, address, rows):
    page = arrive(visitor, address)

    assert page.url == f"{address}/w/default/overview/"
    assert page.status_code == 200
    assert "Ines Ito" in page.text
    assert rows(
        "SELECT username, email, role FROM accounts_member JOIN accounts_user u ON u.id = user_id"
    ) == [("ines", "ines@example.com", "viewer")]


def test_they_are_known_again_by_the_providers_name_for_them(visitor, address, provider, rows):
    arrive(visitor, address)
    visitor.cookies.clear()
    provider.claims |= {"email": "married@example.com", "preferred_username": "ines.new"}

    assert arrive(visitor, address).status_code == 200
    assert rows("SELECT username FROM accounts_user") == [("ines",)]


def test_they_come_back_to_the_page_that_they_asked_for(visitor, address):
    wanted = visitor.get(f"{address}/w/default/settings/members/")
    link = wanted.text.partition('href="/sign-in-with/')[2].partition('"')[0]

    assert arrive(visitor, address, f"/sign-in-with/{link}").url == (
        f"{address}/w/default/settings/members/"
    )


def test_nothing_leads_to_another_site(visitor, address):
    page = arrive(visitor, address, "/sign-in-with/?next=https://evil.example/")

    assert page.url == f"{address}/w/default/overview/"


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"refuses": "access_denied"}, 403, "It was cancelled at Acme &lt;ID&gt;."),
        ({"refuses": "server_error"}, 502, "could not be reached"),
        ({"signs_with_another_key": True}, 502, "its answer did not hold"),
        ({"token_says": {"aud": "another"}}, 502, "its answer did not hold"),
        ({"token_says": {"iss": "https://evil.example"}}, 502, "its answer did not hold"),
        ({"token_says": {"exp": 1}}, 502, "its answer did not hold"),
        ({"token_says": {"sub": "another"}}, 502, "its answer did not hold"),
        ({"userinfo_says": {"sub": "another"}}, 502, "its answer did not hold"),
        ({"userinfo_says": {"sub": None}}, 502, "its answer did not hold"),
    ],
)
def test_what_goes_wrong_is_one_page_and_lets_nobody_in(
    visitor, address, provider, rows, wrong, status, said
):
    for name, value in wrong.items():
        setattr(provider, name, value)

    page = arrive(visitor, address)

    assert page.status_code == status
    assert said in page.text
    assert "You are not signed in" in page.text
    assert rows("SELECT username FROM accounts_user") == []


def test_a_provider_that_is_down_is_said_before_anybody_leaves(visitor, address, provider):
    provider.is_broken = True

    page = arrive(visitor, address)

    assert (page.url, page.status_code) == (f"{address}/sign-in-with/", 502)
    assert "could not be reached" in page.text


def test_clocks_that_differ_a_little_are_no_reason(visitor, address, provider):
    provider.token_says = {"iat": int(time.time()) + 20}

    assert arrive(visitor, address).url == f"{address}/w/default/overview/"


@pytest.mark.parametrize("query", ["", "?code=x&state=y", "?error=access_denied"])
def test_an_answer_that_nobody_asked_for_is_refused(visitor, address, query):
    page = arrive(visitor, address, f"/oidc/callback/{query}")

    assert page.status_code == 502
    assert "You are not signed in" in page.text


def test_another_site_cannot_begin_it(visitor, address):
    answer = visitor.get(
        f"{address}/sign-in-with/",
        headers={"sec-fetch-site": "cross-site"},
        allow_redirects=False,
    )

    assert answer.status_code == 403


def test_a_password_is_not_taken(visitor, address):
    page = visitor.get(f"{address}/sign-in/")
    token = visitor.cookies.get("csrftoken", "")

    answer = visitor.post(
        page.url, {"username": "a", "password": "b", "csrfmiddlewaretoken": token}
    )

    assert answer.status_code == 403


def test_the_pages_of_the_library_are_not_there(visitor, address):
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        assert "Not here" in visitor.get(f"{address}{path}").text


@pytest.fixture
def told(settings):
    """What `manage.py check` says of these settings."""

    def check(**values):
        for name, value in values.items():
            setattr(settings, name, value)
        return [each.msg for each in checks.sign_in()]

    return check


GOOD = {
    "OIDC_ISSUER": "https://id.example.com",
    "OIDC_CLIENT_ID": "agentsite",
    "OIDC_CLIENT_SECRET": "between us",
}


def test_settings_that_go_together_are_not_complained_about(told):
    assert told() == []
    assert told(**GOOD, PASSWORD_SIGN_IN=False, OIDC_DEFAULT_ROLE="viewer") == []
    assert told(**GOOD | {"OIDC_ISSUER": "http://localhost:8080/realms/acme"}) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"PASSWORD_SIGN_IN": False}, "nobody could sign in"),
        (GOOD | {"OIDC_ISSUER": "http://id.example.com"}, "has to begin with https://"),
        (GOOD | {"OIDC_CLIENT_SECRET": ""}, "go OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        (GOOD | {"OIDC_DEFAULT_ROLE": "owner"}, "one of viewer, reviewer, operator, admin"),
    ],
)
def test_settings_that_do_not_go_together_are_told_before_anybody_stands_outside(
    told, values, said
):
    [complaint] = told(**values)

    assert said in complaint
