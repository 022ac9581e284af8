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
from tests import make
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


def test_two_clients_on_two_processes_share_a_store(tmp_path):
    key, secret = make.key("read", "write", name="editor")
    store = MemoryStore.objects.create(workspace=key.workspace, name="Team notes")
    at = {"memory_store_id": store.pk, "path": "/team/refunds.md"}

    async def talk(one, other):
        async with connected(one, secret, "legacy") as ours, connected(other, secret) as theirs:
            assert (ours.protocol_version, theirs.protocol_version) == ("2025-11-25", "2026-07-28")
            assert "read it" in ours.instructions
            for client in (ours, theirs):
                assert len((await client.list_tools()).tools) == 7
            failed, made = await used(ours, "write_memory", **at, content="one")
            assert not failed
            _, read = await used(
                theirs, "read_memory", memory_store_id=store.pk, memory="/team/refunds.md"
            )
            assert read["content"] == "one"

            known = {"expected_content_sha256": made["content_sha256"]}
            results = await asyncio.gather(
                used(ours, "write_memory", **at, content="ours", **known),
                used(theirs, "write_memory", **at, content="theirs", **known),
            )
            [(_, won)] = [result for result in results if not result[0]]
            [(_, lost)] = [result for result in results if result[0]]
            assert lost["error"]["current_sha256"] == won["content_sha256"]

            [resource] = (await theirs.list_resources()).resources
            [text] = (await ours.read_resource(resource.uri)).contents
            assert text.text in {"ours", "theirs"}

            one.process.terminate()  # whoever is connected holds nobody up
            assert await asyncio.to_thread(one.wait_until_gone) == -signal.SIGTERM

    with Web(tmp_path / "one.log") as one, Web(tmp_path / "other.log") as other:
        asyncio.run(talk(one, other))
        assert (one.log.read_text(), other.log.read_text()) == ("", "")

    versions = MemoryVersion.objects.in_order()
    assert [each.operation for each in versions] == ["created", "modified"]
    assert {each.actor_name for each in versions} == {"editor"}


def test_what_a_key_may_not_do_its_client_is_told(tmp_path):
    _, reading = make.key("read")
    store = MemoryStore.objects.create(workspace=make.workspace("neighbour"), name="Theirs")
    at = {"memory_store_id": store.pk}

    async def talk(web, mode):
        refusal = pytest.RaisesExc(MCPError, match="unknown, expired or revoked")
        with pytest.RaisesGroup(refusal, flatten_subgroups=True, allow_unwrapped=True):
            async with connected(web, "sk-agentsite-nobody", mode):
                pass
        async with connected(web, reading, mode) as client:
            assert "write_memory" not in {each.name for each in (await client.list_tools()).tools}
            failed, refused = await used(client, "write_memory", **at, path="/a", content="")
            assert (failed, refused["error"]["type"]) == (True, "permission_error")
            failed, refused = await used(client, "list_memories", **at)
            assert (failed, refused["error"]["type"]) == (True, "not_found_error")

    with Web(tmp_path / "web.log") as web:
        for mode in ("legacy", "auto"):  # with a handshake, as most clients; without, as newer ones
            asyncio.run(talk(web, mode))


@pytest.fixture(autouse=True)
def _quiet(caplog):
    caplog.set_level(logging.ERROR, logger="mcp")
