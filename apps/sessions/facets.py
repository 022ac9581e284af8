"""The filters as a reader sees them: chips with menus, and the addresses that they lead to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.forms import BoundField, ChoiceField

from apps.accounts.models import User, Workspace
from apps.agents.models import Agent
from apps.core.pagination import Page
from apps.sessions.forms import SessionFilterForm
from apps.sessions.models import SavedView, Session

MOST_AGENTS = 200
_SESSIONS_READ_FOR_TOOLS = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a chip's menu."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: what it is set to, if it is, and everything it can be set to."""

    name: str
    label: str
    value: str = ""
    without: str = ""
    """The address of the list without this filter."""
    choices: list[Choice] = field(default_factory=list)
    fields: list[BoundField] = field(default_factory=list)
    """To be filled in, where choosing is not all."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A named set of filters."""

    label: str
    url: str
    current: bool
    saved: SavedView | None = None


class Facets:
    """All filters of the list, for one address."""

    def __init__(self, form: SessionFilterForm, path: str) -> None:
        self.form = form
        self.path = path
        self.set = form.parameters

    def link(self, without: Iterable[str] = (), **changes: str) -> str:
        """The address with these filters changed or left out; always of a first page."""
        kept = {name: value for name, value in self.set.items() if name not in without}
        query = urlencode(kept | changes)
        return f"{self.path}?{query}" if query else self.path

    def all(self) -> list[Facet]:
        return [
            self._listed("status"),
            self._agent(),
            self._listed("source"),
            self._listed("outcome"),
            self._time(),
            self._listed("errors_only"),
            self._written("tool", self._recent_tools()),
            self._written("error", []),
        ]

    def context(self, page: Page[Session]) -> dict[str, Any]:
        """What the list's template draws of the filters, and the addresses around this page."""
        beside = {"older": page.older, "newer": page.newer}
        return {
            "facets": self.all(),
            "hidden": self.hidden,
            "everything": self.path,
            "first_page": self.link(),
            "pages": {way: self.link(cursor=cursor) for way, cursor in beside.items() if cursor},
        }

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Filters without a field of their own, which a form must carry along."""
        shown = {"q", "created_from", "created_to", "tool", "error"}
        return [(name, value) for name, value in self.set.items() if name not in shown]

    def _choices(self, name: str, choices: Iterable[tuple[str, str]]) -> list[Choice]:
        now = self.set.get(name)
        return [
            Choice(label, self.link(**{name: value}), current=value == now)
            for value, label in choices
        ]

    def _options(self, name: str) -> list[tuple[str, str]]:
        options = self.form.fields[name]
        assert isinstance(options, ChoiceField)  # noqa: S101 -- called for nothing else
        return list(cast("list[tuple[str, str]]", options.choices))

    def _listed(self, name: str) -> Facet:
        label, options = str(self.form.fields[name].label), self._options(name)
        name = self.form.add_prefix(name)
        choices = self._choices(name, options)
        value = next((choice.label for choice in choices if choice.current), "")
        return Facet(name, label, value, self.link(without=[name]), choices)

    def _agent(self) -> Facet:
        known = Agent.objects.seen_in(self.form.workspace)[:MOST_AGENTS]
        choices = self._choices("agent", known.values_list("public_id", "name"))
        chosen = self.form.chosen.get("agent")
        return Facet(
            "agent", "Agent", chosen.name if chosen else "", self.link(without=["agent"]), choices
        )

    def _time(self) -> Facet:
        span = self._listed("within")
        dates = ("created_from", "created_to")
        spans = [
            Choice(each.label, self.link(without=dates, within=value), each.current)
            for each, (value, _) in zip(span.choices, self._options("within"), strict=True)
        ]
        parts = [span.value, _between(*(self.form.chosen.get(name) for name in dates))]
        return Facet(
            "created",
            "Created",
            ", ".join(filter(None, parts)),
            self.link(without=("within", *dates)),
            spans,
            [self.form[name] for name in dates],
        )

    def _written(self, name: str, known: Iterable[str]) -> Facet:
        return Facet(
            name,
            str(self.form.fields[name].label),
            self.set.get(name, ""),
            self.link(without=[name]),
            self._choices(name, ((each, each) for each in known)),
            [self.form[name]],
        )

    def _recent_tools(self) -> list[str]:
        sessions = Session.objects.visible_in(self.form.workspace).order_by("-created_at", "-pk")
        recent = sessions.values_list("tool_names", flat=True)[:_SESSIONS_READ_FOR_TOOLS]
        return sorted({name for names in recent for name in names})


def tabs(user: User, workspace: Workspace, query: str, path: str) -> list[Tab]:
    """What everybody has, then the person's own."""
    built_in = [("All", ""), ("With errors", "errors=1"), ("Running", "status=running")]
    found = [Tab(label, _address(path, each), each == query) for label, each in built_in]
    return found + [
        Tab(view.name, _address(path, view.query), view.query == query, view)
        for view in SavedView.objects.of(user, workspace)
    ]


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _between(first: date | None, last: date | None) -> str:
    if first and last:
        return f"{first:%-d %b} – {last:%-d %b}" if first != last else f"{first:%-d %b}"
    if first:
        return f"since {first:%-d %b}"
    return f"until {last:%-d %b}" if last else ""
