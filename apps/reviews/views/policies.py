"""The rules of a store's reviews: what may reach it without a person, and where one is too few."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.memory.views import store_of
from apps.reviews.actions import policies as actions
from apps.reviews.forms import PolicyForm
from apps.reviews.views import FORM


@needs(Right.WRITE)
@require_http_methods(FORM)
def page(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    store = store_of(request, store_id)
    policy = actions.policy(store_id=store.pk, by=request.actor)
    form = PolicyForm.of(policy, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_policy(store_id=store.pk, by=request.actor, **form.cleaned_data)
        except DomainError as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, f"{store.name} is reviewed by these rules from now on.")
            return redirect("reviews:policy", request.workspace.slug, store.pk)
    context: dict[str, Any] = {"store": store, "form": form, "policy": policy}
    status = 422 if form.errors else 200
    return render_page(request, "reviews/policy.html", context, status=status)
