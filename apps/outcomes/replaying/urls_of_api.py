from django.urls import path

from apps.outcomes.replaying import api

TRIALS = "proposals/<str:proposal_id>/trials"
TRIAL = f"{TRIALS}/<str:trial_id>"

urlpatterns = [
    path(TRIALS, api.ProposalTrials.as_view()),
    path(f"{TRIALS}/estimate", api.EstimatedProposalTrial.as_view()),
    path(TRIAL, api.OneProposalTrial.as_view()),
    path(f"{TRIAL}/cancel", api.CanceledProposalTrial.as_view()),
]
