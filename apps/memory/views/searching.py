"""Finding memories of a store by what they say."""

from typing import Any

from django import forms
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core import payloads
from apps.core.api.errors import InvalidRequest
from apps.core.htmx import render_page
from apps.memory import paths, searching
from apps.memory.models import MemoryStore
from apps.memory.searching import Filters
from apps.memory.searching.asking import LONGEST
from apps.memory.views import store_of
from apps.memory.views.store import side

MOST_AUTHORS = 100


class SearchForm(forms.Form):
    """Among which memories. A field with an error filters nothing, and says so."""

    folder = forms.CharField(
        label="Folder",
        required=False,
        max_length=1024,
        widget=forms.TextInput(
            {"class": "input input-small mono", "placeholder": "/", "autocomplete": "off"}
        ),
    )
    author = forms.ChoiceField(
        label="Last changed by",
        required=False,
        widget=forms.Select({"class": "input input-small"}),
        error_messages={"invalid_choice": "Nobody of this name wrote here."},
    )
    since = forms.DateTimeField(label="Changed since", required=False)
    until = forms.DateTimeField(label="Changed before", required=False)

    def __init__(self, data: QueryDict, *, store: MemoryStore) -> None:
        super().__init__(data, auto_id="search-%s")
        choices = [("", "Anybody"), *_authors(store)]
        author = self.fields["author"]
        assert isinstance(author, forms.ChoiceField)  # noqa: S101 -- declared so above
        author.choices = choices
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(
                {"type": "date", "class": "input input-small"}
            )
            self.fields[name].error_messages["invalid"] = "This is no day."

    def clean_folder(self) -> str:
        typed = payloads.storable(self.cleaned_data["folder"].strip())
        if not typed:
            return ""
        try:
            return paths.checked_prefix(f"/{typed.strip('/')}/" if typed.strip("/") else "/")
        except paths.BadPath as bad:
            raise forms.ValidationError(bad.message) from bad

    @property
    def filters(self) -> Filters:
        self.is_valid()
        given = self.cleaned_data
        return Filters(
            given.get("folder") or "/",
            given.get("author") or "",
            given.get("since"),
            given.get("until"),
        )

    @property
    def is_filtered(self) -> bool:
        return self.filters != Filters()


@require_safe
def page(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """What was found, with the filters in the address."""
    store = store_of(request, store_id)
    words = payloads.storable(request.GET.get("q", ""))[:LONGEST].strip()
    form = SearchForm(request.GET, store=store)
    context = side(store, "") | {"q": words, "form": form, "most_ranked": searching.MOST_RANKED}
    status = 200
    if words:
        try:
            context |= _found(request, store, words, form.filters)
        except InvalidRequest as bad:
            context["bad"], status = bad, bad.status
    return render_page(request, "memory/search.html", context, status=status)


def _found(
    request: WorkspaceRequest, store: MemoryStore, words: str, filters: Filters
) -> dict[str, Any]:
    cursor = request.GET.get("page", "")
    found = searching.search(store, words, filters=filters, cursor=cursor, with_versions=True)
    address = request.GET.copy()
    address.pop("page", None)
    first = f"?{address.urlencode()}"
    address["page"] = found.next_page or ""
    return {"found": found, "first": first, "more": f"?{address.urlencode()}"}


def _authors(store: MemoryStore) -> list[tuple[str, str]]:
    """Whoever wrote in it, by id and name; one step along the index for each."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, {"store": store.pk, "most": MOST_AUTHORS})
        rows = cursor.fetchall()
    return sorted(((id_, name or id_) for id_, name in rows), key=lambda row: row[1].lower())


_NEXT = """
    SELECT actor_id FROM memory_memoryversion
    WHERE store_id = %(store)s AND actor_id > {} ORDER BY actor_id LIMIT 1
"""
_WRITERS = f"""
    WITH RECURSIVE writer(id) AS (
        ({_NEXT.format("''")})
        UNION ALL
        SELECT following.actor_id FROM writer, LATERAL ({_NEXT.format("writer.id")}) following
    )
    SELECT writer.id, (
        SELECT actor_name FROM memory_memoryversion
        WHERE store_id = %(store)s AND actor_id = writer.id
        ORDER BY created_at DESC, id DESC LIMIT 1
    )
    FROM writer LIMIT %(most)s
"""  # noqa: S608 -- composed of constants
