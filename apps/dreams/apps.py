from django.apps import AppConfig


class DreamsConfig(AppConfig):
    name = "apps.dreams"

    def ready(self) -> None:
        # Once models are there: what an engine reads and writes are theirs.
        from apps.dreams import engines  # noqa: PLC0415
        from apps.dreams.claude.engine import ClaudeEngine  # noqa: PLC0415
        from apps.dreams.local.engine import LocalEngine  # noqa: PLC0415

        engines.register(engines.LOCAL, LocalEngine())
        engines.register_family("claude-", ClaudeEngine)
