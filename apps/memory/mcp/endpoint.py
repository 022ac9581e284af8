"""`/mcp`."""

import zlib
from typing import Any

from asgiref.sync import async_to_sync
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.core.api import bodies
from apps.core.api.errors import InvalidRequest, Refused

LARGEST_BODY = 1024 * 1024
"""Bytes. The largest memory has a tenth of them, and six times as many with everything escaped."""
INVALID = -32600  # what JSON-RPC calls a request that it does not look into


class Mcp(Endpoint):
    """One message of a client, and the answer to it.

    There is nothing to GET: this server says nothing unasked. What a key may do is each tool's
    matter, so whoever may read may ask.
    """

    schema = None  # it is no operation of the API's document
    needs = {"POST": Right.READ}  # noqa: RUF012 -- the base says what it is

    def post(self, request: ApiRequest) -> HttpResponse:
        # Takes a second, once, and 20 MB: only processes that are asked for it pay.
        from apps.memory.mcp import serving  # noqa: PLC0415

        _require_ours(request)
        sent = [(name.lower(), value) for name, value in request.headers.items()]
        answer = async_to_sync(serving.answered)(sent, _body(request), request.actor)
        headers = {"content-type": "text/plain; charset=utf-8"} | answer.headers
        return HttpResponse(answer.body, status=answer.status, headers=headers)

    def handle_exception(self, exc: Exception) -> Response:
        """The refusals of the API, in the form that clients of this protocol can read."""
        refused: Response = super().handle_exception(exc)
        envelope: Any = refused.data
        refused.data = {
            "jsonrpc": "2.0",
            "id": None,
            "error": {"code": INVALID, "message": envelope["error"]["message"], "data": envelope},
        }
        if refused.status_code == 401:
            refused["WWW-Authenticate"] = self.get_authenticate_header(self.request)
        return refused


def _require_ours(request: Request) -> None:
    """A browser names the page that it asks for: only our own may.

    That a host is ours was looked at before. Raises Refused.
    """
    django = request._request  # noqa: SLF001 -- the framework's name for it
    pages: Any = CsrfViewMiddleware(lambda _: HttpResponse())
    if "origin" in django.headers and not pages._origin_verified(django):  # noqa: SLF001 -- Django's
        raise Refused("Pages of other sites may not ask this server.")


def _body(request: Request) -> bytes:
    """Raises TooLarge, UnknownEncoding, InvalidRequest."""
    opened = bodies.opened(request._request, limit=LARGEST_BODY)  # noqa: SLF001 -- as above
    try:
        return opened.read()
    except (EOFError, OSError, zlib.error) as error:
        raise InvalidRequest("The body ended before its end.") from error
