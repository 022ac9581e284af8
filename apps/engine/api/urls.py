from django.urls import path

from apps.engine.api.views import Calls, CheckEndpoint, ConnectionEndpoint, KeyEndpoint

urlpatterns = [
    path("model_connection", ConnectionEndpoint.as_view()),
    path("model_connection/key", KeyEndpoint.as_view()),
    path("model_connection/check", CheckEndpoint.as_view()),
    path("model_calls", Calls.as_view()),
]
