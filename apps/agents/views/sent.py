"""A definition as it comes from a page: by the form's fields, or as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.accounts.middleware import WorkspaceRequest
from apps.agents import definition as definitions
from apps.agents.api.shapes import NewAgent
from apps.agents.defining import Document, Faulty, parse
from apps.agents.editing import Editor, names_of
from apps.agents.forms.agents import AgentForm
from apps.agents.models import Agent, AgentVersion
from apps.agents.rosters import entries
from apps.core.api.shapes import Misshapen, read

MOST_CALLABLE = 100


class Refused(Exception):
    """It cannot be saved. The context draws the page again with what was typed."""

    def __init__(self, context: Mapping[str, Any], *, status: int = 422) -> None:
        super().__init__()
        self.context, self.status = context, status


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent, and the half of the page that it came from."""

    given: NewAgent
    source: tuple[str, Document] | AgentForm

    @property
    def context(self) -> dict[str, Any]:
        """That half of the page as it was."""
        if isinstance(self.source, AgentForm):
            return {"form": self.source}
        return {"editor": Editor(self.source[0])}

    def refused(self, wrong: Misshapen) -> Refused:
        """The domain's complaints at their fields or lines."""
        if isinstance(self.source, AgentForm):
            self.source.complain(wrong)
            return Refused({"form": self.source})
        text, document = self.source
        return Refused({"editor": Editor(text, document.faulty(wrong).complaints)})


def receive(
    request: WorkspaceRequest, before: definitions.Definition, owner: Agent | None = None
) -> Sent:
    """What was sent to be said by the owner, or by a new agent. Raises Refused."""
    if "text" in request.POST:
        return _of_text(request.POST["text"].replace("\r\n", "\n"))
    form = form_for(request, before, owner, request.POST)
    if not form.is_valid():
        raise Refused({"form": form})
    try:
        return Sent(read(NewAgent, form.given()), form)
    except Misshapen as wrong:
        form.complain(wrong)
        raise Refused({"form": form}) from wrong


def form_for(
    request: WorkspaceRequest,
    definition: definitions.Definition,
    owner: Agent | None = None,
    data: Mapping[str, Any] | None = None,
) -> AgentForm:
    """The form with those that may be called, and those that are called already."""
    newest = AgentVersion.objects.callable_in(request.workspace)
    if owner is not None:  # it is on the list already, as itself
        newest = newest.exclude(agent=owner)
    newest = newest.order_by("-agent__created_at", "-pk")[:MOST_CALLABLE]
    known = {each.agent.public_id: each.agent.name for each in newest}
    called = names_of(request.workspace.pk, entries(definition["multiagent"]))
    choices = [(key, f"{name} · {key}") for key, name in (called | known).items()]
    return AgentForm(data, definition=definition, known=choices)


def _of_text(text: str) -> Sent:
    try:
        document = parse(text)
        return Sent(document.read(NewAgent), (text, document))
    except Faulty as faulty:
        raise Refused({"editor": Editor(text, faulty.complaints)}) from faulty
