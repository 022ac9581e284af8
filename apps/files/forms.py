"""What the page of files may be given."""

from datetime import timedelta
from typing import Any

from django import forms

_DAY = 24 * 3600
_KEPT_FOR = [
    ("", "Until somebody deletes them"),
    (_DAY, "For a day"),
    (7 * _DAY, "For a week"),
    (30 * _DAY, "For 30 days"),
    (90 * _DAY, "For 90 days"),
]


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or many."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given or [None]]


class UploadForm(forms.Form):
    """Files, and how long they stay."""

    uploads = FilesField(
        label="Files",
        allow_empty_file=True,
        error_messages={"required": "Choose one file or more."},
    )
    kept_for = forms.TypedChoiceField(
        label="Keep them", choices=_KEPT_FOR, coerce=int, empty_value=None, required=False
    )

    @property
    def expires_in(self) -> timedelta | None:
        seconds = self.cleaned_data["kept_for"]
        return timedelta(seconds=seconds) if seconds else None
