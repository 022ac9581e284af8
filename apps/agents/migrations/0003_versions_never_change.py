from django.db import migrations

# Environments from before they had a scope.
FILL = "UPDATE agents_environment SET scope = 'organization' WHERE scope = ''"

REFUSE = """
CREATE FUNCTION agents_versions_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of an agent never changes: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER versions_never_change
    BEFORE UPDATE ON agents_agentversion
    FOR EACH ROW EXECUTE FUNCTION agents_versions_never_change();
"""
ALLOW = """
DROP TRIGGER versions_never_change ON agents_agentversion;
DROP FUNCTION agents_versions_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("agents", "0002_definitions")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
