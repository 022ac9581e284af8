"""What pages of stores, proposals and dreams say of what is written back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db.models import Count
from django.urls import reverse

from apps.core.beside import Aside
from apps.dreams import showing
from apps.dreams.managed.models import ManagedDream, Mirror, WriteBack
from apps.dreams.managed.pulling import MIRROR_OF
from apps.dreams.models import Dream, Stage
from apps.dreams.showing import Panel
from apps.memory.models import MemoryStore, MemoryVersion
from apps.reviews.models import Proposal

STEPS = ("Copy the store", "Ask", "Dreamt there", "Compare", "Propose")
_Status = WriteBack.Status


def of_store(store: MemoryStore) -> Iterator[Aside]:
    """That it is a copy, and whether all that was written here is there."""
    if MIRROR_OF not in store.metadata:
        return
    mirror = Mirror.objects.filter(store_id=store.pk).select_related("link").first()
    if mirror is None:
        return
    counted = counts(mirror)
    url = page_of(mirror, store.workspace.slug)
    where = mirror.link.name if mirror.link else "a workspace that is not linked any more"
    if troubled := counted[_Status.CONFLICT] + counted[_Status.FAILED]:
        edits = "1 edit that was" if troubled == 1 else f"{troubled} edits that were"
        title = f"{edits} accepted here could not be written to {where}"
        yield Aside(title, "Somebody has to look.", url, "Look", "risk-medium", "warn")
        return
    waiting = counted[_Status.WAITING] + unnoted(mirror)
    said = f"{waiting} to be written there." if waiting else "What is written here is there, too."
    yield Aside(f"A copy of a store of {where}", said, url, "What was written back", "link")


def of_proposal(proposal: Proposal) -> Iterator[Aside]:
    """Of one that was decided: whether it has got there."""
    if MIRROR_OF not in proposal.store.metadata or proposal.is_waiting:
        return
    found = WriteBack.objects.filter(proposal_id=proposal.pk).select_related("mirror__link")
    last = found.order_by("-sequence").first()
    if last is None:
        return
    title, icon, tone = _TITLES[_Status(last.status)]
    url = page_of(last.mirror, proposal.workspace.slug)
    if last.status in {_Status.CONFLICT, _Status.FAILED}:
        where = f"{url}?show=troubled"
        yield Aside(title, f"{last.error} {_REMEDIES[last.status]}", where, "Settle it", icon, tone)
    else:
        yield Aside(title, "", url, "What was written back", icon, tone)


_TITLES: dict[WriteBack.Status, tuple[str, str, str]] = {
    _Status.WAITING: ("It waits to be written to the linked workspace", "clock", ""),
    _Status.DONE: ("It is written to the linked workspace", "check", "good"),
    _Status.CONFLICT: ("It could not be written to the linked workspace", "risk-medium", "warn"),
    _Status.FAILED: ("The linked workspace refused it", "risk-medium", "warn"),
    _Status.DISMISSED: ("The linked workspace was left as it is", "minus", ""),
    _Status.REPROPOSED: ("It was proposed again on what is there", "refresh", ""),
}
_REMEDIES: dict[str, str] = {
    _Status.CONFLICT: "Read the store again, and propose the edit on what it says there now.",
    _Status.FAILED: "Try again once the reason is gone.",
}


def page_of(mirror: Mirror, workspace: str) -> str:
    return reverse("managed:mirror", args=[workspace, mirror.pk])


def counts(mirror: Mirror) -> Counter[str]:
    """Write-backs by status."""
    rows = mirror.write_backs.values_list("status").annotate(count=Count("pk")).order_by()
    return Counter({status: int(count) for status, count in rows})


def unnoted(mirror: Mirror) -> int:
    """Edits that were written here a moment ago, and are no write-backs yet."""
    versions = MemoryVersion.objects.filter(
        store=mirror.store_id, sequence__gt=mirror.noted_sequence
    )
    return versions.exclude(actor_id=mirror.pk).count()


@dataclass(frozen=True, slots=True)
class Told:
    """A managed dream, for the page of the dream."""

    managed: ManagedDream
    mirror_url: str
    state: str
    steps: Sequence[showing.Step]

    def panels(self, own: Sequence[Panel]) -> list[Panel]:
        """What went in and came out: of those of any dream, what there is of a managed one."""
        dream, before = self.managed.dream, len(self.managed.before)
        given = len(dream.session_ids)
        found = dream.funnel.get("drafts")
        left_out = sum(each["count"] for each in dream.funnel.get("dropped", []))
        differences = 0 if found is None else found + left_out
        note = "" if found is not None or dream.has_ended else "once it is dreamt"
        size = partial(_size, most=max(given, before, differences))
        told = "–" if found is None else str(differences)
        return [
            Panel("Sessions given", str(given), "", size(given)),
            Panel("Memories there", str(before), "before the dream", size(before)),
            Panel("Differences", told, note, size(differences)),
            *own[-2:],
        ]


def _size(count: int, *, most: int) -> int:
    return round(100 * count / max(most, 1))


def state_of(dream: Dream) -> str:
    """What a page that is looked at must have changed for."""
    rows = ManagedDream.objects.filter(pk=dream.pk)
    told = rows.values_list("vendor_dream_id", "vendor_status", "looks", "failures").first()
    return "-".join(["", *map(str, told or ())])


def of_dream(dream: Dream) -> Told | None:
    """None for a dream that is dreamt here. Its workspace must be loaded."""
    rows = ManagedDream.objects.select_related("mirror__link", "dream")
    managed = rows.filter(pk=dream.pk).first()
    if managed is None:
        return None
    url = page_of(managed.mirror, dream.workspace.slug)
    return Told(managed, url, _state(dream, managed), _steps(dream, managed))


def _steps(dream: Dream, managed: ManagedDream) -> list[showing.Step]:
    """What it does in place of the stages of other dreams, and where it is."""
    done = [
        managed.asked_at is not None,
        managed.vendor_dream_id != "",
        managed.vendor_status == "completed",
        dream.stage not in {"", Stage.COLLECT, Stage.OBSERVE},
        dream.status == Dream.Status.COMPLETED,
    ]
    at = next((number for number, is_done in enumerate(done) if not is_done), len(done))
    ends = {Dream.Status.FAILED: "failed", Dream.Status.CANCELED: "stopped"}
    now = ends.get(Dream.Status(dream.status), "now")
    if dream.status == Dream.Status.PENDING:
        now = "waits"
    states = ["done"] * at + [now] + ["waits"] * len(done)
    return [showing.Step(label, state) for label, state in zip(STEPS, states, strict=False)]


def _state(dream: Dream, managed: ManagedDream) -> str:
    """What goes on there, in words."""
    if managed.waits_for and not dream.has_ended:
        return managed.waits_for
    if not managed.vendor_dream_id:
        return "" if dream.has_ended else "The store is being copied."
    known: dict[str, str] = {
        "pending": "It waits there.",
        "running": "The vendor dreams.",
        "completed": "It is dreamt.",
        "failed": "It failed there.",
        "canceled": "It is canceled there.",
    }
    return known.get(managed.vendor_status, "")
