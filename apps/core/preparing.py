"""What must be true before web and workers start: servers answer, tables and files are current."""

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from kombu.exceptions import KombuError

from agentsite.embedded.trouble import CannotStart
from agentsite.embedded.valkey import ask
from apps.core.queue import app

_PATIENCE = 5


def require_database() -> None:
    """Raises CannotStart when the database that the environment names does not answer."""
    try:
        parameters = connection.get_connection_params() | {"connect_timeout": _PATIENCE}
        psycopg.connect(**parameters).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise CannotStart(
            f"The database of DATABASE_URL ({_place(settings.DATABASE_URL)}) does not answer"
            f" ({reason}): start it, or unset DATABASE_URL to use the one that comes along."
        ) from error


def require_broker() -> None:
    """Raises CannotStart when the queue that the environment names does not answer."""
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=_PATIENCE)
    except (KombuError, OSError) as error:
        raise CannotStart(
            f"The queue of CELERY_BROKER_URL ({_place(settings.CELERY_BROKER_URL)}) does not"
            " answer: start it, or unset CELERY_BROKER_URL to use the one that comes along."
        ) from error


def _place(address: str) -> str:
    """The address without its password."""
    parts = urlsplit(address)
    return f"{parts.hostname or parts.path}{f':{parts.port}' if parts.port else ''}"


def migrate() -> int:
    """Bring the tables up to date; how many migrations that took."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", verbosity=0, interactive=False)
    return len(plan)


def collect_static_files() -> bool:
    """Hash and compress them where one has changed since the last time; whether one had."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(digest.hexdigest())
    return True


def hand_out_again(queue_socket: Path) -> int:
    """Put back every job that a crash interrupted. While a worker runs, some would run twice."""
    if ask(queue_socket, "ZCARD", "unacked_index") == ":0":
        return 0
    with app.connection_for_write() as broker:
        channel: Any = broker.default_channel  # of the Redis transport, which has no types
        tags = channel.client.zrange(channel.unacked_index_key, 0, -1)
        for tag in tags:
            channel.qos.restore_by_tag(tag)
    return len(tags)
