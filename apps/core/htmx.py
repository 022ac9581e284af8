"""Page or part: the only place that asks what htmx wants.

A GET ends in `render_page`, a POST in `answer`. Everything works without JavaScript, so everyone
who is not htmx gets whole pages and redirects.
"""

import json
from collections.abc import Mapping

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

VARY = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


class HtmxRequest(HttpRequest):
    """A request that has passed django-htmx's middleware."""

    htmx: HtmxDetails


def wants_part(request: HttpRequest) -> bool:
    """Say whether htmx will put the answer into a page that is already there."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return bool(htmx and not htmx.boosted and not htmx.history_restore_request)


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the page, or only its named part for htmx."""
    name = f"{template}#{part}" if part and wants_part(request) else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, VARY)
    return response


def answer(
    request: HttpRequest,
    part: str,
    form: BaseForm | None = None,
    context: Mapping[str, object] | None = None,
    *,
    otherwise: str,
) -> HttpResponse:
    """Answer a POST: htmx gets the part, 422 with errors; anyone else goes to `otherwise`.

    Messages added by the view reach either: as a toast event now, or on the next page. So do the
    form's errors for whoever is sent on and would not see the form again.
    """
    failed = form is not None and not form.is_valid()
    if not wants_part(request):
        if form is not None and failed:
            _say_errors(request, form)
        return redirect(otherwise)
    drawn = {"form": form, **(context or {})}
    response = render(request, part, drawn, status=422 if failed else 200)
    patch_vary_headers(response, VARY)
    said = [{"text": str(said), "tone": said.level_tag} for said in messages.get_messages(request)]
    if said:
        response["HX-Trigger"] = json.dumps({"toast": {"messages": said}})
    return response


def _say_errors(request: HttpRequest, form: BaseForm) -> None:
    for field, errors in form.errors.items():
        label = "" if field == "__all__" else f"{form[field].label}: "
        for error in errors:
            messages.error(request, f"{label}{error}")
