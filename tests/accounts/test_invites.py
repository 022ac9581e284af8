"""Letting somebody in by a link."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from apps.accounts.actions import inviting
from apps.accounts.actions.inviting import SpentInvite
from apps.accounts.models import AuditEntry, Invite, Member, User
from apps.accounts.rights import Role
from apps.accounts.views.members import SIZE
from tests import make

PAGE = "/w/default/settings/members/invites/"
NEWCOMER = {
    "username": "nele",
    "name": "Nele Noor",
    "email": "nele@example.com",
    "password": "a long new one",
}


def admin(name="ada", **more):
    return make.user(name, role=Role.ADMIN, **more)


def invited(role=Role.OPERATOR, by=None):
    made, token = Invite.issue(
        make.workspace(), role=role, note="Nele", by=by or make.user("ada", role=Role.ADMIN)
    )
    return made, token, f"/invite/{token}"


@pytest.mark.django_db
def test_the_link_is_shown_once_and_only_its_hash_is_kept(client):
    client.force_login(admin())

    made = client.post(PAGE, {"note": "Nele", "role": "viewer"})
    link = made.context["link"]
    again = client.get(PAGE)

    assert made.status_code == 201
    assert link in made.text
    assert link not in again.text
    assert "Nele" in again.text
    token = link.rpartition("/")[2]
    assert token not in str(Invite.objects.values().get())
    assert made["cache-control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.django_db
def test_an_invite_without_a_role_keeps_what_was_typed(client):
    client.force_login(admin())

    answer = client.post(PAGE, {"note": "Nele", "role": "owner"})

    assert answer.status_code == 422
    assert 'value="Nele"' in answer.text
    assert not Invite.objects.exists()


@pytest.mark.django_db
def test_making_one_for_htmx_answers_with_the_part_alone(client):
    client.force_login(admin())

    part = client.post(PAGE, {"note": "", "role": "viewer"}, headers={"hx-request": "true"})

    assert "<html" not in part.text
    assert part.context["link"] in part.text


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    client, django_assert_num_queries, size
):
    ada = admin()
    client.force_login(ada)
    for _ in range(size):
        invited(by=ada)

    # session, person, place, invites, workspaces of the switcher
    with django_assert_num_queries(5):
        page = client.get(PAGE).text

    assert page.count("/revoke") == size


@pytest.mark.django_db
def test_a_long_list_goes_on_by_key(client):
    ada = admin()
    client.force_login(ada)
    made = [invited(by=ada)[0] for _ in range(SIZE + 1)]

    first = client.get(PAGE)
    second = client.get(PAGE, {"cursor": first.context["page"].older})

    assert [row.pk for row in first.context["page"].rows] == [each.pk for each in made[:0:-1]]
    assert [row.pk for row in second.context["page"].rows] == [made[0].pk]
    assert client.get(PAGE, {"cursor": "made up"}).status_code == 400


@pytest.mark.django_db
def test_the_list_holds_what_is_open_here(client):
    ada = admin()
    _, token, _ = invited(by=ada)
    inviting.accept(token, person=User.objects.create_user("nele"))
    Invite.issue(make.workspace("neighbour"), role=Role.VIEWER, note="foreign", by=ada)
    client.force_login(ada)

    page = client.get(PAGE)

    assert page.context["page"].rows == []
    assert "No open invites" in page.text


@pytest.mark.django_db
def test_somebody_signed_in_joins_by_pressing_a_button(client):
    made, _, path = invited(Role.REVIEWER)
    nele = User.objects.create_user("nele")
    client.force_login(nele)

    asked = client.get(path)
    joined = client.post(path)

    assert "Join as nele" in asked.text
    assert not asked.context["is_member"]
    assert joined.url == "/w/default/sessions/"
    assert Member.objects.get(user=nele).role == Role.REVIEWER
    made.refresh_from_db()
    assert made.used_by == nele
    told = AuditEntry.objects.filter(user=nele).order_by("created_at")
    assert [(each.action, each.after) for each in told] == [
        ("invite.accepted", {"role": "reviewer"}),
        ("member.created", {"role": "reviewer", "username": "nele"}),
    ]


@pytest.mark.django_db
def test_a_newcomer_makes_an_account_and_is_in(client):
    _, _, path = invited(Role.VIEWER)

    asked = client.get(path)
    joined = client.post(path, NEWCOMER)

    assert "invites you as <b>viewer</b>" in asked.text
    assert joined.url == "/w/default/sessions/"
    nele = User.objects.get(username="nele")
    assert (nele.get_full_name(), nele.email) == ("Nele Noor", "nele@example.com")
    assert nele.check_password("a long new one")
    assert client.get(joined.url).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "short"}, "at least 10 characters"),
        ({"password": "nele@example.com"}, "too similar"),
        ({"username": "ada"}, "has this username already"),
        ({"username": "ne le"}, "Enter a valid username"),
        ({"username": "n\x00"}, "Null characters are not allowed"),
        ({"email": "nele"}, "Enter a valid email address"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_is_kept(client, wrong, said):
    made, _, path = invited()

    answer = client.post(path, NEWCOMER | wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="Nele Noor"' in answer.text
    assert Invite.objects.open().get() == made
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_link_lets_one_person_in(client):
    _, token, path = invited()
    client.post(path, NEWCOMER)
    client.logout()

    again = client.post(path, NEWCOMER | {"username": "mallory"})

    assert again.status_code == 410
    assert "was used or taken back" in again.text
    assert not User.objects.filter(username="mallory").exists()
    with pytest.raises(SpentInvite):
        inviting.accept(token, person=User.objects.create_user("mallory"))


@pytest.mark.django_db
def test_a_link_ends_after_a_week(client):
    _, _, path = invited()

    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        assert client.get(path).status_code == 410


@pytest.mark.django_db
def test_a_link_that_was_taken_back_lets_nobody_in(client):
    made, _, path = invited()
    client.force_login(User.objects.get(username="ada"))

    done = client.post(f"{PAGE}{made.pk}/revoke")
    client.post(f"{PAGE}{made.pk}/revoke")
    client.logout()

    assert done.url == PAGE
    assert client.get(path).status_code == 410
    assert AuditEntry.objects.filter(action="invite.revoked").count() == 1


@pytest.mark.django_db
def test_the_neighbours_invite_cannot_be_taken_back(client):
    eve = admin("eve", of=make.workspace("neighbour"))
    foreign, _ = Invite.issue(make.workspace("neighbour"), role=Role.VIEWER, note="", by=eve)
    client.force_login(admin())

    assert client.post(f"{PAGE}{foreign.pk}/revoke").status_code == 404
    assert Invite.objects.open().get() == foreign


@pytest.mark.django_db
def test_whoever_is_in_already_leaves_the_link_to_others(client):
    made, _, path = invited(Role.ADMIN)
    client.force_login(make.user("otto", role=Role.VIEWER))

    asked = client.get(path)
    pressed = client.post(path, follow=True)

    assert "You are in this workspace already" in asked.text
    assert "You are in this workspace already" in pressed.text
    assert Member.objects.get(user__username="otto").role == Role.VIEWER
    assert Invite.objects.open().get() == made


@pytest.mark.django_db
def test_without_passwords_nobody_makes_an_account(client, settings):
    settings.PASSWORD_SIGN_IN = False
    _, _, path = invited()

    asked = client.get(path)
    answer = client.post(path, NEWCOMER)

    assert 'name="password"' not in asked.text
    assert answer.status_code == 403
    assert not User.objects.filter(username="nele").exists()


@pytest.mark.django_db
def test_the_log_keeps_the_secret(client, caplog):
    _, token, path = invited()

    with caplog.at_level("INFO"):
        client.get(path)

    assert "/invite/…" in caplog.text
    assert token not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_who_follow_one_link_at_once_are_one():
    _, token, _ = invited()
    people = [User.objects.create_user(name) for name in ("nele", "mallory")]
    start = Barrier(2)
    refused = []

    def follow(person):
        try:
            start.wait()
            inviting.accept(token, person=person)
        except SpentInvite as spent:
            refused.append(spent)
        finally:
            connection.close()

    both = [Thread(target=follow, args=(person,)) for person in people]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert len(refused) == 1
    assert Member.objects.filter(user__in=people).count() == 1
