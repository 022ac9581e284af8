from django.db import migrations

from apps.core.ids import new_id


def make(apps, schema_editor):
    workspaces = apps.get_model("accounts", "Workspace")
    workspaces.objects.get_or_create(
        slug="default", defaults={"id": new_id("wrkspc"), "name": "Default"}
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_people_workspaces_keys")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
