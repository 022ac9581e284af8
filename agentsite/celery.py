"""The Celery application: what `celery -A agentsite.celery worker` and `beat` run."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentsite.settings")

app = Celery("agentsite", task_cls="apps.core.queue:Job", log="apps.core.queue:Logging")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # the current app is one thread's; the default is every thread's
app.autodiscover_tasks()
