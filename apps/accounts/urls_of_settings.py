from django.urls import path

from apps.accounts.views import members

app_name = "settings"
urlpatterns = [
    path("settings/members/", members.index, name="members"),
    path("settings/members/invites/", members.invites, name="invites"),
    path("settings/members/invites/<str:invite_id>/revoke", members.revoke, name="revoke_invite"),
    path("settings/members/<str:user_id>/role", members.change_role, name="change_role"),
    path("settings/members/<str:user_id>/remove", members.remove, name="remove_member"),
]
