"""The agents of a workspace: those that run, those that are archived, those only seen."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.accounts.models import Workspace
from apps.agents import rosters
from apps.agents.models import MOST_RUNS_COUNTED, Agent, AgentQuerySet
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest

RECENTLY = timedelta(days=7)
SHOWN = {"": "Defined here", "archived": "Archived", "recorded": "Only in transcripts"}


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    rows = _rows(request.workspace, shown).with_runs(since=timezone.now() - RECENTLY)
    context: dict[str, object] = {"shown": shown, "most": MOST_RUNS_COUNTED}
    status = 200
    try:
        page = newest(rows, request.GET.get("cursor", ""))
        context |= {"page": page, "rows": [(each, _facts(each)) for each in page.rows]}
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    path = reverse("agents:list", args=[request.workspace.slug])
    context["tabs"] = [
        {"label": label, "url": f"{path}?show={name}" if name else path, "current": name == shown}
        for name, label in SHOWN.items()
    ]
    return render_page(request, "agents/list.html", context, status=status)


def _rows(workspace: Workspace, shown: str) -> AgentQuerySet:
    if shown == "recorded":
        return Agent.objects.recorded_in(workspace)
    defined = Agent.objects.defined_in(workspace, include_archived=shown == "archived")
    return defined.exclude(archived_at=None).with_gist() if shown else defined.with_gist()


def _facts(agent: Agent) -> dict[str, object]:
    if not agent.version:
        return {}
    roster = rosters.entries(agent.gist["multiagent"])
    return {"model": agent.gist["model"]["id"], "roster": len(roster)}
