from django.apps import AppConfig

from apps.core import instants


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        instants.read_by_language()
