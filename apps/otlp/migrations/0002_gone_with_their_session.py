from django.db import migrations

# Sessions are erased by a function of the database, which knows nothing of traces: what belongs to
# them goes by itself.
CASCADE = """
ALTER TABLE otlp_trace ADD CONSTRAINT a_trace_goes_with_its_session
    FOREIGN KEY (session_id) REFERENCES agent_sessions_session (id) ON DELETE CASCADE;
ALTER TABLE otlp_span ADD CONSTRAINT a_span_goes_with_its_trace
    FOREIGN KEY (trace_id) REFERENCES otlp_trace (id) ON DELETE CASCADE;
ALTER TABLE otlp_lanememory ADD CONSTRAINT a_memory_goes_with_its_thread
    FOREIGN KEY (thread_id) REFERENCES agent_sessions_thread (id) ON DELETE CASCADE;
"""
KEEP = """
ALTER TABLE otlp_trace DROP CONSTRAINT a_trace_goes_with_its_session;
ALTER TABLE otlp_span DROP CONSTRAINT a_span_goes_with_its_trace;
ALTER TABLE otlp_lanememory DROP CONSTRAINT a_memory_goes_with_its_thread;
"""


class Migration(migrations.Migration):
    dependencies = [("otlp", "0001_spans_on_their_way")]
    operations = [migrations.RunSQL(CASCADE, KEEP)]
