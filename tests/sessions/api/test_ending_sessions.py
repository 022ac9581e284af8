"""Archiving, and deleting for good: the one way in which events go."""

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.accounts.acting import note
from apps.accounts.models import AuditEntry
from apps.files import actions as files
from apps.files.models import File
from apps.sessions.models import Event, Resource, Session, Status, Thread, Timeline
from tests import make
from tests.sessions.api.asking import Api, happens, message, row, starts_thread, uses

pytestmark = pytest.mark.django_db


# Archiving.


def test_an_archived_session_is_terminated_and_can_be_read(api, session):
    path = f"sessions/{session['id']}"
    api.post(f"{path}/events", events=[message()])

    archived = api.post(f"{path}/archive")
    again = api.post(f"{path}/archive")

    assert (archived["status"], bool(archived["archived_at"])) == ("terminated", True)
    assert again["archived_at"] == archived["archived_at"]
    assert api.get(path)["status"] == "terminated"
    assert len(api.get(f"{path}/events")["data"]) == 1
    assert AuditEntry.objects.filter(action="session.archived").count() == 1


def test_what_runs_is_neither_archived_nor_deleted(api, session):
    Session.objects.update(status=Status.RUNNING)

    assert "Interrupt it first" in api.refused(f"sessions/{session['id']}/archive")
    said = api.delete(f"sessions/{session['id']}", 400)["error"]["message"]
    assert "Interrupt it first" in said
    assert Session.objects.count() == 1


def test_a_record_that_broke_off_running_can_go(api):
    imported = make.session(make.event("session.status_running"))
    assert imported.status == Status.RUNNING

    api.post(f"sessions/{imported.public_id}/archive")
    api.delete(f"sessions/{imported.public_id}")

    assert not Session.objects.exists()


# Deleting.


def test_a_deleted_session_is_gone_with_all_that_was_its_own(api, ids, file):
    told = api.post(
        "sessions",
        **ids,
        initial_events=[message()],
        resources=[{"type": "file", "file_id": file.pk}],
    )
    child = starts_thread(told)
    sent = {"to_session_thread_id": child.public_id}
    happens(told, uses(thread=child.public_id), make.event("agent.thread_message_sent", **sent))
    files.upload(
        by=make.actor(),
        content=ContentFile(b"report"),
        filename="report.md",
        scope_id=told["id"],
        downloadable=True,
    )
    kept = api.post("sessions", **ids, initial_events=[message()])

    gone = api.delete(f"sessions/{told['id']}")

    assert gone == {"id": told["id"], "type": "session_deleted"}
    assert list(Session.objects.values_list("public_id", flat=True)) == [kept["id"]]
    assert Event.objects.get().session.public_id == kept["id"]
    assert Thread.objects.get().session.public_id == kept["id"]
    assert Timeline.objects.get().session.public_id == kept["id"]
    assert not Resource.objects.exists()
    assert list(File.objects.all()) == [file], "what was uploaded stays"
    for path in ("", "/events", "/threads", "/resources"):
        api.get(f"sessions/{told['id']}{path}", 404)
    api.delete(f"sessions/{told['id']}", 404)


def test_an_audit_entry_remains_that_says_nothing_of_what_was_said(api, ids):
    told = api.post("sessions", **ids, title="A secret", initial_events=[message("A secret")])

    api.delete(f"sessions/{told['id']}")

    entry = AuditEntry.objects.get(action="session.deleted")
    assert (entry.object_id, entry.actor_type) == (told["id"], "api_actor")
    assert (entry.before["events"], entry.before["source"]) == (1, "api")
    assert "secret" not in str(entry.before)


def test_who_may_read_may_not_delete(session):
    Api("read").delete(f"sessions/{session['id']}", 403)

    assert Session.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_deleting_costs_the_same_however_much(api, session, count, django_assert_num_queries):
    api.post(f"sessions/{session['id']}/events", events=[message()] * count)
    for n in range(count):
        starts_thread(session, f"sthr_{n}")

    with django_assert_num_queries(12):
        api.delete(f"sessions/{session['id']}")


# Nobody else deletes events.

