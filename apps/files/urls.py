from django.urls import path

from apps.files import views

app_name = "files"
urlpatterns = [
    path("files/", views.index, name="list"),
    path("files/<str:file_id>/content", views.content, name="content"),
    path("files/<str:file_id>/delete", views.delete, name="delete"),
]
