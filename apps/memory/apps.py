from django.apps import AppConfig


class MemoryConfig(AppConfig):
    name = "apps.memory"

    def ready(self) -> None:
        from apps.memory import checks  # noqa: F401, PLC0415 -- registers them; Django's own way
