"""The members of a workspace: listed, given another role, removed; one admin always stays."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from apps.accounts.acting import Actor, NotAllowed
from apps.accounts.actions import membership
from apps.accounts.actions.membership import LastAdmin
from apps.accounts.models import AuditEntry, Invite, Member, User
from apps.accounts.rights import Role
from apps.accounts.views.members import SIZE
from tests import make

PAGE = "/w/default/settings/members/"


def admin(name="ada", **more):
    return make.user(name, role=Role.ADMIN, **more)


def acting(person):
    return Actor.member(person.memberships.select_related("workspace", "user").get())


def role_of(person):
    return person.memberships.values_list("role", flat=True).get()


def entries():
    found = AuditEntry.objects.order_by("created_at", "pk")
    return [(each.action, each.actor_name, each.before, each.after) for each in found]


@pytest.mark.django_db
@pytest.mark.parametrize("size", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    client, django_assert_num_queries, size
):
    client.force_login(admin())
    for number in range(size - 1):
        make.user(f"person-{number}")

    # session, person, place, members, workspaces of the switcher
    with django_assert_num_queries(5):
        page = client.get(PAGE).text

    assert page.count('class="role-cell"') == size


@pytest.mark.django_db
def test_a_long_list_goes_on_by_key(client):
    client.force_login(admin())
    people = User.objects.bulk_create(User(username=f"person-{number}") for number in range(SIZE))
    Member.objects.bulk_create(Member(workspace=make.workspace(), user=each) for each in people)

    first = client.get(PAGE)
    second = client.get(PAGE, {"cursor": first.context["page"].older})
    back = client.get(PAGE, {"cursor": second.context["page"].newer})

    assert len(first.context["page"].rows) == SIZE
    assert [row.user.username for row in second.context["page"].rows] == ["ada"]
    assert back.context["page"].rows == first.context["page"].rows
    assert client.get(PAGE, {"cursor": "made up"}).status_code == 400


@pytest.mark.django_db
def test_the_list_holds_nobody_of_the_neighbour(client):
    make.user("mallory", of=make.workspace("neighbour"))
    client.force_login(admin())

    assert "mallory" not in client.get(PAGE).text


@pytest.mark.django_db
def test_ones_own_row_says_so_and_others_may_only_look(client):
    make.user("tom")
    client.force_login(make.user("vera", role=Role.VIEWER))

    page = client.get(PAGE).text

    assert page.count(">you<") == 1
    assert "/role" not in page
    assert "/settings/members/invites/" not in page


@pytest.mark.django_db
def test_a_name_is_shown_as_text(client):
    hostile = make.user("mallory")
    hostile.first_name = "<script>alert(1)</script>"
    hostile.save(update_fields=["first_name"])
    client.force_login(admin())

    assert "<script>alert(1)" not in client.get(PAGE).text


@pytest.mark.django_db
def test_a_role_changes_at_once_and_leaves_a_note(client):
    tom = make.user("tom", role=Role.VIEWER)
    client.force_login(admin())

    done = client.post(f"{PAGE}{tom.public_id}/role?cursor=x", {"role": "operator"})

    assert done.url == f"{PAGE}?cursor=x"
    assert role_of(tom) == Role.OPERATOR
    assert entries() == [("member.updated", "ada", {"role": "viewer"}, {"role": "operator"})]


@pytest.mark.django_db
def test_the_same_role_again_changes_nothing(client):
    tom = make.user("tom", role=Role.VIEWER)

    membership.change_role(tom.memberships.get(), role=Role.VIEWER, by=acting(admin()))

    assert entries() == []


@pytest.mark.django_db
def test_a_role_that_there_is_not_is_refused(client):
    tom = make.user("tom", role=Role.VIEWER)
    client.force_login(admin())

    page = client.post(f"{PAGE}{tom.public_id}/role", {"role": "owner"}, follow=True)

    assert "There is no such role." in page.text
    assert role_of(tom) == Role.VIEWER


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["role", "remove"])
def test_the_neighbours_member_does_not_exist_here(client, act):
    eve = make.user("eve", of=make.workspace("neighbour"))
    client.force_login(admin())

    answer = client.post(f"{PAGE}{eve.public_id}/{act}", {"role": "viewer"})

    assert answer.status_code == 404
    assert eve.memberships.count() == 1


@pytest.mark.django_db
def test_removing_asks_first_and_then_ends_it_with_the_next_click(client):
    tom = make.user("tom")
    client.force_login(admin())
    path = f"{PAGE}{tom.public_id}/remove"

    question = client.get(path)
    done = client.post(path)
    client.force_login(tom)

    assert "Remove tom from Default?" in question.text
    assert done.url == PAGE
    assert client.get("/w/default/sessions/").status_code == 404
    assert entries() == [("member.deleted", "ada", {"username": "tom", "role": "operator"}, {})]


@pytest.mark.django_db
def test_the_only_admin_can_neither_step_down_nor_leave(client):
    ada = admin()
    admin("eve", of=make.workspace("neighbour"))
    client.force_login(ada)

    stepping = client.post(f"{PAGE}{ada.public_id}/role", {"role": "viewer"}, follow=True)
    leaving = client.post(f"{PAGE}{ada.public_id}/remove")

    assert "This is the only admin." in stepping.text
    assert leaving.status_code == 409
    assert "This is the only admin." in leaving.text
    assert role_of(ada) == Role.ADMIN


@pytest.mark.django_db
def test_an_admin_who_is_switched_off_is_none():
    ada, off = admin(), admin("otto")
    off.is_active = False
    off.save(update_fields=["is_active"])

    with pytest.raises(LastAdmin):
        membership.remove(ada.memberships.get(), by=acting(ada))


@pytest.mark.django_db
def test_an_admin_beside_another_can_leave(client):
    ada = admin()
    admin("bea")
    client.force_login(ada)

    done = client.post(f"{PAGE}{ada.public_id}/remove")

    assert done.url == "/"
    assert not ada.memberships.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["role", "remove"])
def test_whoever_is_no_admin_any_longer_takes_their_invites_along(client, act):
    bea = admin("bea")
    invite, _ = Invite.issue(make.workspace(), role=Role.VIEWER, note="", by=bea)
    ada = admin()
    kept, _ = Invite.issue(make.workspace(), role=Role.VIEWER, note="", by=ada)
    client.force_login(ada)

    client.post(f"{PAGE}{bea.public_id}/{act}", {"role": "operator"})

    assert list(Invite.objects.open()) == [kept]
    assert ("invite.revoked", "ada", {"role": "viewer", "note": ""}, {}) in entries()
    assert invite.pk in {each.object_id for each in AuditEntry.objects.all()}


@pytest.mark.django_db
def test_the_rule_holds_without_the_page():
    tom = make.user("tom")

    with pytest.raises(NotAllowed):
        membership.remove(tom.memberships.get(), by=acting(tom))


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_demote_each_other_at_once_leave_one():
    ada, bea = admin(), admin("bea")
    start = Barrier(2)
    refused = []

    def demote(person, by):
        try:
            member = person.memberships.select_related("workspace", "user").get()
            actor = acting(by)
            start.wait()
            membership.change_role(member, role=Role.VIEWER, by=actor)
        except LastAdmin as last:
            refused.append(last)
        finally:
            connection.close()

    both = [Thread(target=demote, args=pair) for pair in ((ada, bea), (bea, ada))]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert len(refused) == 1
    assert Member.objects.filter(role=Role.ADMIN).count() == 1
