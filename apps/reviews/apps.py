from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "apps.reviews"

    def ready(self) -> None:
        """Memory lies below: it is told how to check and redact, and where versions come from."""
        from apps.memory import redacting, trailing, verifying  # noqa: PLC0415 -- Django's own way
        from apps.reviews import redacting as proposals  # noqa: PLC0415 -- as above
        from apps.reviews import tracing  # noqa: PLC0415 -- as above
        from apps.reviews import verifying as decisions  # noqa: PLC0415 -- as above

        verifying.ALSO.append(decisions.faults)
        redacting.ALSO.append(proposals.redact)
        trailing.TELLERS.append(tracing.trail)
