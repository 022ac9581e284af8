"""Logs: one readable line per event, or one JSON object with `LOG_FORMAT=json`.

Our own lines and those of Django, Celery, uvicorn and every other library take the same way out,
and all of a request's or a job's lines carry its `request_id`.
"""

import logging
import logging.config
import sys
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from structlog.typing import Processor

# What Django says of a 404 stands in the request's own line already; a crash (ERROR) does not.
_QUIETER = {
    "django.request": "ERROR",
    "django.server": "WARNING",
    "uvicorn": "WARNING",
    "asyncio": "WARNING",
    "celery.apps": "WARNING",
    "celery.beat": "WARNING",
    "celery.bootsteps": "WARNING",
    "celery.redirected": "WARNING",
    "celery.worker": "WARNING",
    "celery.app.trace": "WARNING",
    "kombu": "WARNING",
    "amqp": "WARNING",
    "httpx2": "WARNING",
    "mcp": "WARNING",
}


def configure(config: Mapping[str, str]) -> None:
    """Django's `LOGGING_CONFIG`: takes `level` and `format` (`console` or `json`)."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "processors": _as_json() if config["format"] == "json" else _as_text(),
        "foreign_pre_chain": [*shared, structlog.stdlib.add_logger_name],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
            "root": {"handlers": ["stderr"], "level": config["level"]},
            "loggers": {name: {"level": level} for name, level in _QUIETER.items()},
        }
    )
    logging.captureWarnings(True)


def _as_json() -> list[Processor]:
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.dict_tracebacks,
        structlog.processors.EventRenamer("message"),
        structlog.processors.JSONRenderer(serializer=_json),
    ]


def _as_text() -> list[Processor]:
    return [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _shorten_time,
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(),
            pad_event_to=0,
            pad_level=False,
            timestamp_key="at",
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]


def _shorten_time(_logger: object, _method: str, event: Any) -> Any:
    """A person at the terminal knows what day it is."""
    return event | {"at": event["at"][11:19]}


def _json(event: Any, **_options: object) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def current_request_id() -> str:
    """The id of the request that is being answered, or that asked for this job; or nothing."""
    return str(structlog.contextvars.get_contextvars().get("request_id") or "")
