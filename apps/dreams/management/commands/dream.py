"""Dream about a store from a terminal."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts.acting import Actor
from apps.accounts.models import Workspace
from apps.core.errors import DomainError
from apps.core.models import Heartbeat
from apps.dreams import assigning, choosing, dreaming, engines, proposing
from apps.dreams.actions import dreams as actions
from apps.dreams.choosing import Choice
from apps.dreams.managed import ENGINE as MANAGED
from apps.dreams.managed import actions as managed
from apps.dreams.managed import naming
from apps.dreams.models import Dream
from apps.dreams.starting import DreamPlan
from apps.engine import batching, connecting
from apps.engine.asking import NoKey
from apps.engine.models import Batch
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.memory.models import MemoryStore

LOCAL, CLAUDE = "local", "claude"
WORKER_IS_ALIVE = timedelta(seconds=60)
GLANCE = 0.5
"""Seconds between looks at a dream that others dream."""


class Command(BaseCommand):
    help = "Read sessions, find what recurs, and propose it to a memory store."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--store", required=True, help="its id or name; a new name makes one")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="every session that has ended")
        which.add_argument("--session", nargs="+", metavar="ID", help="these sessions")
        which.add_argument("--agent", metavar="NAME", help="the sessions of this agent")
        parser.add_argument(
            "--engine", default=LOCAL, help="`local`, `claude`, `managed`, or the name of a model"
        )
        parser.add_argument(
            "--model", default="", metavar="ID", help="of Claude; by default the workspace's"
        )
        parser.add_argument("--cap", type=_dollars, metavar="USD", help="what it may cost")
        parser.add_argument("--batch", action="store_true", help="for half the price, within a day")
        parser.add_argument("--instructions", default="", help="what to look for")
        parser.add_argument("--wait", action="store_true", help="until it has ended")
        parser.add_argument("--workspace", default="default", help="its slug")

    def handle(self, **options: Any) -> None:
        try:
            place = Workspace.objects.get(slug=options["workspace"])
        except Workspace.DoesNotExist:
            raise CommandError(f"There is no workspace called {options['workspace']}.") from None
        by = Actor.system(place)
        try:
            dream, name = _asked(options, by)
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{dream.pk} dreams about {name}.")
        if options["wait"]:
            self._wait(dream)

    def _wait(self, dream: Dream) -> None:
        since = timezone.now() - WORKER_IS_ALIVE
        if Heartbeat.objects.filter(name=Heartbeat.WORKER).seen_since(since).exists():
            while Dream.objects.unended().filter(pk=dream.pk).exists():
                time.sleep(GLANCE)
        elif dream.engine == MANAGED:
            raise CommandError("No worker answers, and it takes one to follow a managed dream.")
        else:
            self.stdout.write("No worker answers, so it is dreamed here.")
            for each in (*dream.gathering.all(), dream):
                _dream_here(each)
        dream.refresh_from_db()
        if dream.status != Dream.Status.COMPLETED:
            raise CommandError(dream.error_message or f"The dream is {dream.status}.")
        took = (dream.ended_at or timezone.now()) - dream.created_at
        self.stdout.write(f"{proposing.summary(dream)} It took {took.total_seconds():.1f} s.")


def _asked(options: dict[str, Any], by: Actor) -> tuple[Dream, str]:
    """The dream, and the name of its store: of the vendor's dreams it is a store there."""
    if options["engine"] != MANAGED:
        store = _store(options["store"], by)
        return actions.create_dream(_plan(store, options, by), by=by), store.name
    mirror = naming.store(by.workspace, options["store"])
    plan = naming.plan(
        mirror,
        model=options["model"] or settings.ENGINE_DREAM_MODEL,
        session_ids=options["session"],
        agent_name=options["agent"] or "",
        instructions=options["instructions"],
    )
    return managed.create_dream(plan, by=by), mirror.name


def _store(named: str, by: Actor) -> MemoryStore:
    """The store of this id or name; the newest of several, a new one if there is none."""
    mine = MemoryStore.objects.visible_in(by.workspace)
    by_id = mine.filter(pk=named).first()
    by_name = mine.open().filter(name=named).order_by("-created_at", "-pk").first()
    return by_id or by_name or stores.create_store(given=NewStore(name=named), by=by)


def _plan(store: MemoryStore, options: dict[str, Any], by: Actor) -> DreamPlan:
    ids = options["session"]
    if ids is None:
        choice = Choice(agent_name=options["agent"] or "")
        ids = choosing.public_ids(by.workspace, choice)
    if not ids:
        raise CommandError("No session matches: there is nothing to dream about.")
    return DreamPlan(
        store_id=store.pk,
        session_ids=ids,
        model=_model(options["engine"], options["model"], by.workspace),
        instructions=options["instructions"],
        updates=store.pk,
        cap_usd=options["cap"],
        is_batched=options["batch"],
    )


def _model(engine: str, model: str, workspace: Workspace) -> str:
    """Who is asked for Claude is not given the local engine. Raises NoKey."""
    if engine == LOCAL:
        return engines.LOCAL
    wanted = model or (
        connecting.default_model(workspace, "dreams") if engine == CLAUDE else engine
    )
    if wanted.startswith(CLAUDE) and not connecting.is_connected(workspace):
        raise NoKey
    return wanted


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ArgumentTypeError(f"{text} is no amount of dollars") from None
    if not amount.is_finite() or amount <= 0:
        raise ArgumentTypeError("it costs more than nothing")
    return amount


def _dream_here(dream: Dream) -> None:
    """As far as it goes, and on once a model lets it."""
    dreaming.dream_here(dream.pk)
    dream.refresh_from_db()
    while not dream.has_ended and dream.waits_until is not None:
        time.sleep(max(0.0, (dream.waits_until - timezone.now()).total_seconds()))
        _fetch(dream)
        dreaming.dream_here(dream.pk)
        dream.refresh_from_db()


def _fetch(dream: Dream) -> None:
    """Where no worker is, nobody else looks whether a batch has ended."""
    for batch in Batch.objects.open().of(assigning.of(dream).job):
        batching.look_at(batch.pk)
