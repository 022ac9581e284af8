"""What an admin types about models."""

from collections.abc import Callable
from typing import Any

from django import forms

from apps.core import addresses, credentials
from apps.core.errors import DomainError
from apps.engine.models import VENDOR


def _by(rule: Callable[[str], str], text: str) -> str:
    """What the rule makes of the text; its complaint is the field's."""
    try:
        return rule(text)
    except DomainError as refused:
        raise forms.ValidationError(refused.message) from refused


class KeyForm(forms.Form):
    key = forms.CharField(
        label="API key",
        max_length=1_000,
        help_text="It is kept encrypted, sent to this address alone, and never shown again.",
        error_messages={"required": "Enter a key."},
        widget=forms.PasswordInput(attrs={"class": "input mono", "autocomplete": "off"}),
    )
    base_url = forms.CharField(
        label="Base URL",
        initial=VENDOR,
        max_length=500,
        help_text="The vendor’s, or that of another server that speaks the Messages API.",
        error_messages={"required": f"Enter a base URL; the vendor's is {VENDOR}."},
        widget=forms.TextInput(attrs={"class": "input mono", "inputmode": "url"}),
    )

    def clean_key(self) -> str:
        return _by(credentials.usable, self.cleaned_data["key"])

    def clean_base_url(self) -> str:
        return _by(addresses.suitable, self.cleaned_data["base_url"])


def _model(label: str, help_text: str) -> forms.CharField:
    widget = forms.TextInput(
        attrs={"class": "input mono", "list": "model-ids", "autocomplete": "off"}
    )
    return forms.CharField(
        label=label, max_length=128, required=False, help_text=help_text, widget=widget
    )


def _cap(label: str, help_text: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "decimal", "step": "0.01"}),
    )


class ChoicesForm(forms.Form):
    dream_model = _model("Model for dreams", "")
    grading_model = _model("Model for grading", "")
    daily_cap = _cap("US dollars a day", "Nothing is asked that might cost more. Empty: no limit.")
    monthly_cap = _cap("US dollars a month", "Counted from the first of the month.")

    def __init__(self, *given: Any, defaults: dict[str, str], **named: Any) -> None:
        super().__init__(*given, **named)
        for name, default in defaults.items():
            self.fields[name].help_text = f"Empty: {default}."
