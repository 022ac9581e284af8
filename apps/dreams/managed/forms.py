"""What the form of a managed dream may be given."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from apps.accounts.models import Workspace
from apps.agents.forms import TextField
from apps.agents.models import Agent
from apps.core import payloads
from apps.core.errors import DomainError
from apps.dreams.choosing import Choice
from apps.dreams.forms import FILTER, LONGEST_INSTRUCTIONS, MOST_OFFERED, PICKED, WINDOWS
from apps.dreams.managed import starting
from apps.dreams.managed.finding import NoSuchMirror
from apps.dreams.managed.models import Mirror
from apps.dreams.managed.starting import ManagedPlan
from apps.dreams.starting import MOST_SESSIONS, StoreHeld
from apps.engine import connecting

_HOW_MANY = f"A managed dream reads 1 to {MOST_SESSIONS} sessions. Enter a number between."


class ManagedForm(forms.Form):
    """A store of a linked workspace, sessions of the same, and a model of the vendor's."""

    mirror_id = forms.ChoiceField(
        label="Memory store there",
        error_messages={
            "required": "Choose the store that it is about.",
            "invalid_choice": "That store is not there any more. Choose another one.",
        },
    )
    which = forms.ChoiceField(
        choices=[(FILTER, "By filter"), (PICKED, "These sessions")],
        initial=FILTER,
        widget=forms.RadioSelect,
    )
    agent_id = forms.ChoiceField(label="Agent", required=False)
    window_hours = forms.ChoiceField(label="Time", required=False, choices=WINDOWS)
    only_ended = forms.BooleanField(
        required=False, initial=True, label="Only those that have ended"
    )
    most_sessions = forms.IntegerField(
        label="At most",
        min_value=1,
        max_value=MOST_SESSIONS,
        initial=MOST_SESSIONS,
        help_text="The newest of those that were read from that workspace. The vendor reads 100 at"
        " most.",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _HOW_MANY),
    )
    session_ids = TextField(
        rows=4,
        label="Session ids",
        help_text="One per line; a session's page names its own.",
    )
    model = forms.CharField(
        label="Model",
        max_length=starting.LONGEST_MODEL,
        widget=forms.TextInput({"class": "mono", "autocomplete": "off", "list": "managed-models"}),
        help_text="It runs there, and is billed there.",
        error_messages={"required": "Name the model that the vendor is to dream with."},
    )
    instructions = TextField(
        rows=3,
        max_length=LONGEST_INSTRUCTIONS,
        help_text="What to look for, in your words. They are sent as they are.",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        workspace: Workspace,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        given = {"model": settings.ENGINE_DREAM_MODEL} | dict(initial or {})
        super().__init__(data, initial=given, auto_id="managed-%s")
        mirrors = Mirror.objects.visible_in(workspace).offered().select_related("link")
        self.mirrors = {each.pk: each for each in mirrors[:MOST_OFFERED]}
        agents = Agent.objects.filter(workspace=workspace).order_by("name", "pk")
        self._offer("mirror_id", [(pk, _named(each)) for pk, each in self.mirrors.items()])
        named = list(agents.values_list("public_id", "name")[:MOST_OFFERED])
        self._offer("agent_id", [("", "All agents"), *named])

    @property
    def models(self) -> list[str]:
        """What is suggested; any other can be named."""
        return [each.id for each in connecting.models()]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("which") == PICKED and not given.get("session_ids", "").split():
            self.add_error("session_ids", "Name at least one session, or choose by filter.")
        return given

    def session_ids_chosen(self) -> list[str]:
        """As many as there are; none while the store is not chosen."""
        given = self.cleaned_data
        mirror = self.mirrors.get(given.get("mirror_id", ""))
        if mirror is None or mirror.link is None:
            return []
        if given.get("which") == PICKED:
            ids = map(payloads.storable, given.get("session_ids", "").split())
            return list(dict.fromkeys(ids))[: MOST_SESSIONS + 1]
        hours = given.get("window_hours")
        choice = Choice(
            agent_id=given.get("agent_id", ""),
            window_hours=int(hours) if hours else None,
            only_ended=given.get("only_ended", False),
            most=given.get("most_sessions") or 1,
        )
        return starting.public_ids(mirror.link, choice)

    def plan(self, session_ids: list[str]) -> ManagedPlan:
        given = self.cleaned_data
        return ManagedPlan(given["mirror_id"], session_ids, given["model"], given["instructions"])

    def complain(self, refused: DomainError) -> None:
        """Say it at the field that it is about."""
        field = next((name for kinds, name in _ABOUT if isinstance(refused, kinds)), None)
        self.add_error(field, refused.message)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- made above
        field.choices = choices


_ABOUT: tuple[tuple[tuple[type[DomainError], ...], str], ...] = (
    ((NoSuchMirror, starting.NotThere, StoreHeld), "mirror_id"),
    ((starting.NotOfThisLink, starting.TooMany), "session_ids"),
    ((starting.NoModel,), "model"),
)


def _named(mirror: Mirror) -> str:
    return f"{mirror.name} — {mirror.link.name if mirror.link else mirror.base_url}"
