"""What the domain refuses, at the field that it is about."""

from django import forms

from apps.core.errors import DomainError
from apps.memory import paths, writing

_FIELDS: dict[type[DomainError], str] = {
    paths.BadPath: "path",
    writing.PathTaken: "path",
    writing.ContentTooLarge: "content",
    writing.BadContent: "content",
}


def shown_as(refused: DomainError) -> int:
    """htmx shows a 409 and a 422, and no other refusal."""
    return 422 if refused.status == 400 else refused.status


def refuse(form: forms.Form, error: DomainError) -> None:
    """Show it; a field that the form does not have is named in words."""
    field = _FIELDS.get(type(error), "")
    told = error.message.removeprefix(f"{field}: ")
    if isinstance(error, writing.PathTaken):
        told = f"{error.extra['conflicting_path']} is there already. {_how(form, error)}"
    form.add_error(field if field in form.fields else None, told[:1].upper() + told[1:])


def _how(form: forms.Form, error: DomainError) -> str:
    """A path cannot be a memory and a folder at once."""
    other, path = error.extra["conflicting_path"], form.cleaned_data.get("path", "")
    if other == path:
        return "Choose another path, or edit that memory."
    if other.startswith(f"{path}/"):
        return f"So {path} is a folder, and cannot be a memory as well."
    return f"It is a memory, so nothing can lie below it at {other}/."
