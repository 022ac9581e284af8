"""The engine that needs no model and no key, as dreams plug it in."""

from collections.abc import Sequence

from django.utils import timezone

from apps.dreams.engines import LOCAL, Observed, Written
from apps.dreams.findings import Note, Pattern, Transcript
from apps.dreams.local import observing
from apps.dreams.local.curating import curate


class LocalEngine:
    """Deterministic: the same sessions and the same store give the same proposals."""

    name = LOCAL
    version = observing.VERSION

    def observe(self, transcript: Transcript) -> Observed:
        return Observed(tuple(observing.observe(transcript)))

    def curate(
        self, patterns: Sequence[Pattern], notes: Sequence[Note], *, instructions: str = ""
    ) -> Written:
        del instructions  # it reads no prose but what it looks for
        return Written(curate(patterns, notes, today=timezone.now().date()))
