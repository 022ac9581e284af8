from django.urls import path

from apps.agents.api import agents, environments

urlpatterns = [
    path("agents", agents.Agents.as_view()),
    path("agents/<str:agent_id>", agents.OneAgent.as_view()),
    path("agents/<str:agent_id>/archive", agents.ArchivedAgent.as_view()),
    path("agents/<str:agent_id>/versions", agents.AgentVersions.as_view()),
    path("environments", environments.Environments.as_view()),
    path("environments/<str:environment_id>", environments.OneEnvironment.as_view()),
    path("environments/<str:environment_id>/archive", environments.ArchivedEnvironment.as_view()),
]
