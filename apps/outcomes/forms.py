"""What the pages of outcomes may be given."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings

from apps.accounts.models import Workspace
from apps.agents.forms import TextField
from apps.agents.models import Agent
from apps.core import payloads
from apps.engine import connecting
from apps.outcomes.batching import MOST_SESSIONS
from apps.outcomes.models import Result, Rubric
from apps.outcomes.models.rubric import LONGEST_RUBRIC

MOST_OFFERED = 200
LONGEST_NAME = 255
WINDOWS = [
    ("", "Whenever they began"),
    ("24h", "Begun in the last 24 hours"),
    ("7d", "Begun in the last 7 days"),
    ("30d", "Begun in the last 30 days"),
]
TEXT, FILE, SESSION = "text", "file", "session"
_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class CapField(forms.DecimalField):
    """What something may cost at most."""

    def __init__(self, *, help_text: str) -> None:
        super().__init__(
            required=False,
            min_value=Decimal(0),
            max_digits=12,
            decimal_places=4,
            label="Stop at",
            help_text=help_text,
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
                "Enter a sum of US dollars such as 2.50, or nothing.",
            ),
        )


class RubricForm(forms.Form):
    """A rubric as it is written."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        error_messages={"required": "Give it a name, such as “Refund replies”."},
    )
    description = forms.CharField(max_length=2_000, required=False, label="What it is for")
    content = TextField(
        label="Criteria",
        rows=18,
        max_length=LONGEST_RUBRIC,
    )
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="rubric-%s")
        self.fields["name"].widget.attrs |= {"autocomplete": "off"}
        self.fields["content"].widget.attrs |= {"class": "mono", "spellcheck": "true"}


def rubric_choices(workspace: Workspace) -> list[tuple[str, str]]:
    """Those of the library first that changed last."""
    rubrics = Rubric.objects.visible_in(workspace).open().in_library()
    rows = rubrics.order_by("-updated_at", "-pk").values_list("pk", "name", "version")
    return [(pk, f"{name} v{version}") for pk, name, version in rows[:MOST_OFFERED]]


def grader_choices(workspace: Workspace) -> list[tuple[str, str]]:
    """Nothing, which is the usual grader, and what else there is."""
    usual = connecting.default_model(workspace, "grading")
    others = [(each.id, each.name) for each in connecting.models() if each.id != usual]
    return [("", f"{usual}, as usual"), *others]


def offer(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    """Have this field take one of these."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- each form makes it one
    field.choices = choices


class _Grading(forms.Form):
    """By which rubric, and by which model."""

    rubric_id = forms.ChoiceField(
        label="Rubric",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose a rubric."),
    )
    model = forms.ChoiceField(
        required=False, label="Grader", help_text="What code can check is not asked of it."
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        workspace: Workspace,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}), auto_id="grade-%s")
        self.workspace = workspace
        offer(self, "rubric_id", rubric_choices(workspace))
        offer(self, "model", grader_choices(workspace))

    @property
    def has_rubrics(self) -> bool:
        field = self.fields["rubric_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- made above
        return bool(field.choices)


class EvaluationForm(_Grading):
    """One thing to grade: a text, a file, or what a session delivered."""

    what = forms.ChoiceField(
        label="What to grade",
        choices=[(TEXT, "A text"), (FILE, "A file"), (SESSION, "A session's work")],
        initial=TEXT,
        widget=forms.RadioSelect,
        required=False,
    )
    text = TextField(rows=10, label="Text")
    file = forms.FileField(
        required=False,
        label="File",
        help_text="UTF-8 text, such as Markdown, JSON or source code.",
    )
    session_id = forms.CharField(
        required=False,
        max_length=128,
        label="Session",
        help_text="Its id. The last file that it delivered is graded, or else its last answer.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["session_id"].widget.attrs |= _PLAIN | {"class": "mono"}

    def clean_what(self) -> str:
        return self.cleaned_data["what"] or TEXT

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cleaned_data
        name = {TEXT: "text", FILE: "file", SESSION: "session_id"}[found.get("what", TEXT)]
        if name not in self.errors and not found.get(name):
            self.add_error(name, _MISSING[name])
        if name == "file" and found.get("file"):
            found["text"] = self._read(found["file"])
        return found

    def _read(self, file: Any) -> str:
        data = file.read(settings.OUTCOME_ARTIFACT_LIMIT * 4 + 1)
        try:
            text: str = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", "This is not text in UTF-8. Convert it, then choose it again.")
            return ""
        if not text.strip():
            self.add_error("file", "This file is empty. Choose another.")
        return text


_MISSING = {
    "text": "Paste what is to be graded.",
    "file": "Choose a file.",
    "session_id": "Enter the id of a session, such as sesn_01…",
}


class RunForm(_Grading):
    """Many sessions to grade alike."""

    agent = forms.CharField(required=False, max_length=128, widget=forms.Select, label="Agent")
    within = forms.ChoiceField(required=False, choices=WINDOWS, label="Time")
    outcome = forms.ChoiceField(
        required=False,
        label="Outcome so far",
        choices=[("", "Any or none"), *Result.choices],
    )
    limit = forms.IntegerField(
        label="At most",
        min_value=1,
        max_value=MOST_SESSIONS,
        initial=100,
        help_text="The newest of them.",
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"A run grades at most {MOST_SESSIONS:,} sessions. Enter 1 to {MOST_SESSIONS:,}.",
        ),
    )
    cap = CapField(help_text="US dollars. What is graded by then is kept.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        agents = Agent.objects.filter(workspace=self.workspace).order_by("name", "pk")
        self.agents = {each.public_id: each for each in agents[:MOST_OFFERED]}
        select = self.fields["agent"].widget
        assert isinstance(select, forms.Select)  # noqa: S101 -- made above
        select.choices = [
            ("", "All agents"),
            *((each.public_id, each.name) for each in self.agents.values()),
        ]

    def clean_agent(self) -> str:
        chosen = payloads.storable(self.cleaned_data["agent"])
        if chosen and chosen not in self.agents:
            raise forms.ValidationError("This workspace has no such agent. Choose another.")
        return chosen

    def chosen(self) -> dict[str, Any]:
        """As `sessions.filtering` takes it."""
        told = self.told()
        return told | ({"agent": self.agents[told["agent"]]} if "agent" in told else {})

    def told(self) -> dict[str, Any]:
        """The filter as it is kept with the run."""
        names = ("agent", "within", "outcome")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
