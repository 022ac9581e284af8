from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Labelled apart from Django's own app of browser sessions."""

    name = "apps.sessions"
    label = "agent_sessions"
