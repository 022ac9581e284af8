import apps.core.ids
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import functools
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agent_sessions", "0002_events_never_change"),
        ("files", "0001_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="Resource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.CharField(
                        default=functools.partial(apps.core.ids.new_id, *("sesrsc",), **{}),
                        max_length=128,
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[("file", "File"), ("github_repository", "Github Repository")],
                        max_length=32,
                    ),
                ),
                ("mount_path", models.CharField(max_length=4096)),
                ("url", models.CharField(blank=True, max_length=2048)),
                ("checkout", models.JSONField(blank=True, null=True)),
                ("sealed_token", models.TextField(blank=True)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name="session",
            name="agent_version",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("peer__isnull", False)), fields=["peer"], name="event_by_peer"
            ),
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)),
                fields=["parent"],
                name="thread_by_parent",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="mounts",
                to="files.file",
            ),
        ),
        migrations.AddField(
            model_name="resource",
            name="session",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="resources",
                to="agent_sessions.session",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(
                fields=("session", "public_id"), name="a_resource_id_is_unique_in_its_session"
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(
                models.F("session"),
                django.db.models.functions.text.MD5("mount_path"),
                name="a_path_is_mounted_once_in_a_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("file__isnull", False), ("sealed_token", ""), ("type", "file"), ("url", "")
                    ),
                    models.Q(
                        ("file", None),
                        ("type", "github_repository"),
                        models.Q(("url", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_resource_is_a_file_or_a_repository",
            ),
        ),
    ]
