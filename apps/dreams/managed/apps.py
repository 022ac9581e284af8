from django.apps import AppConfig


class ManagedDreamsConfig(AppConfig):
    name = "apps.dreams.managed"
    label = "managed_dreams"

    def ready(self) -> None:
        # Once models are there: what takes these dreams further reads and writes them.
        from apps.core import beside  # noqa: PLC0415
        from apps.dreams import dreaming  # noqa: PLC0415
        from apps.dreams.managed import ENGINE, tasks, telling  # noqa: PLC0415

        dreaming.leave_to(ENGINE, tasks.go_on)
        beside.tell("memory_store", telling.of_store)
        beside.tell("proposal", telling.of_proposal)
