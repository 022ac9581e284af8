"""Connections and calls as the API tells them. Never a key, and never what was asked or said."""

from decimal import Decimal
from typing import Any

from apps.core.api.times import stamp
from apps.engine import connecting
from apps.engine.models import Call, ModelConnection
from apps.engine.models.spending import Figures


def connection_object(connection: ModelConnection) -> dict[str, Any]:
    return {
        "type": "model_connection",
        "key": _key(connection),
        "key_hint": connection.key_hint or None,
        "base_url": connection.base_url or None,
        "dream_model": connection.dream_model or None,
        "grading_model": connection.grading_model or None,
        "daily_cap_usd": amount(connection.daily_cap),
        "monthly_cap_usd": amount(connection.monthly_cap),
        "checking": connection.is_being_checked,
        "checked_at": stamp(connection.checked_at) if connection.checked_at else None,
        "check_error": connection.check_error or None,
    }


def call_object(call: Call) -> dict[str, Any]:
    return {
        "id": call.pk,
        "type": "model_call",
        "job": {"type": call.job_kind, "id": call.job_id},
        "purpose": call.purpose,
        "model": call.model,
        "answered_by": call.answered_by or None,
        "status": call.status,
        "error": {"type": call.failure, "message": call.error} if call.failure else None,
        "batched": call.batch_id is not None,
        "answer_kept": bool(call.answer),
        "usage": usage_object(call),
        "cost_usd": cost(call),
        "requests": call.requests,
        "created_at": stamp(call.created_at),
        "answered_at": stamp(call.answered_at) if call.answered_at else None,
    }


def usage_object(figures: Figures) -> dict[str, int]:
    return {
        "input_tokens": figures.input_tokens,
        "output_tokens": figures.output_tokens,
        "cache_read_input_tokens": figures.cache_read_tokens,
        "cache_creation_input_tokens": figures.cache_write_tokens,
    }


def cost(figures: Figures) -> str | None:
    """US dollars to the billionth; None where a price is not known."""
    return None if figures.unpriced_requests else f"{figures.cost_usd:.9f}"


def amount(cap: Decimal | None) -> str | None:
    return None if cap is None else f"{cap:.2f}"


def _key(connection: ModelConnection) -> str:
    if connection.has_own_key:
        return "workspace"
    return "installation" if connecting.installed() else "none"
