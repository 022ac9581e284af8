"""The protocol's own client, against real web processes."""

import asyncio
import logging
import signal
from contextlib import asynccontextmanager

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from apps.memory.models import MemoryStore, MemoryVersion
from tests import apart, make
from tests.web import Web

pytestmark = pytest.mark.django_db(transaction=True)


@asynccontextmanager
async def connected(web, secret, mode="auto"):
    headers = {"authorization": f"Bearer {secret}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as sending:
        transport = streamable_http_client(f"{web.address}/mcp", http_client=sending)
        async with Client(transport, mode=mode) as client:
            yield client


async def used(client, tool, **arguments):
    result = await client.call_tool(tool, arguments)
    return result.is_error, result.structured_content


def test_clients_of_both_generations_on_two_processes(tmp_path):
    """One test: to start a process takes longer than all that is asked of it."""
    key, secret = make.key("read", "write", name="editor")
    _, reading = make.key("read")
    store = MemoryStore.objects.create(workspace=key.workspace, name="Team notes")
    neighbour = MemoryStore.objects.create(workspace=make.workspace("neighbour"), name="Theirs")

    with Web(tmp_path / "one.log") as one, Web(tmp_path / "other.log") as other:
        apart.run(share(one, other, secret, store.pk))
        apart.run(is_refused(other, reading, "legacy", neighbour.pk))
        apart.run(is_refused(other, reading, "auto", neighbour.pk))
        assert (one.log.read_text(), other.log.read_text()) == ("", "")

    versions = MemoryVersion.objects.in_order()
    assert [(each.operation, each.store_id) for each in versions] == [
        ("created", store.pk),
        ("modified", store.pk),
    ]
    assert {each.actor_name for each in versions} == {"editor"}


async def share(one, other, secret, store_id):
    """A client with a handshake and a client without write the same memory."""
    at = {"memory_store_id": store_id, "path": "/team/refunds.md"}
    async with connected(one, secret, "legacy") as ours, connected(other, secret) as theirs:
        assert (ours.protocol_version, theirs.protocol_version) == ("2025-11-25", "2026-07-28")
        assert "read it" in ours.instructions
        for client in (ours, theirs):
            assert len((await client.list_tools()).tools) == 7
        failed, made = await used(ours, "write_memory", **at, content="one")
        assert not failed
        _, read = await used(
            theirs, "read_memory", memory_store_id=store_id, memory="/team/refunds.md"
        )
        assert read["content"] == "one"

        known = {"expected_content_sha256": made["content_sha256"]}
        results = await asyncio.gather(
            used(ours, "write_memory", **at, content="ours", **known),
            used(theirs, "write_memory", **at, content="theirs", **known),
        )
        [won] = [found for failed, found in results if not failed]
        [lost] = [found for failed, found in results if failed]
        assert lost["error"]["current_sha256"] == won["content_sha256"]

        [resource] = (await theirs.list_resources()).resources
        [text] = (await ours.read_resource(resource.uri)).contents
        assert text.text in {"ours", "theirs"}

        one.process.terminate()  # whoever is connected holds nobody up
        assert await asyncio.to_thread(one.wait_until_gone) == -signal.SIGTERM


async def is_refused(web, reading, mode, store_id):
    """Without a key, what a key may not do, and a neighbour's store."""
    refusal = pytest.RaisesExc(MCPError, match="unknown, expired or revoked")
    with pytest.RaisesGroup(refusal, flatten_subgroups=True, allow_unwrapped=True):
        async with connected(web, "sk-agentsite-nobody", mode):
            pass
    async with connected(web, reading, mode) as client:
        at = {"memory_store_id": store_id}
        assert "write_memory" not in {each.name for each in (await client.list_tools()).tools}
        failed, refused = await used(client, "write_memory", **at, path="/a", content="")
        assert (failed, refused["error"]["type"]) == (True, "permission_error")
        failed, refused = await used(client, "list_memories", **at)
        assert (failed, refused["error"]["type"]) == (True, "not_found_error")


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.ERROR, logger="mcp")
