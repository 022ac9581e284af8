"""The queue of a reviewer, with few and with many proposals in it, and decisions over HTTP."""

from collections.abc import Iterator, Sequence
from itertools import count, islice

import orjson
from django.db import connection, connections

from agentsite.embedded.folder import data_folder
from agentsite.embedded.valkey import ensure_queue
from apps.memory import writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore
from apps.reviews import proposing
from apps.reviews.drafting import Base, Draft, Kind, Quote, Role
from apps.reviews.models import Proposal
from apps.reviews.models.proposal import ProposalQuerySet
from tests import make
from tests.benchmarks import browser, clients, web
from tests.benchmarks.table import show

KINDS = (Kind.CREATE, Kind.UPDATE, Kind.MERGE, Kind.RETIRE)
QUEUE = "/w/default/reviews/"
FIRST_ROW = ".queue-row"
DREAM = Author("session_actor", "sesn_dream", "Dream")
SAID = "Refunds above 200 euros take a second signature, and five days."
_LIMITS = {"API_READS_PER_MINUTE": "100000000", "API_WRITES_PER_MINUTE": "100000000"}


def run(*, small: bool) -> None:
    sizes = (20, 100) if small else (100, 10_000)
    each = 5 if small else 100
    _, secret = make.key()
    with ensure_queue(data_folder()):
        _open(sizes, runs=1 if small else browser.RUNS)
        with web.serving(1, **_LIMITS) as server:
            rows = [_decided(server, secret, name, *asked, each) for name, *asked in _DECISIONS]
    show(
        f"Decisions over HTTP, {sizes[-1]:,} proposals wait, 1 client",
        ("what", "p50 / p95 ms", "web CPU ms each", "database CPU ms each"),
        rows,
    )


_DECISIONS = (
    ("accept a new memory", Kind.CREATE, {"verdict": "accept"}),
    ("accept a change", Kind.UPDATE, {"verdict": "accept"}),
    ("accept a merge of two", Kind.MERGE, {"verdict": "accept"}),
    ("accept a retirement", Kind.RETIRE, {"verdict": "accept"}),
    ("reject", Kind.CREATE, {"verdict": "reject", "reason": "trivial"}),
)


def _open(sizes: Sequence[int], runs: int) -> None:
    rows = []
    with browser.serving() as site:
        for size in sizes:
            _fill(size)
            opened = browser.opened(site, QUEUE, FIRST_ROW, runs=runs)
            rows.append((f"{size:,} proposals wait", *opened))
    show("Opening the queue", ("what", "first paint ms", "quiet ms", "kB", "heap MB"), rows)


def _fill(size: int) -> None:
    """Hand in changesets, each to a store of its own, until so many proposals wait."""
    heard = make.session(make.event(text=SAID, key=f"heard-{size}"))
    event = heard.events.get()
    quote = Quote(heard.public_id, event.public_id, 0, len(SAID), SAID, Role.STATES_FACT)
    while (missing := size - _waiting().count()) > 0:
        here = min(missing, proposing.MOST_DRAFTS)
        store = MemoryStore.objects.create(workspace=make.workspace(), name=f"{missing} missing")
        with writing.writing(store.pk, by=Author()) as pen, pen.many():
            for n in range(here * 2):
                pen.create(f"/{n % 9}/{n}.md", _text(n))
        memories = iter(Memory.objects.filter(store=store).order_by("pk"))
        drafts = list(islice(_drafts(memories, quote), here))
        proposing.propose(store, drafts, origin="dream", origin_id="drm_1", by=DREAM)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _waiting() -> ProposalQuerySet:
    """Those in the queue that is measured: another benchmark's dreams wait elsewhere."""
    return Proposal.objects.visible_in(make.workspace()).waiting()


def _text(n: int) -> str:
    return "".join(
        f"- Rule {line} of case {n}: look it up before you answer.\n" for line in range(12)
    )


def _drafts(memories: Iterator[Memory], quote: Quote) -> Iterator[Draft]:
    """One of each kind in turn; no memory is in two of them."""
    for n in count():
        kind = KINDS[n % len(KINDS)]
        bases = [next(memories) for _ in range({Kind.CREATE: 0, Kind.MERGE: 2}.get(kind, 1))]
        yield Draft(
            kind,
            bases[0].path if bases else f"/new/{n}.md",
            None if kind == Kind.RETIRE else "".join(_said(bases)) + f"- {SAID} ({n})\n",
            "It was said in several sessions.",
            bases=tuple(Base(each.pk, each.content_sha256) for each in bases),
            evidence=(quote,),
        )


def _said(bases: Sequence[Memory]) -> dict[str, None]:
    return dict.fromkeys(line for each in bases for line in each.content.splitlines(keepends=True))


def _decided(
    server: web.Server, secret: str, name: str, kind: Kind, said: dict[str, str], count: int
) -> tuple[str, ...]:
    """So many proposals of the kind, decided one after the other."""
    waiting = _waiting().filter(kind=kind).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[: count + 1])
    asked = [
        clients.request(secret, "POST", f"/v1/proposals/{each}/decision", orjson.dumps(said))
        for each in ids
    ]
    clients.work(server.port(0), asked[:1])  # everything is loaded once
    connections.close_all()
    before, database = server.cpu(), web.database_cpu()
    connections.close_all()
    [done] = clients.all_at_once(server, [asked[1:]])
    spent, database = server.cpu() - before, web.database_cpu() - database
    waits = sorted(done.waits)
    return (
        name,
        f"{waits[len(waits) // 2] * 1000:.1f} / {waits[int(len(waits) * 0.95)] * 1000:.1f}",
        f"{spent / len(waits) * 1000:.1f}",
        f"{database / len(waits) * 1000:.1f}",
    )