TABLE = Event._meta.db_table
OURS = "DELETE FROM agent_sessions_event WHERE session_id = erased"
FUNCTION = "PL/pgSQL function agentsite_erase_session(bigint,text) line 1 at SQL statement"
ATTEMPTS = {
    "plain": f"DELETE FROM {TABLE}",
    "of nothing": f"DELETE FROM {TABLE} WHERE false",
    "with settings": f"""
        SET LOCAL agentsite.may_truncate = 'off';
        SET LOCAL agentsite.may_erase = 'on';
        SET LOCAL application_name = 'agentsite_erase_session(bigint,text)';
        DELETE FROM {TABLE}
    """,
    "truncate": f"SET LOCAL agentsite.may_truncate = 'off'; TRUNCATE {TABLE} CASCADE",
    "a block": f"DO $$ BEGIN DELETE FROM {TABLE}; END $$",
    "a block that names the function": f"""
        DO $block$ BEGIN
            EXECUTE E'/* {OURS}"\\n{FUNCTION} */ DELETE FROM {TABLE}';
        END $block$
    """,
    "three lines": f"""
        DO $block$ BEGIN EXECUTE E'/*\\n{FUNCTION} */ DELETE FROM {TABLE}'; END $block$
    """,
    "a function of that name": f"""
        CREATE FUNCTION pg_temp.agentsite_erase_session(bigint, text) RETURNS void
            LANGUAGE plpgsql AS $$ BEGIN DELETE FROM {TABLE}; END $$;
        SELECT pg_temp.agentsite_erase_session(1, '')
    """,
    "a function that quotes the name": f"""
        CREATE FUNCTION "x agentsite_erase_session(bigint,text) y"() RETURNS void
            LANGUAGE plpgsql AS $$ BEGIN DELETE FROM {TABLE}; END $$;
        SELECT "x agentsite_erase_session(bigint,text) y"()
    """,
    "a function that ends in the name": f"""
        CREATE FUNCTION not_agentsite_erase_session(bigint, text) RETURNS void
            LANGUAGE plpgsql AS $$ BEGIN DELETE FROM {TABLE}; END $$;
        SELECT not_agentsite_erase_session(1, '')
    """,
    "an alias": f"""
        WITH gone AS (DELETE FROM {TABLE} RETURNING 1)
        SELECT 1 AS "agentsite_erase_session(bigint,text)"
    """,
    "a cascade": "ALTER TABLE agent_sessions_event DROP CONSTRAINT {key};"
    "ALTER TABLE agent_sessions_event ADD FOREIGN KEY (thread_id)"
    " REFERENCES agent_sessions_thread ON DELETE CASCADE;"
    "DELETE FROM agent_sessions_thread",
}


def ran(statements):
    """Run them at once; `{key}` is what binds an event to its thread."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conname LIKE '%thread_id%'"
            " AND contype = 'f' AND conrelid = 'agent_sessions_event'::regclass"
        )
        cursor.execute(statements.replace("{key}", cursor.fetchone()[0]))


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_no_other_delete_passes(session, api, attempt):
    api.post(f"sessions/{session['id']}/events", events=[message()])

    with pytest.raises(DatabaseError, match="append-only"):
        ran(ATTEMPTS[attempt])

    assert Event.objects.count() == 1


def erased(session_id, entry_id):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT agentsite_erase_session(%s, %s)", (session_id, entry_id))


def test_the_function_wants_an_entry_that_says_so(api, ids, session):
    other = api.post("sessions", **ids)
    by = make.actor()
    entries = [
        "audit_nowhere",
        note(by, "session.archived", session["id"]).pk,
        note(by, "session.deleted", other["id"]).pk,
        note(make.actor(of=make.workspace("next-door")), "session.deleted", session["id"]).pk,
    ]

    for entry in entries:
        with pytest.raises(IntegrityError, match="with an audit entry that says so"):
            erased(row(session).pk, entry)

    erased(row(session).pk, note(by, "session.deleted", session["id"]).pk)
    assert list(Session.objects.values_list("public_id", flat=True)) == [other["id"]]
