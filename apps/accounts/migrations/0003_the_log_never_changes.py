from django.db import migrations

# Truncating is how test databases are emptied; they say so in a setting of their own.
REFUSE = """
CREATE FUNCTION accounts_the_log_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('agentsite.may_truncate', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER the_log_never_changes
    BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_the_log_never_changes();
CREATE TRIGGER the_log_is_never_truncated
    BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_the_log_never_changes();
"""
ALLOW = """
DROP TRIGGER the_log_never_changes ON accounts_auditentry;
DROP TRIGGER the_log_is_never_truncated ON accounts_auditentry;
DROP FUNCTION accounts_the_log_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_default_workspace")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
