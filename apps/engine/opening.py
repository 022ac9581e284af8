"""Opening the door: the engine that answers a job, as the settings name it."""

from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from apps.engine.asking import Engine, Job


def engine_for(job: Job) -> Engine:
    """The engine of `settings.ENGINE`, loaded when first needed: its client takes two seconds.

    For workers. Raises NoKey.
    """
    return cast("Engine", import_string(settings.ENGINE)(job))
