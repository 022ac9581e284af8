"""What the session list, its saved views and the import page may be given."""

import re
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import QueryDict

from apps.accounts.models import Workspace
from apps.agents.models import Agent
from apps.core.errors import DomainError
from apps.files.forms import FilesField
from apps.sessions.models import SavedView, Source, Status
from apps.sessions.reading import detect_format

# `-word` and `-"a phrase"`: alone, or as one of two choices, no index can look them up.
_UNWANTED = re.compile(r'(?<!\S)-("[^"]*"?|\S+)')
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_WORD = re.compile(r"\w")


class Within(models.TextChoices):
    """How long ago a session may have begun."""

    HOUR = "1h", "Last hour"
    DAY = "24h", "Last 24 hours"
    WEEK = "7d", "Last 7 days"
    MONTH = "30d", "Last 30 days"


class Result(models.TextChoices):
    """What a grader may have said last of a session's outcome."""

    SATISFIED = "satisfied", "Satisfied"
    NEEDS_REVISION = "needs_revision", "Needs revision"
    FAILED = "failed", "Failed"
    MAX_ITERATIONS_REACHED = "max_iterations_reached", "Out of iterations"
    INTERRUPTED = "interrupted", "Interrupted"
    PENDING = "pending", "Pending"
    EVALUATING = "evaluating", "Being judged"


def _choice(label: str, choices: Any, wrong: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=False, error_messages={"invalid_choice": wrong}
    )


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date", "class": "input input-small"}),
        error_messages={"invalid": "A day is written as 2026-11-22."},
        # The day before and the day after must be days too, in every time zone.
        validators=[
            MinValueValidator(date(1970, 1, 1), "No session is that old."),
            MaxValueValidator(date(2199, 12, 31), "No session is from then."),
        ],
    )


class SessionFilterForm(forms.Form):
    """The list's filters, as they stand in the address. A field with an error filters nothing."""

    q = forms.CharField(label="Text", required=False, max_length=200)
    status = _choice("Status", Status.choices, "There is no status “%(value)s”.")
    agent = forms.CharField(label="Agent", required=False, max_length=128)
    source = _choice("Source", Source.choices, "There is no source “%(value)s”.")
    outcome = _choice("Outcome", Result.choices, "There is no outcome “%(value)s”.")
    within = _choice("Created", Within.choices, "There is no span “%(value)s”.")
    created_from = _day("From")
    created_to = _day("To")
    errors_only = _choice("Errors", [("1", "With errors")], "“%(value)s” is neither 1 nor absent.")
    tool = forms.CharField(label="Tool", required=False, max_length=128)
    error = forms.CharField(
        label="Error text",
        required=False,
        min_length=3,
        max_length=200,
        error_messages={"min_length": "An error is searched by three letters or more."},
    )

    def __init__(self, data: QueryDict, *, workspace: Workspace) -> None:
        super().__init__(data)
        self.workspace = workspace

    def add_prefix(self, field_name: str) -> str:
        """`errors=1` in the address; a form's own `errors` is something else."""
        return "errors" if field_name == "errors_only" else field_name

    def clean_q(self) -> str:
        words: str = self.cleaned_data["q"]
        wanted = _UNWANTED.sub(" ", words)
        if wanted != words and (_OR.search(wanted) or not _WORD.search(wanted)):
            raise forms.ValidationError("What may not be there needs a word that must be.")
        return words

    def clean_agent(self) -> Agent | None:
        public_id = self.cleaned_data["agent"]
        if not public_id:
            return None
        agent = Agent.objects.seen_in(self.workspace).filter(public_id=public_id).first()
        if agent is None:
            raise forms.ValidationError(f"This workspace has no agent “{public_id}”.")
        return agent

    def clean(self) -> dict[str, Any]:
        first, last = self.cleaned_data.get("created_from"), self.cleaned_data.get("created_to")
        if first and last and last < first:
            self.add_error("created_to", "This day lies before the first one.")
        if first or last:
            self.cleaned_data.pop("within", None)
        return self.cleaned_data

    @property
    def chosen(self) -> dict[str, Any]:
        """What to filter by: the fields that are filled in, and validly."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def parameters(self) -> dict[str, str]:
        """The same as it stands in an address, always in the same order."""
        return {self.add_prefix(name): str(self[name].value()).strip() for name in self.chosen}

    @property
    def query(self) -> str:
        return urlencode(self.parameters)

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """Per field that was left out: its label and why."""
        self.is_valid()
        return [
            (str(self.fields[name].label), " ".join(str(each) for each in messages))
            for name, messages in self.errors.items()
        ]


class SaveViewForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own is not generic
    class Meta:
        model = SavedView
        fields = ("name", "query")
        widgets = {  # noqa: RUF012 -- Django reads it once
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "query": forms.HiddenInput(),
        }
        labels = {"name": "Name of this view"}  # noqa: RUF012 -- as above


class ImportForm(forms.Form):
    """Transcripts, and how to read them. One file that can be read is enough."""

    format = forms.ChoiceField(
        label="Format",
        choices=[
            ("auto", "Told by the files"),
            (Source.NATIVE, "agentsite's own (NDJSON)"),
            (Source.CLAUDE_CODE, "Claude Code transcripts (JSONL)"),
            (Source.CHAT, "Chat completions (JSON, JSONL)"),
        ],
        initial="auto",
        required=False,
    )
    agent = forms.CharField(
        label="Agent",
        max_length=256,
        required=False,
        help_text="A name for the agent, instead of the one in the files.",
    )
    strict = forms.BooleanField(label="All or nothing", required=False)
    transcripts = FilesField(
        label="Files",
        error_messages={
            "required": "Choose one file or more.",
            "empty": "One of the files is empty.",
        },
    )

    def __init__(self, *given: Any, complaint: str = "") -> None:
        super().__init__(*given)
        self.complaint = complaint

    def clean(self) -> dict[str, Any]:
        if self.complaint:
            self.errors["transcripts"] = self.error_class([self.complaint])
        return self.cleaned_data

    def clean_transcripts(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["transcripts"]
        complaints = [] if self.data.get("format", "auto") != "auto" else list(map(_refuse, files))
        if complaints and all(complaints):
            raise forms.ValidationError(complaints[0])
        return files


def _refuse(file: Any) -> str:
    """Why no format fits the file, or nothing."""
    try:
        detect_format(file.file, file.name)
    except DomainError as error:
        return error.message
    return ""
