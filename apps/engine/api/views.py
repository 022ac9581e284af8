"""The connection to models: read, give a key, change, test. Calls: list."""

from decimal import Decimal

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.rights import Right
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import read, read_query
from apps.engine import actions
from apps.engine.api.shapes import CallQuery, Connection, ConnectionPatch, KeyShape, ModelCall
from apps.engine.models import Call
from apps.engine.wire import call_object, connection_object

TAG = "Models"
_ADMIN = {"POST": Right.ADMIN, "DELETE": Right.ADMIN}
_CAPS = {"daily_cap_usd": "daily_cap", "monthly_cap_usd": "monthly_cap"}


class ConnectionEndpoint(Endpoint):
    needs = _ADMIN

    @documented("model_connection_retrieve", tag=TAG, answer=Connection)
    def get(self, request: ApiRequest) -> Response:
        """Read how this workspace asks models."""
        return Response(connection_object(actions.connection_of(request.workspace)))

    @documented("model_connection_update", tag=TAG, request=ConnectionPatch, answer=Connection)
    def post(self, request: ApiRequest) -> Response:
        """Choose models, and cap what they may cost."""
        patch = read(ConnectionPatch, request.data)
        given = {name: getattr(patch, name) for name in patch.model_fields_set}
        caps = {_CAPS[name]: given.pop(name) for name in _CAPS if name in given}
        amounts = {name: None if cap is None else Decimal(cap) for name, cap in caps.items()}
        changes = given | amounts
        return Response(connection_object(actions.update(by=request.actor, **changes)))


class KeyEndpoint(Endpoint):
    needs = _ADMIN

    @documented("model_connection_set_key", tag=TAG, request=KeyShape, answer=Connection)
    def post(self, request: ApiRequest) -> Response:
        """Give the workspace a key of its own, or replace it.

        It is tested at once: read the connection for what came of it.
        """
        given = read(KeyShape, request.data)
        made = actions.connect(key=given.api_key, base_url=given.base_url, by=request.actor)
        return Response(connection_object(made))

    @documented("model_connection_remove_key", tag=TAG, answer=Connection)
    def delete(self, request: ApiRequest) -> Response:
        """Forget the workspace's own key.

        The installation's is asked with then, if it has one.
        """
        return Response(connection_object(actions.disconnect(by=request.actor)))


class CheckEndpoint(Endpoint):
    needs = _ADMIN

    @documented("model_connection_check", tag=TAG, answer=Connection)
    def post(self, request: ApiRequest) -> Response:
        """Have the key tested, by a request that costs nothing.

        Read the connection for what came of it.
        """
        return Response(connection_object(actions.check_key(by=request.actor)))


class Calls(Endpoint):
    @documented("model_calls_list", tag=TAG, query=CallQuery, answer=Listed[ModelCall])
    def get(self, request: ApiRequest) -> Response:
        """List what models were asked and what it took, newest first."""
        query = read_query(CallQuery, request.query_params)
        given = {"job_kind": query.job_type, "job_id": query.job_id}
        wanted = {name: value for name, value in given.items() if value}
        calls = Call.objects.visible_in(request.workspace).filter(**wanted)
        shown = window(calls, of="model_calls", cursor=query.page, limit=query.limit)
        return Response(shown.page(call_object))
