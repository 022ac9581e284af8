from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations

# What joins words into one token of PostgreSQL's parser (hosts, paths, tags, signed numbers):
# `registry.corvid.internal` is to be found by each of its words. `searching.asking` has the same.
JOINTS = "/._-:@=<>+&#~"

# Kept and not only indexed: to rank a memory by an index alone, its text would be parsed anew each
# time: measured at larger counts and reckoned down, about ten times slower. A write costs the same.
# No field of the model: nothing but a search reads it, and every other read is spared it.
WORDS = f"""
ALTER TABLE memory_memory ADD COLUMN words tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', translate(path, '{JOINTS}', '{" " * len(JOINTS)}')), 'A')
    || to_tsvector('english', translate(content, '{JOINTS}', '{" " * len(JOINTS)}'))
) STORED;
"""
# The store stands in the index, so that a search costs what its store holds and not what all do.
# Words wait in a list of their own until there are 512 kB of them: without it, a write takes twice
# as long; with more of it, a search reads more that is in no order yet.
INDEX = """
CREATE INDEX memory_words ON memory_memory USING gin (store_id, words)
    WITH (gin_pending_list_limit = 512) WHERE deleted_at IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('memory', '0010_histories_are_checked'),
    ]

    operations = [
        BtreeGinExtension(),
        migrations.RemoveIndex(model_name='memory', name='memory_text'),
        migrations.RunSQL(WORDS, 'ALTER TABLE memory_memory DROP COLUMN words;'),
        migrations.RunSQL(INDEX, 'DROP INDEX memory_words;'),
    ]
