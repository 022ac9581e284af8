from django.urls import path

from apps.outcomes.api import evaluations, rubrics, runs

RUBRIC = "rubrics/<str:rubric_id>"
EVALUATION = "outcome_evaluations/<str:evaluation_id>"
RUN = "outcome_evaluation_runs/<str:run_id>"

urlpatterns = [
    path("rubrics", rubrics.Rubrics.as_view()),
    path(RUBRIC, rubrics.OneRubric.as_view()),
    path(f"{RUBRIC}/agreement", rubrics.AgreementOnRubric.as_view()),
    path(f"{RUBRIC}/archive", rubrics.ArchivedRubric.as_view()),
    path(f"{RUBRIC}/versions", rubrics.RubricVersions.as_view()),
    path(f"{RUBRIC}/versions/<str:version_number>", rubrics.OneRubricVersion.as_view()),
    path("outcome_evaluations", evaluations.Evaluations.as_view()),
    path(EVALUATION, evaluations.OneEvaluation.as_view()),
    path(f"{EVALUATION}/cancel", evaluations.CanceledEvaluation.as_view()),
    path(f"{EVALUATION}/labels", evaluations.EvaluationLabels.as_view()),
    path("sessions/<str:session_id>/evaluate_outcome", evaluations.EvaluatedOutcome.as_view()),
    path("outcome_evaluation_runs", runs.Runs.as_view()),
    path("outcome_evaluation_runs/estimate", runs.EstimatedRun.as_view()),
    path(RUN, runs.OneRun.as_view()),
    path(f"{RUN}/cancel", runs.CanceledRun.as_view()),
]
