"""What the pages of memory may be given."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings

from apps.agents.forms import ShapedForm, TextField
from apps.core import payloads
from apps.core.api.shapes import read
from apps.files.forms import FilesField
from apps.memory import ends, paths
from apps.memory.api.shapes import NewStore, StorePatch
from apps.memory.models import MemoryStore
from apps.memory.porting.planning import Options

YOURS, THEIRS = "yours", "theirs"
_MARKER = re.compile(rf"^(<{{7}} {YOURS}|>{{7}} {THEIRS})$", re.MULTILINE)


class StoreForm(ShapedForm):
    """A new store, or what changes in one."""

    name = forms.CharField(
        max_length=255,
        widget=forms.TextInput({"autocomplete": "off"}),
        help_text="Sessions mount the store under /mnt/memory/, by this name.",
    )
    description = TextField(
        rows=2, max_length=1024, help_text="Told to every agent that has the store mounted."
    )
    metadata = TextField(rows=2, help_text="One pair per line, such as team: support.")

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, store: MemoryStore | None = None
    ) -> None:
        self._store = store
        super().__init__(data, initial=_told(store) if store else None, auto_id="store-%s")

    def clean_metadata(self) -> dict[str, str]:
        pairs = {}
        for line in filter(str.strip, self.cleaned_data["metadata"].splitlines()):
            key, colon, value = line.partition(":")
            if not colon or not key.strip():
                raise forms.ValidationError(f"“{line}” is no pair: write key: value.")
            pairs[key.strip()] = value.strip()
        return pairs

    def new_store(self) -> NewStore:
        """Raises Misshapen."""
        return read(NewStore, self.cleaned_data)

    def patch(self) -> StorePatch:
        """What was changed; a pair that is no longer there is taken away. Raises Misshapen."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data}
        if self._store is not None and "metadata" in changed:
            changed["metadata"] = dict.fromkeys(self._store.metadata) | changed["metadata"]
        return read(StorePatch, changed)


def _told(store: MemoryStore) -> dict[str, str]:
    pairs = "\n".join(f"{key}: {value}" for key, value in store.metadata.items())
    return {"name": store.name, "description": store.description, "metadata": pairs}


class DeleteStoreForm(forms.Form):
    """The store's name once more, so that nobody deletes another one by habit."""

    name = forms.CharField(
        label="The store's name",
        strip=False,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": "Type the name of the store to delete it."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, store: MemoryStore) -> None:
        super().__init__(data, auto_id="store-%s")
        self._store = store

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.strip() != self._store.name.strip():
            raise forms.ValidationError("This is another name. Nothing was deleted.")
        return name


class ContentField(forms.CharField):
    """A memory's text as it was typed. How long it may be is the domain's to say."""

    def __init__(self) -> None:
        widget = forms.Textarea({"rows": 20, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(widget=widget, strip=False, required=False)

    def to_python(self, value: Any) -> str:
        return ends.plain(super().to_python(value) or "")


class PathField(forms.CharField):
    """Where a memory lies."""

    def __init__(self) -> None:
        widget = forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "class": "mono"}
        )
        super().__init__(
            strip=False,
            widget=widget,
            help_text="Folders come by themselves: /team/refunds.md.",
            error_messages={"required": "Say where it lies, such as /team/refunds.md."},
        )

    def to_python(self, value: Any) -> str:
        """Some systems type an accent as a character of its own."""
        return unicodedata.normalize("NFC", super().to_python(value) or "")


class NewMemoryForm(forms.Form):
    """A memory that is not there yet."""

    path = PathField()
    content = ContentField()


class EditMemoryForm(forms.Form):
    """What a memory is to say, and the hash of what it said when somebody began to write."""

    content = ContentField()
    expected = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    # Set while two texts are brought together: then no marker of a conflict may be left.
    merging = forms.CharField(widget=forms.HiddenInput, max_length=1, required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("merging") and _MARKER.search(given.get("content", "")):
            self.add_error(
                "content",
                f"Decide what stands between <<<<<<< {YOURS} and >>>>>>> {THEIRS}, "
                "and take those lines away.",
            )
        return given


class RenameForm(forms.Form):
    """Where a memory is to lie."""

    path = PathField()


class FolderField(forms.CharField):
    """A folder, with the slashes that somebody may have left out; the top if nothing is typed."""

    def __init__(self, *, label: str = "Folder", classes: str = "mono") -> None:
        widget = forms.TextInput(
            {
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "class": classes,
                "placeholder": "/",
            }
        )
        super().__init__(
            label=label,
            required=False,
            strip=False,
            widget=widget,
            help_text="Such as /team/; empty, or “/”, is the top of the store.",
        )

    def clean(self, value: Any) -> str:
        typed = payloads.storable(super().clean(value)).strip().strip("/")
        folder = f"/{unicodedata.normalize('NFC', typed)}/" if typed else "/"
        try:
            return paths.checked_prefix(folder)
        except paths.BadPath as bad:
            raise forms.ValidationError(f"A folder {bad.message.partition(': ')[2]}.") from bad


class RestoreForm(forms.Form):
    """A time to go back to, of a store or one folder of it."""

    at = forms.DateTimeField(
        label="As it was at",
        widget=forms.DateTimeInput({"type": "datetime-local", "step": "1"}),
        help_text=f"In {settings.TIME_ZONE}. The store's activity tells when what was written.",
        error_messages={"required": "Say which time.", "invalid": "This is no time."},
    )
    folder = FolderField()
    plan = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class ImportOptionsForm(forms.Form):
    """Where in a store files go, and whether what is there and not among them goes."""

    folder = FolderField(label="Into the folder")
    delete = forms.BooleanField(required=False)

    def options(self) -> Options:
        given = self.cleaned_data
        return Options(given["folder"], deletes=given["delete"])

    def query(self) -> dict[str, str]:
        """The same as an address says it."""
        given = self.cleaned_data
        return {"folder": given["folder"]} | ({"delete": "on"} if given["delete"] else {})


class ImportForm(ImportOptionsForm):
    """Files for a store: one zip, or text files."""

    uploads = FilesField(
        allow_empty_file=True, error_messages={"required": "Choose a zip, a folder or files."}
    )

    def __init__(self, *args: Any, refused: Sequence[str] = (), **options: Any) -> None:
        """Of what the server could not take, why; then nothing is imported."""
        super().__init__(*args, **options)
        self._refused = refused

    def clean(self) -> dict[str, Any]:
        if self._refused:
            self.errors.pop("uploads", None)  # that no file is left says less
            self.add_error("uploads", list(self._refused))
        return self.cleaned_data
