"""The engine that needs no model and no key, as dreams plug it in."""

from collections.abc import Sequence

from apps.dreams.engines import LOCAL, Assignment, Observed, Written
from apps.dreams.findings import Note, Pattern, Transcript
from apps.dreams.local import observing
from apps.dreams.local.curating import curate
from apps.engine.asking import EngineError


class LocalEngine:
    """Deterministic: the same sessions and the same store give the same proposals."""

    name = LOCAL
    version = observing.VERSION
    at_once = 10

    def observe(
        self, transcripts: Sequence[Transcript], work: Assignment
    ) -> list[Observed | EngineError]:
        del work
        return [Observed(tuple(observing.observe(each))) for each in transcripts]

    def curate(
        self, patterns: Sequence[Pattern], notes: Sequence[Note], work: Assignment
    ) -> Written:
        """It reads no instructions: prose means nothing to it but what it looks for."""
        return Written(curate(patterns, notes, today=work.today))
