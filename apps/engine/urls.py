from django.urls import path

from apps.engine import views

app_name = "engine"
urlpatterns = [
    path("settings/models/", views.index, name="models"),
    path("settings/models/key", views.key, name="key"),
    path("settings/models/key/remove", views.remove_key, name="remove_key"),
    path("settings/models/choices", views.choices, name="choices"),
    path("settings/models/check", views.check, name="check"),
]
