"""Passwords, one-time links, and the wall between workspaces."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actions import people
from apps.accounts.models import Member, SignInLink, User, Workspace
from tests import make

pytestmark = pytest.mark.django_db


def test_the_default_workspace_is_there_from_the_first_migration_on():
    assert Workspace.objects.get().slug == "default"


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_what_they_asked_for(client):
    make.user("ines", password="correct horse")
    page = "/w/default/sessions/?status=idle"

    asked = client.get(page)
    signed_in = client.post(asked.url, {"username": "ines", "password": "correct horse"})

    assert asked.url == "/sign-in/?next=/w/default/sessions/%3Fstatus%3Didle"
    assert signed_in.url == page


def test_a_wrong_password_says_so_and_keeps_the_name(client):
    make.user("ines", password="correct horse")

    answer = client.post("/sign-in/", {"username": "ines", "password": "wrong"})

    assert answer.status_code == 422
    assert 'value="ines"' in answer.text
    assert "do not belong together" in answer.text


def test_a_link_signs_in_once(client):
    token = SignInLink.issue(make.user("ines", password="correct horse"))

    first = client.get(f"/sign-in/{token}")
    client.logout()
    second = client.get(f"/sign-in/{token}")

    assert first.url == "/"
    assert second.status_code == 410
    assert "used already" in second.text


def test_a_link_is_spent_after_an_hour(client):
    token = SignInLink.issue(make.user())

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert client.get(f"/sign-in/{token}").status_code == 410


def test_only_the_hash_of_a_link_is_kept():
    token = SignInLink.issue(make.user())

    assert token not in str(SignInLink.objects.values().get())


def test_a_person_without_a_password_is_asked_to_set_one(client):
    token = people.first_sign_in_link()

    answer = client.get(f"/sign-in/{token}", follow=True)
    new = {"new_password1": "a long new one", "new_password2": "a long new one"}
    done = client.post("/password/", new)

    assert answer.redirect_chain[-1][0] == "/password/"
    assert done.url == "/"
    assert User.objects.get().check_password("a long new one")
    assert client.get("/", follow=True).status_code == 200


def test_a_password_that_is_too_short_is_refused_with_the_reason(client):
    client.force_login(make.user())

    answer = client.post("/password/", {"new_password1": "short", "new_password2": "short"})

    assert answer.status_code == 422
    assert "at least 10 characters" in answer.text


def test_an_empty_installation_gets_its_first_person_once():
    people.first_sign_in_link()
    people.first_sign_in_link()

    person = User.objects.get()
    assert (person.username, person.is_superuser, person.has_usable_password()) == (
        "admin",
        True,
        False,
    )
    assert Workspace.objects.of(person).get().slug == "default"


def test_a_workspace_that_a_person_is_no_member_of_does_not_exist(client):
    make.workspace("neighbour")
    client.force_login(make.user())

    assert client.get("/w/neighbour/sessions/").status_code == 404
    assert client.get("/w/nowhere/sessions/").status_code == 404


def test_a_person_without_a_workspace_is_told_whom_to_ask(client):
    client.force_login(User.objects.create_user("guest"))

    answer = client.get("/")

    assert answer.status_code == 403
    assert "workspace" in answer.text


def test_a_person_is_a_member_of_a_workspace_once():
    member = make.user().memberships.get()

    with (
        pytest.raises(IntegrityError, match="a_person_is_a_member_of_a_workspace_once"),
        transaction.atomic(),
    ):
        Member.objects.create(user=member.user, workspace=member.workspace)


def test_the_log_keeps_a_links_secret(client, caplog):
    token = SignInLink.issue(make.user())

    with caplog.at_level("INFO"):
        client.get(f"/sign-in/{token}")

    assert "/sign-in/…" in caplog.text
    assert token not in caplog.text


def test_a_link_from_a_terminal_is_for_the_person_who_was_named(client, capsys):
    person = make.user("tom")

    call_command("sign_in_link", "tom", at="https://agents.example.com")
    client.get(capsys.readouterr().out.strip().removeprefix("https://agents.example.com"))

    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_link_for_nobody_is_refused_with_the_way_out():
    with pytest.raises(CommandError, match="create_user"):
        call_command("sign_in_link", "nobody")


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:1"])
def test_signing_in_leads_nowhere_else(client, elsewhere):
    make.user("ines", password="correct horse")
    typed = {"username": "ines", "password": "correct horse", "next": elsewhere}

    assert client.post("/sign-in/", typed).url == "/"


def test_whoever_is_signed_in_is_not_asked_again(client):
    client.force_login(make.user())

    assert client.get("/sign-in/?next=/w/default/import/").url == "/w/default/import/"
    assert client.get("/sign-in/").url == "/"


def test_somebody_switched_off_does_not_come_in(client):
    person = make.user("ines", password="correct horse")
    person.is_active = False
    person.save(update_fields=["is_active"])

    typed = client.post("/sign-in/", {"username": "ines", "password": "correct horse"})
    followed = client.get(f"/sign-in/{SignInLink.issue(person)}")

    assert "do not belong together" in typed.text
    assert followed.status_code == 410
