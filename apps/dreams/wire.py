"""Dreams as the contract has them (contract: 3.9), and what we tell beside them."""

from decimal import Decimal
from typing import Any

from apps.core.api.times import stamp
from apps.core.rates import Rate
from apps.dreams import billing, cron
from apps.dreams.costing import cost
from apps.dreams.models import Dream, DreamSchedule, OutputBehavior, Pattern
from apps.dreams.trying import Trial

MOST_RUNS_TOLD = 5
MOST_EXAMPLES_TOLD = 3


def dream_object(dream: Dream) -> dict[str, Any]:
    """The dream, in the contract's words and no more."""
    return {
        "type": "dream",
        "id": dream.pk,
        "status": dream.status,
        "inputs": _inputs(dream),
        "outputs": _outputs(dream),
        "output_behavior": _behavior(dream.output_behavior, dream.input_store_id),
        "model": {"id": dream.model} | ({"speed": dream.speed} if dream.speed else {}),
        "instructions": dream.instructions or None,
        "session_id": dream.session_id or None,
        "usage": {
            "input_tokens": dream.input_tokens,
            "output_tokens": dream.output_tokens,
            "cache_read_input_tokens": dream.cache_read_tokens,
            "cache_creation_input_tokens": dream.cache_write_tokens,
        },
        "error": _error(dream),
        "created_at": stamp(dream.created_at),
        "ended_at": stamp(dream.ended_at),
        "archived_at": stamp(dream.archived_at),
    }


def funnel_object(dream: Dream) -> dict[str, Any]:
    """How far it is, and how much of what went in came out."""
    counts = {
        name: dream.funnel.get(name, 0)
        for name in (
            "sessions",
            "read",
            "reused",
            "with_signal",
            "observations",
            "patterns",
            "drafts",
            "proposals",
        )
    }
    return {
        "type": "dream_funnel",
        "dream_id": dream.pk,
        "engine": dream.engine,
        "cost_usd": _dollars(cost(dream.model, dream, billing.bills([dream]).get(dream.pk))),
        "cap_usd": _dollars(dream.cap_usd),
        "batch": dream.is_batched,
        "waits_for": dream.waits_for or None,
        "waits_until": stamp(dream.waits_until),
        "stage": dream.stage or None,
        "changeset_id": dream.changeset_id or None,
        "gathers_for": dream.gathers_for_id,
        **counts,
        "dropped": dream.funnel.get("dropped", []),
    }


def estimate_object(trial: Trial, model: str) -> dict[str, Any]:
    """What a dream would read and cost."""
    told = trial.estimate
    return {
        "type": "dream_estimate",
        "engine": trial.engine,
        "model": {"id": model},
        "sessions": trial.matching.taken,
        "new_sessions": trial.matching.new,
        "events": trial.events,
        "input_tokens": told.input_tokens if told else None,
        "output_tokens": told.output_tokens if told else None,
        "cost_usd": _dollars(told.cost) if told else None,
    }


def pattern_object(pattern: Pattern) -> dict[str, Any]:
    """What recurs, with its support, a few of the places that show it, and what became of it."""
    return {
        "type": "dream_pattern",
        "id": pattern.pk,
        "dream_id": pattern.dream_id,
        "kind": pattern.kind,
        "title": pattern.title,
        "fingerprint": pattern.fingerprint,
        "sessions": pattern.session_count,
        "agents": pattern.agent_count,
        "users": pattern.user_count,
        "first_seen_at": stamp(pattern.first_at),
        "last_seen_at": stamp(pattern.last_at),
        "success": _rate(pattern.success),
        "success_elsewhere": _rate(pattern.others),
        "examples": [_example(each) for each in pattern.seen[:MOST_EXAMPLES_TOLD]],
        "became": pattern.became or None,
        "reason": pattern.reason or None,
        "proposal_id": pattern.proposal_id or None,
    }


def schedule_object(schedule: DreamSchedule) -> dict[str, Any]:
    """A schedule, with the next moments at which it runs."""
    upcoming = (
        []
        if schedule.is_paused or schedule.archived_at
        else cron.upcoming(schedule.cron, schedule.timezone, MOST_RUNS_TOLD)
    )
    return {
        "type": "dream_schedule",
        "id": schedule.pk,
        "name": schedule.name,
        "memory_store_id": schedule.memory_store_id,
        "schedule": {
            "type": "cron",
            "expression": schedule.cron,
            "timezone": schedule.timezone,
            "jitter_seconds": schedule.jitter_seconds,
            "upcoming_runs_at": [stamp(each) for each in upcoming],
        },
        "sessions": {
            "agent_id": schedule.agent_id or None,
            "window_hours": schedule.window_hours,
            "only_ended": schedule.only_ended,
            "only_unread": schedule.only_unread,
            "limit": schedule.most_sessions,
            "minimum_new": schedule.least_new_sessions,
        },
        "model": {"id": schedule.model},
        "instructions": schedule.instructions or None,
        "output_behavior": _behavior(schedule.output_behavior, schedule.memory_store_id),
        "policy": schedule.policy or None,
        "cap_usd": _dollars(schedule.cap_usd),
        "batch": schedule.is_batched,
        "status": "paused" if schedule.is_paused else "active",
        "paused_reason": schedule.paused_reason or None,
        "created_at": stamp(schedule.created_at),
        "updated_at": stamp(schedule.updated_at),
        "archived_at": stamp(schedule.archived_at),
    }


def run_object(run: Any) -> dict[str, Any]:
    """What came of one moment of a schedule."""
    return {
        "type": "dream_schedule_run",
        "id": run.pk,
        "dream_schedule_id": run.schedule_id,
        "scheduled_at": stamp(run.moment),
        "dream_id": run.dream_id,
        "skipped_reason": run.reason or None,
        "created_at": stamp(run.created_at),
    }


def _dollars(amount: Decimal | None) -> float | None:
    return None if amount is None else float(round(amount, 6))


def _inputs(dream: Dream) -> list[dict[str, Any]]:
    store = {"type": "memory_store", "memory_store_id": dream.input_store_id}
    if not dream.session_ids:
        return [store]
    return [store, {"type": "sessions", "session_ids": dream.session_ids}]


def _outputs(dream: Dream) -> list[dict[str, Any]]:
    if not dream.output_store_id:
        return []
    return [{"type": "memory_store", "memory_store_id": dream.output_store_id}]


def _behavior(behavior: str, store_id: str) -> dict[str, str]:
    if behavior == OutputBehavior.CREATE_NEW:
        return {"type": "create_new"}
    return {"type": "update_existing", "memory_store_id": store_id}


def _error(dream: Dream) -> dict[str, str] | None:
    if not dream.error_type:
        return None
    return {"type": dream.error_type, "message": dream.error_message}


def _rate(rate: Rate) -> dict[str, Any] | None:
    """Never without its interval; None where nobody judged."""
    if not rate.tries:
        return None
    return {
        "successes": rate.successes,
        "tries": rate.tries,
        "low": rate.low,
        "high": rate.high,
    }


def _example(seen: dict[str, Any]) -> dict[str, Any]:
    observation = seen["observation"]
    return {
        "session_id": seen["session_id"],
        "statement": observation["statement"],
        "spans": [
            {name: span[name] for name in ("event_id", "start", "end", "quote", "role")}
            for span in observation["spans"]
        ],
    }
