"""What the pages of dreams and their schedules may be given."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms

from apps.accounts.models import Workspace
from apps.agents.forms import TextField
from apps.agents.models import Agent
from apps.core import payloads
from apps.core.errors import DomainError
from apps.dreams import cron, engines, starting
from apps.dreams.choosing import Choice
from apps.dreams.models import OutputBehavior
from apps.dreams.starting import DreamPlan
from apps.dreams.trying import Asked
from apps.engine import connecting
from apps.engine.asking import NoKey
from apps.engine.pricing import prices_of
from apps.memory.models import MemoryStore
from apps.memory.writing import NoSuchStore, StoreArchived
from apps.reviews.models import StorePolicy

FILTER, PICKED = "filter", "picked"
PLAIN = {"autocomplete": "off", "spellcheck": "false"}

MOST_OFFERED = 200
MOST_SESSIONS = 1_000
LONGEST_INSTRUCTIONS = 4_096
WINDOWS = [
    ("", "Whenever they began"),
    ("24", "Begun in the last 24 hours"),
    ("72", "Begun in the last 3 days"),
    ("168", "Begun in the last 7 days"),
    ("720", "Begun in the last 30 days"),
    ("2160", "Begun in the last 90 days"),
]
POLICIES = [
    ("", "As the store has it"),
    (StorePolicy.Mode.REVIEW, StorePolicy.Mode.REVIEW.label),
    (StorePolicy.Mode.AUTO_SAFE, StorePolicy.Mode.AUTO_SAFE.label),
    (StorePolicy.Mode.AUTO, StorePolicy.Mode.AUTO.label),
]
_NO_MOMENT = (
    "This names no moment. Write five fields: minute (0–59), hour (0–23), day (1–31), month (1–12),"
    " weekday (0–6, Sunday is 0), such as 0 6 * * 1-5."
)


class _Offered(forms.CharField):
    """One of what is offered, or what an address or a schedule named: the domain says if it is."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Select, max_length=128, **options)

    def offer(self, choices: list[tuple[str, str]], also: str = "") -> None:
        assert isinstance(self.widget, forms.Select)  # noqa: S101 -- made above
        known = {value for value, _ in choices}
        self.widget.choices = [*choices, *([(also, also)] if also not in known else [])]


class SessionsForm(forms.Form):
    """Which sessions, about which store, read by what: what a dream and a schedule share."""

    memory_store_id = _Offered(
        label="Memory store", error_messages={"required": "Choose the store that it is about."}
    )
    agent_id = _Offered(label="Agent", required=False)
    window_hours = _Offered(label="Time", required=False)
    only_ended = forms.BooleanField(
        required=False, initial=True, label="Only those that have ended"
    )
    only_unread = forms.BooleanField(
        required=False, label="Only what no dream about this store has read"
    )
    most_sessions = forms.IntegerField(
        label="At most",
        min_value=1,
        max_value=MOST_SESSIONS,
        initial=100,
        help_text="The newest of them. More than 100 are read by several dreams at a time.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"A dream reads 1 to {MOST_SESSIONS:,} sessions. Enter a number between.",
        ),
    )
    model = forms.ChoiceField(label="Engine")
    instructions = TextField(
        rows=3,
        max_length=LONGEST_INSTRUCTIONS,
        help_text="What to look for, in your words. The local engine reads none.",
    )
    cap_usd = forms.DecimalField(
        label="Costs at most, US dollars",
        required=False,
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=4,
        widget=forms.NumberInput({**PLAIN, "inputmode": "decimal", "step": "any"}),
        help_text="It stops before it costs more; what was read by then is kept. Empty: as much as"
        " the workspace may spend.",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            "Enter an amount of at least 0.01, such as 2.50.",
        ),
    )
    is_batched = forms.BooleanField(
        required=False, label="Ask in a batch: half the price, and up to a day until it reads on"
    )
    output_behavior = forms.ChoiceField(
        label="What comes of it",
        choices=[
            (OutputBehavior.UPDATE_EXISTING, "Proposals to this store"),
            (OutputBehavior.CREATE_NEW, "A new store with everything applied, and the proposals"),
        ],
        initial=OutputBehavior.UPDATE_EXISTING,
    )
    policy = forms.ChoiceField(
        label="Who decides",
        choices=POLICIES,
        required=False,
        help_text="The stricter of this and the store's own policy holds.",
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        workspace: Workspace,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="dream-%s")
        named = {name: self[name].value() for name in ("memory_store_id", "agent_id", "model")}
        named["window_hours"] = self["window_hours"].value()
        stores = MemoryStore.objects.visible_in(workspace).open().order_by("name", "pk")
        agents = Agent.objects.filter(workspace=workspace).order_by("name", "pk")
        self._offer(
            "memory_store_id", "", list(stores.values_list("pk", "name")[:MOST_OFFERED]), named
        )
        self._offer(
            "agent_id",
            "All agents",
            list(agents.values_list("public_id", "name")[:MOST_OFFERED]),
            named,
        )
        self._offer("window_hours", "", WINDOWS[1:], named)
        self.is_connected = connecting.is_connected(workspace)
        self._workspace = workspace
        models = self.fields["model"]
        assert isinstance(models, forms.ChoiceField)  # noqa: S101 -- made above
        offered = _models(workspace, str(named.get("model", "")))
        models.choices = [(each, _told(each)) for each in offered]
        if not self.is_connected:
            self["model"].help_text = "To have Claude read, connect a model under Settings, Models."

    @property
    def first_store(self) -> str:
        """The one that is chosen as long as nobody chose; empty where there is none."""
        chosen = self["memory_store_id"].value()
        choices = self.fields["memory_store_id"].widget.choices
        return str(chosen or next((value for value, _ in choices if value), ""))

    def clean_window_hours(self) -> int | None:
        hours = self.cleaned_data["window_hours"]
        if not hours:
            return None
        if not hours.isdecimal() or not 1 <= int(hours) <= 87_600:
            raise forms.ValidationError("Choose one of these times.")
        return int(hours)

    def clean_model(self) -> str:
        model: str = self.cleaned_data["model"]
        if engines.lacks_key(model, self._workspace):
            raise forms.ValidationError(NoKey().message)
        return model

    @property
    def choice(self) -> Choice:
        given = self.cleaned_data
        return Choice(
            agent_id=payloads.storable(given.get("agent_id", "")),
            window_hours=given.get("window_hours"),
            only_ended=given.get("only_ended", False),
            only_unread=given.get("only_unread", False),
            most=given.get("most_sessions") or 1,
        )

    def asked(self) -> Asked:
        """What is to be counted. Fields that are wrong count as not given."""
        given = self.cleaned_data
        return Asked(
            self.choice,
            store_id=payloads.storable(given.get("memory_store_id", "")),
            model=given.get("model", engines.LOCAL),
            is_batched=given.get("is_batched", False),
        )

    def complain(self, refused: DomainError) -> None:
        """Say it at the field that it is about."""
        for kinds, field, words in _ABOUT:
            if isinstance(refused, kinds) and field in self.fields:
                self.add_error(field, words or refused.message)
                return
        self.add_error(None, refused.message)

    def _offer(
        self, name: str, none: str, choices: list[tuple[str, str]], named: Mapping[str, Any]
    ) -> None:
        field = self.fields[name]
        assert isinstance(field, _Offered)  # noqa: S101 -- made above
        first = [("", none or "Whenever they began")] if not field.required else []
        also = named.get(name)
        field.offer([*first, *choices], str(also) if also else choices[0][0] if choices else "")


