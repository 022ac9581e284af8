"""The pages where one looks for it say how to connect."""

import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from apps.accounts.rights import Role
from apps.memory.mcp.tools import TOOLS
from tests import make

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[3] / ".github" / "docs" / "mcp.md"
LINE = "claude mcp add --transport http agentsite http://testserver/mcp --header"


@pytest.fixture
def client():
    client = Client()
    client.force_login(make.user(role=Role.ADMIN))
    return client


def words(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", "", answer.text)).replace("\\\n", " ").split())


@pytest.mark.parametrize(("scope", "told"), [("read", True), ("review", False)])
def test_a_new_key_comes_with_the_line_to_connect(client, scope, told):
    new = "/w/default/settings/keys/new/"
    form = {"name": "editor", "scopes": [scope], "key_id": "", "expires_in": ""}
    form["key_id"] = client.get(new).context["form"]["key_id"].value()

    page = words(client.post(new, form))

    assert (LINE in page) is told
    assert not told or re.search(LINE + r' "Authorization: Bearer sk-agentsite-[\w-]{43}"', page)


def test_a_store_says_how_to_use_it(client, store):
    assert f'{LINE} "Authorization: Bearer …"' in words(
        client.get(f"/w/default/memory/{store.pk}/")
    )


def test_the_docs_know_every_tool_and_what_it_takes():
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", DOCS.read_text(), re.MULTILINE))

    assert set(rows) == set(TOOLS)
    for name, tool in TOOLS.items():
        assert set(tool.takes.model_fields) <= set(re.findall(r"`(\w+)`", rows[name])), name
        assert rows[name].split("|")[-1].strip() == f"`{tool.needs}`"
