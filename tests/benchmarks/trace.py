"""How a session page opens in a real browser: first row, page quiet, bytes, heap."""

from apps.sessions import importing
from apps.sessions.models import Session
from tests import make
from tests.benchmarks import crowd
from tests.benchmarks.browser import RUNS, opened, serving
from tests.benchmarks.table import show

FIRST_ROW = "li.event"


def run(*, small: bool) -> None:
    sizes = (100, 1_000) if small else (100, 1_000, 10_000, 100_000)
    workspace = make.workspace()
    for size in sizes:
        importing.take(
            crowd.session(f"trace-{size}", size, threads=min(20, size // 20)), workspace=workspace
        )
    with serving() as site:
        rows = []
        for size in sizes:
            session = Session.objects.get(external_id=f"trace-{size}")
            path = f"/w/{workspace.slug}/sessions/{session.public_id}/"
            rows.append(
                (f"{size:,} events", *opened(site, path, FIRST_ROW, runs=1 if small else RUNS))
            )
    show("Opening a session", ("what", "first paint ms", "quiet ms", "kB", "heap MB"), rows)