class DreamForm(SessionsForm):
    """A new dream."""

    which = forms.ChoiceField(
        choices=[(FILTER, "By filter"), (PICKED, "These sessions")],
        initial=FILTER,
        widget=forms.RadioSelect,
    )
    session_ids = TextField(
        rows=4,
        label="Session ids",
        help_text="One per line; a session's page names its own.",
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("which") == PICKED:
            if not given.get("session_ids", "").split():
                self.add_error("session_ids", "Name at least one session, or choose by filter.")
            elif len(set(given["session_ids"].split())) > MOST_SESSIONS:
                self.add_error("session_ids", f"Name at most {MOST_SESSIONS:,} sessions.")
        return given

    def asked(self) -> Asked:
        asked = super().asked()
        if self.cleaned_data.get("which") != PICKED:
            return asked
        ids = map(payloads.storable, self.cleaned_data.get("session_ids", "").split())
        picked = tuple(dict.fromkeys(ids))[:MOST_SESSIONS]
        choice = Choice(most=len(picked) or None, only_ended=False)
        return replace(asked, choice=choice, session_ids=picked or ("",))

    def plan(self, session_ids: list[str]) -> DreamPlan:
        given = self.cleaned_data
        is_update = given["output_behavior"] == OutputBehavior.UPDATE_EXISTING
        return DreamPlan(
            store_id=given["memory_store_id"],
            session_ids=session_ids,
            model=given["model"],
            instructions=given["instructions"],
            updates=given["memory_store_id"] if is_update else "",
            policy=given["policy"],
            cap_usd=given["cap_usd"],
            is_batched=given["is_batched"],
        )


_ABOUT: tuple[tuple[tuple[type[DomainError], ...], str, str], ...] = (
    (
        (cron.BadCron,),
        "cron",
        _NO_MOMENT,
    ),
    (
        (cron.UnknownTimezone,),
        "timezone",
        "There is no such time zone. Write a place such as Europe/Berlin, or UTC.",
    ),
    ((NoSuchStore, StoreArchived), "memory_store_id", ""),
    ((starting.UnknownSessions,), "session_ids", ""),
)


def _models(workspace: Workspace, also: str) -> list[str]:
    known = engines.models(workspace)
    return known if not also or also in known else [*known, also[:256]]


def _told(model: str) -> str:
    if model == engines.LOCAL:
        return "Local: no model, no key, costs nothing"
    known = connecting.model(model)
    name = known.name if known and known.id == model else model
    prices = prices_of(model)
    if not prices:
        return name
    usual = prices[-1]
    return f"{name}: ${usual.input:.2f} in, ${usual.output:.2f} out per million tokens"
