"""Finding memories of a store by what they say."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.core.htmx import render_page
from apps.memory.views import store_of
from apps.memory.views.store import side


@require_safe
def page(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    store = store_of(request, store_id)
    context = side(store, "memory:store") | {"q": ""}
    return render_page(request, "memory/search.html", context)
