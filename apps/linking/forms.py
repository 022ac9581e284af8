"""What an admin types about a link."""

from collections.abc import Callable

from django import forms

from apps.core import addresses, credentials
from apps.core.errors import DomainError
from apps.linking.models import VENDOR

SCHEDULES = {
    1: "Every minute",
    5: "Every 5 minutes",
    15: "Every 15 minutes",
    60: "Every hour",
    360: "Every 6 hours",
    1440: "Every day",
}


def _by(rule: Callable[[str], str], text: str) -> str:
    """What the rule makes of the text; its complaint is the field's."""
    try:
        return rule(text)
    except DomainError as refused:
        raise forms.ValidationError(refused.message) from refused


def _key(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=1_000,
        help_text="To read is enough, unless you want managed dreams. It is kept encrypted, and"
        " never shown again.",
        error_messages={"required": "Enter a key of the other workspace."},
        widget=forms.PasswordInput(attrs={"class": "input mono", "autocomplete": "off"}),
    )


class ScheduleField(forms.TypedChoiceField):
    """The usual intervals, and the one that a program may have set."""

    def __init__(self) -> None:
        super().__init__(label="Sync", coerce=int, choices=list(SCHEDULES.items()), initial=15)

    def offer(self, minutes: int) -> None:
        if minutes not in SCHEDULES:
            self.choices = [*SCHEDULES.items(), (minutes, f"Every {minutes} minutes")]


class LinkForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=100,
        help_text="What you call it here.",
        error_messages={"required": "Enter a name."},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    key = _key("API key")
    base_url = forms.CharField(
        label="Base URL",
        initial=VENDOR,
        max_length=500,
        help_text="The vendor's, or that of another server that speaks the same API.",
        error_messages={"required": f"Enter a base URL; the vendor's is {VENDOR}."},
        widget=forms.TextInput(attrs={"class": "input mono", "inputmode": "url"}),
    )
    every_minutes = ScheduleField()

    def clean_key(self) -> str:
        return _by(credentials.usable, self.cleaned_data["key"])

    def clean_base_url(self) -> str:
        return _by(addresses.suitable, self.cleaned_data["base_url"])


class SettingsForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=100,
        error_messages={"required": "Enter a name."},
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    every_minutes = ScheduleField()

    def offer(self, minutes: int) -> None:
        field = self.fields["every_minutes"]
        assert isinstance(field, ScheduleField)  # noqa: S101 -- it stands above
        field.offer(minutes)


class KeyForm(forms.Form):
    key = _key("New API key")

    def clean_key(self) -> str:
        return _by(credentials.usable, self.cleaned_data["key"])
