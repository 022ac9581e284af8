"""Rubrics, what was graded by them, and what people say of it."""

from apps.outcomes.models.evaluation import ArtifactKind, Evaluation, EvaluationRun, Result
from apps.outcomes.models.rubric import Criterion, Rubric, RubricVersion
from apps.outcomes.models.trial import Trial, TrialCase
from apps.outcomes.models.verdict import HumanLabel, Judgement, Verdict

__all__ = [
    "ArtifactKind",
    "Criterion",
    "Evaluation",
    "EvaluationRun",
    "HumanLabel",
    "Judgement",
    "Result",
    "Rubric",
    "RubricVersion",
    "Trial",
    "TrialCase",
    "Verdict",
]
