from django.urls import path

from apps.dreams.comparing import urls as comparing
from apps.dreams.views import dream, dreams, overview, schedules, starting

app_name = "dreams"
DREAM = "dreams/<str:dream_id>"
SCHEDULE = "dreams/schedules/<str:schedule_id>"

urlpatterns = [
    path("overview/", overview.page, name="overview"),
    path("dreams/", dreams.index, name="list"),
    path("dreams/new/", starting.new, name="new"),
    path("dreams/new/matching/", starting.matching, name="matching"),
    path("dreams/schedules/", schedules.index, name="schedules"),
    path("dreams/schedules/new/", schedules.new, name="new_schedule"),
    path("dreams/schedules/upcoming/", schedules.upcoming, name="upcoming"),
    path(f"{SCHEDULE}/", schedules.page, name="schedule"),
    path(f"{SCHEDULE}/edit/", schedules.edit, name="edit_schedule"),
    path(f"{SCHEDULE}/pause/", schedules.pause, name="pause"),
    path(f"{SCHEDULE}/resume/", schedules.resume, name="resume"),
    path(f"{SCHEDULE}/run/", schedules.run, name="run"),
    path(f"{SCHEDULE}/delete/", schedules.delete, name="delete_schedule"),
    *comparing.pages,
    path(f"{DREAM}/", dream.page, name="dream"),
    path(f"{DREAM}/stop/", dreams.stop, name="stop"),
    path(f"{DREAM}/archive/", dreams.archive, name="archive"),
]
