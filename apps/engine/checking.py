"""Asking one thing that costs nothing, to see whether a key works."""

from typing import cast

from django.utils import timezone

from apps.engine.asking import EngineError, Job
from apps.engine.bridging import Bridge
from apps.engine.models import ModelConnection
from apps.engine.opening import engine_for
from apps.engine.remote import Connecting, Passing


def check(workspace_id: str) -> None:
    """Ask with the workspace's key, or else the installation's, and write down what came."""
    error = ""
    try:
        Bridge().run(_ask(cast("Connecting", engine_for(Job(workspace_id, "check", "")))))
    except EngineError as refused:
        error = refused.message
    except Passing as passing:
        error = f"The server does not answer: {passing}."
    ModelConnection.objects.filter(workspace_id=workspace_id).update(
        checked_at=timezone.now(), check_error=error
    )


async def _ask(engine: Connecting) -> None:
    async with engine.connect() as remote:
        await remote.check()
