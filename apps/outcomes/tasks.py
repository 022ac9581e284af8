"""What workers and the schedule run for outcomes."""

from typing import Any

from celery import shared_task

from apps.core.queue import enqueue, enqueue_in
from apps.outcomes import grading
from apps.outcomes.replaying import trying


@shared_task(bind=True)
def run_evaluation(self: Any, /, *, evaluation_id: str, **_future: object) -> None:
    wait = grading.attempt(evaluation_id, holder=self.request.id)
    if wait is not None:
        enqueue_in(wait, run_evaluation, evaluation_id=evaluation_id)


@shared_task
def sweep_evaluations(**_future: object) -> None:
    """Have workers take up what waits, and what a dead worker left behind."""
    for evaluation_id in grading.due():
        enqueue(run_evaluation, evaluation_id=evaluation_id)


@shared_task(bind=True)
def run_trial_case(self: Any, /, *, case_id: int, **_future: object) -> None:
    wait = trying.attempt(case_id, holder=self.request.id)
    if wait is not None:
        enqueue_in(wait, run_trial_case, case_id=case_id)


@shared_task
def sweep_trials(**_future: object) -> None:
    """Have workers take up what waits, and what a dead worker left behind."""
    for case_id in trying.due():
        enqueue(run_trial_case, case_id=case_id)
