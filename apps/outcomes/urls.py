from django.urls import path

from apps.outcomes.views import editing, evaluation, lists, rubrics, session, starting

app_name = "outcomes"
EVALUATION = "outcomes/evaluations/<str:evaluation_id>"
RUN = "outcomes/runs/<str:run_id>"
RUBRIC = "outcomes/rubrics/<str:rubric_id>"

urlpatterns = [
    path("outcomes/", lists.index, name="list"),
    path("outcomes/new/", starting.new, name="new"),
    path("outcomes/rates/", lists.rates, name="rates"),
    path("outcomes/runs/", lists.runs, name="runs"),
    path("outcomes/runs/new/", starting.new_run, name="new_run"),
    path("outcomes/runs/estimate/", starting.estimate, name="estimate"),
    path(f"{RUN}/", starting.run, name="run"),
    path(f"{RUN}/cancel/", starting.cancel_run, name="cancel_run"),
    path("outcomes/rubrics/", rubrics.index, name="rubrics"),
    path("outcomes/rubrics/new/", editing.new, name="new_rubric"),
    path(f"{RUBRIC}/", rubrics.page, name="rubric"),
    path(f"{RUBRIC}/edit/", editing.edit, name="edit_rubric"),
    path(f"{RUBRIC}/versions/", rubrics.versions, name="versions"),
    path(f"{RUBRIC}/agreement/", rubrics.agreement_page, name="agreement"),
    path(f"{RUBRIC}/archive/", rubrics.archive, name="archive_rubric"),
    path(f"{EVALUATION}/", evaluation.page, name="evaluation"),
    path(f"{EVALUATION}/cancel/", evaluation.cancel, name="cancel"),
    path("outcomes/verdicts/<str:verdict_id>/label/", evaluation.label, name="label"),
    path("sessions/<str:session_id>/outcomes/", session.page, name="of_session"),
]
