"""API keys: made by admins, shown once, revoked; nothing secret stays anywhere."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.acting import Actor, NotAllowed
from apps.accounts.actions import keys
from apps.accounts.models import ApiKey, AuditEntry
from apps.accounts.rights import Right, Role
from tests import make

pytestmark = pytest.mark.django_db
LIST = "/w/default/settings/keys/"
NEW = f"{LIST}new/"


@pytest.fixture
def admin(client):
    person = make.user("ines", role=Role.ADMIN)
    client.force_login(person)
    return person


def form(client, **given):
    """What the form sends: its own id of the key, and what was typed."""
    key_id = re.search(r'name="key_id" value="([^"]+)"', client.get(NEW).text).group(1)
    return {"key_id": key_id, "name": "exporter", "scopes": ["read", "write"]} | given


def secret_in(answer):
    return re.search(r"sk-agentsite-[\w-]{43}", answer.text).group()


def test_a_key_is_made_and_lets_in(client, admin):
    answer = client.post(NEW, form(client, expires_in="30"))

    assert answer.status_code == 201
    found = ApiKey.presented(secret_in(answer))
    assert (found.name, found.scopes, found.created_by) == ("exporter", ["read", "write"], admin)
    assert timedelta(29) < found.expires_at - timezone.now() < timedelta(31)
    assert found.workspace == make.workspace()


def test_the_page_that_shows_it_has_the_lines_to_use_it_and_is_kept_nowhere(client, admin):
    answer = client.post(NEW, form(client))

    secret = secret_in(answer)
    assert f"export ANTHROPIC_API_KEY={secret}\n" in answer.text
    assert "export ANTHROPIC_BASE_URL=http://testserver<" in answer.text
    assert "client = Anthropic()" in answer.text
    assert "no-store" in answer["cache-control"]


def test_the_secret_is_shown_once(client, admin, caplog):
    sent = form(client)

    with caplog.at_level("DEBUG"):
        secret = secret_in(client.post(NEW, sent))
        again = client.post(NEW, sent, follow=True)
        listed = client.get(LIST)

    assert again.redirect_chain == [(LIST, 302)]
    assert "its secret was shown then" in again.text
    assert ApiKey.objects.count() == 1
    for page in (again, listed, client.get("/w/default/settings/audit/")):
        assert secret not in page.text
    assert secret[:17] in listed.text
    assert secret[17:] not in caplog.text
    assert secret[17:] not in str(list(ApiKey.objects.values()))
    assert secret[17:] not in str(list(AuditEntry.objects.values()))


def test_a_form_that_was_tampered_with_makes_nothing(client, admin):
    answer = client.post(NEW, form(client, key_id="apikey_of_my_own"))

    assert answer.status_code == 422
    assert "Reload the page" in answer.text
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"scopes": []}, "Choose at least one."),
        ({"scopes": ["root"]}, "root is not one of the available choices"),
        ({"expires_in": "-1"}, "-1 is not one of the available choices"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_is_kept(client, admin, given, said):
    answer = client.post(NEW, form(client, **({"name": "<b>robot</b>"} | given)))

    assert answer.status_code == 422
    assert said in answer.text
    assert "<b>robot" not in answer.text
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.OPERATOR])
def test_who_is_no_admin_sees_and_makes_no_keys(client, role):
    key, _ = make.key()
    client.force_login(make.user(role=role))

    for path in (LIST, NEW, f"{LIST}{key.pk}/revoke"):
        assert client.get(path).status_code == 403
        assert client.post(path).status_code == 403
    key.refresh_from_db()
    assert key.revoked_at is None


def test_the_list_says_what_each_key_is_and_how_it_is_used(client, admin):
    now = timezone.now()
    make.key("read", name="dashboards", last_used_at=now - timedelta(hours=3))
    make.key("admin", name="old one", expires_at=now - timedelta(days=1))
    make.key("write", name="leaked", revoked_at=now)

    text = client.get(LIST).text

    for expected in ("dashboards", "3 h", "Expired", "Revoked", "sk-agentsite-", "a command"):
        assert expected in text
    assert text.count("Revoke…") == 2


def test_without_keys_the_page_says_what_one_is_for(client, admin):
    assert "A key lets a program in" in client.get(LIST).text


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_however_long_it_is(
    client, admin, count, django_assert_num_queries
):
    for number in range(count):
        make.key(name=f"key {number}", created_by=admin)
    client.get(LIST)

    with django_assert_num_queries(5):  # session, person, membership, keys, workspaces
        assert client.get(LIST).text.count("Revoke…") == count


def test_the_list_goes_on_beyond_its_first_page(client, admin):
    for number in range(51):
        make.key(name=f"key {number:02}")

    first = client.get(LIST)
    older = re.search(r'href="(\?cursor=[^"]+)" rel="next"', first.text).group(1)
    second = client.get(LIST + older)

    assert "key 00" not in first.text
    assert "key 00" in second.text
    assert client.get(f"{LIST}?cursor=x").status_code == 400


def test_revoking_asks_first_and_then_lets_nobody_in(client, admin):
    key, secret = make.key("read", name="leaked")
    page = f"{LIST}{key.pk}/revoke"

    asked = client.get(page)
    assert "turned away from its next request on" in asked.text
    assert ApiKey.presented(secret) == key
    done = client.post(page, follow=True)

    assert "leaked is revoked and lets nobody in." in done.text
    assert ApiKey.presented(secret) is None


def test_revoking_twice_is_written_down_once(client, admin):
    key, _ = make.key()

    client.post(f"{LIST}{key.pk}/revoke")
    again = client.post(f"{LIST}{key.pk}/revoke", follow=True)

    assert "was revoked already" in again.text
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1


def test_a_neighbours_key_does_not_exist(client, admin):
    neighbour = make.workspace("neighbour")
    key, secret = make.key(of=neighbour, name="theirs")

    assert client.get(f"{LIST}{key.pk}/revoke").status_code == 404
    assert client.post(f"{LIST}{key.pk}/revoke").status_code == 404
    assert "theirs" not in client.get(LIST).text
    assert not keys.revoke(key, by=make.actor())
    assert ApiKey.presented(secret) == key


def test_making_and_revoking_are_in_the_audit_log(client, admin):
    client.post(NEW, form(client))
    key = ApiKey.objects.get()
    client.post(f"{LIST}{key.pk}/revoke")

    told = {"name": "exporter", "scopes": ["read", "write"], "hint": key.hint, "expires_at": None}
    entries = list(AuditEntry.objects.order_by("created_at", "pk").values())
    assert [(each["action"], each["object_id"], each["user_id"]) for each in entries] == [
        ("api_key.created", key.pk, admin.pk),
        ("api_key.revoked", key.pk, admin.pk),
    ]
    assert (entries[0]["after"], entries[1]["before"]) == (told, told)
    assert entries[0]["request_id"].startswith("req_")


def test_nobody_gives_a_key_more_than_they_may_do_themselves():
    place = make.workspace()
    reader = Actor(place, frozenset({Right.ADMIN, Right.READ}), user=make.user())

    with pytest.raises(NotAllowed, match="review, write"):
        keys.create(name="mighty", scopes=["admin"], by=reader)
    made, _ = keys.create(name="modest", scopes=["read"], by=reader)

    assert ApiKey.objects.get() == made


def test_a_name_is_kept_as_the_database_can_and_scopes_once_in_their_order():
    made, _ = keys.create(name=" a\x00\ud800 ", scopes=["write", "read", "write"], by=make.actor())

    made.refresh_from_db()
    assert (made.name, made.scopes) == ("a␀?", ["read", "write"])


def test_a_key_that_is_over_before_it_begins_is_refused():
    with pytest.raises(keys.OverAlready):
        keys.create(name="x", scopes=["read"], expires_at=timezone.now(), by=make.actor())


@pytest.mark.parametrize("scopes", [[], ["root"], ["read", "root"]])
def test_a_key_has_known_scopes(scopes):
    with pytest.raises(IntegrityError, match="a_key_has_known_scopes"), transaction.atomic():
        ApiKey.objects.create(
            workspace=make.workspace(), name="x", secret_sha256="x", hint="x", scopes=scopes
        )


def test_a_secret_is_random_and_only_its_hash_is_kept():
    first, second = (keys.create(name="x", scopes=["read"], by=make.actor()) for _ in range(2))

    assert first[1] != second[1]
    assert first[0].secret_sha256 != second[0].secret_sha256
    assert first[1][:17] == first[0].hint


def test_a_terminal_prints_the_key_alone(capsys):
    make.workspace("lab")

    with time_machine.travel("2026-11-02T09:00:00Z", tick=False):
        call_command(
            "create_api_key", workspace="lab", name="ci", scopes="read, write", expires="90d"
        )
        printed = capsys.readouterr()
        found = ApiKey.presented(printed.out.strip())

    assert re.fullmatch(r"sk-agentsite-[\w-]{43}\n", printed.out)
    assert printed.err == ""
    assert (found.name, found.scopes, found.workspace.slug) == ("ci", ["read", "write"], "lab")
    assert found.expires_at.isoformat() == "2027-01-31T09:00:00+00:00"
    assert AuditEntry.objects.get().actor_type == AuditEntry.ActorType.SYSTEM


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"workspace": "nowhere"}, "There is no workspace “nowhere”."),
        (
            {"scopes": "read,root"},
            "There is no scope 'root'; there are read, review, write, admin.",
        ),
        ({"scopes": ""}, "one or more of the scopes"),
        ({"name": " "}, "needs a name"),
        ({"expires": "soon"}, "--expires: a number and h, d or w"),
        ({"expires": "0d"}, "expires in the past"),
        ({"expires": "999999w"}, "--expires: that is too long"),
    ],
)
def test_a_terminal_says_what_is_wrong(given, said, capsys):
    with pytest.raises(CommandError, match=re.escape(said)) as error:
        call_command("create_api_key", **({"name": "ci"} | given))

    assert error.value.returncode == 1
    assert capsys.readouterr().out == ""
    assert not ApiKey.objects.exists()
