"""A name for every request, and one line in the log when it is answered."""

import time
from collections.abc import Awaitable, Callable

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from apps.core.ids import new_id

HEADER = "request-id"
_LOG = structlog.get_logger("agentsite.request")
_QUIET = ("/healthz", "/readyz", "/favicon.ico")

Answer = HttpResponseBase | Awaitable[HttpResponseBase]


class RequestIdMiddleware:
    """Sets `request-id: req_…` on every answer and binds it to every line logged meanwhile."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        if self.is_async:
            return self._answer_async(request)
        with structlog.contextvars.bound_contextvars(request_id=(request_id := new_id("req"))):
            began = time.perf_counter()
            response = self.get_response(request)
            assert isinstance(response, HttpResponseBase)  # noqa: S101 -- the sync half
            return _finished(request, response, request_id, began)

    async def _answer_async(self, request: HttpRequest) -> HttpResponseBase:
        with structlog.contextvars.bound_contextvars(request_id=(request_id := new_id("req"))):
            began = time.perf_counter()
            response = await self.get_response(request)  # type: ignore[misc]
            return _finished(request, response, request_id, began)


def _finished(
    request: HttpRequest, response: HttpResponseBase, request_id: str, began: float
) -> HttpResponseBase:
    response[HEADER] = request_id
    took = f"{(time.perf_counter() - began) * 1000:.0f}"
    quiet = request.path in _QUIET or request.path.startswith(str(settings.STATIC_URL))
    say = _LOG.debug if quiet and response.status_code < 500 else _LOG.info
    say(f"{request.method} {_without_secret(request)} {response.status_code} {took} ms")
    return response


def _without_secret(request: HttpRequest) -> str:
    """The path; a log is read by more people than a one-time link is for."""
    match = request.resolver_match
    secret = match.kwargs.get("token") if match else None
    return request.path.replace(secret, "…") if secret else request.path
