"""Agents and environments as HTML forms hold them."""

from typing import Any

from django import forms

from apps.core.api.shapes import Misshapen


class ShapedForm(forms.Form):
    """A form whose rules stand in the API's shapes: what they refuse is shown at its field."""

    # By the first key of a complaint, where the field has another name.
    FIELDS: dict[str, str] = {}  # noqa: RUF012 -- a constant

    def complain(self, wrong: Misshapen) -> None:
        for problem in wrong.problems:
            key = str(problem.path[0]) if problem.path else ""
            field = self.FIELDS.get(key, key)
            at_field = field in self.fields
            self.add_error(field if at_field else None, problem.text if at_field else str(problem))

    def add_class(self, name: str, *fields: str) -> None:
        for field in fields:
            self.fields[field].widget.attrs["class"] = name


class TextField(forms.CharField):
    """Text of several lines, as it was typed but for how browsers end a line."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        widget = forms.Textarea({"rows": rows})
        super().__init__(widget=widget, strip=False, required=False, **options)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")
