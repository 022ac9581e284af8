from django.urls import path, re_path

from apps.agents.views import definition, environments, history, lists

app_name = "agents"
urlpatterns = [
    path("agents/", lists.index, name="list"),
    path("agents/new/", definition.new, name="new"),
    path("agents/<str:agent_id>/", definition.page, name="agent"),
    path("agents/<str:agent_id>/versions/", history.versions, name="versions"),
    path("agents/<str:agent_id>/roster/", history.roster, name="roster"),
    path("agents/<str:agent_id>/roster/renew", history.renew, name="renew"),
    path("agents/<str:agent_id>/runs/", history.runs, name="runs"),
    path("agents/<str:agent_id>/archive/", definition.archive, name="archive"),
    re_path(
        r"^agents/(?P<agent_id>[^/]+)/definition\.(?P<extension>json|yaml)$",
        definition.download,
        name="download",
    ),
    path("environments/", environments.index, name="environments"),
    path("environments/new/", environments.new, name="new_environment"),
    path("environments/<str:environment_id>/", environments.page, name="environment"),
    path(
        "environments/<str:environment_id>/archive/",
        environments.archive,
        name="archive_environment",
    ),
    path(
        "environments/<str:environment_id>/delete/",
        environments.delete,
        name="delete_environment",
    ),
]
