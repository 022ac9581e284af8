"""A person in front of a store, and a quick way to fill it."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.rights import Role
from apps.memory import writing
from apps.memory.actions import memories, stores
from apps.memory.api.shapes import NewStore
from apps.memory.authors import Author
from tests import make

TOM = Author("user_actor", "user_tom", "tom")


@pytest.fixture
def client():
    return signed_in()


@pytest.fixture
def viewer():
    return signed_in(Role.VIEWER, "vera")


def signed_in(role=Role.OPERATOR, name="ines"):
    client = Client()
    client.force_login(make.user(name, role=role))
    return client


@pytest.fixture
def store():
    return new_store()


def new_store(name="Team notes", of=None, **fields):
    return stores.create_store(given=NewStore(name=name, **fields), by=make.actor(of=of))


@pytest.fixture
def write(store):
    """A memory of the store, by tom."""

    def written(path="/team/refunds.md", content="Ask first.\n", by=TOM, reason=""):
        with writing.writing(store.pk, by=by, reason=reason) as pen:
            return pen.create(path, content)

    return written


def change(memory, content=None, path=None, by=TOM, reason=""):
    with writing.writing(memory.store_id, by=by, reason=reason) as pen:
        return pen.update(memory.pk, content=content, path=path)


def delete(memory):
    return memories.delete_memory(
        store_id=memory.store_id, memory_id=memory.pk, by=make.actor(of=memory.store.workspace)
    )


def at(name, *args, of="default"):
    return reverse(f"memory:{name}", args=[of, *(getattr(each, "pk", each) for each in args)])


def page_of(memory, name="memory", *more):
    return at(name, memory.store_id, memory, *more)


def body(response):
    return response.content.decode()


def words(response):
    """What is read on the page, without its marks."""
    text = re.sub(
        r"<(?:script|style|head).*?</(?:script|style|head)>", " ", body(response), flags=re.DOTALL
    )
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def versions(memory):
    return list(memory.versions.order_by("sequence"))
