"""Dreams as their pages show them: rows of a list, the stages, the funnel, what is left out."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.templatetags.ui import calendar_day
from apps.dreams import billing, drawing, funnel
from apps.dreams.costing import cost
from apps.dreams.drawing import Bar
from apps.dreams.models import Dream, DreamInput, Stage
from apps.dreams.models.dream import DreamQuerySet
from apps.memory.models import MemoryStore
from apps.reviews.models import Proposal

STAGES = {
    Stage.COLLECT: "Collect",
    Stage.OBSERVE: "Observe",
    Stage.CONNECT: "Connect",
    Stage.CURATE: "Curate",
    Stage.CHECK: "Check",
    Stage.PROPOSE: "Propose",
}
_LATER = ("curate", "check", "propose")
"""The stages in which a pattern is left out."""


def listed(dreams: DreamQuerySet) -> DreamQuerySet:
    """What a row tells of a dream, its funnel included, and not its drafts."""
    return dreams.select_related("schedule").defer(
        "drafts", "instructions", "schedule__instructions"
    )


def title(dream: Dream) -> str:
    """A dream has no name but its schedule's. That must be loaded."""
    asked = timezone.localtime(dream.created_at)
    name = dream.schedule.name if dream.schedule else "Dream"
    return f"{name}, {calendar_day(asked, timezone.localtime())}"


def elapsed(dream: Dream) -> timedelta:
    return (dream.ended_at or timezone.now()) - dream.created_at


@dataclass(frozen=True, slots=True)
class Row:
    """A dream in a list, with its store's name and what became of its proposals."""

    dream: Dream
    title: str
    store: str
    cost: Decimal | None
    decided: Counter[str]
    """Proposals by status."""

    @property
    def elapsed(self) -> timedelta:
        return elapsed(self.dream)

    @property
    def kept(self) -> int:
        return self.decided[Proposal.Status.ACCEPTED]

    @property
    def waits(self) -> int:
        return self.decided[Proposal.Status.PENDING]

    @property
    def bars(self) -> list[Bar]:
        told = self.dream.funnel
        names = {"sessions": "read", "with_signal": "signal", "patterns": "pattern"}
        counts = [(label, int(told.get(name, 0))) for name, label in names.items()]
        return drawing.funnel(
            [*counts, ("prop.", int(told.get("proposals", 0))), ("kept", self.kept)]
        )

    @property
    def stage(self) -> str:
        """What it does just now."""
        return STAGES[Stage(self.dream.stage)] if self.dream.stage else "Waits for a worker"


def rows(workspace: Workspace, dreams: Sequence[Dream]) -> list[Row]:
    """Dreams of `listed`, with what else a row tells: three queries, however many they are."""
    bills = billing.bills(dreams)
    stores = store_names(workspace, [each.input_store_id for each in dreams])
    decided = _decided(workspace, [each.changeset_id for each in dreams if each.changeset_id])
    return [
        Row(
            each,
            title(each),
            stores.get(each.input_store_id, ""),
            cost(each.model, each, bills.get(each.pk)),
            decided[each.changeset_id],
        )
        for each in dreams
    ]


def store_names(workspace: Workspace, store_ids: Sequence[str]) -> dict[str, str]:
    """Of those that are still there."""
    stores = MemoryStore.objects.visible_in(workspace).filter(pk__in=set(store_ids))
    return dict(stores.values_list("pk", "name"))


