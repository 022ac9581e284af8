"""Guessing at passwords and links: every wrong guess makes the next wait longer."""

from threading import Barrier, Thread

import pytest
import time_machine
from django.core.cache import cache
from django.test import RequestFactory

from apps.accounts import guessing
from apps.accounts.guessing import PER_ADDRESS, PER_PERSON, Counter, TooManyAttempts
from apps.accounts.models import SignInLink
from tests import make

PASSWORD = "correct horse"


def try_to(client, password, name="ines", **where):
    return client.post("/sign-in/", {"username": name, "password": password}, **where)


def guess_wrong(client, times, name="ines", **where):
    return [try_to(client, f"wrong {number}", name, **where) for number in range(times)][-1]


@pytest.fixture
def ines(db, settings):
    # How long a hash takes is not what these tests are about.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return make.user("ines", password=PASSWORD)


def test_after_some_wrong_passwords_even_the_right_one_waits(client, ines):
    with time_machine.travel("2026-11-02T09:00Z", tick=False):
        last = guess_wrong(client, PER_PERSON)
        answer = try_to(client, PASSWORD)

    assert last.status_code == 422
    assert answer.status_code == 429
    assert answer["retry-after"] == "5"
    assert "Too many attempts. Try again in 5 s." in answer.text
    assert 'value="ines"' in answer.text
    assert "_auth_user_id" not in client.session


def test_the_answer_is_the_same_for_a_name_that_there_is_not(client, ines):
    real = [try_to(client, "wrong", "ines") for _ in range(PER_PERSON + 1)]
    made_up = [try_to(client, "wrong", "igor") for _ in range(PER_PERSON + 1)]

    told = [
        [(each.status_code, each.context["form"].non_field_errors()) for each in answers]
        for answers in (real, made_up)
    ]
    assert told[0] == told[1]


def test_the_wait_grows_and_ends(client, ines):
    with time_machine.travel("2026-11-02T09:00Z", tick=False) as clock:
        guess_wrong(client, PER_PERSON)
        waits = []
        for _ in range(10):
            waits.append(int(try_to(client, "wrong")["retry-after"]))
            clock.shift(waits[-1] + 1)
            assert try_to(client, "wrong").status_code == 422
        clock.shift(guessing.LONGEST_WAIT + 1)
        right = try_to(client, PASSWORD)

    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert right.status_code == 302


def test_the_right_password_begins_again_at_none(client, ines):
    guess_wrong(client, PER_PERSON - 1)
    try_to(client, PASSWORD)
    client.logout()

    assert guess_wrong(client, PER_PERSON).status_code == 422


def test_a_guess_elsewhere_locks_nobody_out_here(client, ines):
    guess_wrong(client, PER_PERSON + 1, REMOTE_ADDR="203.0.113.9")

    assert try_to(client, PASSWORD).status_code == 302


def test_an_address_that_tries_many_names_waits_too(client, ines):
    for number in range(PER_ADDRESS):
        try_to(client, "wrong", f"name-{number}")

    assert try_to(client, PASSWORD).status_code == 429


def test_an_office_that_signs_in_all_day_does_not_wait(client, ines):
    for _ in range(PER_ADDRESS + 1):
        assert try_to(client, PASSWORD).status_code == 302
        client.logout()


@pytest.mark.parametrize("path", ["/sign-in/", "/invite/"])
def test_guessing_links_waits_and_spends_nothing(client, ines, path):
    token = SignInLink.issue(ines)
    for number in range(PER_ADDRESS):
        assert client.get(f"{path}guess-{number}").status_code == 410

    refused = client.get(f"{path}{token}")
    cache.clear()

    assert refused.status_code == 429
    assert int(refused["retry-after"]) > 0
    assert "Too many attempts" in refused.text
    assert client.get(f"/sign-in/{token}").status_code == 302


def test_of_a_thousand_at_once_only_the_free_ones_are_looked_at():
    counter = Counter("guess:test", free=3)
    start = Barrier(12)
    passed = []

    def guess():
        start.wait()
        try:
            guessing.attempt([counter])
        except TooManyAttempts:
            return
        passed.append(1)

    at_once = [Thread(target=guess) for _ in range(12)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()

    assert len(passed) == 3


def test_without_the_cache_people_still_sign_in(client, ines, settings, caplog):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    guess_wrong(client, PER_PERSON + 1)

    assert try_to(client, PASSWORD).status_code == 302
    assert "attempts are not counted" in caplog.text


@pytest.mark.parametrize(
    ("https", "remote", "forwarded", "address"),
    [
        (False, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
        (True, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.1", "made up, 198.51.100.1", "198.51.100.1"),
        (True, "10.0.0.1", "", "unknown"),
        (True, "10.0.0.1", None, "10.0.0.1"),
        (False, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (False, "::ffff:203.0.113.9", None, "203.0.113.9"),
        (False, "", None, "unknown"),
    ],
)
def test_whose_address_counts(settings, https, remote, forwarded, address):
    settings.HTTPS = https
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)

    assert guessing.address_of(request) == address
