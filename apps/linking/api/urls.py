from django.urls import path

from apps.linking.api.views import Links, OneLink, SyncLink

urlpatterns = [
    path("workspace_links", Links.as_view()),
    path("workspace_links/<str:link_id>", OneLink.as_view()),
    path("workspace_links/<str:link_id>/sync", SyncLink.as_view()),
]
