"""Every refusal in the contract's envelope: `{"type": "error", "error": {…}, "request_id": …}`."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.core import payloads
from apps.core.errors import DomainError, NotFound
from apps.core.logs import current_request_id

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class InvalidRequest(DomainError):
    """The request is not what this endpoint takes."""


class TooLarge(DomainError):
    """The request is larger than this server takes."""

    status = 413
    type = "request_too_large"


class Refused(DomainError):
    """Not allowed."""

    status = 403
    type = "permission_error"


class Unauthenticated(DomainError):
    """This takes an API key: `Authorization: Bearer …` or `X-Api-Key: …`."""

    status = 401
    type = "authentication_error"


def envelope(kind: str, message: str, *, code: str = "", **extra: Any) -> dict[str, Any]:
    """The body of a refusal. `code` is `error.details.error_code`."""
    details = {"details": {"error_code": code}} if code else {}
    return {
        "type": "error",
        "error": {"type": kind, "message": message, **details, **extra},
        "request_id": current_request_id(),
    }


def of_domain(error: DomainError) -> tuple[int, dict[str, Any], dict[str, str]]:
    """Status, body and headers. The client repeats a 409 unless told not to; ours all are final."""
    headers = {"x-should-retry": "false"} if error.status == 409 else {}
    body = envelope(error.type, error.message, code=error.code, **error.extra)
    return error.status, body, headers


def answer(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Django REST Framework's EXCEPTION_HANDLER. What is unexpected is left to crash."""
    del context
    set_rollback()
    if isinstance(exception, exceptions.APIException):
        return _of_framework(exception)
    known = _of_django(exception)
    if known is None:
        return None
    status, body, headers = of_domain(known)
    return Response(body, status=status, headers=headers)


def _of_django(exception: Exception) -> DomainError | None:
    """The failure that Django's own exception is."""
    match exception:
        case DomainError():
            return exception
        case Http404():
            return NotFound("There is no such thing here.")
        case PermissionDenied():
            return Refused(str(exception))
        case RequestDataTooBig():
            return TooLarge()
        case UnreadablePostError():
            return InvalidRequest("The body ended before its end.")
    return None


def _of_framework(exception: exceptions.APIException) -> Response:
    status = exception.status_code
    headers = {}
    wait = getattr(exception, "wait", None)
    if wait is not None:
        headers["retry-after"] = str(math.ceil(wait))
    body = envelope(TYPES.get(status, TYPES[400]), str(exception.detail))
    return Response(body, status=status, headers=headers)


def plain(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """The same envelope outside the framework's views: unknown addresses, crashes."""
    kind = TYPES.get(status, "api_error" if status >= 500 else TYPES[400])
    body = payloads.dump(envelope(kind, message))
    return HttpResponse(body, status=status, content_type="application/json")


@csrf_exempt
@login_not_required
def unknown(request: HttpRequest, path: str = "") -> HttpResponse:
    """Whatever no endpoint answers to."""
    return plain(request, 404, f"There is no endpoint {request.method} /v1/{path}.")


def to_read(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of `/v1` that is no endpoint: for everybody, and only to read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return view(request, *args, **kwargs)
        refused = plain(request, 405, f"Method “{request.method}” not allowed.")
        refused["Allow"] = "GET, HEAD"
        return refused

    return csrf_exempt(login_not_required(guarded))
