"""How the session list opens in a real browser, with few and with many sessions."""

from datetime import timedelta

from django.utils import timezone

from apps.agents.models import Agent, Environment
from apps.sessions.models import Session
from tests import make
from tests.benchmarks.browser import RUNS, opened, serving
from tests.benchmarks.table import show

FIRST_ROW = "table tbody tr"


def run(*, small: bool) -> None:
    sizes = (100, 1_000) if small else (1_000, 100_000)
    runs = 1 if small else RUNS
    with serving() as site:
        rows = [("for comparison: a form", *opened(site, "/password/", "form", runs=runs))]
        for size in sizes:
            _fill(size)
            path = "/w/default/sessions/"
            rows.append((f"{size:,} sessions", *opened(site, path, FIRST_ROW, runs=runs)))
            filtered = f"{path}?errors=1&status=idle"
            rows.append((f"{size:,}, with errors", *opened(site, filtered, FIRST_ROW, runs=runs)))
    show("Opening the list", ("what", "first paint ms", "quiet ms", "kB", "heap MB"), rows)


def _fill(size: int) -> None:
    workspace = make.workspace()
    agent = Agent.objects.named(workspace, "benchmark")
    environment = Environment.objects.of_record(workspace)
    now = timezone.now()
    have = Session.objects.count()
    Session.objects.bulk_create(
        (
            Session(
                workspace=workspace,
                agent=agent,
                environment=environment,
                agent_snapshot={"name": "benchmark"},
                title=f"Session {n}",
                source="native",
                external_id=f"list-{n}",
                created_at=now - timedelta(minutes=n),
                updated_at=now,
                event_count=n % 900,
                error_count=n % 3,
            )
            for n in range(have, size)
        ),
        batch_size=2_000,
    )
