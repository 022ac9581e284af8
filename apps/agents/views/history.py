"""An agent over time and among others: its versions, its roster, its runs."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.agents import editing, finding, rosters
from apps.agents.actions import agents as actions
from apps.agents.api.shapes import AgentPatch
from apps.agents.comparing import compare
from apps.agents.models import Agent, AgentVersion
from apps.agents.views import agent_of
from apps.agents.views.tabs import tabs
from apps.core.api.shapes import Misshapen, read
from apps.core.errors import DomainError
from apps.core.htmx import render_page

VERSIONS_SHOWN = 50
CALLERS_SHOWN = 50
RUNS_SHOWN = 20


@require_safe
def versions(request: WorkspaceRequest, agent_id: str) -> HttpResponse:
    """The list, and what changed between two of them."""
    agent = agent_of(request, agent_id)
    newest = _number(request.GET.get("to", ""), agent.version, agent)
    oldest = _number(request.GET.get("from", ""), max(1, newest - 1), agent)
    context: dict[str, Any] = {"agent": agent, "newest": newest, "oldest": oldest}
    known = AgentVersion.objects.filter(agent=agent).without_text()
    until = _number(request.GET.get("until", ""), agent.version, agent)
    rows = list(known.filter(version__lte=until).order_by("-version")[: VERSIONS_SHOWN + 1])
    context |= {
        "tabs": tabs(request, agent, "agents:versions"),
        "rows": rows[:VERSIONS_SHOWN],
        "older": rows[VERSIONS_SHOWN].version if len(rows) > VERSIONS_SHOWN else None,
        "is_cut": until < agent.version,
        "comparison": _compared(agent, oldest, newest),
    }
    return render_page(request, "agents/versions.html", context)


def _number(given: str, otherwise: int, agent: Agent) -> int:
    """A version that is there, whatever the address says."""
    number = int(given) if given.isdecimal() and len(given) < 10 else otherwise
    return min(max(number, 1), agent.version)


def _compared(agent: Agent, oldest: int, newest: int) -> object:
    before, after = (finding.version(agent, number) for number in (oldest, newest))
    return compare(
        editing.text_of(agent, before.definition), editing.text_of(agent, after.definition)
    )


@require_safe
def roster(request: WorkspaceRequest, agent_id: str) -> HttpResponse:
    """Whom it may call, and who calls it."""
    agent = agent_of(request, agent_id)
    multiagent = agent.definition["multiagent"]
    members = rosters.entries(multiagent)
    known = _known(agent, [each["id"] for each in members if each["type"] == "agent"])
    rows = [_member(each, known) for each in members]
    callers = AgentVersion.objects.newest_in(request.workspace).calling(agent.public_id)
    callers = callers.order_by("-agent__created_at", "-pk")[: CALLERS_SHOWN + 1]
    context = {
        "agent": agent,
        "multiagent": multiagent,
        "rows": rows,
        "outdated": sum(each["is_outdated"] for each in rows),
        "callers": list(callers),
        "most": CALLERS_SHOWN,
        "tabs": tabs(request, agent, "agents:roster"),
    }
    return render_page(request, "agents/roster.html", context)


def _known(agent: Agent, ids: list[str]) -> dict[str, Agent]:
    found = Agent.objects.filter(workspace=agent.workspace_id, public_id__in=ids)
    return {each.public_id: each for each in found}


def _member(entry: rosters.Entry, known: dict[str, Agent]) -> dict[str, Any]:
    agent = known.get(entry.get("id", ""))
    is_behind = agent is not None and entry["version"] < agent.version
    return {
        "entry": entry,
        "agent": agent,
        "is_outdated": is_behind and agent is not None and agent.archived_at is None,
    }


@require_POST
def renew(request: WorkspaceRequest, agent_id: str) -> HttpResponse:
    """Pin some of its roster, or all, to what they are now."""
    agent = agent_of(request, agent_id)
    multiagent = agent.definition["multiagent"]
    members = [each["id"] for each in rosters.entries(multiagent) if each["type"] == "agent"]
    chosen = request.POST.getlist("member") or members
    body = {"multiagent": rosters.unpinned(multiagent, chosen)}
    try:
        changed = actions.update_agent(
            agent=agent, patch=read(AgentPatch, body | {"version": agent.version}), by=request.actor
        )
    except Misshapen as wrong:
        messages.error(request, "; ".join(problem.text for problem in wrong.problems))
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _renewed(agent, changed))
    return redirect("agents:roster", request.workspace.slug, agent.public_id)


def _renewed(before: Agent, after: Agent) -> str:
    if before.version == after.version:
        return "Nothing changed: everyone is at their newest version."
    return f"Saved as version {after.version}, with its roster at their newest versions."


@require_safe
def runs(request: WorkspaceRequest, agent_id: str) -> HttpResponse:
    agent = agent_of(request, agent_id)
    wide = ("agent_snapshot", "metadata", "outcome_evaluations", "tool_names")
    found = list(agent.runs().defer(*wide)[: RUNS_SHOWN + 1])
    context = {
        "agent": agent,
        "sessions": found[:RUNS_SHOWN],
        "has_more": len(found) > RUNS_SHOWN,
        "most": RUNS_SHOWN,
        "tabs": tabs(request, agent, "agents:runs"),
    }
    return render_page(request, "agents/runs.html", context)
