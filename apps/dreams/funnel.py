"""How much went in, how much came of it, and why the rest did not: counted stage by stage."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Count, Q, Sum

from apps.dreams.findings import Dropped
from apps.dreams.models import DreamInput

MOST_EXAMPLES = 5
NOT_SEEN = "notes"
"""The stage under which notes on a session are told that were left out; sessions are `observe`."""
LONGEST_EXAMPLE = 200


def of_inputs(dream_ids: Sequence[str]) -> dict[str, Any]:
    """What reading came to, of these dreams together."""
    status = DreamInput.Status
    counted = DreamInput.objects.filter(dream__in=dream_ids).aggregate(
        sessions=Count("session_id", distinct=True),
        read=Count("pk", filter=Q(status=status.READ)),
        reused=Count("pk", filter=Q(status=status.REUSED)),
        with_signal=Count("session_id", distinct=True, filter=Q(observation_count__gt=0)),
        observations=Sum("observation_count", default=0),
    )
    failed = DreamInput.objects.filter(dream__in=dream_ids, status=status.FAILED)
    dropped = [
        Dropped("observe", reason, session_id)
        for reason, session_id in failed.values_list("reason", "session_id").order_by("session_id")
    ]
    return counted | {"dropped": grouped([], (*dropped, *_not_seen(dream_ids)))}


def _not_seen(dream_ids: Sequence[str]) -> Iterator[Dropped]:
    """What an engine said to have seen, and the session does not bear out."""
    rows = DreamInput.objects.filter(dream__in=dream_ids).exclude(dropped={})
    for told, session_id in rows.values_list("dropped", "session_id").order_by("session_id"):
        for reason, count in told.items():
            yield from (Dropped(NOT_SEEN, reason, session_id) for _ in range(int(count)))


def grouped(before: Sequence[dict[str, Any]], more: Iterable[Dropped]) -> list[dict[str, Any]]:
    """One entry per stage and reason, with how often, and a few of what it was."""
    rows = {(each["stage"], each["reason"]): dict(each) for each in before}
    for each in more:
        empty = {"stage": each.stage, "reason": each.reason, "count": 0, "examples": []}
        row = rows.setdefault((each.stage, each.reason), empty)
        row["count"] += 1
        if each.what and len(row["examples"]) < MOST_EXAMPLES:
            row["examples"] = [*row["examples"], each.what[:LONGEST_EXAMPLE]]
    return list(rows.values())
