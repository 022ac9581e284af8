"""One dream, live while it goes on."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, Sum
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.htmx import render_page, wants_part
from apps.dreams import engines, patterns, showing
from apps.dreams.costing import cost_of, is_free
from apps.dreams.managed import ENGINE as MANAGED
from apps.dreams.managed import telling
from apps.dreams.models import Dream, DreamInput, Pattern, Reading
from apps.dreams.patterns import EFFECT, SUPPORT
from apps.dreams.showing import Panel
from apps.dreams.views import dream_of
from apps.engine.pricing import Usage
from apps.reviews.models import Proposal
from apps.sessions.models import Session

MOST_PROPOSALS = 10
_UNCHANGED = 204


@require_safe
def page(request: WorkspaceRequest, dream_id: str) -> HttpResponse:
    """A page that is looked at asks again each second, and is answered once something is new."""
    dream = dream_of(request, dream_id)
    counted = showing.counts(dream)
    state = _state(dream, counted)
    if dream.engine == MANAGED:
        state += telling.state_of(dream)
    if wants_part(request) and request.GET.get("state") == state:
        return HttpResponse(status=_UNCHANGED)
    context = _context(request, dream, counted) | {"state": state}
    return render_page(request, "dreams/dream.html", context, part="live")


def _state(dream: Dream, counted: dict[str, Any]) -> str:
    """What a page that is looked at must have changed for."""
    names = ("read", "reused", "patterns", "drafts", "proposals")
    return "-".join(
        [
            dream.status,
            dream.stage,
            dream.waits_for,
            *(str(counted.get(name, "")) for name in names),
        ]
    )


def _context(request: WorkspaceRequest, dream: Dream, counted: dict[str, Any]) -> dict[str, Any]:
    [row] = showing.rows(request.workspace, [dream])
    order = EFFECT if request.GET.get("by") == EFFECT else SUPPORT
    proposals = _proposals(request, dream)
    return {
        "dream": dream,
        "row": row,
        "title": row.title,
        "steps": showing.steps(dream, counted),
        "panels": showing.panels(dream, counted, row.decided),
        "dropped": counted.get("dropped", []),
        "kept": showing.readings_kept(dream) if not dream.has_ended else 0,
        "patterns": patterns.page(
            request.workspace, dream, order=order, after=_number(request.GET.get("after", ""))
        ),
        "pattern_count": Pattern.objects.filter(dream=dream).count(),
        "orders": _orders(request, order),
        "order": order,
        "cost": _cost(dream, counted) | {"total": row.cost},
        "proposals": proposals,
        "queue": queue(request, dream=dream.pk),
        "work": _work(dream),
        "engine": "local" if is_free(dream.engine) else dream.engine,
        "is_left_to_local": is_free(dream.engine) and dream.model.startswith("claude-"),
        "sessions": _sessions(dream),
        "gathering": dream.gathering.count(),
        "by": dream.created_by_name,
        "agents": _agents(dream),
    } | _managed(dream, showing.panels(dream, counted, row.decided))


def _managed(dream: Dream, panels: Sequence[Panel]) -> dict[str, Any]:
    """Of one that is dreamt elsewhere, what stands in the place of its stages."""
    told = telling.of_dream(dream) if dream.engine == MANAGED else None
    if told is None:
        return {}
    return {"managed": told, "steps": told.steps, "panels": told.panels(panels)}


def _orders(request: WorkspaceRequest, order: str) -> list[dict[str, object]]:
    names = {SUPPORT: "By support", EFFECT: "By effect"}
    return [
        {"label": label, "url": f"{request.path}?by={name}#patterns", "current": name == order}
        for name, label in names.items()
    ]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _proposals(request: WorkspaceRequest, dream: Dream) -> list[tuple[Proposal, tuple[str, str]]]:
    if not dream.changeset_id:
        return []
    rows = Proposal.objects.visible_in(request.workspace).filter(changeset=dream.changeset_id)
    first = rows.for_list().order_by("risk", "-confidence_value", "pk")[:MOST_PROPOSALS]
    return [(each, patterns.CHANGES[each.kind]) for each in first]


def queue(request: WorkspaceRequest, **narrowed: str) -> str:
    """Where what waits is decided; nothing where there is no such page."""
    try:
        at = reverse("reviews:queue", args=[request.workspace.slug])
    except NoReverseMatch:
        return ""
    said = "&".join(f"{name}={value}" for name, value in narrowed.items())
    return f"{at}?{said}" if said else at


def _work(dream: Dream) -> str:
    """The session that the dream is itself, while it is there."""
    mine = Session.objects.visible_in(dream.workspace).filter(public_id=dream.session_id)
    if not dream.session_id or not mine.exists():
        return ""
    return reverse("sessions:session", args=[dream.workspace.slug, dream.session_id])


def _sessions(dream: Dream) -> int:
    """Those that it was given to read, and those that it takes in beside them."""
    beside = dream.inputs.exclude(session_id__in=dream.session_ids)
    return len(dream.session_ids) + beside.count()


def _agents(dream: Dream) -> list[str]:
    """Of the sessions that it reads, three at most."""
    read = Session.objects.visible_in(dream.workspace).filter(public_id__in=dream.session_ids)
    return list(read.values_list("agent__name", flat=True).distinct().order_by("agent__name")[:4])


def _cost(dream: Dream, counted: dict[str, Any]) -> dict[str, Any]:
    reused = DreamInput.objects.filter(
        dream__in=Dream.objects.of_run(dream).values("pk"), status=DreamInput.Status.REUSED
    )
    engine = engines.named(dream.engine)
    spared = (
        Reading.objects.of(engine.name, engine.version)
        .filter(
            Q(session__public_id__in=reused.values("session_id")),
            session__workspace=dream.workspace,
        )
        .aggregate(
            input=Sum("input_tokens", default=0),
            output=Sum("output_tokens", default=0),
            cache_read=Sum("cache_read_tokens", default=0),
            cache_write=Sum("cache_write_tokens", default=0),
        )
    )
    return {
        "is_free": is_free(dream.engine),
        "read": counted.get("read", 0),
        "reused": counted.get("reused", 0),
        "saved": cost_of(dream.model, Usage(**spared)),
    }
