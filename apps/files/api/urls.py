from django.urls import path

from apps.files.api.views import Content, Files, OneFile

urlpatterns = [
    path("files", Files.as_view()),
    path("files/<str:file_id>", OneFile.as_view()),
    path("files/<str:file_id>/content", Content.as_view()),
]
