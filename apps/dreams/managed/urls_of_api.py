from django.urls import path

from apps.dreams.managed import api

MIRROR = "mirrors/<str:mirror_id>"

urlpatterns = [
    path("mirrors", api.Mirrors.as_view()),
    path(MIRROR, api.OneMirror.as_view()),
    path(f"{MIRROR}/write_backs", api.WriteBacks.as_view()),
    path(f"{MIRROR}/write_backs/<str:write_back_id>", api.OneWriteBack.as_view()),
]