def _decided(workspace: Workspace, changeset_ids: Sequence[str]) -> dict[str, Counter[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    found = Proposal.objects.visible_in(workspace).filter(changeset__in=changeset_ids)
    for changeset, status, count in (
        found.values_list("changeset", "status").annotate(count=Count("pk")).order_by()
    ):
        counts[changeset][status] += count
    return counts


@dataclass(frozen=True, slots=True)
class Step:
    """A stage, and where the dream is in it: done, now, waits, failed, stopped."""

    label: str
    state: str
    progress: str = ""


def steps(dream: Dream, counts: dict[str, Any]) -> list[Step]:
    """All of them, in order."""
    order = list(STAGES)
    at = order.index(Stage(dream.stage)) if dream.stage else 0
    read = int(counts.get("read", 0)) + int(counts.get("reused", 0))
    drawn = []
    for number, stage in enumerate(order):
        state = _state(dream, number, at)
        shown = stage == Stage.OBSERVE and state != "done" and number == at and counts
        progress = f"{read} of {counts['sessions']}" if shown else ""
        drawn.append(Step(STAGES[stage], state, progress))
    return drawn


def _state(dream: Dream, number: int, at: int) -> str:
    if dream.status == Dream.Status.COMPLETED or number < at:
        return "done"
    if number > at or dream.status == Dream.Status.PENDING:
        return "waits"
    ends = {Dream.Status.FAILED: "failed", Dream.Status.CANCELED: "stopped"}
    return ends.get(Dream.Status(dream.status), "now")


def counts(dream: Dream) -> dict[str, Any]:
    """The funnel as it is now: while sessions are read, by what is read so far."""
    if dream.funnel.get("sessions") or dream.stage in {"", Stage.COLLECT}:
        told: dict[str, Any] = dream.funnel
        return told
    run = Dream.objects.of_run(dream).values_list("pk", flat=True)
    return funnel.of_inputs(list(run))


def readings_kept(dream: Dream) -> int:
    """Sessions that it has read by now: the next dream need not read them again."""
    kept = DreamInput.objects.filter(dream__in=Dream.objects.of_run(dream).values("pk"))
    return kept.filter(status=DreamInput.Status.READ).count()


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of the funnel: how many got here, of what size, and why others did not."""

    label: str
    value: str
    note: str
    size: int
    """Of a bar of 100."""
    reasons: list[tuple[str, int]] = field(default_factory=list)


def panels(dream: Dream, counted: dict[str, Any], decided: Counter[str]) -> list[Panel]:
    """The five of them."""
    counts_of = Counter({name: told for name, told in counted.items() if isinstance(told, int)})
    sessions, signal = counts_of["sessions"], counts_of["with_signal"]
    most = max(sessions, counts_of["patterns"], counts_of["proposals"], 1)
    unread = _dropped(counted, ("collect", "observe"))
    failed = sum(count for _, count in unread)
    read = counts_of["read"] + counts_of["reused"]
    return [
        Panel(
            "Sessions read",
            str(read),
            f"{counts_of['reused']} from cache" if counts_of["reused"] else "",
            round(100 * read / most),
            [*unread, *_some("Still to be read", sessions - read - failed)],
        ),
        Panel(
            "With signal",
            str(signal),
            f"{counts_of['observations']} observations" if signal else "",
            round(100 * signal / most),
            _some("Nothing to learn", read - signal),
        ),
        _of_patterns(dream, counted, most),
        _of_proposals(dream, counted, most),
        _of_decisions(decided, most),
    ]


def _of_patterns(dream: Dream, counted: dict[str, Any], most: int) -> Panel:
    if "patterns" not in counted:
        return Panel("Patterns", "–", "once all is read" if not dream.has_ended else "", 0)
    count = int(counted["patterns"])
    reasons = _dropped(counted, ("connect",))
    return Panel("Patterns", str(count), "seen again and again", round(100 * count / most), reasons)


def _of_proposals(dream: Dream, counted: dict[str, Any], most: int) -> Panel:
    reasons = _dropped(counted, _LATER)
    if "proposals" in counted:
        count = int(counted["proposals"])
        return Panel("Proposals", str(count), "", round(100 * count / most), reasons)
    if "drafts" in counted:
        count = int(counted["drafts"])
        return Panel("Proposals", str(count), "drafted", round(100 * count / most), reasons)
    return Panel("Proposals", "–", "" if dream.has_ended else "at the end", 0, reasons)


def _of_decisions(decided: Counter[str], most: int) -> Panel:
    """What became of the proposals: accepted is drawn, the rest is told."""
    accepted = decided[Proposal.Status.ACCEPTED]
    if not decided:
        return Panel("Accepted", "–", "after review", 0)
    others = [
        ("Waits for a decision", decided[Proposal.Status.PENDING]),
        ("Rejected", decided[Proposal.Status.REJECTED]),
        ("Withdrawn", decided[Proposal.Status.WITHDRAWN]),
        ("Undone", decided[Proposal.Status.REVERTED]),
    ]
    told = [each for each in others if each[1]]
    return Panel("Accepted", str(accepted), "", round(100 * accepted / most), told)


def _some(reason: str, count: int) -> list[tuple[str, int]]:
    return [(reason, count)] if count > 0 else []


def _dropped(counted: dict[str, Any], stages: Sequence[str]) -> list[tuple[str, int]]:
    """Reasons of these stages, the most frequent first."""
    sums: Counter[str] = Counter()
    for each in counted.get("dropped", []):
        if each["stage"] in stages:
            sums[str(each["reason"])] += int(each["count"])
    return [(_capital(reason), count) for reason, count in sums.most_common()]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
