from django.urls import path

from apps.accounts.views import audit, keys, members

app_name = "settings"
urlpatterns = [
    path("settings/members/", members.index, name="members"),
    path("settings/members/invites/", members.invites, name="invites"),
    path("settings/members/invites/<str:invite_id>/revoke", members.revoke, name="revoke_invite"),
    path("settings/members/<str:user_id>/role", members.change_role, name="change_role"),
    path("settings/members/<str:user_id>/remove", members.remove, name="remove_member"),
    path("settings/keys/", keys.index, name="keys"),
    path("settings/keys/new/", keys.new, name="new_key"),
    path("settings/keys/<str:key_id>/revoke", keys.revoke, name="revoke_key"),
    path("settings/audit/", audit.index, name="audit"),
    path("settings/audit/export.ndjson", audit.export, {"format": "ndjson"}, name="audit_ndjson"),
    path("settings/audit/export.csv", audit.export, {"format": "csv"}, name="audit_csv"),
    path("settings/audit/<str:entry_id>/", audit.entry, name="audit_entry"),
]
