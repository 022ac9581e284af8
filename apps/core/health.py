"""Whether this process lives, and whether the whole stack works."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import KombuError

from apps.core.models import Heartbeat
from apps.core.queue import app

FORGOTTEN_AFTER = timedelta(seconds=60)
_PATIENCE = 2


@never_cache
@login_not_required
@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """Answers without touching anything: restart this process only if even that fails."""
    return JsonResponse({"status": "ok"})


@never_cache
@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and a worker answer; else 503, saying which does not."""
    parts = {**_database(), "broker": _broker()}
    good = all(parts[name]["ok"] for name in ("database", "broker", Heartbeat.WORKER))
    status = {"status": "ok" if good else "unavailable"}
    return JsonResponse(status | parts, status=200 if good else 503)


def _database() -> dict[str, dict[str, Any]]:
    """The database, and what it knows: how long ago the workers and the schedule were seen."""
    unseen = {Heartbeat.WORKER: {"ok": False}, Heartbeat.SCHEDULE: {"ok": False}}
    try:
        seen = {sign.name: _age(sign) for sign in Heartbeat.objects.all()}
    except DatabaseError as error:
        return unseen | {"database": {"ok": False, "error": type(error).__name__}}
    return unseen | seen | {"database": {"ok": True}}


def _age(sign: Heartbeat) -> dict[str, Any]:
    age = timezone.now() - sign.seen_at
    return {"ok": age < FORGOTTEN_AFTER, "seconds_ago": round(age.total_seconds(), 1)}


def _broker() -> dict[str, Any]:
    with app.connection_for_write() as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=_PATIENCE)
        except KombuError as error:
            return {"ok": False, "error": type(error).__name__}
    return {"ok": True}
