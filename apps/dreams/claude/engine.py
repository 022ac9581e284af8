"""The engine that asks Claude, as dreams plug it in: one for each model."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.dreams.claude import curating, observing
from apps.dreams.claude.answers import Notes
from apps.dreams.claude.costing import usage_of
from apps.dreams.engines import Assignment, Observed, Written
from apps.dreams.failing import ABOUT_ALL
from apps.dreams.findings import Note, Pattern, Transcript
from apps.engine.asking import Answer, EngineBusy, EngineError, Question
from apps.engine.pricing import Usage


@dataclass
class ClaudeEngine:
    """What one model reads is not mixed with what another one does: its name is the model's id."""

    name: str
    version: str = observing.VERSION
    at_once: int = 8

    def questions(self, transcript: Transcript) -> list[Question[Notes]]:
        return observing.questions(transcript, self.name)

    def observe(
        self, transcripts: Sequence[Transcript], work: Assignment
    ) -> list[Observed | EngineError]:
        """All windows of all sessions are asked about together."""
        asked = [self.questions(each) for each in transcripts]
        questions = [each for some in asked for each in some]
        answers = iter(work.door.ask_all(questions) if questions else [])
        return [
            _observed(transcript, [next(answers) for _ in some])
            for transcript, some in zip(transcripts, asked, strict=True)
        ]

    def curate(
        self, patterns: Sequence[Pattern], notes: Sequence[Note], work: Assignment
    ) -> Written:
        return curating.curate(patterns, notes, work, self.name)


def _observed(
    transcript: Transcript, answers: Sequence[Answer[Notes] | EngineError]
) -> Observed | EngineError:
    """Nothing, where one of its windows was not answered: half a session tells half of it."""
    told = [each for each in answers if isinstance(each, Answer)]
    errors = [each for each in answers if isinstance(each, EngineError)]
    if errors:
        worst = min(errors, key=_rank)
        worst.usage = Usage(*map(sum, zip(*(each.usage for each in answers), strict=True)))
        return worst
    found, dropped = observing.observations(transcript, [each.value for each in told])
    return Observed(found, usage_of(told), dropped)


def _rank(error: EngineError) -> int:
    """What is about the whole dream comes first, then what passes."""
    return 0 if isinstance(error, ABOUT_ALL) else 1 if isinstance(error, EngineBusy) else 2
