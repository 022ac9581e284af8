from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_HERE = {"localhost", "127.0.0.1", "::1", "[::1]"}


class ConformanceConfig(AppConfig):
    name = "apps.conformance"

    def ready(self) -> None:
        """Refuse to be where anybody would miss what is undone."""
        for is_of_production, name in (
            (settings.HTTPS, "AGENTSITE_HTTPS"),
            (not set(settings.ALLOWED_HOSTS) <= _HERE, "ALLOWED_HOSTS"),
            (_is_elsewhere(settings.DATABASES["default"]["HOST"]), "DATABASE_URL"),
        ):
            if is_of_production:
                raise ImproperlyConfigured(
                    f"AGENTSITE_CONFORMANCE undoes every change through the API, and {name} says"
                    " that this is in production. Unset one of them."
                )


def _is_elsewhere(host: str) -> bool:
    """Neither a socket nor this machine."""
    return bool(host) and not host.startswith("/") and host not in _HERE
