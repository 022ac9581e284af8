from django.db import migrations

# lz4 where the server was built with it: half the time of the default at nearly its size.
COMPRESS = """
DO $$
BEGIN
    ALTER TABLE agent_sessions_event ALTER COLUMN payload SET COMPRESSION lz4;
    ALTER TABLE agent_sessions_event ALTER COLUMN text SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    RAISE NOTICE 'no lz4 here: the default compression is used';
END
$$;
"""

# Truncating is how test databases are emptied; they say so in a setting of their own.
REFUSE = """
CREATE FUNCTION agent_sessions_events_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('agentsite.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'events are append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER events_never_change
    BEFORE UPDATE OR DELETE ON agent_sessions_event
    FOR EACH ROW EXECUTE FUNCTION agent_sessions_events_never_change();
CREATE TRIGGER events_are_never_truncated
    BEFORE TRUNCATE ON agent_sessions_event
    FOR EACH STATEMENT EXECUTE FUNCTION agent_sessions_events_never_change();
"""
ALLOW = """
DROP TRIGGER events_never_change ON agent_sessions_event;
DROP TRIGGER events_are_never_truncated ON agent_sessions_event;
DROP FUNCTION agent_sessions_events_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("agent_sessions", "0001_the_record")]
    operations = [
        migrations.RunSQL(COMPRESS, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
