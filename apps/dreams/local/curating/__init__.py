"""From what recurs, and the store as it is, to proposed edits: the last stage of the local engine.

Pure: patterns and notes go in, drafts come out, and everything left out with its reason. A draft's
`support["finding"]` says what it is about: `mistake`, `workaround`, `preference`, `workflow`,
`fact`, `escalation` of a pattern; `duplicate`, `contradiction`, `outdated`, `oversized`, `index`,
`dangling` of the store itself.
"""

from collections.abc import Sequence
from datetime import date

from apps.dreams.findings import Curated, Dropped, Note, Pattern
from apps.dreams.local.curating.learning import learned
from apps.dreams.local.curating.tidying import tidied
from apps.reviews.drafting import Draft

__all__ = ["curate"]

MOST_DRAFTS = 60
"""More than a reviewer reads of one dream; the surest are kept."""


def curate(patterns: Sequence[Pattern], notes: Sequence[Note], *, today: date) -> Curated:
    """What of it is worth somebody's decision, the surest first."""
    tidy = tidied(notes, today=today)
    # A note that is merged, retired or divided gets nothing added meanwhile.
    busy = {base.memory_id for draft in tidy for base in draft.bases}
    lessons = learned(patterns, [note for note in notes if note.memory_id not in busy], notes)
    found = sorted([*lessons.drafts, *tidy], key=_surest)
    cut = [
        Dropped("curate", "less sure than others", draft.fingerprint)
        for draft in found[MOST_DRAFTS:]
    ]
    return Curated(tuple(found[:MOST_DRAFTS]), (*lessons.dropped, *cut))


def _surest(draft: Draft) -> tuple[float, str]:
    return (-draft.confidence, draft.fingerprint)
