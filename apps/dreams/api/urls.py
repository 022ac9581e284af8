from django.urls import path

from apps.dreams.api import dreams, schedules
from apps.dreams.comparing import urls as comparing

DREAM = "dreams/<str:dream_id>"
SCHEDULE = "dream_schedules/<str:dream_schedule_id>"

urlpatterns = [
    path("dreams", dreams.Dreams.as_view()),
    path("dreams/estimate", dreams.DreamEstimate.as_view()),
    path(DREAM, dreams.OneDream.as_view()),
    path(f"{DREAM}/archive", dreams.ArchivedDream.as_view()),
    path(f"{DREAM}/cancel", dreams.CanceledDream.as_view()),
    path(f"{DREAM}/funnel", dreams.DreamFunnel.as_view()),
    path(f"{DREAM}/patterns", dreams.DreamPatterns.as_view()),
    path("dream_schedules", schedules.DreamSchedules.as_view()),
    path(SCHEDULE, schedules.OneDreamSchedule.as_view()),
    path(f"{SCHEDULE}/archive", schedules.ArchivedDreamSchedule.as_view()),
    path(f"{SCHEDULE}/pause", schedules.PausedDreamSchedule.as_view()),
    path(f"{SCHEDULE}/run", schedules.RunDreamSchedule.as_view()),
    path(f"{SCHEDULE}/runs", schedules.DreamScheduleRuns.as_view()),
    path(f"{SCHEDULE}/unpause", schedules.UnpausedDreamSchedule.as_view()),
    *comparing.endpoints,
]
