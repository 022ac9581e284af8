from django.urls import path

from apps.accounts.views import members

app_name = "settings"
urlpatterns = [
    path("settings/members/", members.index, name="members"),
]
