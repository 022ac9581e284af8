from django.urls import path

from apps.outcomes.replaying import views

app_name = "trials"
TRIALS = "reviews/<str:proposal_id>/trials"

urlpatterns = [
    path(f"{TRIALS}/", views.page, name="trials"),
    path(f"{TRIALS}/start/", views.start, name="start"),
    path(f"{TRIALS}/<str:trial_id>/cancel/", views.cancel, name="cancel"),
]
