from django.db import migrations

# The one way in which events go: a whole session, by this function, with an audit entry that says
# who wanted it. The trigger knows the function by the call stack, which no setting can pretend to:
# exactly three levels, itself, the one statement, and the function by its own (unquoted) name.
# What stands between the names is in the language of the server.
ERASE = """
CREATE FUNCTION agentsite_erase_session(session bigint, audit_entry text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    erased bigint := session;
BEGIN
    PERFORM FROM agent_sessions_session AS it
        JOIN accounts_auditentry AS entry
            ON entry.workspace_id = it.workspace_id AND entry.object_id = it.public_id
        WHERE it.id = erased AND entry.id = audit_entry AND entry.action = 'session.deleted'
        FOR UPDATE OF it;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a session is erased with an audit entry that says so, or not at all'
            USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM agent_sessions_event WHERE session_id = erased;
    DELETE FROM agent_sessions_timeline WHERE session_id = erased;
    DELETE FROM agent_sessions_resource WHERE session_id = erased;
    DELETE FROM agent_sessions_thread WHERE session_id = erased;
    DELETE FROM agent_sessions_session WHERE id = erased;
END
$$;
CREATE FUNCTION agent_sessions_events_are_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stack text;
    levels text[];
BEGIN
    GET DIAGNOSTICS stack = PG_CONTEXT;
    levels := string_to_array(stack, E'\\n');
    IF cardinality(levels) = 3
        AND levels[3] ~ '(^|[^a-z0-9_.$])agentsite_erase_session\\(bigint,text\\)'
        AND position('"' IN levels[3]) = 0
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'events are append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
DROP TRIGGER events_never_change ON agent_sessions_event;
CREATE TRIGGER events_never_change
    BEFORE UPDATE ON agent_sessions_event
    FOR EACH ROW EXECUTE FUNCTION agent_sessions_events_never_change();
CREATE TRIGGER events_are_only_erased
    BEFORE DELETE ON agent_sessions_event
    FOR EACH STATEMENT EXECUTE FUNCTION agent_sessions_events_are_only_erased();
"""
NEVER = """
DROP TRIGGER events_are_only_erased ON agent_sessions_event;
DROP TRIGGER events_never_change ON agent_sessions_event;
CREATE TRIGGER events_never_change
    BEFORE UPDATE OR DELETE ON agent_sessions_event
    FOR EACH ROW EXECUTE FUNCTION agent_sessions_events_never_change();
DROP FUNCTION agent_sessions_events_are_only_erased();
DROP FUNCTION agentsite_erase_session(bigint, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agent_sessions", "0003_what_a_session_has_mounted"),
        ("accounts", "0001_people_workspaces_keys"),
    ]
    operations = [migrations.RunSQL(ERASE, NEVER)]
