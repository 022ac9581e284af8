from django.db import migrations

# A decision changes in one way: an edited text is taken out of it when the version that it became
# is redacted. It is deleted in one way, with its whole store, by the function that erases one
# (memory 0002), which from here on takes along what reviews keep of the store. The triggers know
# the function by the call stack, which no setting can pretend to.
REFUSE = """
CREATE FUNCTION reviews_decisions_never_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        IF current_setting('agentsite.may_truncate', true) = 'on' THEN
            RETURN NULL;
        END IF;
    ELSIF OLD.content IS NOT NULL AND NEW.content IS NULL
        AND to_jsonb(OLD) - 'content' = to_jsonb(NEW) - 'content'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'decisions are append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER decisions_never_change
    BEFORE UPDATE ON reviews_decision
    FOR EACH ROW EXECUTE FUNCTION reviews_decisions_never_change();
CREATE TRIGGER decisions_are_never_truncated
    BEFORE TRUNCATE ON reviews_decision
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_decisions_never_change();

CREATE FUNCTION reviews_decisions_are_only_erased() RETURNS trigger LANGUAGE plpgsql AS $$
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
    RAISE EXCEPTION 'decisions are append-only: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER decisions_are_only_erased
    BEFORE DELETE ON reviews_decision
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_decisions_are_only_erased();
"""
ALLOW = """
DROP TRIGGER decisions_are_only_erased ON reviews_decision;
DROP TRIGGER decisions_are_never_truncated ON reviews_decision;
DROP TRIGGER decisions_never_change ON reviews_decision;
DROP FUNCTION reviews_decisions_are_only_erased();
DROP FUNCTION reviews_decisions_never_change();
"""
ERASE = """
CREATE OR REPLACE FUNCTION agentsite_erase_memory_store(store text, audit_entry text)
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
    %s
    DELETE FROM memory_memoryversion WHERE store_id = erased;
    DELETE FROM memory_memory WHERE store_id = erased;
    DELETE FROM memory_memorystore WHERE id = erased;
END
$$;
"""
OURS = """
    DELETE FROM reviews_writtenversion
        WHERE decision_id IN (SELECT id FROM reviews_decision WHERE store_id = erased);
    DELETE FROM reviews_decision WHERE store_id = erased;
    DELETE FROM reviews_evidence
        WHERE proposal_id IN (SELECT id FROM reviews_proposal WHERE store_id = erased);
    DELETE FROM reviews_source
        WHERE proposal_id IN (SELECT id FROM reviews_proposal WHERE store_id = erased);
    DELETE FROM reviews_proposal WHERE store_id = erased;
    DELETE FROM reviews_changeset WHERE store_id = erased;
    DELETE FROM reviews_storepolicy WHERE store_id = erased;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0001_proposals_and_decisions"),
        ("memory", "0002_versions_never_change"),
    ]
    operations = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(ERASE % OURS, ERASE % ""),
    ]
