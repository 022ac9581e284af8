"""What a dream has paid for its questions: by its bill, where there is one.

A bill counts every request, also one that came to nothing; and what gathers for a dream is paid on
that one's bill, so that its row says what all of it took.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Greatest

from apps.dreams import assigning
from apps.dreams.engines import Usage
from apps.dreams.models import Dream
from apps.engine.models import JobSpend

_COLUMNS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


def spent(dream: Dream, usage: Usage) -> dict[str, Any]:
    """What to write down of it on the dream's row; an engine without a bill says it itself."""
    bill = JobSpend.objects.of(assigning.of(dream).job).first()
    if bill is None:
        return {name: F(name) + getattr(usage, name) for name in _COLUMNS}
    told = {name: Greatest(F(name), Value(getattr(bill, name))) for name in _COLUMNS}
    if not dream.is_gathering:
        return told
    Dream.objects.filter(pk=dream.gathers_for_id).update(**told)
    return {}


def settle(dream: Dream) -> None:
    """Have its row say what the bill says, whoever holds it."""
    if told := spent(dream, Usage()):
        Dream.objects.filter(pk=dream.pk).update(**told)


def bills(dreams: Sequence[Dream]) -> Mapping[str, JobSpend]:
    """Those of these dreams of one workspace that have one, in one question."""
    rows = JobSpend.objects.filter(
        workspace__in={each.workspace_id for each in dreams},
        job_kind="dream",
        job_id__in=[each.pk for each in dreams],
    )
    return {each.job_id: each for each in rows}
