from django.db import migrations

# A version changes in one way, redaction: what it says goes, and everything else stays as it was.
# It is deleted in one way, with its whole store, by this function and with an audit entry that says
# who wanted it; the trigger knows the function by the call stack, which no setting can pretend to.
# Truncating is how test databases are emptied; they say so in a setting of their own.
REFUSE = """
CREATE FUNCTION memory_versions_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        IF current_setting('agentsite.may_truncate', true) = 'on' THEN
            RETURN NULL;
        END IF;
    ELSIF OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL
        AND num_nonnulls(
            NEW.path, NEW.content, NEW.content_sha256, NEW.content_size_bytes, NEW.salt
        ) = 0
        AND (OLD.id, OLD.store_id, OLD.memory_id, OLD.sequence, OLD.operation, OLD.actor_type,
             OLD.actor_id, OLD.actor_name, OLD.reason, OLD.created_at, OLD.seal,
             OLD.previous_hash, OLD.hash)
          = (NEW.id, NEW.store_id, NEW.memory_id, NEW.sequence, NEW.operation, NEW.actor_type,
             NEW.actor_id, NEW.actor_name, NEW.reason, NEW.created_at, NEW.seal,
             NEW.previous_hash, NEW.hash)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'versions are append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER versions_never_change
    BEFORE UPDATE ON memory_memoryversion
    FOR EACH ROW EXECUTE FUNCTION memory_versions_never_change();
CREATE TRIGGER versions_are_never_truncated
    BEFORE TRUNCATE ON memory_memoryversion
    FOR EACH STATEMENT EXECUTE FUNCTION memory_versions_never_change();

CREATE FUNCTION agentsite_erase_memory_store(store text, audit_entry text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    erased text := store;
BEGIN
    PERFORM FROM memory_memorystore AS it
        JOIN accounts_auditentry AS entry
            ON entry.workspace_id = it.workspace_id AND entry.object_id = it.id
        WHERE it.id = erased AND entry.id = audit_entry AND entry.action = 'memory_store.deleted'
        FOR UPDATE OF it;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a store is erased with an audit entry that says so, or not at all'
            USING ERRCODE = 'restrict_violation';
    END IF;
    DELETE FROM memory_memoryversion WHERE store_id = erased;
    DELETE FROM memory_memory WHERE store_id = erased;
    DELETE FROM memory_memorystore WHERE id = erased;
END
$$;
CREATE FUNCTION memory_versions_are_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stack text;
    levels text[];
BEGIN
    GET DIAGNOSTICS stack = PG_CONTEXT;
    levels := string_to_array(stack, E'\\n');
    IF cardinality(levels) = 3
        AND levels[3] ~ '(^|[^a-z0-9_.$])agentsite_erase_memory_store\\(text,text\\)'
        AND position('"' IN levels[3]) = 0
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'versions are append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER versions_are_only_erased
    BEFORE DELETE ON memory_memoryversion
    FOR EACH STATEMENT EXECUTE FUNCTION memory_versions_are_only_erased();
"""
ALLOW = """
DROP TRIGGER versions_are_only_erased ON memory_memoryversion;
DROP TRIGGER versions_are_never_truncated ON memory_memoryversion;
DROP TRIGGER versions_never_change ON memory_memoryversion;
DROP FUNCTION memory_versions_are_only_erased();
DROP FUNCTION agentsite_erase_memory_store(text, text);
DROP FUNCTION memory_versions_never_change();
"""


class Migration(migrations.Migration):
    dependencies = [("memory", "0001_stores_and_memories"), ("accounts", "0001_people_workspaces_keys")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
