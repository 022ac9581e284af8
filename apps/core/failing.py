"""What a page or an endpoint answers when no view does: an address nobody has, a crash."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views import defaults

from apps.core.api.errors import plain


def _is_api(request: HttpRequest) -> bool:
    return request.path in {"/v1", "/mcp"} or request.path.startswith("/v1/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        if isinstance(exception, RequestDataTooBig):
            return plain(request, 413, "The body is larger than this server takes.")
        return plain(request, 400, "The request cannot be read.")
    return defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return plain(request, 403, str(exception) or "Not allowed.")
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_api(request):
        return plain(request, 404, "There is no such thing here.")
    return defaults.page_not_found(request, exception)


def crashed(request: HttpRequest) -> HttpResponse:
    if _is_api(request):
        return plain(request, 500, "Something went wrong on this server. The log has the details.")
    return defaults.server_error(request)
