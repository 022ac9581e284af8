"""`manage.py up`: the whole console on this machine, from one command."""

import hashlib
import io
import os
import signal
import socket
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from queue import Empty
from typing import Any

import structlog
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from agentsite.embedded import processes, servers, site
from agentsite.embedded.children import Child, Children, end_leftovers
from agentsite.embedded.folder import data_folder, writable
from agentsite.embedded.postgres import Postgres
from agentsite.embedded.trouble import CannotStart
from agentsite.embedded.valkey import Valkey
from apps.core import preparing
from apps.core.models import Heartbeat

_LOG = structlog.get_logger("agentsite.up")
_GLANCE = 1.0  # seconds between looks at the servers, which are not our children
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_WORKER_PATIENCE = 60.0


class Command(BaseCommand):
    help = "Start everything: database, queue, web, worker and schedule. Ctrl-C stops it all."
    requires_system_checks = []  # noqa: RUF012 -- Django's own form

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="fill a workspace to look around in"
        )
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on")
        parser.add_argument("--data", metavar="DIR", help="the folder where everything is kept")
        parser.add_argument("--web", type=int, default=1, metavar="N", help="web processes")
        parser.add_argument("--jobs", type=int, default=2, metavar="N", help="jobs at a time")

    def handle(self, **options: Any) -> None:
        for signum in _STOPPING:
            signal.signal(signum, signal.default_int_handler)
        try:
            with ExitStack() as stack:
                self._serve(stack, options)
        except KeyboardInterrupt:
            _LOG.info("stopped")

    def _serve(self, stack: ExitStack, options: dict[str, Any]) -> None:
        folder = writable(data_folder())
        stack.enter_context(site.alone(folder))
        record = folder / "run" / "children.json"
        if left := end_leftovers(record):
            _LOG.info(f"{left} processes of a killed `up` ended")
        listener = stack.enter_context(site.listen(options["host"], options["port"]))
        own = self._start_servers(stack, folder)
        self._prepare(folder)

        children = Children(record, _environment(folder, listener), _LOG.warning)
        stack.callback(_stop, children)
        began = timezone.now()
        for number in range(1, options["web"] + 1):
            children.start(site.web(number, listener))
        children.start(site.worker(options["jobs"]))
        stamp = folder / "demo.filled"
        wanted = options["demo"] and not (stamp.exists() and stamp.read_text() == _database())
        demo = self._start_demo(children) if wanted else None
        link = _sign_in_link(site.address_of(listener))
        connection.close()

        def announce() -> None:
            children.ready = True
            if demo is not None:
                stamp.write_text(_database())
            children.start(site.schedule())  # only now: nobody waits for it
            address = site.address_of(listener)
            self.stdout.write(f"agentsite is ready at {address}/ · sign in once at {link}")

        watch = threading.Thread(
            target=_watch_for_ready, args=(children, listener, demo, began, announce), daemon=True
        )
        watch.start()
        _supervise(children, own)

    def _start_servers(self, stack: ExitStack, folder: Path) -> list[servers.Server]:
        """Start the database and the queue, or ask those that the environment names."""
        own: list[servers.Server] = []
        for name, variable, server, require in (
            ("database", "DATABASE_URL", Postgres(folder), preparing.require_database),
            ("queue", "CELERY_BROKER_URL", Valkey(folder), preparing.require_broker),
        ):
            if os.environ.get(variable):
                require()
                _LOG.info(f"{name} of {variable} answers")
                continue
            running = stack.enter_context(servers.using(server))
            how = "started" if running.started else "was running already; adopted"
            _LOG.info(f"{name} {how} in {running.seconds:.1f} s")
            own.append(server)
        return own

    def _prepare(self, folder: Path) -> None:
        began = time.monotonic()
        if count := preparing.migrate():
            _LOG.info(f"{count} migrations applied in {time.monotonic() - began:.1f} s")
        began = time.monotonic()
        if not settings.DEBUG and preparing.collect_static_files():
            _LOG.info(f"static files collected in {time.monotonic() - began:.1f} s")
        if not os.environ.get("CELERY_BROKER_URL") and (
            count := preparing.hand_out_again(Valkey(folder).socket)
        ):
            _LOG.info(f"{count} interrupted jobs handed out again")

    def _start_demo(self, children: Children) -> Child:
        manage = str(settings.BASE_DIR / "manage.py")
        demo = Child("demo", (sys.executable, manage, "demo"), once=True)
        children.start(demo)
        return demo


def _environment(folder: Path, listener: socket.socket) -> dict[str, str]:
    """What the children need to find the same folder, and to answer under the chosen address."""
    host = listener.getsockname()[0]
    hosts = {*settings.ALLOWED_HOSTS, f"[{host}]" if ":" in host else host}
    return os.environ | {
        "AGENTSITE_DATA": str(folder),
        "ALLOWED_HOSTS": ",".join(sorted(hosts)),
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "PYTHONPATH": os.pathsep.join(
            filter(None, (str(settings.BASE_DIR), os.environ.get("PYTHONPATH", "")))
        ),
    }


def _database() -> str:
    """Names the database without giving it away."""
    return hashlib.sha256(settings.DATABASE_URL.encode()).hexdigest()


def _sign_in_link(address: str) -> str:
    """Asked by name: the plumbing does not know what an account is."""
    told = io.StringIO()
    call_command("sign_in_link", at=address, stdout=told)
    return told.getvalue().strip()


def _watch_for_ready(
    children: Children,
    listener: socket.socket,
    demo: Child | None,
    began: Any,
    announce: Callable[[], None],
) -> None:
    if demo is not None and demo.process is not None:
        demo.process.wait()
    host = listener.getsockname()[0]

    def worker_is_there() -> bool:
        return Heartbeat.objects.filter(name=Heartbeat.WORKER).seen_since(began).exists()

    def give_up() -> None:
        raise CannotStart("Web or worker did not answer in time; their reasons stand above.")

    ready = site.wait_for_web(listener, host) and processes.wait_until(
        worker_is_there, seconds=_WORKER_PATIENCE
    )
    connection.close()
    children.events.put(announce if ready else give_up)


def _supervise(children: Children, own: list[servers.Server]) -> None:
    """Keep everything alive until a signal says stop."""
    while True:
        try:
            children.events.get(timeout=_GLANCE)()
        except Empty:
            for server in own:
                if server.pid() is None:
                    running = servers.ensure(server)
                    _LOG.warning(f"{server.name} had ended; started in {running.seconds:.1f} s")
        children.start_those_due()


def _stop(children: Children) -> None:
    for signum in _STOPPING:
        signal.signal(signum, signal.SIG_IGN)  # it is under way, and bounded
    _LOG.info("stopping")
    children.stop()
