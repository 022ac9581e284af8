"""Shapes of what people type on the pages of keys and of the audit log."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils import timezone

from apps.accounts.actions.keys import LONGEST_NAME
from apps.accounts.models import AuditEntry
from apps.accounts.rights import Right
from apps.core.ids import new_id

LASTS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "a year"}
_SALT = "a form that makes one key"


def _fresh_id() -> str:
    """The id of the key that a form will make: sent twice, it makes one key."""
    return signing.dumps(new_id("apikey"), salt=_SALT)


class KeyForm(forms.Form):
    name = forms.CharField(
        max_length=LONGEST_NAME,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="What it is for, or where it is kept. The audit log shows it.",
    )
    scopes = forms.MultipleChoiceField(
        choices=[(right.value, right.meaning) for right in Right],
        widget=forms.CheckboxSelectMultiple({"class": "tick"}),
        initial=[Right.READ.value],
        error_messages={"required": "Choose at least one."},
    )
    expires_in = forms.TypedChoiceField(
        label="Expires",
        choices=[("", "never"), *((days, f"in {words}") for days, words in LASTS.items())],
        coerce=int,
        empty_value=None,
        required=False,
    )
    key_id = forms.CharField(widget=forms.HiddenInput, initial=_fresh_id)

    def clean_key_id(self) -> str:
        try:
            made: str = signing.loads(self.cleaned_data["key_id"], salt=_SALT)
        except signing.BadSignature:
            raise forms.ValidationError("This form is damaged. Reload the page.") from None
        return made

    @property
    def expires_at(self) -> datetime | None:
        days: int | None = self.cleaned_data["expires_in"]
        return timezone.now() + timedelta(days=days) if days else None


class AuditFilterForm(forms.Form):
    """What is wrong in an address filters nothing, and is told."""

    actor = forms.CharField(
        label="Who", required=False, max_length=200, help_text="A name, or an id."
    )
    actor_type = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "anybody"), *AuditEntry.ActorType.choices]
    )
    action = forms.CharField(
        label="What", required=False, max_length=64, help_text="Such as agent.updated."
    )
    object_id = forms.CharField(label="Object", required=False, max_length=256)
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address, auto_id="audit-%s")
        for field in self.fields.values():
            field.widget.attrs |= {"class": "input input-small", "autocomplete": "off"}

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked for and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
