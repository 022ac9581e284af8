"""What an agent says: as a form and as text, side by side, both saving the same thing."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.agents import definition as definitions
from apps.agents import editing, finding, wire
from apps.agents.actions import agents as actions
from apps.agents.comparing import compare
from apps.agents.defining import dump
from apps.agents.editing import Editor
from apps.agents.forms.agents import MODELS
from apps.agents.models import Agent
from apps.agents.views import FORM, agent_of
from apps.agents.views.sent import Refused, Sent, form_for, receive
from apps.agents.views.tabs import tabs
from apps.core import payloads
from apps.core.api.shapes import Misshapen
from apps.core.errors import DomainError
from apps.core.htmx import render_page

EXAMPLES = {"": "One agent", "coordinator": "A coordinator"}


@require_http_methods(FORM)
def page(request: WorkspaceRequest, agent_id: str) -> HttpResponse:
    agent = agent_of(request, agent_id)
    if request.method != "POST":
        return _show(request, agent)
    try:
        changed = _saved(request, agent, receive(request, agent.definition, agent))
    except Refused as refused:
        return _show(request, agent, refused.context, status=refused.status)
    if changed.version == agent.version:
        messages.info(request, f"Nothing changed: version {agent.version} says the same.")
    else:
        messages.success(request, f"Saved as version {changed.version}.")
    return redirect("agents:agent", request.workspace.slug, agent.public_id)


def _saved(request: WorkspaceRequest, agent: Agent, sent: Sent) -> Agent:
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    try:
        return actions.replace_agent(
            agent=agent, given=sent.given, version=version, by=request.actor
        )
    except Misshapen as wrong:
        raise sent.refused(wrong) from wrong
    except actions.VersionConflict as conflict:
        newest = agent_of(request, agent.public_id)
        raise Refused(_clash(newest, sent) | {"refused": conflict}, status=409) from conflict
    except finding.AgentArchived as archived:
        raise Refused(sent.context | {"refused": archived}) from archived


def _clash(newest: Agent, sent: Sent) -> dict[str, Any]:
    """Somebody saved meanwhile: theirs and yours, and what saving yours now would change."""
    theirs = editing.text_of(newest)
    told = sent.source if isinstance(sent.source, tuple) else None
    mine = told[0] if told else editing.text_of(newest, _as_saved(sent, newest))
    return sent.context | {
        "agent": newest,
        "theirs": theirs,
        "saved_by": newest.newest_versions[0].created_by,
        "comparison": compare(theirs, mine),
    }


def _as_saved(sent: Sent, agent: Agent) -> definitions.Definition:
    filled = definitions.filled(sent.given, definitions.EMPTY)
    return filled | {"multiagent": agent.definition["multiagent"]}


def _show(
    request: WorkspaceRequest,
    agent: Agent,
    more: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"agent": agent, "models": MODELS} | dict(more or {})
    shown: Agent = context["agent"]
    context.setdefault("editor", Editor(editing.text_of(shown)))
    if "form" not in context:
        context["form"] = form_for(request, shown.definition, shown)
    context |= {
        "tabs": tabs(request, shown, "agents:agent"),
        "version": shown.newest_versions[0],
        "base_url": request.build_absolute_uri("/").rstrip("/"),
    }
    return render_page(request, "agents/definition.html", context, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    """From an example, or from what transcripts say of an agent that was never defined."""
    recorded = _recorded(request)
    text, before = _beginning(request, recorded)
    context: dict[str, Any] = {"recorded": recorded, "models": MODELS, "text": text}
    if request.method == "POST":
        try:
            sent = receive(request, before, recorded)
            return _made(request, recorded, sent)
        except Refused as refused:
            context |= refused.context
            return _ask(request, context, before, status=refused.status)
    return _ask(request, context, before)


def _ask(
    request: WorkspaceRequest,
    context: dict[str, Any],
    before: definitions.Definition,
    *,
    status: int = 200,
) -> HttpResponse:
    kind = request.GET.get("example", "")
    path = reverse("agents:new", args=[request.workspace.slug])
    context["examples"] = [
        {"label": label, "url": f"{path}?example={name}" if name else path, "current": name == kind}
        for name, label in EXAMPLES.items()
    ]
    if "editor" not in context:
        context["editor"] = Editor(context["text"])
    if "form" not in context:
        context["form"] = form_for(request, before, context["recorded"])
    return render_page(request, "agents/new.html", context, status=status)


def _made(request: WorkspaceRequest, recorded: Agent | None, sent: Sent) -> HttpResponse:
    try:
        if recorded is None:
            agent = actions.create_agent(given=sent.given, by=request.actor)
        else:
            agent = actions.define_agent(agent=recorded, given=sent.given, by=request.actor)
    except Misshapen as wrong:
        raise sent.refused(wrong) from wrong
    except DomainError as refused:
        raise Refused(sent.context | {"refused": refused}) from refused
    messages.success(request, f"{agent.name} is defined. Sessions can run it from now on.")
    return redirect("agents:agent", request.workspace.slug, agent.public_id)


def _recorded(request: WorkspaceRequest) -> Agent | None:
    public_id = request.GET.get("define", "")
    if not public_id:
        return None
    known = Agent.objects.recorded_in(request.workspace)
    agent = known.filter(public_id=payloads.storable(public_id)).first()
    if agent is None:
        raise Http404
    return agent


def _beginning(
    request: WorkspaceRequest, recorded: Agent | None
) -> tuple[str, definitions.Definition]:
    """What both halves say at first."""
    if recorded is None:
        text = editing.example(request.workspace, request.GET.get("example", ""))
        return text, editing.definition_of(text)
    newest = recorded.runs().only("agent_snapshot").first()
    told = editing.recorded_definition(recorded, newest.agent_snapshot if newest else {})
    return dump(told), told


@require_safe
def download(request: WorkspaceRequest, agent_id: str, extension: str) -> HttpResponse:
    """The agent as the API answers it, or as the text that makes it."""
    agent = agent_of(request, agent_id)
    if extension == "json":
        response = HttpResponse(
            payloads.dump(wire.agent_object(agent)), content_type="application/json"
        )
    else:
        response = HttpResponse(
            editing.text_of(agent), content_type="application/yaml; charset=utf-8"
        )
    name = f"{agent.public_id}-v{agent.version}.{extension}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(Right.WRITE)
@require_http_methods(FORM)
def archive(request: WorkspaceRequest, agent_id: str) -> HttpResponse:
    """Ask first: it cannot be undone."""
    agent = agent_of(request, agent_id)
    if request.method != "POST":
        return render_page(request, "agents/archive.html", {"agent": agent})
    actions.archive_agent(agent=agent, by=request.actor)
    messages.success(request, f"{agent.name} is archived. Sessions that run go on.")
    return redirect("agents:agent", request.workspace.slug, agent.public_id)
