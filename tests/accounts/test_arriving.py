"""Whom a provider vouches for: known again, matched by address, or new."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import override_settings

from apps.accounts.actions import arriving
from apps.accounts.actions.arriving import Identity, NoSuchWorkspace, NotFromHere, SwitchedOff
from apps.accounts.models import Member, User
from apps.accounts.rights import Role
from tests import make

INES = Identity("ines", "Ines Ito", "ines@example.com", has_verified_email=True)


def somebody(name="tom", email="ines@example.com", **more):
    return User.objects.create_user(name, email, "correct horse", **more)


@pytest.mark.django_db
def test_a_newcomer_is_called_as_the_provider_calls_them_and_waits_for_an_invite():
    person = arriving.admit(INES)

    assert (person.username, person.get_full_name(), person.email) == (
        "ines",
        "Ines Ito",
        "ines@example.com",
    )
    assert not person.has_usable_password()
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_a_newcomer_becomes_what_the_settings_say(settings):
    settings.OIDC_DEFAULT_ROLE = "reviewer"
    settings.OIDC_WORKSPACE = make.workspace("research").slug

    person = arriving.admit(INES)

    place = person.memberships.select_related("workspace").get()
    assert (place.role, place.workspace.slug) == (Role.REVIEWER, "research")


@pytest.mark.django_db
def test_a_workspace_that_there_is_not_is_told_and_nobody_is_made(settings):
    settings.OIDC_DEFAULT_ROLE = "viewer"
    settings.OIDC_WORKSPACE = "nowhere"

    with pytest.raises(
        NoSuchWorkspace,
    ) as told:
        arriving.admit(INES)

    assert "OIDC_WORKSPACE" in told.value.message
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("identity", "username"),
    [
        (Identity("ines", email="x@example.com"), "ines-3"),
        (Identity("Ines Ito/Berlin"), "Ines-Ito-Berlin"),
        (Identity(email="tom@example.com"), "tom"),
        (Identity("😀"), "person"),
        (Identity("x" * 300), "x" * 100),
    ],
)
def test_a_username_is_made_to_fit(identity, username):
    somebody("ines", "")
    somebody("ines-2", "")

    assert arriving.admit(identity).username == username


@pytest.mark.parametrize(
    ("claims", "identity"),
    [
        (
            {
                "preferred_username": "ines",
                "name": "Ines Ito",
                "email": "ines@example.com",
                "email_verified": True,
            },
            INES,
        ),
        (
            {"email": "i@example.com", "email_verified": "true"},
            Identity(email="i@example.com", has_verified_email=True),
        ),
        ({"email": "i@example.com", "email_verified": "no"}, Identity(email="i@example.com")),
        ({"email": "no address", "preferred_username": "a\x00b"}, Identity("ab")),
        ({"email": f"{'x' * 300}@example.com", "name": ["x"]}, Identity()),
    ],
)
def test_of_what_the_provider_claims_what_can_be_kept_is(claims, identity):
    assert Identity.claimed(claims) == identity


@pytest.mark.django_db
def test_a_verified_address_is_matched_and_the_password_set_before_is_gone():
    tom = somebody(email="Ines@Example.com")

    person = arriving.admit(INES)

    assert person == tom
    tom.refresh_from_db()
    assert not tom.has_usable_password()


@pytest.mark.django_db
def test_an_address_that_is_not_verified_matches_nobody():
    tom = somebody()

    person = arriving.admit(Identity("ines", email="ines@example.com"))

    assert person != tom
    tom.refresh_from_db()
    assert tom.has_usable_password()


@pytest.mark.django_db
def test_an_address_of_two_people_matches_neither():
    both = {somebody("tom"), somebody("tim")}

    assert arriving.admit(INES) not in both


@pytest.mark.django_db
def test_nobody_is_matched_for_having_no_address():
    tom = somebody(email="")

    assert arriving.admit(Identity("ines", has_verified_email=True)) != tom


@pytest.mark.django_db
def test_whom_we_know_keeps_what_they_have():
    tom = somebody()

    assert arriving.admit(INES, tom) == tom
    tom.refresh_from_db()
    assert tom.has_usable_password()
    assert not Member.objects.exists()


@pytest.mark.django_db
def test_somebody_switched_off_does_not_come_in():
    tom = somebody(is_active=False)

    with pytest.raises(SwitchedOff):
        arriving.admit(INES, tom)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("identity", "is_from_here"),
    [
        (INES, True),
        (Identity("ines", email="ines@EXAMPLE.com", has_verified_email=True), True),
        (Identity("ines", email="ines@example.com"), False),
        (Identity("ines", email="ines@sub.example.com", has_verified_email=True), False),
        (Identity("ines", email="ines@example.com.evil", has_verified_email=True), False),
        (Identity("ines", has_verified_email=True), False),
    ],
)
def test_only_verified_addresses_of_the_allowed_domains_come_in(settings, identity, is_from_here):
    settings.OIDC_ALLOWED_DOMAINS = ["Example.com"]

    if is_from_here:
        assert arriving.admit(identity).username == "ines"
    else:
        with pytest.raises(NotFromHere):
            arriving.admit(identity)
        with pytest.raises(NotFromHere):  # nor does whoever came in before the rule
            arriving.admit(identity, somebody())


@pytest.mark.django_db(transaction=True)
def test_two_newcomers_of_one_name_at_once_are_two_people():
    start = Barrier(2)
    named = []

    def arrive():
        try:
            start.wait()
            named.append(arriving.admit(Identity("ines")).username)
        finally:
            connection.close()

    with override_settings(OIDC_DEFAULT_ROLE=""):
        both = [Thread(target=arrive) for _ in range(2)]
        for each in both:
            each.start()
        for each in both:
            each.join()

    assert sorted(named) == ["ines", "ines-2"]
