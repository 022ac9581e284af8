"""A client that speaks the protocol by hand, to see what goes over the wire."""

import json

from django.test import Client

from tests import make


class Talk:
    """`Talk("read").use("read_memory", …)`, with a key of these scopes."""

    def __init__(self, *scopes, of=None):
        self.key, secret = make.key(*scopes, of=of)
        self.headers = {"authorization": f"Bearer {secret}"}
        self.client = Client()

    def send(self, body, **headers):
        given = {"accept": "application/json, text/event-stream"} | self.headers
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        kind = given.pop("content-type", "application/json")
        return self.client.post("/mcp", body, content_type=kind, headers=given)

    def ask(self, method, **params):
        """The whole answer to one request."""
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return self.send(json.dumps(message)).json()

    def tools(self):
        return [tool["name"] for tool in self.ask("tools/list")["result"]["tools"]]

    def use(self, tool, **arguments):
        """What the tool found."""
        result = self._result(tool, arguments)
        assert not result["isError"], result
        assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
        return result["structuredContent"]

    def refused(self, tool, **arguments):
        """What the tool said instead."""
        result = self._result(tool, arguments)
        assert result["isError"], result
        error = result["structuredContent"]["error"]
        assert result["content"][0]["text"] == error["message"]
        return error

    def _result(self, tool, arguments):
        return self.ask("tools/call", name=tool, arguments=arguments)["result"]
