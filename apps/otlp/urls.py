from django.urls import path

from apps.otlp.api.traces import Traces

urlpatterns = [
    path("otlp/v1/traces", Traces.as_view()),
]
