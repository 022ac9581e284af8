"""The audit log: what changed, by whom, in which request; never changed itself."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts.acting import Actor, note
from apps.accounts.api import shapes
from apps.accounts.changes import Line, changes
from apps.accounts.models import AuditEntry
from apps.accounts.rights import Role
from tests import make

pytestmark = pytest.mark.django_db
PAGE = "/w/default/settings/audit/"


@pytest.fixture
def admin(client):
    person = make.user("ines", role=Role.ADMIN)
    client.force_login(person)
    return person


def entry(action="agent.updated", object_id="agent_x", *, of=None, minutes=0, **fields):
    """An entry of the system, some minutes after the START."""
    return AuditEntry.objects.create(
        workspace=of or make.workspace(),
        action=action,
        object_id=object_id,
        created_at=make.START + timedelta(minutes=minutes),
        **({"actor_type": "system_actor", "actor_name": "agentsite"} | fields),
    )


def by_user(person):
    return {"actor_type": "user_actor", "user": person, "actor_name": person.username}


def by_key(key):
    return {"actor_type": "api_actor", "api_key": key, "actor_name": key.name}


def listed(client, **query):
    """The objects of the entries on the page."""
    return re.findall(r'audit-object" title="([^"]+)"', client.get(PAGE, query).text)


# ---- what is written down ------------------------------------------------------------------------


def test_of_before_and_after_only_what_differs_is_kept():
    before = {"name": "a", "tools": [1], "gone": 1}
    after = {"name": "b", "tools": [1], "new": 2}

    made = note(make.actor(), "agent.updated", "agent_x", before=before, after=after)

    made.refresh_from_db()
    assert (made.before, made.after) == ({"name": "a", "gone": 1}, {"name": "b", "new": 2})


def test_what_is_new_or_gone_is_kept_whole():
    created = note(make.actor(), "agent.created", "agent_x", after={"name": "a", "system": ""})
    deleted = note(make.actor(), "agent.deleted", "agent_x", before={"name": "a"})

    assert (created.before, created.after) == ({}, {"name": "a", "system": ""})
    assert (deleted.before, deleted.after) == ({"name": "a"}, {})


def test_an_entry_names_who_acted_as_they_were_called_then():
    person = make.user("ines")
    key, _ = make.key(name="exporter")
    actors = [make.actor(person), Actor.key(key), Actor.system(make.workspace())]

    made = [note(actor, "agent.updated", "agent_x") for actor in actors]

    person.username = "agnes"
    person.save(update_fields=["username"])
    assert [(each.actor_type, each.actor_name) for each in made] == [
        ("user_actor", "ines"),
        ("api_actor", "exporter"),
        ("system_actor", "agentsite"),
    ]


def test_text_that_no_database_keeps_is_made_fit():
    made = note(make.actor(), "agent.created", "agent_x", after={"na\x00me": ["\ud800"]})

    made.refresh_from_db()
    assert made.after == {"na␀me": ["?"]}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_auditentry SET action = 'nothing'", "DELETE FROM accounts_auditentry"],
)
def test_the_database_refuses_to_change_the_log(statement):
    entry()

    with (
        pytest.raises(IntegrityError, match="audit log is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEntry.objects.get().action == "agent.updated"


def test_the_database_refuses_to_empty_the_log():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL agentsite.may_truncate = 'off'")
        with pytest.raises(IntegrityError, match="TRUNCATE refused"), transaction.atomic():
            cursor.execute("TRUNCATE accounts_auditentry")


def test_an_entry_says_who():
    for wrong in (
        {"actor_type": "user_actor"},
        {"actor_type": "api_actor"},
        {"actor_type": "system_actor", "user": make.user()},
        {"actor_type": "nobody"},
    ):
        with (
            pytest.raises(IntegrityError, match="an_audit_entry_says_who"),
            transaction.atomic(),
        ):
            entry(**wrong)


# ---- the page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.OPERATOR])
def test_only_admins_read_it(client, role):
    made = entry()
    client.force_login(make.user(role=role))

    for path in (PAGE, f"{PAGE}{made.pk}/", f"{PAGE}export.csv", f"{PAGE}export.ndjson"):
        assert client.get(path).status_code == 403


def test_the_page_says_who_changed_what_newest_first(client, admin):
    key, _ = make.key(name="exporter")
    entry(object_id="agent_1", minutes=1, after={"name": "a", "model": "b"}, **by_user(admin))
    entry("session.deleted", "sesn_2", minutes=2, **by_key(key))

    text = client.get(PAGE).text

    assert listed(client) == ["sesn_2", "agent_1"]
    for expected in ("exporter", "session.deleted", "agent.updated", "model, name", "ines"):
        assert expected in text


def test_an_empty_log_says_what_will_stand_there(client, admin):
    assert "Nothing was changed yet" in client.get(PAGE).text
    assert "No change passes these filters" in client.get(PAGE, {"action": "x"}).text


def test_each_filter_finds_what_it_asks_for(client, admin):
    key, _ = make.key(name="exporter")
    entry(object_id="by_person", minutes=1, **by_user(admin))
    entry(object_id="by_key", minutes=2, **by_key(key))
    entry("file.created", object_id="by_system", minutes=3)
    entry(object_id="next_day", minutes=24 * 60)

    assert listed(client, actor="INES") == ["by_person"]
    assert listed(client, actor=admin.public_id) == ["by_person"]
    assert listed(client, actor="exporter") == ["by_key"]
    assert listed(client, actor=key.pk) == ["by_key"]
    assert listed(client, actor="nobody") == []
    assert listed(client, actor_type="api_actor") == ["by_key"]
    assert listed(client, action="file.created") == ["by_system"]
    assert listed(client, object_id="by_key") == ["by_key"]
    assert listed(client, since="2026-11-03") == ["next_day"]
    assert listed(client, until="2026-11-02") == ["by_system", "by_key", "by_person"]
    assert listed(client, actor="ines", action="file.created") == []


def test_a_filter_that_makes_no_sense_filters_nothing_and_says_so(client, admin):
    entry(object_id="agent_1")

    answer = client.get(PAGE, {"since": "yesterday", "actor_type": "x"})

    assert answer.status_code == 200
    assert answer.text.count("It filters nothing.") == 2
    assert listed(client, since="yesterday", object_id="a\x00") == ["agent_1"]


def test_the_list_goes_on_with_its_filters(client, admin):
    for number in range(52):
        entry(object_id=f"agent_{number:02}", minutes=number)
    entry("file.created", "file_x", minutes=99)

    first = client.get(PAGE, {"action": "agent.updated"})
    older = re.search(r'href="([^"]+)" rel="next"', first.text).group(1).replace("&amp;", "&")
    second = client.get(PAGE + older)

    found = re.findall(r'audit-object" title="([^"]+)"', second.text)
    assert found == ["agent_01", "agent_00"]
    assert client.get(PAGE, {"cursor": "x"}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_queries_however_long_it_is(
    client, admin, count, django_assert_num_queries
):
    for number in range(count):
        entry(object_id=f"agent_{number}", before={"a": 1}, **by_user(admin))

    with django_assert_num_queries(5):  # session, person, membership, entries, workspaces
        assert len(listed(client)) == count


def test_an_entry_shows_what_was_and_what_became_and_its_request(client, admin):
    made = entry(
        before={"name": "a <b>bold</b> one"},
        after={"name": "another", "tools": [{"type": "x"}]},
        request_id="req_123",
        **by_user(admin),
    )

    page = client.get(f"{PAGE}{made.pk}/").text
    part = client.get(f"{PAGE}{made.pk}/", headers={"hx-request": "true"}).text

    for text in (page, part):
        assert "<del>a &lt;b&gt;bold&lt;/b&gt; one</del>" in text
        assert "<ins>another</ins>" in text
        assert "req_123" in text
    assert "<html" in page
    assert "<html" not in part


def test_a_long_text_is_compared_line_by_line():
    lines = [f"line {number}" for number in range(30)]
    made = entry(
        before={"system": "\n".join(lines)},
        after={"system": "\n".join([*lines[:15], "a new one", *lines[16:]])},
    )

    (change,) = changes(made)

    assert change.name == "system"
    assert change.lines == (
        Line("…", "12 lines"),
        Line("", "line 12"),
        Line("", "line 13"),
        Line("", "line 14"),
        Line("-", "line 15"),
        Line("+", "a new one"),
        Line("", "line 16"),
        Line("", "line 17"),
        Line("", "line 18"),
        Line("…", "11 lines"),
    )


def test_a_text_too_long_to_compare_is_shown_as_it_was_and_is():
    made = entry(before={"a": "x\n" * 2001}, after={"a": "y", "b": {}, "c": "", "d": None})

    shown = {change.name: change.lines for change in changes(made)}

    assert shown["a"] == (*[Line("-", "x")] * 2001, Line("+", "y"))
    assert shown["b"] == (Line("+", "{}"),)
    assert shown["c"] == (Line("+", ""),)
    assert shown["d"] == (Line("+", "null"),)


def test_a_neighbours_entries_do_not_exist(client, admin):
    neighbour = make.workspace("neighbour")
    theirs = entry(object_id="agent_theirs", of=neighbour)

    assert listed(client) == []
    assert client.get(f"{PAGE}{theirs.pk}/").status_code == 404
    assert "agent_theirs" not in b"".join(client.get(f"{PAGE}export.ndjson")).decode()
    assert make.api().get(f"/v1/audit_entries/{theirs.pk}").status_code == 404
    assert make.api().get("/v1/audit_entries").json()["data"] == []


# ---- the export ----------------------------------------------------------------------------------


def test_the_export_has_what_is_listed(client, admin):
    entry(object_id="agent_1", minutes=1, after={"name": "ü"}, **by_user(admin))
    entry("file.created", "file_2", minutes=2)

    answer = client.get(f"{PAGE}export.ndjson", {"action": "agent.updated"})

    (line,) = b"".join(answer).decode().splitlines()
    assert answer["content-disposition"].startswith('attachment; filename="audit-default-20')
    assert json.loads(line)["object_id"] == "agent_1"
    assert json.loads(line)["actor"] == {
        "type": "user_actor",
        "name": "ines",
        "user_id": admin.public_id,
    }


def test_no_cell_of_the_table_is_a_formula(client, admin):
    key, _ = make.key(name="=HYPERLINK(1)")
    for number, name in enumerate(("@SUM(1)", "+1", "-1", "\t=1", "＝1", 'quoted "," name')):
        entry(object_id=name, minutes=number, **by_key(key))

    answer = client.get(f"{PAGE}export.csv")

    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode(), newline="")))
    assert [row["object_id"] for row in reversed(rows)] == [
        "'@SUM(1)",
        "'+1",
        "'-1",
        "'\t=1",
        "'＝1",
        'quoted "," name',
    ]
    assert {row["actor"] for row in rows} == {"'=HYPERLINK(1)"}
    assert rows[0]["after"] == "{}"


def test_a_long_export_is_whole_and_read_in_pieces(client, admin, django_assert_num_queries):
    AuditEntry.objects.bulk_create(
        AuditEntry(
            workspace=make.workspace(),
            actor_type="system_actor",
            action="x",
            object_id=f"agent_{number}",
            created_at=make.START,
        )
        for number in range(2_500)
    )

    with django_assert_num_queries(6):  # session, person, membership, three pieces
        lines = b"".join(client.get(f"{PAGE}export.ndjson")).decode().splitlines()

    assert len({json.loads(line)["object_id"] for line in lines}) == 2_500


# ---- the API -------------------------------------------------------------------------------------


def api_list(query="", **headers):
    answer = make.api("admin").get(f"/v1/audit_entries?{query}")
    assert answer.status_code == 200, answer.text
    return [each["object_id"] for each in answer.json()["data"]]


def test_the_api_tells_an_entry_whole():
    person = make.user("ines")
    made = entry(before={"name": "a"}, after={"name": "b"}, request_id="req_1", **by_user(person))

    told = {
        "id": made.pk,
        "type": "audit_entry",
        "actor": {"type": "user_actor", "name": "ines", "user_id": person.public_id},
        "action": "agent.updated",
        "object_id": "agent_x",
        "before": {"name": "a"},
        "after": {"name": "b"},
        "request_id": "req_1",
        "created_at": "2026-11-02T09:00:00Z",
    }
    assert make.api("admin").get(f"/v1/audit_entries/{made.pk}").json() == told
    assert make.api("admin").get("/v1/audit_entries").json() == {"data": [told], "next_page": None}


def test_the_api_filters_as_the_page_does():
    person = make.user("ines")
    key, _ = make.key(name="exporter")
    entry(object_id="by_person", minutes=1, **by_user(person))
    entry(object_id="by_key", minutes=2, **by_key(key))
    entry("file.created", object_id="by_system", minutes=3)
    at = (datetime(2026, 11, 2, 9, 2, tzinfo=UTC)).isoformat().replace("+", "%2B")

    assert api_list() == ["by_system", "by_key", "by_person"]
    assert api_list("actor_type=api_actor") == ["by_key"]
    assert api_list(f"actor_id={person.public_id}") == ["by_person"]
    assert api_list(f"actor_id={key.pk}") == ["by_key"]
    assert api_list("actor_id=nobody") == []
    assert api_list("action=file.created") == ["by_system"]
    assert api_list("object_id=by_key") == ["by_key"]
    assert api_list(f"created_at[gte]={at}") == ["by_system", "by_key"]
    assert api_list(f"created_at[gt]={at}") == ["by_system"]
    assert api_list(f"created_at%5Blte%5D={at}") == ["by_key", "by_person"]
    assert api_list(f"created_at[lt]={at}") == ["by_person"]


@pytest.mark.parametrize("scopes", [["read"], ["read", "review", "write"]])
def test_the_api_takes_an_admin_key(scopes):
    made = entry()

    for path in ("/v1/audit_entries", f"/v1/audit_entries/{made.pk}"):
        answer = make.api(*scopes).get(path)
        assert answer.status_code == 403
        assert "this takes 'admin'" in answer.json()["error"]["message"]


def test_an_id_of_nothing_is_a_404():
    for entry_id in ("x", "audit_01", "%ff", "a%20b"):
        assert make.api("admin").get(f"/v1/audit_entries/{entry_id}").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_api_takes_the_same_queries_however_many_there_are(count, django_assert_num_queries):
    person = make.user("ines")
    client = make.api("admin")
    client.get("/v1/audit_entries")  # notes the key's use
    for number in range(count):
        entry(object_id=f"agent_{number}", **by_user(person))

    with django_assert_num_queries(2):
        assert len(client.get("/v1/audit_entries").json()["data"]) == count


def test_what_the_api_answers_is_what_the_document_says():
    key, _ = make.key(name="exporter")
    for fields in (by_key(key), by_user(make.user()), {}):
        entry(**fields)

    for told in make.api("admin").get("/v1/audit_entries").json()["data"]:
        shapes.AuditEntry.model_validate(told, extra="forbid")
