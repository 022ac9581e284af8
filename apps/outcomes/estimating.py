"""About how many tokens a grading takes, none of them cached. Pure."""

from apps.engine.pricing import Usage
from apps.outcomes.judging import MOST_CRITERIA, SYSTEM

BESIDE = 300
"""Tokens of the form of an answer, and of what frames a question."""
_PER_VERDICT = 120
_CHARACTERS_PER_TOKEN = 3.5


def graded(rubric: int, work: int, criteria: int) -> Usage:
    """Of so many characters, and so many criteria that a model judges."""
    questions = -(-criteria // MOST_CRITERIA)
    read = tokens(len(SYSTEM) + rubric + work) + BESIDE
    return Usage(input=questions * read, output=criteria * _PER_VERDICT)


def tokens(characters: int) -> int:
    """As many as so many characters are, by and large."""
    return int(characters / _CHARACTERS_PER_TOKEN)
