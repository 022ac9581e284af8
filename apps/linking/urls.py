from django.urls import path

from apps.linking import views

app_name = "linking"
urlpatterns = [
    path("settings/links/", views.index, name="list"),
    path("settings/links/<str:link_id>/", views.link, name="link"),
    path("settings/links/<str:link_id>/sync", views.sync, name="sync"),
    path("settings/links/<str:link_id>/pause", views.pause, name="pause"),
    path("settings/links/<str:link_id>/resume", views.resume, name="resume"),
    path("settings/links/<str:link_id>/check", views.check, name="check"),
    path("settings/links/<str:link_id>/key", views.replace_key, name="key"),
    path("settings/links/<str:link_id>/unlink", views.unlink, name="unlink"),
]
