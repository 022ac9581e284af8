"""How a program gets in: both credential headers, and the base of every endpoint."""

from collections.abc import Mapping
from typing import Any, ClassVar, Never, cast

from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.acting import Actor, NotAllowed
from apps.accounts.models import ApiKey, Workspace
from apps.accounts.rights import Right
from apps.core.api.errors import Unauthenticated
from apps.core.api.framing import IgnoreAccept, JSONParser, JSONRenderer
from apps.core.api.throttling import PerMinute


def credential(request: HttpRequest) -> str:
    """The secret that came along: a bearer token, or the header of older clients."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return request.headers.get("x-api-key", "").strip()


def identify(request: HttpRequest) -> ApiKey:
    """The key that the request came with, its workspace loaded.

    Raises Unauthenticated without a usable one, NotAllowed if it names another workspace.
    """
    secret = credential(request)
    if not secret:
        raise Unauthenticated
    key = ApiKey.presented(secret)
    if key is None:
        raise Unauthenticated("This API key is unknown, expired or revoked.")
    asked = request.headers.get("anthropic-workspace-id", "").strip()
    if asked and asked != key.workspace_id:
        raise NotAllowed("anthropic-workspace-id names another workspace than this key's.")
    key.note_use()
    return key


class KeyAuthentication(BaseAuthentication):
    """Makes the key `request.auth`. A request has no user: a key is nobody."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey]:
        return None, identify(request._request)  # noqa: SLF001 -- the framework's name for it

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers
    """Either header, for the OpenAPI document."""

    target_class = KeyAuthentication
    name = ("bearer", "x-api-key")  # type: ignore[assignment]  # one of them is enough

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, Any]]:
        return [
            {"type": "http", "scheme": "bearer", "description": "Authorization: Bearer sk-…"},
            {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
        ]

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        return [{name: []} for name in self.name]


class ApiRequest(Request):
    """A request as the endpoints see it: authenticated, and allowed what it asks for."""

    auth: ApiKey
    actor: Actor
    workspace: Workspace


class Endpoint(APIView):
    """The base of every address of `/v1`: one method here per HTTP method."""

    authentication_classes = (KeyAuthentication,)
    permission_classes = ()
    throttle_classes = (PerMinute,)
    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = IgnoreAccept
    # What a method asks for, where it is not READ for GET and WRITE for the rest.
    needs: ClassVar[Mapping[str, Right]] = {}

    def check_permissions(self, request: Request) -> None:
        super().check_permissions(request)
        actor = Actor.key(cast("ApiKey", request.auth))
        method = request.method or "GET"
        default = Right.READ if method in {"GET", "HEAD", "OPTIONS"} else Right.WRITE
        actor.require(self.needs.get(method, default))
        request.actor = actor  # type: ignore[attr-defined]
        request.workspace = actor.workspace  # type: ignore[attr-defined]

    def throttled(self, request: Request, wait: float | None) -> Never:
        raise Throttled(wait, "This key asks more often in a minute than this server allows.")

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Which methods there are stands in the header `Allow`."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: Response = super().finalize_response(request, response, *args, **kwargs)
        actor: Actor | None = getattr(request, "actor", None)
        if actor is not None:
            answer["anthropic-workspace-id"] = actor.workspace.pk
        return answer
