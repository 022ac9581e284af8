from django.urls import path

from apps.dreams.managed import views

app_name = "managed"

urlpatterns = [
    path("dreams/new/managed/", views.new, name="new"),
    path("dreams/new/managed/matching/", views.matching, name="matching"),
    path("linked-stores/of/<str:link_id>/", views.list_stores, name="list_stores"),
    path("linked-stores/<str:mirror_id>/", views.mirror, name="mirror"),
    path("linked-stores/<str:mirror_id>/read/", views.read_again, name="read_again"),
    path("write-backs/<str:write_back_id>/retry/", views.retry, name="retry"),
    path("write-backs/<str:write_back_id>/dismiss/", views.dismiss, name="dismiss"),
    path("write-backs/<str:write_back_id>/propose/", views.propose_again, name="propose_again"),
]
