"""What people and programs may do with outcomes."""

from apps.outcomes.actions.evaluations import (
    cancel_evaluation,
    create_evaluation,
    evaluate_session_outcome,
)
from apps.outcomes.actions.labels import label_verdict, withdraw_label
from apps.outcomes.actions.rubrics import archive_rubric, create_rubric, update_rubric
from apps.outcomes.actions.runs import cancel_run, create_run

__all__ = [
    "archive_rubric",
    "cancel_evaluation",
    "cancel_run",
    "create_evaluation",
    "create_rubric",
    "create_run",
    "evaluate_session_outcome",
    "label_verdict",
    "update_rubric",
    "withdraw_label",
]
