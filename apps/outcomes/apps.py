from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "apps.outcomes"

    def ready(self) -> None:
        # Once models are there: what is interrupted is read and written.
        from apps.outcomes import evaluating  # noqa: PLC0415
        from apps.sessions import waking  # noqa: PLC0415

        waking.heed_interrupts(evaluating.interrupt)
