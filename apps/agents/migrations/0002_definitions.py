from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0001_agents_and_environments")]
    operations = [
        migrations.AlterField(
            model_name="environment",
            name="description",
            field=models.TextField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="environment",
            name="scope",
            field=models.CharField(default="organization", max_length=32),
        ),
    ]
