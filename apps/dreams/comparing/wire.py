"""Comparisons as the API tells them."""

from decimal import Decimal
from typing import Any

from apps.core.api.times import stamp
from apps.dreams.comparing import settling
from apps.dreams.comparing.counting import Contender, Tally
from apps.dreams.comparing.estimating import Estimated
from apps.dreams.comparing.looking import Look
from apps.dreams.models import ComparisonPick, ComparisonRow, Dream, Letter
from apps.reviews.drafting import Draft


def comparison_object(look: Look) -> dict[str, Any]:
    """A comparison, its two sides, and its rows by what they come to."""
    compared = look.comparison
    picks = [(choice, count) for (_, choice), count in look.counts.items() if choice]
    return {
        "type": "dream_comparison",
        "id": compared.pk,
        "status": look.status,
        "inputs": [
            {"type": "memory_store", "memory_store_id": compared.input_store_id},
            {"type": "sessions", "session_ids": compared.session_ids},
        ],
        "at_sequence": compared.at_sequence,
        "sides": {letter.value: _side(look, letter) for letter in Letter},
        "rows": {each.value: look.rows(each) for each in ComparisonRow.Verdict},
        "picks": {
            each.value: sum(count for choice, count in picks if choice == each)
            for each in ComparisonPick.Choice
        },
        "changeset_id": compared.changeset_id or None,
        "created_at": stamp(compared.created_at),
        "ended_at": stamp(compared.ended_at),
        "handed_in_at": stamp(compared.handed_in_at),
        "archived_at": stamp(compared.archived_at),
    }


def _side(look: Look, letter: Letter) -> dict[str, Any]:
    dream, side = look.dreams[letter], look.side(letter)
    return {
        "dream_id": dream.pk,
        "status": dream.status,
        "error": _error(dream),
        "model": {"id": side.model},
        "engine": side.engine,
        "instructions": side.instructions or None,
        "usage": {
            "input_tokens": side.input_tokens,
            "output_tokens": side.output_tokens,
            "cache_read_input_tokens": side.cache_read_tokens,
            "cache_creation_input_tokens": side.cache_write_tokens,
        },
        "cost_usd": _money(look.cost(letter)),
        **_tally(look.tally(letter)),
    }


def _error(dream: Dream) -> dict[str, str] | None:
    if not dream.error_type:
        return None
    return {"type": dream.error_type, "message": dream.error_message}


def _tally(tally: Tally) -> dict[str, int]:
    return {
        "wins": tally.wins,
        "losses": tally.losses,
        "ties": tally.ties,
        "good_proposals": tally.good,
    }


def estimate_object(found: Estimated) -> dict[str, Any]:
    """What it would read and cost, by side."""
    return {
        "type": "dream_comparison_estimate",
        "sessions": found.sessions,
        "sides": {
            each.letter.value: {
                "engine": each.engine,
                "model": {"id": each.model},
                "new_sessions": each.new,
                "input_tokens": each.estimate.input_tokens if each.estimate else None,
                "output_tokens": each.estimate.output_tokens if each.estimate else None,
                "cost_usd": _money(each.cost),
            }
            for each in found.sides
        },
        "cost_usd": _money(found.cost),
    }


def row_object(row: ComparisonRow) -> dict[str, Any]:
    """A row, its drafts in full. Its pick must be looked up with it."""
    return {
        "type": "dream_comparison_row",
        "id": row.pk,
        "dream_comparison_id": row.comparison_id,
        "number": row.number,
        "verdict": row.verdict,
        "bond": row.bond or None,
        "a": _draft(row.draft_a),
        "b": _draft(row.draft_b),
        "pick": _pick(row),
        "proposal_id": row.proposal_id or None,
    }


def _draft(kept: object) -> dict[str, Any] | None:
    if kept is None:
        return None
    draft: Draft = settling.draft_of(kept)
    return {
        "kind": draft.kind.value,
        "path": draft.path,
        "content": draft.content,
        "also": [{"path": each.path, "content": each.content} for each in draft.also],
        "title": draft.title,
        "rationale": draft.rationale,
        "confidence": draft.confidence,
        "bases": [
            {"memory_id": each.memory_id, "content_sha256": each.sha256} for each in draft.bases
        ],
        "evidence": [
            {
                "session_id": each.session_id,
                "event_id": each.event_id,
                "start": each.start,
                "end": each.end,
                "quote": each.quote,
                "role": each.role.value,
            }
            for each in draft.evidence
        ],
    }


def _pick(row: ComparisonRow) -> dict[str, Any] | None:
    if not hasattr(row, "pick"):
        return None
    return {
        "choice": row.pick.choice,
        "is_blind": row.pick.is_blind,
        "picked_by": row.pick.by_name,
        "picked_at": stamp(row.pick.picked_at),
    }


def contender_object(contender: Contender) -> dict[str, Any]:
    """How it came off over all comparisons."""
    won = contender.tally.rate
    return {
        "type": "dream_contender",
        "model": {"id": contender.model},
        "engine": contender.engine,
        "instructions": contender.instructions or None,
        "comparisons": contender.comparisons,
        "picks": contender.picks,
        "blind_picks": contender.blind,
        **_tally(contender.tally),
        "win_rate": {"value": won.value, "low": won.low, "high": won.high} if won.tries else None,
        "cost_usd": _money(contender.cost),
        "cost_usd_per_good_proposal": _money(contender.cost_of_a_good_one),
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
