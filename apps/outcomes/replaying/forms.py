"""What the page of a proposal's trials may be given."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator

from apps.accounts.models import Workspace
from apps.core.errors import DomainError
from apps.outcomes import finding
from apps.outcomes.forms import CapField, grader_choices, offer, rubric_choices
from apps.outcomes.models import RubricVersion
from apps.outcomes.replaying.planning import SESSIONS, TrialPlan

_UNKNOWN = "This rubric is not there any more. Choose another."


class TrialForm(forms.Form):
    """On how many sessions, graded by what, answered by whom, for how much."""

    rubric_id = forms.ChoiceField(
        required=False,
        label="Graded by",
        error_messages={"invalid_choice": _UNKNOWN},
    )
    sessions = forms.IntegerField(
        label="Past sessions",
        min_value=1,
        help_text="Those that read this memory first. Each is asked twice.",
    )
    model = forms.ChoiceField(required=False, label="Answered by")
    cap = CapField(help_text="US dollars. What is done by then is kept.")

    def __init__(self, data: Mapping[str, Any] | None = None, *, workspace: Workspace) -> None:
        super().__init__(data, auto_id="trial-%s")
        self.workspace = workspace
        self._bound(settings.OUTCOME_TRIAL_SESSIONS)
        own = ("", "Each session's own outcome")
        offer(self, "rubric_id", [own, *rubric_choices(workspace)])
        offer(self, "model", grader_choices(workspace))

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = self.cleaned_data
        found["version"] = None
        if found.get("rubric_id"):
            try:
                found["version"] = _version(self.workspace, found["rubric_id"])
            except DomainError:
                self.add_error("rubric_id", _UNKNOWN)
        return found

    def plan(self) -> TrialPlan:
        """Of a valid form."""
        given = self.cleaned_data
        return TrialPlan(given["version"], given["sessions"], given["model"], given["cap"])

    def _bound(self, most: int) -> None:
        field = self.fields["sessions"]
        said = f"A trial takes at most {most} sessions. Enter 1 to {most}."
        field.initial = min(SESSIONS, most)
        field.validators.append(MaxValueValidator(most))
        field.widget.attrs["max"] = most
        names = ("required", "invalid", "min_value", "max_value")
        field.error_messages |= dict.fromkeys(names, said)


def _version(workspace: Workspace, rubric_id: str) -> RubricVersion:
    return finding.version(finding.rubric(workspace, rubric_id))
