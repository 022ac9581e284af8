"""People and workspaces made from a terminal, and workspaces made in the console."""

import io

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import AuditEntry, Member, User, Workspace
from apps.accounts.rights import Role
from tests import make

pytestmark = pytest.mark.django_db
HERE = "https://agents.example.com"


def test_a_person_gets_a_role_and_a_link_that_signs_them_in(client, capsys):
    call_command("create_user", "ines", role="admin", email="ines@Example.com", at=HERE)

    link = capsys.readouterr().out.strip()
    opened = client.get(link.removeprefix(HERE))

    member = Member.objects.select_related("user").get()
    assert (member.user.username, member.user.email, member.role) == (
        "ines",
        "ines@example.com",
        Role.ADMIN,
    )
    assert opened.url == "/password/"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_name, entry.after) == (
        "member.created",
        "agentsite",
        {"username": "ines", "role": "admin"},
    )


def test_without_a_word_they_are_operators_of_the_default_workspace():
    call_command("create_user", "ines")

    member = Member.objects.get()
    assert (member.role, member.workspace.slug) == (Role.OPERATOR, "default")


def test_a_password_comes_by_standard_input_and_no_link_leaves(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO("a long new one\n"))

    call_command("create_user", "ines", "--password-stdin")

    assert capsys.readouterr().out == ""
    assert User.objects.get().check_password("a long new one")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ines", "--workspace=nowhere"), "There is no workspace “nowhere”."),
        (("ines", "--role=owner"), "it is viewer, reviewer, operator or admin."),
        (("ines", "--email=ines"), "email: Enter a valid email address."),
        (("in es",), "username: Enter a valid username."),
        (("tom",), "Somebody has this username already."),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence_and_leaves_nothing(words, said):
    make.user("tom")

    with pytest.raises(CommandError, match=said):
        call_command("create_user", *words)

    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "no password on the standard input"), ("short\n", "at least 10 characters")],
)
def test_a_password_that_is_none_is_refused(monkeypatch, typed, said):
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))

    with pytest.raises(CommandError, match=said):
        call_command("create_user", "ines", "--password-stdin")

    assert not User.objects.exists()


def test_a_workspace_begins_with_an_admin_and_a_note(capsys):
    tom = make.user("tom")

    call_command("create_workspace", "research", name="Research", admin="tom", at=HERE)

    place = Member.objects.select_related("workspace").get(workspace__slug="research")
    assert (place.user, place.role, place.workspace.name) == (tom, Role.ADMIN, "Research")
    assert capsys.readouterr().out == f"{HERE}/w/research/settings/members/\n"
    told = AuditEntry.objects.visible_in(place.workspace).order_by("created_at")
    assert [each.action for each in told] == ["workspace.created", "member.created"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("default", "--admin=tom"), "There is a workspace of this short name already."),
        (("no slug", "--admin=tom"), "slug: Enter a valid “slug”"),
        (("research", "--admin=nobody"), "There is no person of that name"),
    ],
)
def test_a_workspace_that_cannot_be_is_not_made(words, said):
    make.user("tom")

    with pytest.raises(CommandError, match=said):
        call_command("create_workspace", *words)

    assert Workspace.objects.count() == 1


def test_whoever_owns_the_installation_makes_workspaces_in_the_console(client):
    owner = make.user("ada", role=Role.ADMIN)
    owner.is_superuser = True
    owner.save(update_fields=["is_superuser"])
    client.force_login(owner)

    taken = client.post("/workspaces/new/", {"name": "Research", "slug": "default"})
    made = client.post("/workspaces/new/", {"name": "Research", "slug": "research"})

    assert "/workspaces/new/" in client.get("/w/default/sessions/").text
    assert taken.status_code == 422
    assert 'value="Research"' in taken.text
    assert made.url == "/w/research/settings/members/"
    assert client.get(made.url).status_code == 200


def test_nobody_else_does(client):
    client.force_login(make.user("ada", role=Role.ADMIN))

    assert client.get("/workspaces/new/").status_code == 403
    assert "/workspaces/new/" not in client.get("/w/default/sessions/").text
