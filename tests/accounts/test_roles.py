"""What each role may do: one table, in code, on the page and in the docs."""

from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import Invite, Member
from apps.accounts.rights import Right, Role
from apps.core.ids import new_id
from tests import make

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parent.parent.parent / ".github" / "docs" / "roles-and-keys.md"
LEAST = {
    Right.READ: Role.VIEWER,
    Right.REVIEW: Role.REVIEWER,
    Right.WRITE: Role.OPERATOR,
    Right.ADMIN: Role.ADMIN,
}
# One page of every kind: how it is asked for, and what it takes.
PAGES = [
    ("GET", "sessions/", Right.READ),
    ("GET", "palette/", Right.READ),
    ("POST", "sessions/views/", Right.READ),
    ("POST", "sessions/views/view_none/delete", Right.READ),
    ("GET", "settings/members/", Right.READ),
    ("GET", "import/", Right.WRITE),
    ("POST", "import/", Right.WRITE),
    ("GET", "import/imp_none/", Right.WRITE),
    ("GET", "settings/members/invites/", Right.ADMIN),
    ("POST", "settings/members/invites/", Right.ADMIN),
    ("POST", "settings/members/invites/invite_none/revoke", Right.ADMIN),
    ("POST", "settings/members/user_none/role", Right.ADMIN),
    ("GET", "settings/members/user_none/remove", Right.ADMIN),
    ("POST", "settings/members/user_none/remove", Right.ADMIN),
]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("method", "page", "right"), PAGES)
def test_a_role_opens_what_it_may_and_nothing_else(client, role, method, page, right):
    client.force_login(make.user(role=role))

    answer = client.generic(method, f"/w/default/{page}")

    assert (answer.status_code != 403) == (right in role.rights)


@pytest.mark.parametrize("right", list(Right))
def test_the_least_role_that_may_is_known(right):
    assert Role.having(right) == LEAST[right]


@pytest.mark.parametrize("least", list(Role))
def test_every_role_may_what_the_one_before_it_may(least):
    before = list(Role)[: list(Role).index(least)]

    assert all(each.rights < least.rights for each in before)


def test_a_refusal_says_which_role_it_takes_and_who_can_give_it(client):
    make.user("tom", role=Role.ADMIN)
    make.user("eve", role=Role.ADMIN, of=make.workspace("elsewhere"))
    client.force_login(make.user("ines", role=Role.VIEWER))

    answer = client.get("/w/default/import/")

    assert answer.status_code == 403
    assert "This takes the role of operator" in answer.text
    assert "You are viewer in Default" in answer.text
    assert "<b>tom</b>" in answer.text
    assert "eve" not in answer.text


def test_whoever_may_not_import_is_not_shown_the_way_there(client):
    client.force_login(make.user("vera", role=Role.VIEWER))
    seen_by_a_viewer = client.get("/w/default/sessions/").text
    client.force_login(make.user("otto", role=Role.OPERATOR))
    seen_by_an_operator = client.get("/w/default/sessions/").text

    assert "/w/default/import/" not in seen_by_a_viewer
    assert "/w/default/import/" in seen_by_an_operator


def test_the_members_page_shows_the_table(client):
    client.force_login(make.user(role=Role.VIEWER))

    page = client.get("/w/default/settings/members/").text

    assert [right for right in Right if right.meaning not in page] == []
    assert page.count('<span class="readers">yes</span>') == sum(len(role.rights) for role in Role)


def test_the_table_in_the_docs_is_the_one_in_code():
    rows = [
        "| | " + " | ".join(role.label for role in Role) + " |",
        "| --- |" + " :-: |" * len(Role),
        *(
            f"| {right.meaning} | "
            + " | ".join("✓" if right in role.rights else "" for role in Role).rstrip()
            + " |"
            for right in Right
        ),
    ]

    told = [" ".join(line.split()) for line in DOCS.read_text().splitlines()]
    assert [row for row in rows if " ".join(row.split()) not in told] == []


def test_a_member_has_a_role_that_there_is():
    member = make.user().memberships.get()

    with (
        pytest.raises(IntegrityError, match="a_member_has_a_known_role"),
        transaction.atomic(),
    ):
        Member.objects.filter(pk=member.pk).update(role="owner")


def test_an_invite_offers_a_role_that_there_is():
    with (
        pytest.raises(IntegrityError, match="an_invite_offers_a_known_role"),
        transaction.atomic(),
    ):
        Invite.issue(make.workspace(), role="owner", note="", by=make.user())


def test_an_invite_is_used_by_somebody_or_not_at_all():
    made, _ = Invite.issue(make.workspace(), role=Role.VIEWER, note=new_id("x"), by=make.user())

    with (
        pytest.raises(IntegrityError, match="an_invite_that_was_used_says_by_whom"),
        transaction.atomic(),
    ):
        Invite.objects.filter(pk=made.pk).update(used_at=made.created_at)
