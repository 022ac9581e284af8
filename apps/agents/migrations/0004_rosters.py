from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    dependencies = [("agents", "0003_versions_never_change")]
    operations = [
        migrations.AddIndex(
            model_name="agentversion",
            index=GinIndex(
                OpClass(KeyTransform("multiagent", "definition"), name="jsonb_path_ops"),
                name="version_by_roster",
            ),
        ),
    ]
